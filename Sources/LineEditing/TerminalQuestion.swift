// Questions outside the editor: a secret that is not shown, and a plain answer.
import CLibEdit
import Glibc

/// Asks for a secret at the terminal without showing it; the answer enters no history.
///
/// It blocks the calling thread. The terminal is restored whatever happens.
///
/// - Returns: What was typed, unchanged; `nil` when the person pressed Ctrl-C, or Ctrl-D on nothing.
/// - Throws: ``LineReaderError`` of kind `noTerminal`.
package func readSecret(prompt: String) throws -> String? {
  guard let question = TerminalQuestion.atTerminal(echoes: false) else { throw LineReaderError(.noTerminal) }
  return question.ask(prompt)
}

/// Asks a question at the terminal, such as `Go on? [y/N]`, with the answer shown as it is typed.
///
/// It blocks the calling thread. The prompt is shown as it is, so it must hold nothing from outside that is not
/// ``visible(_:newlines:unicode:)``.
///
/// - Returns: The answer without its newline; `nil` when there is no terminal or the person pressed Ctrl-C.
package func readAnswer(prompt: String) -> String? {
  TerminalQuestion.atTerminal(echoes: true)?.ask(prompt)
}

/// One question on one terminal.
struct TerminalQuestion {
  let input: Int32
  let output: Int32
  let echoes: Bool
  /// Whether the descriptor was opened for the question alone.
  var closesInput = false

  /// A question at the process's terminal, else at standard input when that is one.
  static func atTerminal(echoes: Bool) -> TerminalQuestion? {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
    if terminal >= 0 {
      return TerminalQuestion(input: terminal, output: terminal, echoes: echoes, closesInput: true)
    }
    guard Terminal.isTerminal(STDIN_FILENO) else { return nil }
    let output = Terminal.isTerminal(STDERR_FILENO) ? STDERR_FILENO : STDIN_FILENO
    return TerminalQuestion(input: STDIN_FILENO, output: output, echoes: echoes)
  }

  /// Shows the prompt and reads up to Enter; `nil` when it was cancelled, by key, by signal or by the terminal's end.
  func ask(_ prompt: String) -> String? {
    defer { if closesInput { close(input) } }
    guard clibedit_hold_terminal(input, output, "") else { return nil }
    let signals = SignalWatch([SIGINT, SIGTERM, SIGHUP])
    takeKeysSingly()
    Terminal.write(prompt, to: output)
    var fatal: Int32?
    let answer = read(signals, fatal: &fatal)
    Terminal.write("\n", to: output)
    clibedit_release_terminal()
    signals?.end()
    // With nobody else to act on it, the signal takes the effect that the question held back.
    if let fatal, !SignalWatch.isWatched(fatal) { raise(fatal) }
    return answer
  }

  private func read(_ signals: SignalWatch?, fatal: inout Int32?) -> String? {
    var keys = KeySource(descriptor: input, signals: signals)
    var answer = AnswerInput()
    while true {
      switch keys.next() {
      case .nothing: break
      case .end: return nil
      case .signal(let signal):
        if signal != SIGINT { fatal = signal }
        return nil
      case .key(let key):
        switch answer.take(key) {
        case .nothing: break
        case .typed(let text): if echoes { Terminal.write(visible(text), to: output) }
        case .erased(let columns): if echoes { erase(columns) }
        case .accepted: return answer.text
        case .cancelled:
          if key.value == 0x03 { Terminal.write("^C", to: output) }
          return nil
        }
      }
    }
  }

  private func takeKeysSingly() {
    var modes = termios()
    guard tcgetattr(input, &modes) == 0 else { return }
    modes.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    modes.c_iflag &= ~tcflag_t(IXON)
    tcsetattr(input, TCSADRAIN, &modes)
  }

  private func erase(_ columns: Int) {
    for step in ["\u{8}", " ", "\u{8}"] { Terminal.write(String(repeating: step, count: columns), to: output) }
  }
}
