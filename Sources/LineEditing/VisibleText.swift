// Text from outside made safe to show: nothing in it can steer the terminal or turn the reading order.

/// What a newline in a text becomes.
package enum NewlineDisplay: Sendable {
  /// A mark, so that a cell stays on its row.
  case mark
  /// Itself, for a text that may run over several rows.
  case kept
}

/// The text with every character that a terminal would obey or hide replaced by one that shows it.
///
/// Control characters become their pictures (`␛`), a newline `⏎`, and C1 controls, bidirectional controls, invisible
/// spaces and tags stand as `‹U+202E›`. Joiners stay: emoji and several scripts need them. Without Unicode the pictures
/// are `^[` and `<U+202E>`; other characters are not touched.
package func visible(_ text: String, newlines: NewlineDisplay = .mark, unicode: Bool = true) -> String {
  guard text.utf8.contains(where: mayNeedReplacement) else { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if let shown = replacement(for: scalar, newlines: newlines, unicode: unicode) {
      result.append(contentsOf: shown.unicodeScalars)
    } else {
      result.append(scalar)
    }
  }
  return String(result)
}

/// The text as a terminal can show it: ``visible(_:newlines:unicode:)``, and without Unicode in ASCII.
func showable(_ text: String, unicode: Bool) -> String {
  let shown = visible(text, unicode: unicode)
  return unicode ? shown : asciiOnly(shown)
}

/// The text with each character outside ASCII replaced by a question mark.
func asciiOnly(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isASCII ? $0 : "?" }))
}

/// Whether a UTF-8 byte begins, or may begin, a scalar that is replaced.
private func mayNeedReplacement(_ byte: UInt8) -> Bool {
  switch byte {
  case 0..<0x20, 0x7F, 0xC2, 0xD8, 0xE1, 0xE2, 0xEF, 0xF3: true
  default: false
  }
}

private func replacement(for scalar: Unicode.Scalar, newlines: NewlineDisplay, unicode: Bool) -> String? {
  switch scalar.value {
  case 0x0A:
    switch newlines {
    case .kept: return nil
    case .mark: return unicode ? "⏎" : "^J"
    }
  case 0..<0x20, 0x7F: return picture(of: scalar, unicode: unicode)
  case 0x80..<0xA0, 0xAD, 0x061C, 0x180E, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
    0xFFF9...0xFFFB, 0xE0000...0xE007F:
    let code = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
    return unicode ? "‹U+\(padded)›" : "<U+\(padded)>"
  default: return nil
  }
}

private func picture(of control: Unicode.Scalar, unicode: Bool) -> String {
  guard unicode else { return "^" + String(Unicode.Scalar(UInt8(control.value) ^ 0x40)) }
  let value = control.value == 0x7F ? 0x2421 : 0x2400 + control.value
  return Unicode.Scalar(value).map(String.init) ?? "?"
}
