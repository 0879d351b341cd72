// Ctrl-R at work: rows below the line, and the keys until a line is taken or the search is left.
import CLibEdit
import Glibc

extension LineEditor {
  /// Searches the history; what is taken stands in the line and is run by a further Enter.
  func search() -> clibedit_outcome {
    guard let find = assistant.search, !isDumb else { return CLIBEDIT_BEEP }
    let edited = self.edited
    var search = HistorySearch(text: edited.text.contains("\n") ? "" : edited.text, find: find)
    show(search, below: edited)
    defer { wipe() }
    while true {
      switch keys.next() {
      case .key(let scalar):
        switch search.take(keys.stroke(beginningWith: scalar)) {
        case .changed: show(search, below: edited)
        case .taken(let line):
          wipe()
          return restore(EditedText(line))
        case .left: return CLIBEDIT_REPAINT
        case .nothing: break
        }
      case .signal(SIGWINCH):
        resize()
        show(search, below: edited)
      case .signal(SIGCONT):
        resume()
        show(search, below: edited)
      case .signal(SIGINT): return CLIBEDIT_REPAINT
      case .signal(let signal):
        ending = .terminated(signal: signal)
        return CLIBEDIT_END
      case .nothing: break
      case .end:
        ending = .endOfInput
        return CLIBEDIT_END
      }
    }
  }

  private func show(_ search: HistorySearch, below edited: EditedText) {
    wipe()
    let room = self.room
    let layout = layout(of: edited)
    let most = max(1, min(Self.mostMatches, room.rows - layout.end.row - 3))
    let rows = search.rows(columns: room.columns - 1, most: most, colors: colors, unicode: unicode)
    let painting = LinePainting(rows: rows, below: layout)
    wiped = painting.wiped
    Terminal.write(painting.drawn, to: streams.output)
  }

  private static let mostMatches = 10
}
