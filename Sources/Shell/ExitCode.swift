/// The one table of exit codes, for the terminal, `-c`, a file, standard input and the scheduler.

package enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  case wrong = 2
  case partial = 3
  case changes = 4
  case refused = 5
  case stale = 6
  case unreachable = 75
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  package var meaning: String {
    switch self {
    case .done: "done, nothing failed"
    case .failed: "a command failed"
    case .wrong: "the line or script is wrong (a missing confirm too); nothing ran"
    case .partial: "finished, but some records or companies failed"
    case .changes: "differences found (preview strict)"
    case .refused: "refused: a guard or a confirm limit exceeded; nothing was written"
    case .stale: "refused: the plan is stale or used up, or another run holds the lease"
    case .unreachable: "a system could not be reached, and nothing else was done; try again later"
    case .hungUp: "hung up"
    case .interrupted: "interrupted"
    case .terminated: "terminated"
    }
  }

  /// The code in a word, for tables: those of `stop` where it has one.
  package var word: String {
    switch self {
    case .done: "ok"
    case .failed: "failed"
    case .wrong: "wrong"
    case .partial: "partial"
    case .changes: "changes"
    case .refused: "refused"
    case .stale: "stale"
    case .unreachable: "unreachable"
    case .hungUp, .interrupted, .terminated: "interrupted"
    }
  }

  /// The word for a code that a process ended with.
  static func word(of code: Int32) -> String { ExitCode(rawValue: code)?.word ?? "ended \(code)" }

  /// Which of two endings a script of several commands reports: what was refused or unreachable only stands while
  /// nothing else was done, and a partial success is worse than none of them.
  package func joined(with other: ExitCode) -> ExitCode {
    switch (self, other) {
    case (let same, let other) where same == other: same
    case (.done, let other): other
    case (let first, .done):
      first == .changes ? .changes : (first == .unreachable || first == .refused ? .partial : first)
    default: .partial
    }
  }
}
