import TerminalScreen
import Testing

@testable import LineEditing

@Suite("What is drawn over a line")
struct LinePaintingTests {
  /// The C library measures characters by the character set, which is set by being asked for.
  init() { #expect(Terminal.usesUTF8) }

  private static let prompt = "kith› "

  struct Case: CustomTestStringConvertible {
    var text: String
    var columns = 20
    var rows = 6
    /// How many rows of the screen are used already.
    var above = 0
    var testDescription: String { "\(text.debugDescription) in \(columns)" }
  }

  private static let cases = [
    Case(text: "show people"), Case(text: "show people where ti"), Case(text: "show pe\nend"), Case(text: "日本語日本語日本語"),
    Case(text: "12345678901234"), Case(text: "123456789012345"), Case(text: "x", above: 5),
    Case(text: "a\n\nb", above: 4),
    Case(text: "łódź e\u{301} x"), Case(text: "1234567890123日"),
  ]

  /// The screen after libedit has painted prompt and line, which it does as the layout says.
  private func painted(_ test: Case) -> (Screen, EditedText) {
    var screen = Screen(columns: test.columns, rows: test.rows)
    let edited = EditedText(test.text)
    let layout = Self.layout(of: edited, test)
    screen.take(String(repeating: "\r\n", count: test.above).utf8)
    screen.take(Self.prompt.utf8)
    for (index, scalar) in edited.scalars.enumerated() {
      if index > 0, layout.places[index].row > layout.places[index - 1].row, scalar != "\n" {
        if edited.scalars[index - 1] != "\n" { screen.take("\r\n".utf8) }
      }
      screen.take(scalar == "\n" ? Array("\r\n".utf8) : Array(String(scalar).utf8))
    }
    if layout.end.column == 0, edited.scalars.last != "\n", !edited.scalars.isEmpty { screen.take("\r\n".utf8) }
    return (screen, edited)
  }

  @Test("colours change no character and the cursor stays", arguments: cases)
  func colours(_ test: Case) {
    let (before, edited) = painted(test)
    let span = LineAnnotation.Span(0..<edited.text.utf8.count, .wrong)
    let painting = painting(LineAnnotation(spans: [span]), over: edited, test)
    var screen = before
    screen.take(painting.drawn.utf8)
    #expect(screen.rows == before.rows)
    #expect(screen.cursor == before.cursor)
    #expect(screen.unknown.isEmpty)
    #expect(painting.wiped.isEmpty)
    for part in test.text.split(separator: "\n") {
      #expect(screen.look(of: String(part.prefix(5)))?.color == 31, "\(part) is painted")
    }
  }

  @Test("hint and notes stand behind and below, and are taken away whole", arguments: cases)
  func notes(_ test: Case) {
    let (before, edited) = painted(test)
    let annotation = LineAnnotation(
      hint: .rest(" more"), notes: [.init("use it so"), .init("a note too long for it", .wrong)])
    let painting = painting(annotation, over: edited, test)
    var screen = before
    screen.take(painting.drawn.utf8)
    let fits = Self.layout(of: edited, test).end.row + 3 <= test.rows
    #expect(screen.rows.contains("use it so") == fits)
    #expect(screen.rows.contains("a note too long fo…") == fits)
    #expect(screen.cursor.column == before.cursor.column)
    screen.take(painting.wiped.utf8)
    let kept = before.rows.filter { !$0.isEmpty }
    #expect((screen.scrolledOff + screen.rows).filter { !$0.isEmpty } == kept)
    #expect(screen.cursor.column == before.cursor.column)
    #expect(screen.rows[screen.cursor.row] == before.rows[before.cursor.row])
  }

  @Test("a hint is cut at the edge of the terminal and dim")
  func hint() {
    let test = Case(text: "show")
    let (before, edited) = painted(test)
    let annotation = LineAnnotation(hint: .wanted("WHATEVER-THERE-IS"))
    var screen = before
    screen.take(painting(annotation, over: edited, test).drawn.utf8)
    #expect(screen.rows[0] == "kith› showWHATEVER…")
    #expect(screen.look(of: "WHATEVER")?.isDim == true)
  }

  private func painting(_ annotation: LineAnnotation, over edited: EditedText, _ test: Case) -> LinePainting {
    LinePainting(
      annotation, over: edited, Self.layout(of: edited, test),
      room: Terminal.Size(columns: test.columns, rows: test.rows), unicode: true)
  }

  private static func layout(of edited: EditedText, _ test: Case) -> LineLayout {
    LineLayout(edited, promptWidth: prompt.count, columns: test.columns)
  }

  @Test(
    "scalars stand where libedit puts them",
    arguments: [
      ("abc", 6, 10, 0, 9), ("abcd", 6, 10, 1, 0), ("abcdefgh", 6, 10, 1, 4), ("ab\ncd", 6, 80, 1, 2),
      ("abcdefghijklmnop", 6, 10, 2, 2), ("abc日", 6, 10, 1, 2), ("", 25, 10, 2, 5), ("x", 0, 0, 1, 0),
      ("\u{1}", 6, 80, 0, 8),
    ])
  func layout(_ text: String, _ promptWidth: Int, _ columns: Int, _ row: Int, _ column: Int) {
    let layout = LineLayout(EditedText(text), promptWidth: promptWidth, columns: columns)
    #expect(layout.end == LineLayout.Place(row: row, column: column))
  }
}
