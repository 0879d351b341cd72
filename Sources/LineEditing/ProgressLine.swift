// One line at a terminal that is written over again and again while work goes on.
import Foundation
import Glibc
import Synchronization

/// The progress of a command: one row on standard error, rewritten in place.
///
/// Where standard error is no terminal, progress is not shown and notes are plain lines. It may be shared by tasks; each
/// call writes its row whole.
package final class ProgressLine: Sendable {
  private let output: Int32
  private let columns: (@Sendable () -> Int)?
  private let shown = Mutex("")

  /// Makes a line on standard error, silent where that is no terminal or one that cannot clear a row.
  package convenience init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard Terminal.isTerminal(STDERR_FILENO), !Terminal.isDumb(environment["TERM"]) else {
      self.init(output: STDERR_FILENO, columns: nil)
      return
    }
    self.init(output: STDERR_FILENO) {
      Terminal.size(of: STDERR_FILENO, environment: environment)?.columns ?? 80
    }
  }

  /// Makes a line on a descriptor; without columns it cannot be rewritten and stays silent.
  init(output: Int32, columns: (@Sendable () -> Int)?) {
    self.output = output
    self.columns = columns
  }

  /// Shows a text in place of the one before, cut to the terminal's width.
  package func update(_ text: String) {
    guard let columns else { return }
    shown.withLock { shown in
      let row = DisplayWidth.truncating(visible(text), to: max(1, columns() - 1))
      if row == shown { return }
      shown = row
      Terminal.write("\r" + row + Self.clearToEnd, to: output)
    }
  }

  /// Takes the line away; what is printed next begins where it stood.
  package func clear() {
    shown.withLock { shown in
      if shown.isEmpty { return }
      shown = ""
      Terminal.write("\r" + Self.clearToEnd, to: output)
    }
  }

  /// Prints a line that stays, above the progress.
  ///
  /// - Parameter isAnswer: whether it answers a key that the terminal has echoed into the row.
  package func note(_ text: String, isAnswer: Bool = false) {
    shown.withLock { shown in
      let line = visible(text, newlines: .kept) + "\n"
      let bare = isAnswer ? "\n" + line : line
      Terminal.write(shown.isEmpty ? bare : "\r" + Self.clearToEnd + line + shown, to: output)
    }
  }

  private static let clearToEnd = "\u{1B}[K"
}
