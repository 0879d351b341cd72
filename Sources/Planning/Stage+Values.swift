/// From one system's field names to the common ones, which are the target's, and back.
package import Model

extension FieldName {
  /// Stands among the changes of a record for the company that it belongs to: no field of any system.
  package static let company: FieldName = "company"
}

extension FieldName {
  /// Stands in a pair's baseline for the fields that differed when the pair was found and were taken for settled.
  static let settledApart: FieldName = "settled-apart"
}

extension Stage {
  /// What to send to a side for some changes, under that side's own names.
  ///
  /// What nothing feeds never travels back, and a constant only into a new record; a move to another company is no field
  /// and is left out.
  package func values(for side: Side, of changes: [FieldChange], under settings: Settings) -> FieldValues {
    var values = FieldValues()
    let names = side == .source ? sourceNames(under: settings, withConstants: true) : [:]
    for change in changes where change.field != .company {
      if side == .target {
        values[change.field] = change.new
      } else if let name = names[change.field] {
        values[name] = change.new
      }
    }
    return values
  }

  /// A record's mapped values under the common names; absent stays absent.
  package func commonValues(of record: Record, side: Side, under settings: Settings) -> FieldValues {
    side == .source ? mappedValues(of: record, under: settings) : commonValues(of: record.fields, side, settings)
  }

  /// What a run wrote or found, kept under a side's own names, under the common ones.
  func commonValues(of values: FieldValues, _ side: Side, _ settings: Settings) -> FieldValues {
    guard side == .source else {
      let mapped = Set(mapping.map(\.target))
      return values.filter { mapped.contains($0) || $0 == .company }
    }
    var common = FieldValues()
    common[.company] = values[.company]
    for (target, source) in sourceNames(under: settings) {
      if let value = values[source] { common[target] = value }
    }
    return common
  }

  /// The company that an update moves a record to, at the side that is written to; `nil` where it stays.
  package func newParent(of changes: [FieldChange]) -> RecordID? {
    changes.first { $0.field == .company }?.new.text.map { RecordID($0) }
  }

  /// The source's name of each common field that can travel back. Of two fields that one source field feeds, the first.
  ///
  /// - Parameter withConstants: also those that a constant feeds, under the name that the recipe proposes.
  func sourceNames(under settings: Settings, withConstants: Bool = false) -> [FieldName: FieldName] {
    var names: [FieldName: FieldName] = [:]
    var taken: Set<FieldName> = []
    let fields = mapping(under: settings)
    for field in fields {
      guard case .field(let name) = field.source, taken.insert(name).inserted else { continue }
      names[field.target] = name
    }
    for (field, entry) in zip(fields, mapping) where withConstants {
      guard case .constant = field.source, taken.insert(entry.source).inserted else { continue }
      names[field.target] = entry.source
    }
    return names
  }

  /// The baseline of a decision once the side that it writes to has answered: for each written field what that side now
  /// holds, against what the other side had.
  ///
  /// - Parameter answer: the record as the system answered it; `nil` where nothing was sent.
  package func settledBaseline(
    of decision: Decision, after answer: Record?, under settings: Settings
  ) -> Baseline? {
    decision.settledBaseline(holding: answer.map { commonValues(of: $0, side: decision.side, under: settings) })
  }
}

extension Decision {
  /// The baseline once the target has answered: what was settled without a write, and for each written field what the
  /// target now holds against what the source has.
  ///
  /// `nil` when the pair is to have none (a link made while updating is off). A decision that reverses a run keeps what
  /// the source had, so that the next plan does not see the reversal as a change of the source.
  package func settledBaseline(after answer: Record?) -> Baseline? { settledBaseline(holding: answer?.fields) }

  /// The same for either side.
  /// - Parameter held: what the side that is written to holds now, under the common names.
  package func settledBaseline(holding held: FieldValues?) -> Baseline? {
    guard baseline != nil || !changes.isEmpty else { return nil }
    var settled = baseline ?? Baseline()
    // Where a record belongs is known beforehand, and has another id on each side.
    for change in changes where change.field != .company {
      let answered = held?[change.field] ?? change.new
      // The other side keeps what it had when a run is reversed; else the change is what it has.
      let kept = reason.reason == .undone ? nil : change.new
      switch side {
      case .target:
        settled.target[change.field] = answered
        if let kept { settled.source[change.field] = kept }
      case .source:
        settled.source[change.field] = answered
        if let kept { settled.target[change.field] = kept }
      }
    }
    return settled
  }
}
