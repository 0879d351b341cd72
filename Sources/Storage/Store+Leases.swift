/// Leases: one run of a sync at a time, whichever process it is in.
package import Foundation
import GRDB
package import Model

/// Who runs a sync.
package struct LeaseOwner: Hashable, Sendable {
  package var pid: Int32
  package var host: String
  package var user: String
  /// `sync`, `apply`: what it does.
  package var verb: String
  package var since: Date
  /// Tells two owners in one process apart.
  package var token: String
  package init(pid: Int32, host: String, user: String, verb: String, since: Date, token: String = "") {
    self.pid = pid
    self.host = host
    self.user = user
    self.verb = verb
    self.since = since
    self.token = token
  }

  /// The same owner as the store remembers it: the store keeps whole milliseconds.
  fileprivate func isSame(as other: LeaseOwner) -> Bool {
    pid == other.pid && host == other.host && user == other.user && verb == other.verb && token == other.token
      && since.milliseconds == other.since.milliseconds
  }
}

package enum LeaseResult: Hashable, Sendable {
  case acquired
  case heldBy(LeaseOwner, until: Date)
  /// Acquired from an owner that is dead: what it left in the journal has to be settled first.
  case takenOverFrom(LeaseOwner)
}

extension Store {
  /// Asks for the lease of a sync; of any number who ask at once exactly one gets it.
  ///
  /// An owner is dead when its deadline has passed, or when it ran on this host and its process is no more. Asking twice
  /// as the same owner is refused like anybody else.
  ///
  /// - Parameter isAlive: whether a process of this host lives; for tests.
  package func acquireLease(
    _ sync: SyncName, owner: LeaseOwner, until: Date, now: Date,
    isAlive: (Int32) -> Bool = { Processes.isAlive($0) }
  ) throws(StoreError) -> LeaseResult {
    try write { db in
      let id = try SyncRow.id(sync, db)
      let row = LeaseRow(sync: id, owner: owner, until: until)
      guard let held = try LeaseRow.first(db, "WHERE sync = ?", [id]) else {
        try row.put(db)
        return .acquired
      }
      let isDead =
        held.until.milliseconds <= now.milliseconds || (held.owner.host == owner.host && !isAlive(held.owner.pid))
      guard isDead else { return .heldBy(held.owner, until: held.until) }
      try row.put(db)
      return .takenOverFrom(held.owner)
    }
  }

  /// Moves the deadline of a lease.
  ///
  /// - Returns: whether the lease is still this owner's; when it is not, nothing more may be sent.
  package func renewLease(_ sync: SyncName, owner: LeaseOwner, until: Date) throws(StoreError) -> Bool {
    try write { db in
      let id = try SyncRow.id(sync, db)
      guard var row = try LeaseRow.first(db, "WHERE sync = ?", [id]), row.owner.isSame(as: owner) else { return false }
      row.until = until
      try row.put(db)
      return true
    }
  }

  /// Gives a lease back; one that is somebody else's by now stays theirs.
  package func releaseLease(_ sync: SyncName, owner: LeaseOwner) throws(StoreError) {
    try write { db in
      let id = try SyncRow.id(sync, db)
      guard let row = try LeaseRow.first(db, "WHERE sync = ?", [id]), row.owner.isSame(as: owner) else { return }
      try db.execute(sql: "DELETE FROM lease WHERE sync = ?", arguments: [id])
    }
  }

  /// Who holds the lease of a sync, and until when, whether alive or not; `nil` when nobody does.
  package func lease(of sync: SyncName) throws(StoreError) -> (owner: LeaseOwner, until: Date)? {
    try read { db in
      try LeaseRow.first(db, "WHERE sync = ?", [SyncRow.id(sync, db)]).map { ($0.owner, $0.until) }
    }
  }
}

extension Store {
  /// Notes that somebody waits for the lease of a sync, so that what runs without a person lets them go first.
  ///
  /// - Parameter until: when the note stops counting, unless it is renewed by noting it again.
  package func noteWaiting(_ sync: SyncName, owner: LeaseOwner, until: Date) throws(StoreError) {
    try write { db in
      try WaitingRow(
        sync: SyncRow.id(sync, db), token: owner.token, user: owner.user, verb: owner.verb, until: until
      ).put(db)
    }
  }

  /// Takes the note back.
  package func stopWaiting(_ sync: SyncName, owner: LeaseOwner) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "DELETE FROM lease_waiting WHERE sync = ? AND token = ?", arguments: [SyncRow.id(sync, db), owner.token])
    }
  }

  /// Who waits for the lease of a sync, by user and verb; `nil` when nobody does.
  package func waiting(for sync: SyncName, now: Date) throws(StoreError) -> (user: String, verb: String)? {
    try read { db in
      try WaitingRow.first(
        db, "WHERE sync = ? AND until_at_ms > ? ORDER BY token", [SyncRow.id(sync, db), now.milliseconds]
      ).map { ($0.user, $0.verb) }
    }
  }
}

private struct WaitingRow: SealedRow {
  static let table = SealedTable(
    "lease_waiting", key: ["sync", "token"], columns: ["sync", "token", "user", "verb", "until_at_ms"])

  var sync: Int64
  var token: String
  var user: String
  var verb: String
  var until: Date

  init(sync: Int64, token: String, user: String, verb: String, until: Date) {
    self.sync = sync
    self.token = token
    self.user = user
    self.verb = verb
    self.until = until
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    (token, user, verb) = (try row.text(), try row.text(), try row.text())
    until = try row.date()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] { [sync, token, user, verb, until.milliseconds] }
}

/// The processes of this host.
package enum Processes {
  /// Whether there is such a process; one that belongs to somebody else counts too.
  package static func isAlive(_ pid: Int32) -> Bool {
    // Zero and below would speak of process groups.
    pid > 0 && (kill(pid, 0) == 0 || errno == EPERM)
  }
}

private struct LeaseRow: SealedRow {
  static let table = SealedTable(
    "lease", key: ["sync"], columns: ["sync", "pid", "host", "user", "verb", "token", "since_at_ms", "until_at_ms"])

  var sync: Int64
  var owner: LeaseOwner
  var until: Date

  init(sync: Int64, owner: LeaseOwner, until: Date) {
    self.sync = sync
    self.owner = owner
    self.until = until
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    let pid = Int32(truncatingIfNeeded: try row.number())
    let (host, user, verb, token) = (try row.text(), try row.text(), try row.text(), try row.text())
    owner = LeaseOwner(pid: pid, host: host, user: user, verb: verb, since: try row.date(), token: token)
    until = try row.date()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      sync, Int(owner.pid), owner.host, owner.user, owner.verb, owner.token, owner.since.milliseconds,
      until.milliseconds,
    ]
  }
}
