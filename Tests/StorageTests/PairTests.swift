import Foundation
import Model
import Testing

@testable import Storage

@Suite struct PairTests {
  @Test("links come back as they were put, each state and origin")
  func roundTrip() throws {
    let store = try Fixture.withSync().store
    var links = [
      Fixture.link("u1", "c1"), Fixture.link("u2", "c2"), Fixture.link("u3", "c3"), Fixture.link("u4", "c4"),
    ]
    links[1].madeBy = .created
    links[2].madeBy = .succeeded("u0")
    links[2].run = nil
    links[3].state = .broken(missing: .target, since: moment(7))
    links[3].madeBy = .person
    try store.change(links.map { .put($0) }, of: Fixture.sync)
    #expect(try store.links(of: Fixture.sync) == links)
  }

  @Test("G15 one target is never linked to two sources, and the refusal changes nothing")
  func oneSource() throws {
    let store = try Fixture.withSync().store
    try store.change([.put(Fixture.link("u1", "c1"))], of: Fixture.sync)
    let error = failure {
      try store.change([.put(Fixture.link("u3", "c3")), .put(Fixture.link("u2", "c1"))], of: Fixture.sync)
    }
    #expect(error?.kind == .invalid)
    #expect(try store.links(of: Fixture.sync) == [Fixture.link("u1", "c1")])
  }

  @Test("a pair moves to a new source with its baseline, breaks, is marked and is forgotten")
  func life() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let baseline = Baseline(source: ["title": .text("A")], target: ["title": .null])
    let run = try fixture.beginRun()
    try store.settle([
      Settlement(
        run: run, line: Fixture.line(), links: [.put(Fixture.link("u1", "c1"))], baseline: (source: "u1", baseline),
        at: moment(32))
    ])
    try store.change([.move(from: "u1", to: Fixture.link("u2", "c1"))], of: Fixture.sync)
    #expect(try store.links(of: Fixture.sync) == [Fixture.link("u2", "c1")])
    #expect(try store.baselines(of: Fixture.sync, kind: .person) == ["u2": baseline])

    try store.change([.break(.person, source: "u2", missing: .source, since: moment(40))], of: Fixture.sync)
    let link = try #require(try store.links(of: Fixture.sync).first)
    #expect(link.state == .broken(missing: .source, since: moment(40)))
    try store.markForRelink(link, of: Fixture.sync)
    #expect(try store.links(of: Fixture.sync).first?.isToBeRelinked == true)

    try store.forget(link, of: Fixture.sync)
    #expect(try store.links(of: Fixture.sync).isEmpty)
    #expect(try store.baselines(of: Fixture.sync, kind: .person).isEmpty)
    #expect(failure { try store.forget(link, of: Fixture.sync) }?.kind == .notFound)
  }

  static let pair = Verdict.Ruling.pair(source: "u1", target: "c1")

  @Test(
    "a newer verdict replaces those that it contradicts, and no others",
    arguments: [
      (pair, pair, true),
      (pair, .pair(source: "u1", target: "c2"), true),
      (pair, .pair(source: "u2", target: "c1"), true),
      (pair, .pair(source: "u2", target: "c2"), false),
      (pair, .neverPair(source: "u1", target: "c1"), true),
      (pair, .neverPair(source: "u1", target: "c2"), false),
      (.neverPair(source: "u1", target: "c1"), .neverPair(source: "u1", target: "c2"), false),
      (.exclude(.source, "u1"), .exclude(.source, "u1"), true),
      (.exclude(.source, "u1"), .exclude(.target, "u1"), false),
      (.exclude(.source, "u1"), pair, false),
    ] as [(Verdict.Ruling, Verdict.Ruling, Bool)])
  func contradictions(_ first: Verdict.Ruling, _ second: Verdict.Ruling, _ expected: Bool) throws {
    #expect(first.contradicts(second) == expected)
    #expect(second.contradicts(first) == expected)
    let store = try Fixture.withSync().store
    let older = Verdict(ruling: first, reason: "twin", madeBy: "sam", madeAt: moment(1))
    let newer = Verdict(ruling: second, reason: "no", madeBy: "kim", madeAt: moment(2))
    #expect(try store.record(older, of: Fixture.sync).isEmpty)
    #expect(try store.record(newer, of: Fixture.sync) == (expected ? [older] : []))
    #expect(try store.verdicts(of: Fixture.sync) == (expected ? [newer] : [older, newer]))
  }

  @Test("a verdict is taken back by what it says, or by whom it is about")
  func withdraw() throws {
    let store = try Fixture.withSync().store
    let rulings: [Verdict.Ruling] = [Self.pair, .neverPair(source: "u1", target: "c2"), .exclude(.source, "u1")]
    for ruling in rulings {
      try store.record(Verdict(ruling: ruling, reason: "", madeBy: "sam", madeAt: moment(1)), of: Fixture.sync)
    }
    #expect(try store.withdraw(.exclude(.source, "u2"), of: Fixture.sync).isEmpty)
    #expect(try store.withdraw(.exclude(.source, "u1"), of: Fixture.sync).count == 1)
    #expect(try store.withdrawVerdicts(about: "u1", on: .target, of: Fixture.sync).isEmpty)
    #expect(
      try store.withdrawVerdicts(about: "u1", on: .source, of: Fixture.sync).map(\.ruling) == [rulings[0], rulings[1]])
    #expect(try store.verdicts(of: Fixture.sync).isEmpty)
  }
}
