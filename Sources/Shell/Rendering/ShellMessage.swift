/// What the shell says beside its results: an error, a warning, a note; each with advice where there is any.

package struct ShellMessage: Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable { case error, warning, note }

  package var severity: Severity
  package var text: String
  /// What to do about it; `nil` when there is nothing to do.
  package var hint: String?

  package init(_ severity: Severity, _ text: String, hint: String? = nil) {
    self.severity = severity
    self.text = text
    self.hint = hint
  }

  /// `error: …` and below it `hint: …`, each ended by a line break; a note stands alone, without a word before it.
  package func rendered(_ style: RenderStyle) -> String {
    var lines: [String]
    switch severity {
    case .error: lines = labelled("error", text, .bad, style)
    case .warning: lines = labelled("warning", text, .warning, style)
    case .note: lines = safeLines(text, style)
    }
    if let hint { lines += labelled("hint", hint, .dim, style) }
    return style.joined(lines)
  }

  private func labelled(_ label: String, _ text: String, _ ink: Ink, _ style: RenderStyle) -> [String] {
    let margin = String(repeating: " ", count: label.count + 2)
    let room = style.textWidth.map { max(16, $0 - margin.count) }
    return safeLines(text, style).flatMap { $0.folded(to: room) }.enumerated().map { index, line in
      index == 0 ? style.paint("\(label):", ink) + " " + line : margin + line
    }
  }

  /// Line breaks of a message are ours; every other control character may come from outside.
  private func safeLines(_ text: String, _ style: RenderStyle) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { style.shown(String($0)) }
  }
}
