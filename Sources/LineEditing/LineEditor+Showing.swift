// What is drawn with the line between two keys: inks, hint, notes, and news above the prompt.
import CLibEdit

extension LineEditor {
  /// Whether the terminal can do nothing but print.
  var isDumb: Bool { Terminal.isDumb(streams.terminalType) }

  private var showsAnnotations: Bool { colors && !isDumb }

  var room: Terminal.Size { Terminal.size(of: streams.output) ?? Terminal.Size(columns: 80, rows: 24) }

  /// Where a line stands on the screen.
  func layout(of edited: EditedText) -> LineLayout {
    LineLayout(edited, promptWidth: promptWidth, columns: room.columns)
  }

  /// Shows what there is to say about the line, unless the next key is there already. Where there are no colours, nothing
  /// could be told from what was typed, and nothing is shown.
  func annotate() {
    wipe()
    annotation = nil
    guard showsAnnotations, !keys.isWaiting else { return }
    let edited = self.edited
    let painting = LinePainting(annotationNow, over: edited, layout(of: edited), room: room, unicode: unicode)
    wiped = painting.wiped
    Terminal.write(painting.drawn, to: streams.output)
  }

  /// What there is to say about the line as it stands.
  var annotationNow: LineAnnotation {
    if let annotation { return annotation }
    let edited = self.edited
    let text = edited.text
    let remembered = edited.cursor == edited.scalars.count ? history.rest(of: text) : nil
    let said = assistant.annotate?(text, edited.cursorOffset, remembered) ?? .none
    annotation = said
    return said
  }

  /// What a hint behind the line offers to take; nothing is taken that cannot be seen.
  var hintedRest: String? {
    guard showsAnnotations, case .rest(let rest)? = annotationNow.hint, !rest.isEmpty else { return nil }
    return rest
  }

  /// Takes hint and notes off the screen, so that it is as libedit believes it to be.
  func wipe() {
    guard !wiped.isEmpty else { return }
    Terminal.write(wiped, to: streams.output)
    wiped = ""
  }

  /// Prints what has happened meanwhile above the prompt.
  func tellNews() {
    guard let rows = assistant.news?(), !rows.isEmpty, !isDumb else { return }
    clearFromPrompt()
    Terminal.write(rows.map { $0 + "\r\n" }.joined(), to: streams.output)
    clibedit_repaint(handle)
    annotate()
  }

  /// Clears the screen from where the prompt begins, and leaves the cursor there.
  func clearFromPrompt() {
    let row = layout(of: edited).cursor.row
    Terminal.write("\r" + (row > 0 ? "\u{1B}[\(row)A" : "") + "\u{1B}[J", to: streams.output)
    wiped = ""
  }
}
