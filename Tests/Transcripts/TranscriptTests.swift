/// Every file in `Sessions/`, and the README's sessions, are played and compared whole.
///
/// `KITH_REWRITE=1 Scripts/test --filter Transcripts` writes down what really came back; the difference is then reviewed
/// like code.
import Foundation
import Testing

@Suite struct TranscriptTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Sessions")
  static let files: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".txt") }.sorted()

  @Test("a session goes as it is written", arguments: files)
  func session(file: String) async throws {
    let url = Self.folder.appendingPathComponent(file)
    let written = try String(contentsOf: url, encoding: .utf8)
    let player = Player()
    let result: Result<(played: String, strange: Set<String>), any Error>
    do {
      result = .success((try await player.play(Transcript(written)), try player.strangeWords()))
    } catch {
      result = .failure(error)
    }
    await player.end()
    let (played, strange) = try result.get()
    #expect(strange.isEmpty, "\(file): columns of a few words hold others")
    if ProcessInfo.processInfo.environment["KITH_REWRITE"] == "1", played != written {
      try played.write(to: url, atomically: true, encoding: .utf8)
      return
    }
    if played != written { Issue.record("\(file): \(differences(written, played))") }
  }

  @Test("the README's session goes as it is written")
  func readme() async throws {
    let url = Self.folder.appendingPathComponent("../../../README.md").standardizedFileURL
    let written = try String(contentsOf: url, encoding: .utf8)
    let page = SessionPage(written)
    #expect(!page.transcript.steps.isEmpty)
    let player = Player()
    let result: Result<[[String]], any Error>
    do { result = .success(try await player.steps(of: page.transcript)) } catch { result = .failure(error) }
    await player.end()
    let played = page.rewritten(with: try result.get())
    if ProcessInfo.processInfo.environment["KITH_REWRITE"] == "1", played != written {
      try played.write(to: url, atomically: true, encoding: .utf8)
      return
    }
    if played != written { Issue.record("README.md: \(differences(written, played))") }
  }

  @Test("there are sessions to play")
  func sessionsExist() { #expect(Self.files.count > 5) }
}

/// The lines in which two texts differ, `-` as written and `+` as played, the first 40 of them.
func differences(_ written: String, _ played: String) -> String {
  let changes = played.split(separator: "\n", omittingEmptySubsequences: false).difference(
    from: written.split(separator: "\n", omittingEmptySubsequences: false))
  let lines = changes.map { change in
    switch change {
    case .remove(let offset, let line, _): (offset, 0, "  \(offset + 1) - \(line)")
    case .insert(let offset, let line, _): (offset, 1, "  \(offset + 1) + \(line)")
    }
  }
  let sorted = lines.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  return "\(changes.count) lines differ\n" + sorted.prefix(40).joined(separator: "\n")
}
