// The little line discipline of a question: what each key does, without a terminal.

/// An answer as it is typed.
struct AnswerInput {
  /// What a key makes happen.
  enum Step: Equatable {
    case nothing
    case typed(String)
    /// So many columns are wiped out behind the cursor.
    case erased(columns: Int)
    case accepted
    case cancelled
  }

  private enum Mode {
    case text, escape, sequence
  }

  /// What has been typed so far, scalar for scalar.
  private(set) var text = ""
  private var mode = Mode.text

  /// Takes a key. Enter accepts; Ctrl-C, and Ctrl-D when nothing is typed, cancel; Backspace and Ctrl-U erase; arrows and
  /// their like do nothing.
  mutating func take(_ key: Unicode.Scalar) -> Step {
    switch mode {
    case .text: return takeText(key)
    case .escape: mode = key == "[" || key == "O" ? .sequence : .text
    case .sequence: if (0x40...0x7E).contains(key.value) { mode = .text }
    }
    // Ctrl-C works in the middle of a sequence too: a lone Escape must not lock the question.
    return key.value == 0x03 ? .cancelled : key == "\r" || key == "\n" ? .accepted : .nothing
  }

  private mutating func takeText(_ key: Unicode.Scalar) -> Step {
    switch key.value {
    case 0x0D, 0x0A: return .accepted
    case 0x03: return .cancelled
    case 0x04: return text.isEmpty ? .cancelled : .nothing
    case 0x08, 0x7F:
      guard let last = text.popLast() else { return .nothing }
      return .erased(columns: DisplayWidth.of(last))
    case 0x15:
      defer { text = "" }
      return text.isEmpty ? .nothing : .erased(columns: DisplayWidth.of(text))
    case 0x1B:
      mode = .escape
      return .nothing
    case 0..<0x20, 0x80..<0xA0: return .nothing
    default:
      text.unicodeScalars.append(key)
      return .typed(String(key))
    }
  }
}
