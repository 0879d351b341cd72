/// What 1 000 contacts cost at Google, counted by the emulated People API itself: as few requests a user as batches allow.
import Foundation
import Testing

@Suite struct GoogleRequestsTests {
  private static let session = """
    //sandbox companies=1 people=14
    //outside POST /control/google/orgunits {"path":"/Crowd"}
    //outside POST /control/google/users/import {"users":2,"orgUnitPath":"/Crowd"}
    //outside POST /control/google/users/dana.whitfield@kestrel.example/labels {"name":"Big"}
    //outside POST /control/google/users/dana.whitfield@kestrel.example/import {"contacts":1000,"labels":["Big"]}
    kith› connect google as g {google}
    kith› set reads-per-minute to 1000 for g
    kith› set writes-per-minute to 1000 for g
    kith› add sync google-contacts from g to g source-user=dana.whitfield@kestrel.example source-group=Big destinations=[ou:/Crowd]
    kith› check
    kith› enable google-contacts
    //outside DELETE /control/google/counts
    kith› sync google-contacts confirm within creates any, first

    """
  private static let again = """
    //outside DELETE /control/google/counts
    kith› sync google-contacts confirm within creates 0

    """

  @Test("1 000 contacts take five batches, one look at the contacts, one at the labels and one new label for each user")
  func smallest() async throws {
    let player = Player()
    let result: Result<(first: [[String: Int]], then: [[String: Int]], said: String), any Error>
    do {
      let played = try await player.play(Transcript(Self.session))
      let first = try player.requests(ofUsers: "user")
      let rest = try await player.play(Transcript(Self.again))
      result = .success((first, try player.requests(ofUsers: "user"), played + rest))
    } catch {
      result = .failure(error)
    }
    await player.end()
    let (first, then, said) = try result.get()
    let wanted = ["batch-create": 5, "connections": 1, "create-label": 1, "list-labels": 1]
    #expect(first == Array(repeating: wanted, count: 2), "\(said)")
    #expect(then == Array(repeating: ["connections": 1, "list-labels": 1], count: 2))
    // "r1: 2000 done, … 23 requests (floor 21), …": all of them together, those for the directory and the source included.
    let runs = said.matches(of: /(\d+) done, 0 failed, 0 skipped\.  (\d+) requests \(floor (\d+)\)/)
    #expect(runs.map { $0.output.1 } == ["2000", "0"])
    // The source's label is looked at twice, and units or domains take a list of their own.
    for run in runs { #expect(try #require(Int(run.output.2)) <= #require(Int(run.output.3)) + 2, "\(said)") }
    #expect(!said.contains("floor 0"))
  }
}
