/// What a `watch` shows at a terminal: each look is drawn over the one before.
import CommandLanguage
import Foundation
import LineEditing

struct WatchedScreen: Sendable {
  /// What the look under way has written so far.
  var gathered = ""
  /// What is on the screen.
  var drawn = ""

  /// A head, and as much of the answer as the screen has room for; where it has not, how much is missing.
  static func drawing(_ head: String, _ body: String, in size: Terminal.Size, style: RenderStyle) -> String {
    // The cursor stands in a row of its own below.
    var room = max(2, size.rows) - 1
    var lines = [style.paint(DisplayWidth.truncating(style.shown(head), to: size.columns), .dim)]
    room -= 1
    let ended = body.isEmpty || body.hasSuffix("\n")
    let rows = body.split(separator: "\n", omittingEmptySubsequences: false).dropLast(ended ? 1 : 0)
    let isLong = screenRows(of: body, columns: size.columns) > room
    if isLong { room -= 1 }
    var shown = 0
    for row in rows {
      room -= screenRows(of: String(row) + "\n", columns: size.columns)
      guard room >= 0 else { break }
      lines.append(String(row))
      shown += 1
    }
    if isLong {
      let note = "\(style.glyph(.more)) \(counted(rows.count - shown, "more line")), for which there is no room here"
      lines.append(style.paint(DisplayWidth.truncating(note, to: size.columns), .dim))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What takes the drawing away from a screen of so many columns, with the cursor below it.
  func erasing(columns: Int) -> String {
    let rows = screenRows(of: drawn, columns: columns)
    return "\r" + (rows > 0 ? "\u{1B}[\(rows)A" : "") + "\u{1B}[J"
  }
}

extension Session {
  /// Shows what a look of a `watch` gave, over the look before it; where that cannot be, below it.
  /// - Parameter line: what is looked at, as it was typed.
  func writeLook(_ outcome: Outcome, of pipeline: Pipeline, saying line: String, every: Duration) throws {
    guard style.isTerminal, pipeline.file == nil, !Terminal.isDumb(environment["TERM"]),
      let size = Terminal.size(of: 1, environment: environment)
    else { return try write(outcome, of: pipeline) }
    var screen = watched ?? WatchedScreen()
    watched = screen
    try write(outcome, of: pipeline)
    let look = look
    let time = CivilTime(now, in: look.timeZone).clockToTheSecond
    let head = "every \(spentInWhole(every / .seconds(1))): \(line)   last \(time)   ^C ends"
    let drawing = WatchedScreen.drawing(head, watched?.gathered ?? "", in: size, style: look)
    output.writeOut(screen.erasing(columns: size.columns) + drawing)
    (screen.gathered, screen.drawn) = ("", drawing)
    watched = screen
  }
}
