import Testing

@testable import LineEditing

@Suite("What the arrow keys go through")
struct LineHistoryTests {
  @Test("up and down go through the lines that begin as typed, and come back to what was typed")
  func prefix() {
    var history = LineHistory(["show one", "use acme", "show two", "show two"], limit: 10)
    #expect(history.older(than: "sh") == "show two")
    #expect(history.older(than: "show two") == "show one")
    #expect(history.older(than: "show one") == nil)
    #expect(history.newer(than: "show one") == "show two")
    #expect(history.newer(than: "show two") == "sh")
    #expect(history.newer(than: "sh") == nil)
  }

  @Test("a line that was changed on the way is where a new walk begins")
  func changed() {
    var history = LineHistory(["show one", "show two", "use acme"], limit: 10)
    #expect(history.older(than: "") == "use acme")
    #expect(history.older(than: "show") == "show two")
    #expect(history.newer(than: "other") == nil)
  }

  @Test("a line goes on as the newest that begins with it")
  func rest() {
    let history = LineHistory(["show one", "show ól", "use acme"], limit: 10)
    #expect(history.rest(of: "show ") == "ól")
    #expect(history.rest(of: "show o") == "ne")
    #expect(history.rest(of: "use acme") == nil)
    #expect(history.rest(of: "") == nil)
  }

  @Test("only the newest lines are kept, empty ones and repetitions not")
  func limit() {
    var history = LineHistory(["a", "b", "", "b", "c"], limit: 2)
    history.add("d")
    history.add("d")
    #expect(history.older(than: "") == "d")
    #expect(history.older(than: "d") == "c")
    #expect(history.older(than: "c") == nil)
  }
}

@Suite("Taking changes back")
struct UndoStackTests {
  @Test("letters are taken back a word at a time, and anything else at once")
  func words() {
    var stack = UndoStack()
    for text in ["s", "sh", "sho", "show", "show ", "show p", "show pe"] { stack.note(EditedText(text)) }
    stack.note(EditedText(scalars: Array("show pe".unicodeScalars), cursor: 2))
    stack.note(EditedText("x"))
    #expect(stack.undo()?.text == "show pe")
    #expect(stack.undo()?.text == "show")
    #expect(stack.redo()?.text == "show pe")
    #expect(stack.undo()?.text == "show")
    #expect(stack.undo()?.text == "")
    #expect(stack.undo() == nil)
    #expect(stack.redo()?.text == "show")
  }

  @Test("what was taken back is forgotten by the next change")
  func forgotten() {
    var stack = UndoStack()
    stack.note(EditedText("one"))
    stack.note(EditedText("two"))
    _ = stack.undo()
    stack.note(EditedText("three"))
    #expect(stack.redo() == nil)
    #expect(stack.undo()?.text == "one")
  }
}
