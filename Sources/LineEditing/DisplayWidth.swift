// How many columns of a terminal a text takes: wide characters two, marks none, an emoji sequence two.

/// Widths of text in columns, and text cut or filled to a width.
///
/// A grapheme cluster is never cut. Control characters count nothing: make a text ``visible(_:newlines:unicode:)``
/// before it is measured.
package enum DisplayWidth {
  /// Where the text stands in a column that is wider than it.
  package enum Alignment: Sendable {
    case left, right
  }

  /// The columns that a text takes on one row.
  package static func of(_ text: String) -> Int {
    if isPlain(text) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The columns that a grapheme cluster takes: 0, 1 or 2.
  package static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if first.value >= 0x20, first.value < 0x7F, scalars.count == 1 { return 1 }
    // An emoji style selector, a keycap or a flag makes the cluster a picture.
    if scalars.dropFirst().contains(where: { $0.value == 0xFE0F || $0.value == 0x20E3 }) { return 2 }
    if isRegionalIndicator(first) { return scalars.count > 1 ? 2 : 1 }
    return scalars.reduce(0) { max($0, of($1)) }
  }

  /// The columns of a scalar by itself.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20..<0x7F, 0xA1..<0xAD, 0xAE..<0x300: return 1
    case 0..<0xA0, 0x1160...0x11FF, 0xD7B0...0xD7FB: return 0
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  /// The text cut to so many columns, with the ellipsis as its end when something was cut.
  package static func truncating(_ text: String, to columns: Int, ellipsis: String = "…") -> String {
    guard of(text) > columns else { return text }
    let room = columns - of(ellipsis)
    guard room >= 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let width = of(character)
      if used + width > room { break }
      result.append(character)
      used += width
    }
    return result + ellipsis
  }

  /// The text cut to so many columns, with the ellipsis that the terminal can show.
  static func truncating(_ text: String, to columns: Int, unicode: Bool) -> String {
    truncating(text, to: columns, ellipsis: unicode ? "…" : ".")
  }

  /// The text filled with spaces to so many columns; a wider text is left as it is.
  package static func padding(_ text: String, to columns: Int, alignment: Alignment = .left) -> String {
    let missing = columns - of(text)
    guard missing > 0 else { return text }
    let spaces = String(repeating: " ", count: missing)
    return alignment == .left ? text + spaces : spaces + text
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  private static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wideRanges.count
    while low < high {
      let middle = (low + high) / 2
      if wideRanges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wideRanges.count && wideRanges[low].contains(value)
  }
}
