// Where the shell's lines come from, whether a person types them or a list holds them.

/// What became of one reading of a line.
package enum LineResult: Sendable, Equatable {
  /// A line without its newline, normalised to NFC. One that had to be continued holds the newlines between its parts.
  case line(String)
  /// Ctrl-C: what was typed is dropped.
  case interrupted
  /// Ctrl-D on an empty line, or no further line.
  case endOfInput
  /// The process was told to end (SIGTERM or SIGHUP) while it waited; the terminal is as it was before.
  case terminated(signal: Int32)
}

/// A source of lines for the shell: ``LineEditor`` at a terminal, ``ScriptedLineReader`` everywhere else.
package protocol LineReader: AnyObject {
  /// Returns the next line, or why there is none; it blocks the calling thread.
  func readLine(prompt: Prompt) throws -> LineResult
  /// Makes a line the newest of those that the arrow keys reach.
  func addHistory(_ line: String)
}

/// The reader of lines that a person types.
package typealias EditorLineReader = LineEditor

/// Why lines cannot be read.
package struct LineReaderError: Error, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    /// A line, counted from 1, holds bytes that are not UTF-8.
    case notUTF8(line: Int)
    /// The system refused to read; `errno`.
    case unreadable(code: Int32)
    /// A question needs a person, and there is no terminal.
    case noTerminal
  }

  package var kind: Kind

  package init(_ kind: Kind) {
    self.kind = kind
  }

  /// What happened.
  package var description: String {
    switch kind {
    case .notUTF8(let line): "Line \(line) of the input is not UTF-8."
    case .unreadable(let code): "The input cannot be read: \(systemMessage(code))."
    case .noTerminal: "There is no terminal to ask at."
    }
  }

  /// What to do about it.
  package var hint: String {
    switch kind {
    case .notUTF8: "Save the input as UTF-8."
    case .unreadable: "Check that the input is open and readable."
    case .noTerminal: "Run this at a terminal, or give the value in a way that needs no question."
    }
  }
}
