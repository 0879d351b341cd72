// What the editor's own keys do.
import CLibEdit

extension LineEditor {
  /// Candidates to be drawn below the line, and how far back from its end the cursor stood.
  struct PendingList {
    var candidates: [Candidate]
    var cursorFromEnd: Int
  }

  /// Carries out one of the editor's own commands.
  func run(_ command: clibedit_command) -> clibedit_outcome {
    switch command {
    case CLIBEDIT_COMPLETE: complete()
    case CLIBEDIT_LIST: list()
    case CLIBEDIT_DROP_LINE: dropLine()
    case CLIBEDIT_END_OR_DELETE: endOrDelete()
    case CLIBEDIT_PASTE: paste()
    case CLIBEDIT_PENDING: compose()
    case CLIBEDIT_ENTER: enter()
    case CLIBEDIT_NEW_ROW: insert("\n") ? CLIBEDIT_REPAINT : CLIBEDIT_BEEP
    case CLIBEDIT_UP: up()
    case CLIBEDIT_DOWN: down()
    case CLIBEDIT_RIGHT: right(by: { $0.cursor + 1 }, taking: \.self)
    case CLIBEDIT_WORD_RIGHT: right(by: \.nextWordEnd, taking: \.firstWord)
    case CLIBEDIT_LINE_END: lineEnd()
    case CLIBEDIT_UNDO: restore(undoStack.undo())
    case CLIBEDIT_REDO: restore(undoStack.redo())
    case CLIBEDIT_SEARCH: search()
    case CLIBEDIT_SUSPEND: suspend()
    default: CLIBEDIT_NOTHING
    }
  }

  private func complete() -> clibedit_outcome {
    let edited = self.edited
    let result = assistant.complete(edited.text, edited.cursorOffset)
    switch CompletionStep(line: edited.text, result: result) {
    case .nothing: return CLIBEDIT_BEEP
    case .list(let candidates): return show(candidates, below: edited)
    case .replace(let range, let text): return replace(range, with: text, in: edited)
    }
  }

  private func list() -> clibedit_outcome {
    let edited = self.edited
    guard QuoteState(atEndOf: edited.beforeCursor) == .outside else {
      return insert("?") ? CLIBEDIT_REPAINT : CLIBEDIT_BEEP
    }
    let candidates = assistant.list(edited.text, edited.cursorOffset)
    return candidates.isEmpty ? CLIBEDIT_BEEP : show(candidates, below: edited)
  }

  private func replace(_ range: Range<Int>, with text: String, in edited: EditedText) -> clibedit_outcome {
    // A control character would be obeyed by libedit or by the terminal.
    guard unicode || text.utf8.allSatisfy({ $0 < 0x80 }), visible(text) == text else { return CLIBEDIT_BEEP }
    let start = edited.scalarCount(before: range.lowerBound)
    let end = edited.scalarCount(before: range.upperBound)
    clibedit_move(handle, Int32(clamping: end - edited.cursor))
    clibedit_delete_before(handle, end - start)
    return insert(text) ? CLIBEDIT_REPAINT : CLIBEDIT_BEEP
  }

  /// Moves the cursor to the end, where the list can be drawn once libedit has painted.
  private func show(_ candidates: [Candidate], below edited: EditedText) -> clibedit_outcome {
    let fromEnd = edited.scalars.count - edited.cursor
    pendingList = PendingList(candidates: candidates, cursorFromEnd: fromEnd)
    clibedit_move(handle, Int32(clamping: fromEnd))
    return CLIBEDIT_REPAINT
  }

  /// Draws the list that waits, and the prompt and line again below it.
  func drawPendingList() {
    guard let pending = pendingList else { return }
    pendingList = nil
    let room = self.room
    let rows = CompletionLayout.rows(
      for: pending.candidates, columns: room.columns - 1, rows: room.rows - 2, unicode: unicode)
    var drawn = "\n"
    for row in rows {
      let detail = colors && !row.detail.isEmpty ? "\u{1B}[2m\(row.detail)\u{1B}[0m" : row.detail
      drawn += row.label + row.description + detail + "\n"
    }
    Terminal.write(drawn, to: streams.output)
    clibedit_move(handle, Int32(clamping: -pending.cursorFromEnd))
    clibedit_repaint(handle)
  }

