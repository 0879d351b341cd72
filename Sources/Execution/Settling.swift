/// What is written down when a change has its outcome: line, link, baseline and snapshot, as one value.
import Foundation
import Model
import Planning
import Storage

/// The state of one sync's memory at the beginning of a run, and how an outcome moves it.
///
/// Links and baselines move only here, and only for outcomes that the target confirmed.
struct Settling: Sendable {
  let run: RunID
  let purpose: PlanPurpose
  let target: SnapshotScope
  let links: [RecordID: Link]
  let baselines: [RecordID: Baseline]

  init(run: RunID, purpose: PlanPurpose, target: SnapshotScope, links: [Link], baselines: [RecordID: Baseline]) {
    self.run = run
    self.purpose = purpose
    self.target = target
    self.links = Dictionary(links.map { ($0.source, $0) }) { _, last in last }
    self.baselines = baselines
  }

  /// Everything that one outcome changes, to be committed together.
  /// - Parameter before: the target record as it was just before the change.
  func settlement(
    of decision: Decision, entry: JournalEntry?, before: Record?, outcome: ChangeOutcome, at now: Date
  ) -> Settlement {
    var settlement = Settlement(
      entry: entry, run: run, line: line(of: decision, before: before, outcome: outcome), at: now)
    switch outcome {
    case .done(let record):
      settlement.links = linkWrites(for: decision, target: record.id, at: now)
      settlement.baseline = baseline(for: decision, held: record)
      settlement.snapshot = (target, record)
    case .remembered:
      settlement.links = decision.target.map { linkWrites(for: decision, target: $0, at: now) } ?? []
      settlement.baseline = baseline(for: decision, held: nil)
    case .gone:
      if let source = decision.source, links[source] != nil {
        settlement.links = [.break(source: source, missing: .target, since: now)]
      }
      settlement.snapshot = (target, nil)
      settlement.removedSnapshot = decision.target
    case .skipped(_, _, let current):
      // What was found instead is what the next plan is to see.
      if let current { settlement.snapshot = (target, current) }
    case .rejected, .unknown, .notSent:
      break
    }
    return settlement
  }

  // MARK: - The line

  private func line(of decision: Decision, before: Record?, outcome: ChangeOutcome) -> RunLine {
    let fields = Set(decision.changes.map(\.field))
    var line = RunLine(
      number: decision.number, source: decision.source, target: decision.target, label: decision.label,
      action: decision.action, outcome: outcome.recordOutcome,
      before: before?.fields.filter(fields.contains) ?? decision.oldValues)
    switch outcome {
    case .done(let record):
      line.target = record.id
      line.reason = decision.reason.reason
      line.after = record.fields.filter(fields.contains)
      line.afterVersion = record.version
    case .remembered:
      line.reason = decision.reason.reason
    case .rejected(let reason, let message, let isPartial):
      line.reason = isPartial ? .partlyApplied : reason
      line.message = message
    case .gone(let message):
      line.reason = .targetGone
      line.message = message
    case .unknown(let message):
      line.reason = .outcomeUnknown
      line.message = message
    case .skipped(let reason, let message, _):
      line.reason = reason
      line.message = message
    case .notSent(let reason, let message):
      line.reason = reason
      line.message = message
    }
    return line
  }

  // MARK: - Links

  private func linkWrites(for decision: Decision, target: RecordID, at now: Date) -> [LinkWrite] {
    guard let source = decision.source else { return [] }
    func made(by key: MatchKey) -> Link {
      Link(
        kind: decision.kind, source: source, target: target, state: .linked, madeBy: key, run: run, since: now)
    }
    switch decision.linking {
    case .make(let key):
      return [.put(made(by: key))]
    case .move(let old):
      return [.move(from: old, to: made(by: .succeeded(old)))]
    case .breakLink(let missing):
      return links[source] == nil ? [] : [.break(source: source, missing: missing, since: now)]
    case .none:
      return decision.action == .create && purpose == .sync ? [.put(made(by: .created))] : []
    }
  }

  // MARK: - Baselines

  /// The baseline after a decision; `nil` leaves it as it is.
  /// - Parameter held: what the target answered; `nil` when nothing was sent.
  private func baseline(for decision: Decision, held: Record?) -> (source: RecordID, Baseline)? {
    guard let source = decision.source else { return nil }
    if let held, let settled = decision.settledBaseline(after: held) { return (source, settled) }
    return decision.baseline.map { (source, $0) }
  }
}

extension Decision {
  /// What the changed fields held when this was decided; `nil` for a new record.
  fileprivate var oldValues: FieldValues? {
    guard action != .create else { return nil }
    var values = FieldValues()
    for change in changes { values[change.field] = change.old }
    return values
  }
}
