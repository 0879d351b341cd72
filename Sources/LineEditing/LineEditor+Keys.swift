// What happens between two keys: signals, drawing, and keys made fit for libedit.
import CLibEdit
import Foundation
import Glibc

extension LineEditor {
  /// Waits for what libedit is to see next, and draws first what waits to be drawn.
  func nextKey() -> Int32 {
    drawPendingList()
    undoStack.note(edited)
    annotate()
    while true {
      switch keys.next(within: assistant.news == nil ? nil : Self.newsInterval) {
      case .key(let key):
        guard let key = admitted(key) else { continue }
        wipe()
        return Int32(key.value)
      case .nothing: tellNews()
      case .signal(SIGWINCH): resize()
      case .signal(SIGCONT): resume()
      case .signal(SIGINT):
        wipe()
        return KeyBinding.dropLine
      case .signal(let signal):
        wipe()
        ending = .terminated(signal: signal)
        return -1
      case .end:
        ending = .endOfInput
        return -1
      }
    }
  }

  /// Milliseconds between two looks for news.
  private static let newsInterval: Int32 = 1_000

  /// A key as libedit may have it: without UTF-8 only ASCII, and a mark that composes with the scalar before it as the
  /// key that makes one scalar of the two.
  private func admitted(_ key: Unicode.Scalar) -> Unicode.Scalar? {
    if key.isASCII { return key }
    guard unicode else { return nil }
    guard key.properties.generalCategory == .nonspacingMark, composed(with: key) != nil else { return key }
    pendingMark = key
    return Unicode.Scalar(UInt8(KeyBinding.pending))
  }

  /// The one scalar that the scalar before the cursor and a mark make.
  func composed(with mark: Unicode.Scalar) -> Unicode.Scalar? {
    let edited = self.edited
    guard edited.cursor > 0 else { return nil }
    let pair = EditedText.string([edited.scalars[edited.cursor - 1], mark][...])
    let scalars = pair.precomposedStringWithCanonicalMapping.unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }

  /// Gathers a paste up to its end mark; `nil` when the terminal or the process ends before that.
  func readPaste() -> String? {
    var pasted = PastedText()
    while true {
      switch keys.next() {
      case .key(let key): if pasted.take(key) { return pasted.text }
      case .signal(SIGWINCH): clibedit_resize(handle)
      case .signal(SIGCONT): clibedit_prepare_terminal(handle)
      case .signal(SIGINT): return ""
      case .signal(let signal):
        ending = .terminated(signal: signal)
        return nil
      case .nothing: break
      case .end:
        ending = .endOfInput
        return nil
      }
    }
  }

  /// Paints the line anew where it begins after the terminal has put it into rows of another width.
  func resize() {
    clibedit_resize(handle)
    guard !isDumb else { return }
    clearFromPrompt()
    clibedit_repaint(handle)
    annotate()
  }

  /// Takes the terminal back after the process was stopped, when somebody else has used it.
  func resume() {
    clibedit_prepare_terminal(handle)
    Terminal.write(pasteMarks.on + "\r", to: streams.output)
    clibedit_repaint(handle)
    annotate()
  }

  /// Stops the process as Ctrl-Z does anywhere, with the terminal as it was before, and goes on with the line after it.
  func suspend() -> clibedit_outcome {
    let layout = layout(of: edited)
    let down = layout.end.row - layout.cursor.row
    Terminal.write((isDumb || down == 0 ? "" : "\u{1B}[\(down)B") + "\n", to: streams.output)
    clibedit_release_terminal()
    // The whole job, as the terminal itself would: whoever started it sees it stopped.
    kill(0, SIGTSTP)
    _ = clibedit_hold_terminal(streams.input, streams.output, pasteMarks.off)
    // Going on is told by a signal; a process that nobody can bring back is not stopped at all.
    keys.expect(SIGCONT)
    return CLIBEDIT_NOTHING
  }
}
