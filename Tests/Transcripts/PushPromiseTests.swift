/// What two-way promises: an edit at IT Glue reaches the PSA within twice `push-every`, whenever it is made.
import Foundation
import Testing

@Suite struct PushPromiseTests {
  static let setUp = """
    //sandbox companies=2 people=6
    //attended
    kith› connect connectwise as cw {connectwise}
    kith› connect itglue as glue {itglue}
    kith› add sync itglue-psa from cw to glue organization-types=[Client] organization-statuses=[Active] \
    configuration-types=[Workstation, Laptop, Server, Printer, Switch] configuration-statuses=[Active] two-way=on
    kith› check
    kith› enable itglue-psa
    //answer y
    kith› sync itglue-psa
    """

  /// How long after the scheduler began the edit is made, in seconds; a whole run comes between around the hour.
  @Test(
    "an edit at IT Glue reaches ConnectWise within 2 × push-every",
    arguments: [(30, 1), (30, 29), (30, 30), (30, 31), (600, 1), (600, 599), (600, 601), (600, 3_599), (600, 3_601)])
  func edit(every pushEvery: Int, after offset: Int) async throws {
    try await promise(
      Self.setUp + "\nkith› set push-every to \(pushEvery)s for itglue-psa\n//scheduler \(offset)", pushEvery, offset)
  }

  /// As above, with two-way switched on after the first sync by somebody who cannot be asked, and no run in between that
  /// a person agreed to: switching it on sends nothing by itself, so there is nothing to agree to.
  @Test("an edit reaches ConnectWise when two-way was switched on unattended", arguments: [1, 29, 31, 3_601])
  func switchedOn(after offset: Int) async throws {
    try await promise(
      Self.setUp.replacing(" two-way=on", with: "")
        + "\n//unattended\nkith› set two-way to on for itglue-psa\n//scheduler \(offset)", 30, offset)
  }

  private func promise(_ setUp: String, _ pushEvery: Int, _ offset: Int) async throws {
    let player = Player()
    let outcome: Result<Void, any Error>
    do {
      _ = try await player.play(Transcript(setUp))
      let links = try await player.play(
        Transcript("kith› show links where kind is configuration | sort name | first 1 | columns source-id, target-id"))
      let ids = links.split(separator: "\n").last?.split(separator: " ").map(String.init) ?? []
      try #require(ids.count == 2, "\(links)")
      _ = try await player.play(
        Transcript(
          """
          //outside PATCH /control/itglue/configurations/\(ids[1]) {"notes":"edited after \(offset)"}
          //scheduler \(2 * pushEvery)
          """))
      let item = try player.asked("/control/connectwise/configurations/\(ids[0])") as? [String: Any]
      #expect(item?["notes"] as? String == "edited after \(offset)")
      outcome = .success(())
    } catch { outcome = .failure(error) }
    await player.end()
    try outcome.get()
  }
}
