import Foundation
import Model
import Storage
import Synchronization
import Testing

@Suite struct LeaseTests {
  static func owner(_ pid: Int32 = 100, host: String = "a", token: String = "") -> LeaseOwner {
    LeaseOwner(pid: pid, host: host, user: "sam", verb: "sync", since: moment(0), token: token)
  }

  @Test("G20 of fifty who ask at once, through stores of their own, exactly one gets the lease")
  func fifty() throws {
    let fixture = try Fixture.withSync()
    let shared = Results()
    let errors = Errors()
    DispatchQueue.concurrentPerform(iterations: 50) { index in
      errors.note {
        let store = try Store.open(at: fixture.folder["home/kith.sqlite"])
        let result = try store.acquireLease(
          Fixture.sync, owner: Self.owner(Int32(index + 1), token: "\(index)"), until: moment(60), now: moment(0),
          isAlive: { _ in true })
        shared.add(result)
        try store.close()
      }
    }
    #expect(errors.all.isEmpty)
    #expect(shared.all.count == 50)
    #expect(shared.all.count { $0 == .acquired } == 1)
    let holders = Set(shared.all.compactMap { if case .heldBy(let owner, _) = $0 { owner } else { nil } })
    #expect(holders.count == 1)
    #expect(try fixture.store.lease(of: Fixture.sync)?.owner == holders.first)
  }

  @Test(
    "G20 a lease is taken over only from the dead",
    arguments: [
      (59.0, "a", true, false), (60.0, "a", true, true), (1.0, "a", false, true), (1.0, "b", false, false),
      (61.0, "b", false, true),
    ])
  func takeOver(now: Double, host: String, isAlive: Bool, isTaken: Bool) throws {
    let store = try Fixture.withSync().store
    let first = Self.owner()
    #expect(
      try store.acquireLease(Fixture.sync, owner: first, until: moment(60), now: moment(0), isAlive: { _ in isAlive })
        == .acquired)
    let result = try store.acquireLease(
      Fixture.sync, owner: Self.owner(200, host: host), until: moment(now + 60), now: moment(now),
      isAlive: { _ in isAlive })
    #expect(result == (isTaken ? .takenOverFrom(first) : .heldBy(first, until: moment(60))))
    #expect(try store.renewLease(Fixture.sync, owner: first, until: moment(120)) == !isTaken)
  }

  @Test("a lease is renewed and given back by its owner alone")
  func renew() throws {
    let store = try Fixture.withSync().store
    let (mine, other) = (Self.owner(token: "1"), Self.owner(token: "2"))
    let alive: (Int32) -> Bool = { _ in true }
    _ = try store.acquireLease(Fixture.sync, owner: mine, until: moment(60), now: moment(0), isAlive: alive)
    #expect(
      try store.acquireLease(Fixture.sync, owner: mine, until: moment(60), now: moment(0), isAlive: alive)
        == .heldBy(mine, until: moment(60)))
    #expect(try !store.renewLease(Fixture.sync, owner: other, until: moment(90)))
    #expect(try store.renewLease(Fixture.sync, owner: mine, until: moment(90)))
    #expect(try store.lease(of: Fixture.sync)?.until == moment(90))
    try store.releaseLease(Fixture.sync, owner: other)
    #expect(try store.lease(of: Fixture.sync) != nil)
    try store.releaseLease(Fixture.sync, owner: mine)
    #expect(try store.lease(of: Fixture.sync) == nil)
    #expect(try !store.renewLease(Fixture.sync, owner: mine, until: moment(90)))
  }

  @Test("this process lives; no process has the number zero")
  func processes() {
    #expect(Processes.isAlive(ProcessInfo.processInfo.processIdentifier))
    #expect(!Processes.isAlive(0))
    #expect(!Processes.isAlive(-1))
    #expect(!Processes.isAlive(.max))
  }
}

private final class Results: Sendable {
  private let results = Mutex<[LeaseResult]>([])
  var all: [LeaseResult] { results.withLock { $0 } }
  func add(_ result: LeaseResult) { results.withLock { $0.append(result) } }
}
