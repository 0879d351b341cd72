/// The decisions of a plan as rows: what `show plan p12` lists and `where` asks about.
package import CommandLanguage
package import Model

/// One row a decision, in the plan's order.
package func planRows(_ plan: Plan) -> Rows {
  Rows(subject: "decisions", columns: planColumns, rows: plan.decisions.map { planRow($0, of: plan) }, note: nil)
}

/// The columns of ``planRows(_:)``, for the checker and for completion.
package let planColumns: [Column] = [
  Column("ref", priority: 100, style: .id, help: "the decision: p12/7"),
  Column("person", priority: 90, ignoresCase: true, help: "e-mail address, else name, else id"),
  .action(priority: 85, help: "create, update, deactivate, skip ..."),
  Column("what", priority: 70, style: .prose, help: "what would change, or what was found"),
  .reason(priority: 80),
  .at(priority: 60, help: "the side that is written to"),
  .kind(priority: 25),
  Column("name", priority: 30, help: "the record's name"),
  Column("source", priority: 10, style: .id, help: "the record's id at the source"),
  Column("target", priority: 15, style: .id, help: "the record's id at the target"),
  Column("dropped", type: .flag, priority: 20, help: "taken out of the plan by a person"),
]

private func planRow(_ decision: Decision, of plan: Plan) -> [Value] {
  let ref = plan.id.map { PlanRef(plan: $0, number: decision.number).description } ?? "\(decision.number)"
  return [
    .text(ref), .text(decision.label), .text(decision.action.rawValue), decision.what,
    .text(decision.reason.reason.rawValue), decision.action.write == nil ? .blank : .text(decision.side.rawValue),
    .text(decision.kind.rawValue), .text(decision.name),
    decision.source.map { .text($0.rawValue) } ?? .blank, decision.target.map { .text($0.rawValue) } ?? .blank,
    .flag(decision.isDropped),
  ]
}

extension Decision {
  /// What would change, old and new; for a record that is left, what was found.
  var what: Value {
    let state: [Difference] =
      switch action {
      case .deactivate: [Difference("", from: .word("active"), to: .word("inactive"))]
      case .reactivate: [Difference("", from: .word("inactive"), to: .word("active"))]
      case .create, .update, .delete, .link, .unlink, .inStep, .skip, .conflict: []
      }
    let parts = state + changes.map(\.difference)
    return parts.isEmpty ? .text(reason.evidenceWords) : .differences(parts)
  }
}

extension FieldChange {
  /// `title "Clerk" → "Office manager"`; of a field that was not there before, the new value alone.
  var difference: Difference { Difference(field.rawValue, from: shownOld?.side, to: shownNew.side) }
}

extension FieldValue {
  /// A value without anything to see is said to be blank.
  fileprivate var side: Difference.Side {
    if isBlank { return .blank }
    if case .flag = self { return .word(displayed) }
    return .text(displayed)
  }
}

extension Cause {
  /// What was found and where, else what the reason means.
  var words: String {
    evidence.isEmpty ? reason.sentence : evidence.map(\.words).joined(separator: " · ")
  }

  /// What was found, for a cell: the observations, and the records that they speak of where these are several.
  var evidenceWords: String {
    let seen = evidence.map(\.shortWords).joined(separator: " · ")
    guard records.count > 1, !evidence.contains(where: mentionsRecord) else { return seen }
    let ids = records.map(\.rawValue).joined(separator: ", ")
    return seen.isEmpty ? ids : "\(seen): \(ids)"
  }

  private func mentionsRecord(_ evidence: Evidence) -> Bool {
    records.contains { evidence.found.contains($0.rawValue) }
  }
}

extension Evidence {
  /// `domain is other.example, wanted: acme.example (Microsoft 365)`.
  var words: String { shortWords + (place.map { " (\($0))" } ?? "") }

  /// The same without the place.
  var shortWords: String {
    let isOfSeveral = relation == "is one of"
    let seen = "\(attribute) \(isOfSeveral ? "is" : relation) \(found.isEmpty ? "‹blank›" : found)"
    guard let wanted, wanted != found else { return seen }
    return "\(seen), wanted: \(isOfSeveral ? "one of " : "")\(wanted)"
  }
}
