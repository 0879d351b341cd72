/// What no session of Teamwork.com and Desk may ever have done to the two, counted by the emulated vendors themselves.
import Foundation
import Testing

@Suite struct TeamworkSafetyTests {
  static let files = TranscriptTests.files.filter { $0.contains("-teamwork-desk-") }

  @Test("nobody is invited, no login is edited, nothing is deleted", arguments: files)
  func harmless(file: String) async throws {
    let text = try String(contentsOf: TranscriptTests.folder.appendingPathComponent(file), encoding: .utf8)
    let player = Player()
    let counts: Result<(teamwork: [String: Int], desk: [String: Int]), any Error>
    do {
      _ = try await player.play(Transcript(text))
      counts = .success((try player.counts(of: "teamwork"), try player.counts(of: "desk")))
    } catch {
      counts = .failure(error)
    }
    await player.end()
    let (teamwork, desk) = try counts.get()
    // Something was written, so that the rest says something.
    let written = [teamwork["updated"], teamwork["created"], desk["updated"], desk["created"]].compactMap(\.self)
    #expect(written.contains { $0 > 0 })
    for name in [
      "invitations-sent", "logins-edited", "staff-edited", "seats-taken", "kinds-changed", "deleted",
      "deleted-with-company", "continued", "managers-cleared", "switched-to-multi-currency", "ignored-keys",
    ] {
      #expect(teamwork[name] == 0, "Teamwork.com: \(name)")
    }
    for name in [
      "welcome-mails-sent", "created-in-projects", "deleted", "puts", "bulk-updates", "duplicate-contact-points",
      "ignored-keys",
    ] {
      #expect(desk[name] == 0, "Desk: \(name)")
    }
  }

  @Test("there are such sessions") func sessionsExist() { #expect(Self.files.count >= 5) }
}
