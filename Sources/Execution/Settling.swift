/// What is written down when a change has its outcome: line, link, baseline and snapshot, as one value.
import Foundation
import Model
import Planning
import Storage

/// The state of one sync's memory at the beginning of a run, and how an outcome moves it.
///
/// Links and baselines move only here, and only for outcomes that the system written to has confirmed.
struct Settling: Sendable {
  let run: RunID
  let purpose: PlanPurpose
  let scope: SyncScope
  let pairs: PairMemory

  /// Everything that one outcome changes, to be committed together.
  /// - Parameter before: the record that is written to, as it was just before the change.
  func settlement(
    of decision: Decision, entry: JournalEntry?, before: Record?, outcome: ChangeOutcome, at now: Date
  ) -> Settlement {
    var settlement = Settlement(
      entry: entry, run: run, line: line(of: decision, before: before, outcome: outcome), at: now)
    let snapshot = scope[decision.kind]?[decision.side].snapshot
    switch outcome {
    case .done(let record):
      settlement.links = linkWrites(for: decision, written: record.id, at: now)
      if decision.action == .delete {
        settlement.snapshot = snapshot.map { ($0, nil) }
        settlement.removedSnapshot = record.id
      } else {
        settlement.baseline = baseline(for: decision, held: record, parent: entry?.parent)
        settlement.snapshot = snapshot.map { ($0, record) }
      }
    case .doneAndEdited(let record):
      settlement.links = linkWrites(for: decision, written: record.id, at: now)
      settlement.baseline = baseline(
        for: decision, held: record.holding(entry?.values), parent: entry?.parent)
      settlement.snapshot = snapshot.map { ($0, record) }
      settlement.isAnswer = false
    case .paired(let record, let key):
      settlement.links = link(decision, written: record.id, madeBy: key, at: now).map { [.put($0)] } ?? []
      settlement.snapshot = snapshot.map { ($0, record) }
      settlement.isAnswer = false
    case .remembered:
      settlement.links = linkWrites(for: decision, written: nil, at: now)
      settlement.baseline = baseline(for: decision, held: nil, parent: nil)
    case .gone where decision.linking == .forget:
      settlement.links = linkWrites(for: decision, written: nil, at: now)
      settlement.snapshot = snapshot.map { ($0, nil) }
      settlement.removedSnapshot = decision.written
    case .gone:
      if let link = pairs.link(decision.kind, decision.side, decision.written) {
        settlement.links = [.break(link.kind, source: link.source, missing: decision.side, since: now)]
      }
      settlement.snapshot = snapshot.map { ($0, nil) }
      settlement.removedSnapshot = decision.written
    case .skipped(_, _, let current):
      // What was found instead is what the next plan is to see.
      if let current { settlement.snapshot = snapshot.map { ($0, current) } }
      settlement.isAnswer = false
    case .waiting(let file):
      settlement.waiting = decision.source.flatMap { source in
        decision.action.write.map { action in
          Waiting(
            kind: decision.kind, source: source, action: action, values: scope.values(of: decision), file: file,
            run: run, at: now)
        }
      }
    case .rejected, .unknown, .notSent:
      break
    }
    return settlement
  }

  // MARK: - The line

  private func line(of decision: Decision, before: Record?, outcome: ChangeOutcome) -> RunLine {
    let fields = Set(scope.values(of: decision).names)
    var line = RunLine(
      number: decision.number, kind: decision.kind, side: decision.side, source: decision.source,
      target: decision.target, label: decision.label, action: decision.action, outcome: outcome.recordOutcome,
      before: before?.fields.filter(fields.contains) ?? oldValues(of: decision))
    let move = decision.action == .create ? nil : decision.changes.first { $0.field == .company }
    if let move { line.before?[.company] = before?.parent.map { .text($0.rawValue) } ?? move.old }
    switch outcome {
    case .done(let record):
      (line.source, line.target) = decision.pair(written: record.id)
      line.reason = decision.reason.reason
      line.after = record.fields.filter(fields.contains)
      if let move { line.after?[.company] = record.parent.map { .text($0.rawValue) } ?? move.new }
      line.afterVersion = record.version
    case .doneAndEdited(let record):
      (line.source, line.target) = decision.pair(written: record.id)
      line.reason = decision.reason.reason
      line.after = scope.values(of: decision)
      if let move { line.after?[.company] = move.new }
    case .paired(let record, _):
      (line.source, line.target) = decision.pair(written: record.id)
      line.action = .link
      line.reason = .matched
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
    case .waiting(let file):
      line.reason = .waitingForUpload
      line.message = file
    case .notSent(let reason, let message):
      line.reason = reason
      line.message = message
    }
    return line
  }

