// Conditions and filters: fields that exist, and values that can be compared with them.

extension Checker {
  /// `columns` are the fields that are there; nil where they are not known beforehand.
  mutating func check(_ condition: Condition, columns: [Column]?, subject: String?) {
    for (left, comparison) in condition.comparisons {
      let column = check(left, columns, subject)
      guard let comparison, let right = comparison.right else { continue }
      check(right, columns, subject)
      guard case .argument(let argument) = right else { continue }
      if comparison.relation == .in || comparison.relation == .notIn {
        checkList(argument, against: column)
      } else if let column, comparison.relation.comparesByType {
        check(argument, against: column, comparison)
      }
    }
  }

  private mutating func check(_ argument: Argument, against column: Column, _ comparison: Comparison?) {
    if let message = misfit(argument, column, comparison) {
      findings.append(Finding(message, at: argument.span))
    } else if let text = argument.literalText, !text.isEmpty, let finding = strange(text, in: column, at: argument.span)
    {
      findings.append(finding)
    }
  }

  /// A word that a column of a few words never holds: rows would be looked for that cannot be there.
  private func strange(_ text: String, in column: Column, at span: SourceSpan) -> Finding? {
    let words = column.choices.map(\.value)
    let isKnown = words.contains { column.ignoresCase ? $0.lowercased() == text.lowercased() : $0 == text }
    guard !words.isEmpty, !isKnown else { return nil }
    return Finding(
      "\(column.name) is never \(quoted(text))", at: span, expected: words.map { quoted($0) },
      suggestion: nearest(text, among: words).map { quoted($0) })
  }

  @discardableResult
  private mutating func check(_ operand: Operand, _ columns: [Column]?, _ subject: String?) -> Column? {
    switch operand {
    case .argument(let argument):
      checkVariables(of: argument)
      return nil
    case .field(let name): return check(name, columns, subject)
    }
  }

  @discardableResult
  private mutating func check(_ name: Name, _ columns: [Column]?, _ subject: String?) -> Column? {
    guard let columns else { return nil }
    if let column = columns.first(where: { $0.name == name.text }) { return column }
    findings.append(
      Finding(
        "\(subject ?? "these rows") have no field \(name.text)", at: name.span,
        suggestion: nearest(name.text, among: columns.map(\.name))))
    return nil
  }

  private mutating func checkList(_ argument: Argument, against column: Column?) {
    switch argument.content {
    case .list(let items):
      guard let column else { return }
      for item in items { check(item, against: column, nil) }
    case .literal:
      findings.append(
        Finding("`in` looks into a list", at: argument.span, fix: "write [\(quoted(argument.text))], or `is`"))
    case .variable, .interpolated: break
    }
  }

  /// What keeps a literal from being compared with a column.
  private func misfit(_ argument: Argument, _ column: Column, _ comparison: Comparison?) -> String? {
    guard let text = argument.literalText else { return nil }
    let type: SlotType
    switch column.type {
    case .text, .list: return nil
    case .number, .count: type = .number
    case .flag: type = .flag
    case .duration: type = .duration
    case .date:
      if Literals.duration(text) != nil, comparison?.relation.isOrdered == true { return nil }
      type = .when
    }
    return self.misfit(argument, type).map { "\(column.name) is a \(column.type.rawValue), and \($0)" }
  }

  // MARK: - Filters

  /// The filters one after the other, each with the fields that the one before leaves.
  /// - Returns: the fields that are left at the end, where they are known.
  @discardableResult
  mutating func check(_ filters: [Filter], after command: Invocation) -> [Column]? {
    let subject = command.subject
    var columns = subject.flatMap(vocabulary.fields)
    guard let first = filters.first else { return columns }
    if command.isComplete, !command.givesRows {
      findings.append(Finding("`\(command.verb)` gives no rows to filter", at: first.span))
      return nil
    }
    var counted: SourceSpan?
    for filter in filters {
      if counted != nil {
        findings.append(Finding("`count` gave a number, and there are no rows left to filter", at: filter.span))
        return nil
      }
      switch filter.action {
      case .where(let condition): check(condition, columns: columns, subject: subject)
      case .sort(let keys): for key in keys { check(key.field, columns, subject) }
      case .first, .last: break
      case .columns(let names):
        let kept = names.map { check($0, columns, subject) }
        columns = columns == nil ? nil : kept.compactMap(\.self)
      case .count(by: nil): counted = filter.span
      case .count(by: let name?):
        let column = check(name, columns, subject)
        columns = column.map { [$0, Column("count", type: .count)] }
      }
    }
    return columns
  }
}

extension Comparison.Relation {
  var isOrdered: Bool { [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(self) }

  /// Whether the right side must be of the left side's type, and not just any text.
  var comparesByType: Bool { isOrdered || self == .is || self == .isNot }
}