  /// Leaves the half-typed line on the screen with `^C` behind it and ends the row by Enter, so that libedit itself goes
  /// to the row below.
  private func dropLine() -> clibedit_outcome {
    let edited = self.edited
    ending = .interrupted
    clibedit_move(handle, Int32(clamping: edited.scalars.count - edited.cursor))
    _ = insert("^C")
    clibedit_push_keys(handle, KeyBinding.submit)
    return CLIBEDIT_REPAINT
  }

  /// Runs a line that is whole; one that goes on gets a further row.
  private func enter() -> clibedit_outcome {
    let edited = self.edited
    let (text, goesOn) = assistant.continuation(edited.text)
    if goesOn, edited.cursor < edited.scalars.count { return insert("\n") ? CLIBEDIT_REPAINT : CLIBEDIT_BEEP }
    if text != edited.text, !replaceLine(with: EditedText(text)) { return CLIBEDIT_BEEP }
    if !goesOn { clibedit_push_keys(handle, KeyBinding.submit) }
    return CLIBEDIT_REPAINT
  }

  private func up() -> clibedit_outcome {
    let edited = self.edited
    if let above = edited.cursorAbove { return move(from: edited, to: above) }
    return restore(history.older(than: edited.text).map(EditedText.init))
  }

  private func down() -> clibedit_outcome {
    let edited = self.edited
    if let below = edited.cursorBelow { return move(from: edited, to: below) }
    return restore(history.newer(than: edited.text).map(EditedText.init))
  }

  /// Moves right, or at the end of the line takes what the hint says.
  private func right(by target: (EditedText) -> Int, taking piece: (String) -> String) -> clibedit_outcome {
    let edited = self.edited
    guard edited.cursor == edited.scalars.count else { return move(from: edited, to: target(edited)) }
    guard let rest = hintedRest else { return CLIBEDIT_BEEP }
    return insert(piece(rest)) ? CLIBEDIT_REPAINT : CLIBEDIT_BEEP
  }

  private func lineEnd() -> clibedit_outcome {
    let edited = self.edited
    if edited.cursor == edited.scalars.count, hintedRest != nil {
      return right(by: \.cursor, taking: \.self)
    }
    return move(from: edited, to: edited.scalars.count)
  }

  private func move(from edited: EditedText, to place: Int) -> clibedit_outcome {
    clibedit_move(handle, Int32(clamping: place - edited.cursor))
    return CLIBEDIT_REPAINT
  }

  /// Shows another line in the place of this one.
  func restore(_ text: EditedText?) -> clibedit_outcome {
    guard let text, replaceLine(with: text) else { return CLIBEDIT_BEEP }
    return CLIBEDIT_REPAINT
  }

  private func endOrDelete() -> clibedit_outcome {
    let edited = self.edited
    if edited.scalars.isEmpty {
      ending = .endOfInput
      return CLIBEDIT_END
    }
    guard edited.cursor < edited.scalars.count else { return CLIBEDIT_BEEP }
    clibedit_move(handle, 1)
    clibedit_delete_before(handle, 1)
    return CLIBEDIT_REPAINT
  }

  private func paste() -> clibedit_outcome {
    guard let text = readPaste() else { return CLIBEDIT_END }
    return insert(unicode ? text : asciiOnly(text)) ? CLIBEDIT_REPAINT : CLIBEDIT_BEEP
  }

  private func compose() -> clibedit_outcome {
    guard let mark = pendingMark, let scalar = composed(with: mark) else { return CLIBEDIT_BEEP }
    pendingMark = nil
    clibedit_delete_before(handle, 1)
    return insert(String(scalar)) ? CLIBEDIT_REPAINT : CLIBEDIT_BEEP
  }
}

extension String {
  /// Up to the end of the first word.
  fileprivate var firstWord: String {
    let scalars = Array(unicodeScalars)
    return EditedText.string(scalars.prefix(EditedText(scalars: scalars, cursor: 0).nextWordEnd))
  }
}