  /// What the changed fields held when this was decided, under the names of the side that is written to; `nil` for a new
  /// record.
  private func oldValues(of decision: Decision) -> FieldValues? {
    guard decision.action != .create else { return nil }
    var before = decision
    before.changes = decision.changes.compactMap { change in
      change.old.map { FieldChange(field: change.field, old: nil, new: $0, reason: change.reason) }
    }
    return scope.values(of: before)
  }

  // MARK: - Links

  private func linkWrites(for decision: Decision, written: RecordID?, at now: Date) -> [LinkWrite] {
    switch decision.linking {
    case .make(let key):
      return link(decision, written: written, madeBy: key, at: now).map { [.put($0)] } ?? []
    case .replace(_, let key):
      return link(decision, written: written, madeBy: key, at: now).map { [.put($0)] } ?? []
    case .move(let old):
      return link(decision, written: written, madeBy: .succeeded(old), at: now).map { [.move(from: old, to: $0)] } ?? []
    case .breakLink(let missing):
      let known =
        pairs.link(decision.kind, .source, decision.source) ?? pairs.link(decision.kind, .target, decision.target)
      return known.map { [.break($0.kind, source: $0.source, missing: missing, since: now)] } ?? []
    case .forget:
      return decision.source.map { [.remove(decision.kind, source: $0)] } ?? []
    case .none:
      guard decision.action == .create, purpose == .sync else { return [] }
      return link(decision, written: written, madeBy: .created, at: now).map { [.put($0)] } ?? []
    }
  }

  /// `nil` where one of the two is not known.
  private func link(_ decision: Decision, written: RecordID?, madeBy key: MatchKey, at now: Date) -> Link? {
    guard case (let source?, let target?) = decision.pair(written: written) else { return nil }
    return Link(kind: decision.kind, source: source, target: target, state: .linked, madeBy: key, run: run, since: now)
  }

  // MARK: - Baselines

  /// The fields of the baseline that a decision settles; `nil` leaves it as it is.
  /// - Parameters:
  ///   - held: what the system answered; `nil` when nothing was sent.
  ///   - parent: the company that a new record was created in, at the side that was written to.
  private func baseline(
    for decision: Decision, held: Record?, parent: RecordID?
  ) -> (source: RecordID, Baseline)? {
    guard let source = decision.pair(written: held?.id).source else { return nil }
    if let held, let stage = scope[decision.kind]?.stage,
      var settled = stage.settledBaseline(of: decision, after: held, under: scope.settings)
    {
      if decision.action == .create, let parent, let origin = decision.parent {
        settled.source[.company] = .text((decision.side == .source ? parent : origin).rawValue)
        settled.target[.company] = .text((decision.side == .target ? parent : origin).rawValue)
      }
      return (source, settled)
    }
    return decision.baseline.map { (source, $0) }
  }
}

extension Record {
  /// The record as it was before somebody edited these fields.
  fileprivate func holding(_ values: FieldValues?) -> Record {
    var record = self
    if let values { record.fields = fields.merging(values) }
    return record
  }
}

extension Decision {
  /// The two records once `written` is the one that was written to.
  func pair(written: RecordID?) -> (source: RecordID?, target: RecordID?) {
    switch side {
    case .source: (written ?? source, target)
    case .target: (source, written ?? target)
    }
  }

  /// The record of the side that is not written to.
  var origin: RecordID? { side == .source ? target : source }
}

extension SyncScope {
  /// What a decision sends, under the names of the side that it writes to.
  func values(of decision: Decision) -> FieldValues {
    self[decision.kind]?.stage.values(for: decision.side, of: decision.changes, under: settings) ?? FieldValues()
  }
}
