/// What became of one change, in the executor's words, before it is written down.
package import Model

package enum ChangeOutcome: Sendable {
  /// The target confirmed it and holds this now.
  case done(Record)
  /// It arrived, and the record was edited since, so that it holds this now: what was sent is what both sides agreed on.
  case doneAndEdited(Record)
  /// It was there already under the same key, and is taken for the other half of the pair.
  case paired(Record, MatchKey)
  /// Nothing had to be sent: a pair was remembered, parted, or a baseline moved.
  case remembered
  case rejected(Reason, message: String, isPartial: Bool)
  /// The target record is gone.
  case gone(message: String)
  /// Sent, and nobody knows whether it arrived.
  case unknown(message: String)
  /// Left alone on purpose: the record moved, or a person dropped the change. `current` is what was found instead.
  case skipped(Reason, message: String, current: Record?)
  /// Written into a file that waits to be uploaded; no pair and no baseline until a reading shows it.
  case waiting(file: String)
  /// Certainly not carried out.
  case notSent(Reason?, message: String)

  package var recordOutcome: RecordOutcome {
    switch self {
    case .done, .doneAndEdited, .paired, .remembered: .done
    case .rejected, .gone: .failed
    case .unknown: .unknown
    case .skipped: .skipped
    case .waiting: .waiting
    case .notSent: .notSent
    }
  }
}
