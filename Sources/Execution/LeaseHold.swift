/// A lease that is held, renewed in the background, and may be lost.
import Foundation
import Model
import Storage
import Synchronization

final class LeaseHold: Sendable {
  /// How long a lease lasts without being renewed; it is renewed three times as often.
  static let period: Duration = .seconds(60)

  private let lost = Mutex(false)
  private let store: Store
  private let clock: any WallClock
  let sync: SyncName
  let owner: LeaseOwner

  init(sync: SyncName, owner: LeaseOwner, store: Store, clock: any WallClock) {
    self.sync = sync
    self.owner = owner
    self.store = store
    self.clock = clock
  }

  /// The lease went to somebody else, or could not be renewed in time: nothing more may be sent.
  var isLost: Bool { lost.withLock(\.self) }

  /// Renews until the task is cancelled or the lease is lost.
  func keep() async {
    while !Task.isCancelled, !isLost {
      do {
        try await clock.sleep(for: Self.period / 3)
      } catch {
        return
      }
      renew()
    }
  }

  func renew() {
    // A store that cannot be written now may be writable at the next turn, within the period.
    guard let isOurs = try? store.renewLease(sync, owner: owner, until: clock.now().adding(Self.period)) else { return }
    if !isOurs { lost.withLock { $0 = true } }
  }
}

extension Engine {
  /// Holds the sync's lease while `body` runs; one run of a sync at a time.
  ///
  /// - Parameter wait: how long to wait for another run to end; `nil`: not at all.
  /// - Throws: `.leaseHeld` with who holds it; what `body` throws.
  func holdingLease<Result>(
    of sync: SyncName, verb: String, wait: Duration?, progress: ProgressListener,
    body: (LeaseHold) async throws -> Result
  ) async throws -> Result {
    let hold = try await acquireLease(of: sync, verb: verb, wait: wait, progress: progress)
    // Not a child task: a cancelled run still settles what is in flight, and holds its lease while it does.
    let keeping = Task { await hold.keep() }
    defer {
      keeping.cancel()
      try? store.releaseLease(sync, owner: hold.owner)
    }
    return try await body(hold)
  }

  /// How long a note that somebody waits counts, unless it is renewed.
  private static var waitingNote: Duration { .seconds(10) }

  private func acquireLease(
    of sync: SyncName, verb: String, wait: Duration?, progress: ProgressListener
  ) async throws -> LeaseHold {
    let since = clock.now()
    var isWaiting = false
    let owner = LeaseOwner(
      pid: who.pid, host: who.host, user: who.user, verb: verb, since: since, token: UUID().uuidString)
    defer {
      if isWaiting { try? store.stopWaiting(sync, owner: owner) }
    }
    while true {
      let now = clock.now()
      switch try store.acquireLease(sync, owner: owner, until: now.adding(LeaseHold.period), now: now) {
      case .acquired:
        return LeaseHold(sync: sync, owner: owner, store: store, clock: clock)
      case .takenOverFrom(let dead):
        progress(.note("\(sync): took over from a \(dead.verb) of \(dead.user) that did not end."))
        return LeaseHold(sync: sync, owner: owner, store: store, clock: clock)
      case .heldBy(let holder, _):
        let waited = now.timeIntervalSince(since)
        guard let wait, waited < wait.seconds else {
          throw ExecutionError(
            .leaseHeld,
            "\(sync) is being worked on: \(holder.verb) by \(holder.user) on \(holder.host) (process \(holder.pid)) "
              + "since \(holder.since.formatted(.iso8601)).",
            hint: "Try again when it has ended, or add: wait 20m", reason: .leaseHeld)
        }
        isWaiting = true
        try store.noteWaiting(sync, owner: owner, until: now.adding(Self.waitingNote))
        progress(.waiting(seconds: wait.seconds - waited, why: "the \(holder.verb) of \(holder.user) has it"))
        try await clock.sleep(for: .milliseconds(500))
      }
    }
  }
}
