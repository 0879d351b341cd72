// A prompt as text: with libedit's marks around escape sequences, or plain.

extension Prompt {
  /// The prompt as plain text with its closing space.
  ///
  /// Without Unicode `›` is `>` and what else lies outside ASCII a question mark: libedit crashes on it there.
  package func plain(unicode: Bool) -> String {
    parts.map { text(of: $0, unicode: unicode) }.joined() + " "
  }

  /// The columns that the prompt takes, the closing space included.
  package func width(unicode: Bool) -> Int {
    DisplayWidth.of(plain(unicode: unicode))
  }

  /// The prompt for libedit: each escape sequence stands between two U+0001.
  ///
  /// libedit misplaces the cursor when two sequences meet or when one ends the prompt; so a part has one sequence
  /// before it, empty parts have none, and a reset and a space close it.
  func forEditor(colors: Bool, unicode: Bool) -> String {
    guard colors else { return plain(unicode: unicode) }
    var result = ""
    var style = Style.plain
    for part in parts {
      let shown = text(of: part, unicode: unicode)
      if shown.isEmpty { continue }
      if part.style != style { result += Self.escape(part.style) }
      style = part.style
      result += shown
    }
    if style != .plain { result += Self.escape(.plain) }
    return result + " "
  }

  private static func escape(_ style: Style) -> String { "\u{1}\u{1B}[\(style.codes)m\u{1}" }

  /// A part without anything that would break the row.
  private func text(of part: Part, unicode: Bool) -> String {
    let shown = visible(part.text, unicode: unicode)
    if unicode { return shown }
    return asciiOnly(String(shown.map { $0 == "›" ? ">" : $0 }))
  }
}
