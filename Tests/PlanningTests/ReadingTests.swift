/// G1, G2, G3: what a reading that is not complete may never cause.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct ReadingTests {
  /// Readings with a fault, each of which shows no user or no contact at all.
  static let faulty: [ReadCertificate?] = [
    nil, certificate(0, .partial(why: "page 2 of 3 answered 500"), pages: (1, 3), sawEnd: false),
    certificate(0, pages: (2, 3)), certificate(0, sawEnd: false), certificate(0, declared: 10),
    certificate(0, .delta, sawEnd: false),
  ]

  static func world() -> TestWorld {
    var world = TestWorld([], [], [.updateExisting: .flag(true)])
    for number in 1...10 {
      let email = "p\(number)@acme.example"
      world.situation.source.records.append(.user(RecordID("s\(number)"), email))
      world.situation.target.records.append(.contact(RecordID("\(number)"), email))
      world.link(RecordID("s\(number)"), RecordID("\(number)"))
    }
    world.situation.source.records.append(.user("new", "new@acme.example"))
    world.situation.source.certificate = certificate(11)
    world.situation.target.certificate = certificate(10)
    return world
  }

  @Test("G1 a source that was not read to its end removes nobody and changes nothing", arguments: faulty)
  func partialSource(_ faulty: ReadCertificate?) {
    var world = Self.world()
    world.situation.source.records = [.user("new", "new@acme.example")]
    world.situation.source.certificate = faulty
    let plan = world.plan
    #expect(!plan.hasChanges)
    #expect(plan.obstacles.map(\.reason) == [.sourceIncomplete])
    #expect(plan.decisions.allSatisfy { $0.source == nil || $0.reason.reason == .sourceIncomplete })
  }

  @Test("G2 a target that was not read to its end creates nobody", arguments: faulty)
  func partialTarget(_ faulty: ReadCertificate?) {
    var world = Self.world()
    world.situation.target.records = []
    world.situation.target.certificate = faulty
    #expect(!world.plan.hasChanges)
    #expect(world.plan.obstacles.map(\.reason) == [.targetIncomplete])
  }

  @Test("G3 absence counts only where the reading proves it, or a tombstone does")
  func absence() {
    var world = Self.world()
    world.situation.source.records.removeAll { $0.id == "s1" }
    #expect(world.outcome("s1") == "deactivate deleted-at-source")
    // A quiet delta shows nobody absent.
    world.situation.source.certificate = certificate(10, .delta)
    #expect(world.outcome("s1") == "skip source-incomplete")
    #expect(Planner.unseen(in: world.situation) == [.source: ["s1"]])
    world.situation.source.tombstones["s1"] = now
    #expect(world.outcome("s1") == "deactivate deleted-at-source")
    #expect(Planner.unseen(in: world.situation).isEmpty)
  }

  @Test("G3 a complete reading under half of the median of the last five removes nobody", arguments: [5, 6, 7])
  func suspiciouslySmall(count: Int) {
    var world = Self.world()
    world.situation.source.records = Array(world.situation.source.records.prefix(count))
    world.situation.source.certificate = certificate(count, earlier: [12, 13, 11, 12, 14])
    let removed = world.plan.counts[.deactivate] ?? 0
    #expect(removed == (count * 2 < 12 ? 0 : 10 - count))
  }

  @Test("G3 a contact that a delta does not show is not taken for deleted")
  func unseenTarget() {
    var world = Self.world()
    world.situation.target.records.removeAll { $0.id == "1" }
    world.situation.target.certificate = certificate(9, .delta)
    #expect(world.outcome("s1") == "skip target-incomplete")
  }

  @Test("an empty complete reading where there was something holds the plan", arguments: Side.allCases)
  func empty(_ side: Side) {
    var world = Self.world()
    if side == .source {
      world.situation.source = Reading(records: [], certificate: certificate(0, earlier: [11]))
    } else {
      world.situation.target = Reading(records: [], certificate: certificate(0, earlier: [10]))
    }
    let plan = world.plan
    #expect(plan.guards.first?.word == (side == .source ? "source-incomplete" : "target-incomplete"))
    #expect(plan.counts[.deactivate] == nil)
    #expect(plan.counts[.unlink] == nil)
  }

  @Test("a company that is not mapped, or not active, is the reason of every record")
  func company() {
    var world = Self.world()
    world.situation.company?.isActive = false
    #expect(world.plan.obstacles.map(\.reason) == [.companyInactive])
    #expect(world.outcome("new") == "skip company-inactive")
    world.situation.company?.ids = [:]
    world.situation.target = Reading(records: [], certificate: nil)
    #expect(world.plan.obstacles.map(\.reason) == [.companyUnmapped])
    #expect(world.outcome("new") == "skip company-unmapped")
  }

  @Test("a run that may not start holds the plan and lets it be seen")
  func runObstacles() {
    var world = Self.world()
    world.situation.standing.isEnabled = false
    world.situation.standing.lastCheckAt = nil
    #expect(world.plan.obstacles.map(\.reason) == [.checkNotPassed, .syncDisabled])
    #expect(world.outcome("new") == "create not-matched")
    world.set(.tenant, .text(" "))
    #expect(world.plan.obstacles.first?.reason == .settingsInvalid)
  }
}
