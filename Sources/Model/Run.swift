/// Runs: what was done, record by record.
package import Foundation

package enum RunOutcome: String, Hashable, Sendable, Codable, CaseIterable {
  case ok, failed, held, refused, unreachable
  /// Stopped by a person, or by the end of the process: what it did not send can be carried on with.
  case interrupted
  /// Not ended yet.
  case running
}

/// What became of one decision.
package enum RecordOutcome: String, Hashable, Sendable, Codable, CaseIterable {
  case done, failed, skipped
  /// Sent, and no answer came: looked up before anything is sent again.
  case unknown
  /// Not sent, because the run was stopped.
  case notSent = "not sent"
  /// Written into a file that waits to be uploaded.
  case waiting
}

/// One line of a run.
package struct RunLine: Hashable, Sendable, Codable {
  package var number: Int
  package var kind: RecordKind
  /// The side that was written to.
  package var side: Side
  package var source: RecordID?
  package var target: RecordID?
  package var label: String
  package var action: Action
  package var outcome: RecordOutcome
  package var reason: Reason?
  /// The server's own words, or what was found; never a secret.
  package var message: String?
  /// What the record held before and after, under its own system's field names: what `undo` goes back to.
  package var before: FieldValues?
  package var after: FieldValues?
  package var afterVersion: RecordVersion?
  package init(
    number: Int, kind: RecordKind = .person, side: Side = .target, source: RecordID?, target: RecordID?, label: String,
    action: Action, outcome: RecordOutcome,
    reason: Reason? = nil, message: String? = nil, before: FieldValues? = nil, after: FieldValues? = nil,
    afterVersion: RecordVersion? = nil
  ) {
    self.number = number
    self.kind = kind
    self.side = side
    self.source = source
    self.target = target
    self.label = label
    self.action = action
    self.outcome = outcome
    self.reason = reason
    self.message = message
    self.before = before
    self.after = after
    self.afterVersion = afterVersion
  }
}

/// One attempt to carry a plan out, or to make one, also when it was held, refused or could not reach a system.
package struct Run: Hashable, Sendable, Codable {
  package var id: RunID?
  package var sync: SyncName
  package var plan: PlanID?
  /// `preview`, `sync`, `apply`, `undo`.
  package var verb: String
  package var by: String
  package var isAttended: Bool
  package var startedAt: Date
  package var endedAt: Date?
  package var outcome: RunOutcome
  /// Why it ended as it did, in a sentence; `nil` when all is well.
  package var message: String?
  package var reason: Reason?
  package var done: Int
  package var failed: Int
  package var skipped: Int
  package var notSent: Int
  /// Changes that were written into a file, which waits to be uploaded.
  package var waiting: Int
  package var requests: Int
  /// The smallest number of requests that could have done the same.
  package var requestFloor: Int
  /// The run of the saved script that made it; `nil` where a person or the scheduler did.
  package var script: ScriptRunID?
  package init(
    id: RunID? = nil, sync: SyncName, plan: PlanID?, verb: String, by: String, isAttended: Bool, startedAt: Date,
    endedAt: Date? = nil, outcome: RunOutcome, message: String? = nil, reason: Reason? = nil, done: Int = 0,
    failed: Int = 0, skipped: Int = 0, notSent: Int = 0, waiting: Int = 0, requests: Int = 0, requestFloor: Int = 0,
    script: ScriptRunID? = nil
  ) {
    self.script = script
    self.id = id
    self.sync = sync
    self.plan = plan
    self.verb = verb
    self.by = by
    self.isAttended = isAttended
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.message = message
    self.reason = reason
    self.done = done
    self.failed = failed
    self.skipped = skipped
    self.notSent = notSent
    self.waiting = waiting
    self.requests = requests
    self.requestFloor = requestFloor
  }
}
