/// G15: ambiguity is never guessed, one target is never given to two sources, and ids outlive names.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct MatchTests {
  static let email = "jane.doe@acme.example"

  @Test("one free contact with the address is linked, whatever its case or place among the addresses")
  func oneFree() {
    let contact = Record.contact(
      "7", "other@acme.example", ["addresses": .list(["other@acme.example", "JANE.Doe@acme.example"])])
    let world = TestWorld([.user("s", Self.email)], [contact])
    #expect(world.lines == ["s 7 link matched"])
    #expect(world.decision("s")?.linking == .make(.key("email", value: Self.email)))
  }

  @Test("G15 two contacts with the address are a conflict that lists both, in every order", arguments: [false, true])
  func ambiguousTarget(reversed: Bool) {
    var contacts: [Record] = [.contact("7", Self.email), .contact("8", Self.email, state: .inactive)]
    if reversed { contacts.reverse() }
    let world = TestWorld([.user("s", Self.email)], contacts, [.updateExisting: .flag(true)])
    #expect(world.outcome("s") == "conflict ambiguous-target")
    #expect(world.decision("s")?.reason.records == ["7", "8"])
    #expect(!world.plan.hasChanges)
  }

  @Test("a person's pair settles an ambiguity, and an exclusion does too")
  func settledByPerson() {
    var paired = TestWorld([.user("s", Self.email)], [.contact("7", Self.email), .contact("8", Self.email)])
    var excluded = paired
    paired.rule(.pair(source: "s", target: "8"))
    #expect(paired.lines == ["s 8 link paired-by-person", "– 7 skip never-managed"])
    excluded.rule(.exclude(.target, "7"))
    #expect(excluded.lines == ["s 8 link matched", "– 7 skip excluded"])
  }

  @Test("G15 two users with one address are a conflict for both, and nobody is created")
  func ambiguousSource() {
    let world = TestWorld([.user("s", Self.email), .user("u", Self.email.uppercased())])
    #expect(world.outcome("s") == "conflict ambiguous-source")
    #expect(world.outcome("u") == "conflict ambiguous-source")
    #expect(world.decision("u")?.reason.records == ["s", "u"])
  }

  @Test("G15 two users who find one contact by different addresses are a conflict for both")
  func oneContactTwoAddresses() {
    let contact = Record.contact("7", "a@acme.example", ["addresses": .list(["a@acme.example", "b@acme.example"])])
    let world = TestWorld([.user("s", "a@acme.example"), .user("u", "b@acme.example")], [contact])
    #expect(world.plan.counts == [.conflict: 2, .skip: 1])
  }

  @Test("somebody who left, or a guest, makes nobody ambiguous")
  func spectators() {
    let left = Record.user("l", Self.email, ["account-enabled": .flag(false)])
    let guest = Record.user("g", Self.email, ["user-type": .text("Guest")])
    let world = TestWorld([left, .user("s", Self.email), guest], [.contact("7", Self.email)])
    #expect(world.outcome("s") == "link matched")
    #expect(world.outcome("l") == "skip sign-in-disabled")
    #expect(world.outcome("g") == "skip guest")
  }

  @Test("a contact that is linked to somebody living is not taken, though that one is disabled")
  func alreadyLinked() {
    var world = TestWorld(
      [.user("s", "old.name@acme.example"), .user("u", Self.email)], [.contact("7", Self.email)],
      [.updateExisting: .flag(true)]
    ).linked(("s", "7"))
    #expect(world.outcome("u") == "conflict already-linked")
    world.change(.source, "s", ["account-enabled": .flag(false)])
    #expect(world.outcome("u") == "conflict already-linked")
  }

  @Test("a re-created account takes over its contact in one decision, and nobody is deactivated")
  func recreated() {
    var world = TestWorld(
      [.user("s", Self.email)], [.contact("7", Self.email)], [.updateExisting: .flag(true)]
    ).linked(("s", "7"))
    world.situation.source.records = [.user("new", Self.email)]
    #expect(world.lines == ["new 7 link recreated"])
    #expect(world.decision("new")?.linking == .move(from: "s"))
    world = world.applied()
    #expect(world.lines == ["new 7 in step in-step"])
    #expect(world.situation.links.map(\.source) == ["new"])
  }

  @Test("a re-created account reactivates its contact, and keeps an edit made at the PSA")
  func recreatedLater() {
    var world = TestWorld(
      [.user("s", Self.email, ["title": .text("Clerk")])], [.contact("7", Self.email, ["title": .text("Clerk")])],
      [.updateExisting: .flag(true)]
    ).linked(("s", "7"))
    world.situation.source.records = []
    world.situation.source.tombstones["s"] = yesterday
    world = world.applied()
    #expect(world.contact("7")?.state == .inactive)
    world.change(.target, "7", ["title": .text("Boss")])
    world.situation.source.records = [.user("new", Self.email, ["title": .text("Clerk")])]
    #expect(world.lines == ["new 7 reactivate recreated"])
    #expect(world.decision("new")?.changes == [])
  }

  @Test("G15 where a re-created account is ambiguous, its predecessor's contact is left alone")
  func contested() {
    var world = TestWorld(
      [.user("s", Self.email)], [.contact("7", Self.email), .contact("8", Self.email)], [.updateExisting: .flag(true)]
    ).linked(("s", "7"))
    world.situation.source.records = [.user("new", Self.email)]
    #expect(world.outcome("new") == "conflict ambiguous-target")
    #expect(world.outcome("s") == "conflict ambiguous-target")
    #expect(!world.plan.hasWrites)
  }

  @Test("G15 a rename and a swap of two addresses are followed by id")
  func swapped() {
    var world = TestWorld(
      [.user("s", "a@acme.example"), .user("u", "b@acme.example")],
      [.contact("1", "a@acme.example"), .contact("2", "b@acme.example")], [.updateExisting: .flag(true)]
    ).linked(("s", "1"), ("u", "2"))
    world.change(.source, "s", ["email": .text("b@acme.example")])
    world.change(.source, "u", ["email": .text("a@acme.example")])
    #expect(world.plan.counts == [.update: 2])
    #expect(world.decision("s")?.target == "1")
    #expect(world.decision("u")?.target == "2")
  }

  @Test("G16 a contact deleted at the PSA stays deleted, until relink is said")
  func linkBroken() {
    var world = TestWorld(
      [.user("s", Self.email)], [.contact("7", Self.email)], [.updateExisting: .flag(true)]
    ).linked(("s", "7"))
    world.situation.target.records = []
    #expect(world.lines == ["s 7 unlink link-broken"])
    world = world.applied()
    #expect(world.lines == ["s 7 skip link-broken"])
    #expect(world.applied().lines == ["s 7 skip link-broken"])
    world.situation.links[0].isToBeRelinked = true
    #expect(world.lines == ["s – create not-matched"])
    world.situation.links = []
    #expect(world.lines == ["s – create not-matched"])
  }

  @Test("never pair keeps two apart, and is told")
  func neverPair() {
    var world = TestWorld([.user("s", Self.email)], [.contact("7", Self.email)])
    world.rule(.neverPair(source: "s", target: "7"))
    #expect(world.outcome("s") == "create not-matched")
    #expect(world.decision("s")?.also.first?.reason == .rejectedBefore)
    world.rule(.pair(source: "s", target: "7"))
    #expect(world.outcome("s") == "link paired-by-person")
  }

  @Test("G15 every order of the readings gives the same plan")
  func orders() {
    var random = SeededGenerator(seed: 15)
    let users: [Record] = (0..<8).map { .user(RecordID("s\($0)"), "p\($0 / 2 * 2)@acme.example") }
    let contacts: [Record] = (0..<8).map { .contact(RecordID("\($0)"), "p\($0 / 3)@acme.example") }
    let expected = TestWorld(users, contacts, [.updateExisting: .flag(true)]).lines
    for _ in 0..<50 {
      let world = TestWorld(
        users.shuffled(using: &random), contacts.shuffled(using: &random), [.updateExisting: .flag(true)])
      #expect(world.lines == expected)
    }
  }

  @Test("show matches tells what the keys find, before anything is decided")
  func table() {
    let world = TestWorld(
      [
        .user("a", "one@acme.example"), .user("b", "two@acme.example"), .user("c", "none@acme.example"),
        .user("d", "linked@acme.example"), .user("e", "guest@acme.example", ["user-type": .text("Guest")]),
      ],
      [
        .contact("1", "one@acme.example"), .contact("2", "two@acme.example"), .contact("3", "two@acme.example"),
        .contact("4", "linked@acme.example"),
      ]
    ).linked(("d", "4"))
    let rows = MatchTable(world.situation).rows.sorted { $0.source < $1.source }
    #expect(rows.map(\.outcome) == [.link, .ambiguous, .create, .linked, .none])
    #expect(rows[1].candidates == ["2", "3"])
  }
}

/// A generator that gives the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &+ 0x9e37_79b9_7f4a_7c15 }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
