// A bracketed paste: gathered to its end mark, and cleaned before it enters the line.

/// Gathers what is pasted between the terminal's two marks.
struct PastedText {
  private static let endMark = Array("\u{1B}[201~".unicodeScalars)

  private var scalars: [Unicode.Scalar] = []

  /// Takes the next scalar; true when it ends the paste.
  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    scalars.append(scalar)
    guard scalar == "~", scalars.suffix(Self.endMark.count).elementsEqual(Self.endMark) else { return false }
    scalars.removeLast(Self.endMark.count)
    return true
  }

  /// The text as it enters the line: each line end is a newline and those at the end are left out, a tab is a space,
  /// and escape sequences (colours), other control characters and bidirectional controls are dropped.
  var text: String {
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for scalar in Self.withoutSequences(scalars) {
      switch scalar.value {
      // A terminal in the editor's mode swaps the two, so a pair may come either way round.
      case 0x0A, 0x0D:
        if previous == (scalar == "\n" ? "\r" : "\n") {
          previous = " "
          continue
        }
        result.append("\n")
      case 0x09: result.append(" ")
      case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: break
      default: result.append(scalar)
      }
      previous = scalar
    }
    while result.last == "\n" { result.removeLast() }
    return String(result)
  }

  /// Without what begins with Escape and a bracket, up to the letter that ends it.
  private static func withoutSequences(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var rest = scalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1B}", rest.first == "[" else {
        result.append(scalar)
        continue
      }
      let body = rest.dropFirst().prefix { (0x20...0x3F).contains($0.value) }
      rest = rest.dropFirst(1 + body.count + 1)
    }
    return result
  }
}
