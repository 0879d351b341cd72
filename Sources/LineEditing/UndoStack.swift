// What the line was before each change, so that changes can be taken back.

/// The states of a line, the newest last. Letters that are typed one after the other are one change, a word at a time.
struct UndoStack {
  private var states: [EditedText]
  private var undone: [EditedText] = []
  private var isTyping = false

  init() { states = [EditedText(scalars: [], cursor: 0)] }

  /// Tells how the line stands now.
  mutating func note(_ state: EditedText) {
    guard let last = states.last, state.scalars != last.scalars else {
      states[states.count - 1] = state
      return
    }
    undone = []
    let typed = last.typed(in: state)
    if isTyping, let typed, typed != " ", typed != "\n" {
      states[states.count - 1] = state
    } else {
      states.append(state)
      if states.count > Self.limit { states.removeFirst() }
    }
    isTyping = typed != nil
  }

  /// The line before the last change; `nil` at the beginning.
  mutating func undo() -> EditedText? {
    guard states.count > 1 else { return nil }
    undone.append(states.removeLast())
    isTyping = false
    return states.last
  }

  /// The line before the last undo.
  mutating func redo() -> EditedText? {
    guard let state = undone.popLast() else { return nil }
    states.append(state)
    return state
  }

  private static let limit = 500
}

extension EditedText {
  /// The one scalar that was typed at the cursor to make another state of it.
  fileprivate func typed(in next: EditedText) -> Unicode.Scalar? {
    guard next.scalars.count == scalars.count + 1, next.cursor == cursor + 1, cursor < next.scalars.count,
      next.scalars.prefix(cursor) == scalars.prefix(cursor),
      next.scalars.dropFirst(cursor + 1) == scalars.dropFirst(cursor)
    else { return nil }
    return next.scalars[cursor]
  }
}
