// Cuts what is written to a terminal into characters, controls and sequences.

struct SequenceParser: Sendable {
  /// `ESC [ ? 2004 h`: the mark `?`, the number 2004, the final `h`.
  struct Sequence: Hashable, Sendable, CustomStringConvertible {
    var mark: Unicode.Scalar?
    var numbers: [Int?]
    var final: Unicode.Scalar

    var description: String {
      "ESC[\(mark.map(String.init) ?? "")\(numbers.map { $0.map(String.init) ?? "" }.joined(separator: ";"))\(final)"
    }
  }

  enum Event: Hashable, Sendable {
    case print(Unicode.Scalar)
    case control(Unicode.Scalar)
    case sequence(Sequence)
    case unknown(String)
  }

  private enum State: Sendable {
    case text, escape
    case sequence(String)
    /// A title or the like, up to its end.
    case command
    /// One more scalar belongs to it: a character set.
    case oneMore
  }

  private var state = State.text

  mutating func take(_ scalar: Unicode.Scalar) -> [Event] {
    switch state {
    case .text:
      if scalar == "\u{1B}" {
        state = .escape
        return []
      }
      return [scalar.value < 0x20 || scalar.value == 0x7F ? .control(scalar) : .print(scalar)]
    case .escape: return afterEscape(scalar)
    case .sequence(let body):
      guard (0x40...0x7E).contains(scalar.value) else {
        state = .sequence(body + String(scalar))
        return []
      }
      state = .text
      return [.sequence(Self.sequence(body, scalar))]
    case .command:
      if scalar == "\u{7}" || scalar == "\\" { state = .text }
      return []
    case .oneMore:
      state = .text
      return []
    }
  }

  private mutating func afterEscape(_ scalar: Unicode.Scalar) -> [Event] {
    state = .text
    switch scalar {
    case "[": state = .sequence("")
    case "]": state = .command
    case "(", ")": state = .oneMore
    // Numeric or application keys.
    case "=", ">": break
    default: return [.unknown("ESC \(scalar)")]
    }
    return []
  }

  private static func sequence(_ body: String, _ final: Unicode.Scalar) -> Sequence {
    let mark = body.unicodeScalars.first.flatMap { "?>=<!".unicodeScalars.contains($0) ? $0 : nil }
    let numbers = mark == nil ? Substring(body) : body.dropFirst()
    return Sequence(
      mark: mark,
      numbers: numbers.isEmpty ? [] : numbers.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) },
      final: final)
  }
}

/// The cells that a character takes, written down apart from the program's own table: what both got wrong would not show.
enum CharacterWidth {
  static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
