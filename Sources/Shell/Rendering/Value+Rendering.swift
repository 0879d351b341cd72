/// The values of a result as texts: for a cell, for a card, for a program, as JSON.
import CommandLanguage
import Foundation

extension Value {
  /// In a table's cell: moments stand relative in a terminal, or in its time zone, and as programs read them elsewhere.
  func cell(_ style: RenderStyle) -> String {
    guard case .date(let date) = self, style.isTerminal else { return exactText }
    return style.exactDates ? exact(date, in: style.timeZone) : relative(date, to: style.now)
  }

  /// On a card there is room for both: "3 h ago (2026-03-01 02:14)".
  func detail(_ style: RenderStyle) -> String {
    guard case .date(let date) = self, style.isTerminal else { return exactText }
    return "\(relative(date, to: style.now)) (\(exact(date, in: style.timeZone)))"
  }

  /// For programs, and wherever nothing depends on the moment of looking; blank is empty, and so is what is no number.
  var exactText: String {
    switch self {
    case .number(let number): number.isFinite ? display : ""
    case .date(let date): exact(date)
    case .list(let items): items.map(\.exactText).joined(separator: ", ")
    case .text, .flag, .duration, .differences, .blank: display
    }
  }

  var json: String {
    switch self {
    case .blank: "null"
    case .text, .duration, .date, .differences: JSONDrawing.string(exactText)
    case .number(let number): number.isFinite ? display : "null"
    case .flag(let flag): flag ? "true" : "false"
    case .list(let items): "[" + items.map(\.json).joined(separator: ", ") + "]"
    }
  }

  var isNumber: Bool {
    if case .number = self { true } else { false }
  }
}

extension Column {
  /// Identifiers, moments, numbers and words of ours are worthless when their end is missing.
  var mayBeCut: Bool {
    switch style {
    case .id, .state, .reason, .date, .number: false
    case .plain, .dim, .prose: true
    }
  }

  var isNumeric: Bool { alignment == .right }

  /// Colour is kept for what wants a look.
  func ink(for text: String) -> Ink {
    switch style {
    case .plain, .id, .number, .reason, .prose: .plain
    case .date, .dim: .dim
    case .state: Self.stateInks[text] ?? .plain
    }
  }

  private static let stateInks: [String: Ink] = [
    "failed": .bad, "refused": .bad, "unreachable": .bad, "broken": .bad, "gone": .bad, "unknown": .bad,
    "held": .warning, "conflict": .warning, "interrupted": .warning, "not sent": .warning, "warned": .warning,
    "ok": .good, "passed": .good, "inactive": .dim, "off": .dim,
  ]
}
