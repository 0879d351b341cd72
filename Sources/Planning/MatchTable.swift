/// `show matches`: what the recipe's keys find, before any sync and without a decision.
package import Model

/// What matching comes to for one source record.
package enum MatchOutcome: String, Hashable, Sendable, CaseIterable {
  case linked, link, create, ambiguous, already, broken, excluded
  /// The record takes no part (a guest, somebody who left), so nothing would be linked.
  case none
}

package struct MatchTable: Sendable {
  package struct Row: Hashable, Sendable {
    package var source: RecordID
    package var label: String
    package var name: String
    /// The value that was looked for, as compared; empty when the record has none.
    package var key: String
    /// Every target that has the key, free or not.
    package var candidates: [RecordID]
    /// The target that it is, or would be, linked to.
    package var target: RecordID?
    package var outcome: MatchOutcome
    /// `nil` where there is nothing to say.
    package var reason: Reason?
  }
  /// One row a source record, by label.
  package var rows: [Row]

  package init(_ situation: Situation) { self.init([situation], kind: situation.stage.kind) }

  /// The rows of one stage; the stages before it say which companies are pairs.
  package init(_ situations: [Situation], kind: RecordKind) {
    rows = Staging.worlds(situations).first { $0.situation.stage.kind == kind }.map(Self.rows) ?? []
  }

  private static func rows(in world: World) -> [Row] {
    let situation = world.situation
    return world.sources.values.map { source in
      let match = world.matches[source.id] ?? Match(outcome: .nothing)
      var row = Row(
        source: source.id, label: World.label(of: source, in: situation.stage),
        name: World.name(of: source, in: situation.stage), key: match.keyValue, candidates: match.candidates,
        outcome: .none, reason: nil)
      switch match.outcome {
      case .excluded(let cause): (row.outcome, row.reason) = (.excluded, cause.reason)
      case .linked(let link): (row.outcome, row.target) = (.linked, link.target)
      case .targetUnseen(let link, let cause), .rejected(let link, let cause):
        (row.outcome, row.target, row.reason) = (.linked, link.target, cause.reason)
      case .targetGone(let link, let cause), .broken(let link, let cause):
        (row.outcome, row.target, row.reason) = (.broken, link.target, cause.reason)
      case .found(let target, _, let cause, _):
        (row.outcome, row.target, row.reason) = (.link, target, cause.reason)
      case .barred(let cause): (row.outcome, row.reason) = (.broken, cause.reason)
      case .conflict(let cause):
        (row.outcome, row.reason) = (cause.reason == .alreadyLinked ? .already : .ambiguous, cause.reason)
      case .nothing:
        let takesPart = world.isActive(source: source.id)
        let lacking = match.keyValue.isEmpty ? situation.stage.keyReason : nil
        (row.outcome, row.target) = (takesPart && lacking == nil ? .create : .none, match.shown)
        row.reason =
          takesPart
          ? lacking ?? match.also.first?.reason ?? .notMatched
          : world.presence(of: source.id, at: .source)?.cause?.reason
      }
      return row
    }
    .sorted { ($0.label, $0.source) < ($1.label, $1.source) }
  }
}
