/// What is about to be sent, and what came of it.
package import Foundation
package import Model

/// How far one write came.
package enum JournalState: String, Hashable, Sendable, Codable {
  /// Written down; not known to have been sent.
  case intended
  /// Handed to the connector: if nothing follows, it may have arrived.
  case sent
  /// Its outcome is known, and stands in a run.
  case settled
  /// Sent, and no answer came: to be looked up before anything is sent again.
  case unknown
}

/// One write, written down before it is sent.
package struct JournalEntry: Hashable, Sendable {
  /// 0 until the store has numbered it.
  package var id: Int
  package var run: RunID
  package var plan: PlanID
  /// The decision's number in the plan.
  package var number: Int
  package var sync: SyncName
  /// The same for every attempt at this write.
  package var token: String
  package var kind: RecordKind
  /// The side that is written to.
  package var side: Side
  package var action: WriteKind
  /// The pair; the record of the side that is written to is `nil` for a create, until its answer came.
  package var source: RecordID?
  package var target: RecordID?
  /// The company to create the record in, or to move it to, at the side that is written to.
  package var parent: RecordID?
  /// What is sent, under the field names of the side that is written to.
  package var values: FieldValues
  package var state: JournalState
  package var at: Date

  package init(
    id: Int = 0, run: RunID, plan: PlanID, number: Int, sync: SyncName, token: String,
    kind: RecordKind = .person, side: Side = .target, action: WriteKind, source: RecordID? = nil, target: RecordID?,
    parent: RecordID? = nil, values: FieldValues, state: JournalState = .intended, at: Date
  ) {
    self.id = id
    self.run = run
    self.plan = plan
    self.number = number
    self.sync = sync
    self.token = token
    self.kind = kind
    self.side = side
    self.action = action
    self.source = source
    self.target = target
    self.parent = parent
    self.values = values
    self.state = state
    self.at = at
  }

  /// The record that is written to; `nil` for a create without an answer.
  package var written: RecordID? { side == .source ? source : target }
}

/// The outcome of one decision, with all that follows from it; settled as a whole or not at all.
package struct Settlement: Sendable {
  /// The write that it settles; `nil` where nothing was sent (a link that was found).
  package var entry: JournalEntry?
  /// The run whose line this is.
  package var run: RunID
  package var line: RunLine
  package var links: [LinkWrite]
  /// What both sides hold now, by the source's id, in the fields that were settled; its link has to be there, or among
  /// `links`. Fields that it does not name keep what was remembered of them.
  package var baseline: (source: RecordID, Baseline)?
  /// What the side that was written to holds, and where it belongs.
  package var snapshot: (SnapshotScope, Record?)?
  /// Whether that is what our write was answered; otherwise it was looked at, and may hold what somebody else did.
  package var isAnswer = true
  /// A record that is no longer there: it leaves the snapshot named by `snapshot` and becomes a tombstone.
  package var removedSnapshot: RecordID?
  /// What was written into a file that waits to be uploaded.
  package var waiting: Waiting?
  /// When it was settled.
  package var at: Date

  package init(
    entry: JournalEntry? = nil, run: RunID, line: RunLine, links: [LinkWrite] = [],
    baseline: (source: RecordID, Baseline)? = nil, snapshot: (SnapshotScope, Record?)? = nil,
    removedSnapshot: RecordID? = nil, at: Date
  ) {
    self.entry = entry
    self.run = run
    self.line = line
    self.links = links
    self.baseline = baseline
    self.snapshot = snapshot
    self.removedSnapshot = removedSnapshot
    self.at = at
  }
}
