/// What changes in a record, drawn so that old and new are told apart at a glance, with colours and without.
import CommandLanguage

extension [Difference] {
  /// A line for each field that would change, old and new; what a new record begins with stands in one line.
  func lines(_ style: RenderStyle) -> [String] {
    let isNew = allSatisfy { $0.old == nil }
    return isNew ? [map { $0.line(style) }.joined(separator: "; ")] : map { $0.line(style) }
  }
}

extension Difference {
  /// `title "Clerk" → "Office manager"`, the old value red and the new one green.
  fileprivate func line(_ style: RenderStyle) -> String {
    let label = field.isEmpty ? "" : style.shown(field) + " "
    guard let old else { return label + new.drawn(style) }
    return label + style.paint(old.drawn(style), .bad) + " \(style.glyph(.becomes)) "
      + style.paint(new.drawn(style), .good)
  }
}

extension Difference.Side {
  /// The words with every blank that cannot be told from a space by eye spelled out, and quotes inside of quotes marked,
  /// so that `"a" → "b"` is never a value.
  func drawn(_ style: RenderStyle) -> String {
    guard case .text(let text) = self else { return style.shown(words) }
    return style.shown(
      "\""
        + text.withBlanksSpelledOut.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\\\"") + "\"")
  }
}

extension String {
  /// With blanks other than the space as their code: two values may differ in nothing else.
  var withBlanksSpelledOut: String {
    guard utf8.contains(where: { $0 >= 0x80 }) else { return self }
    return unicodeScalars.map { scalar in
      guard scalar.properties.generalCategory == .spaceSeparator, scalar != " " else { return String(scalar) }
      let code = String(scalar.value, radix: 16, uppercase: true)
      return "‹U+\(String(repeating: "0", count: Swift.max(0, 4 - code.count)))\(code)›"
    }.joined()
  }
}
