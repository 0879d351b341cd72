/// The shell as a program: a function of its arguments, its environment and its streams that returns an exit code.
import CommandLanguage
import Connectors
import Execution
import Foundation
package import LineEditing
import Logging
import Model
import Storage
import Synchronization

package struct Program: Sendable {
  /// `--home DIR`.
  package var home: String?
  package var color: ColorChoice
  package var isDry: Bool
  package var environment: [String: String]

  package init(
    home: String?, color: ColorChoice, isDry: Bool, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.home = home
    self.color = color
    self.isDry = isDry
    self.environment = environment
  }

  /// `kith -c LINE`.
  package func run(line: String) -> ExitCode {
    withSession { session, commands in commands.run(on: session) { await $0.run(line) } }
  }

  /// `kith run SCRIPT [name=value…]`: a plain log with times on standard error where that is no terminal.
  ///
  /// - Parameter words: `name=value` each.
  package func run(script: String, words: [String]) -> ExitCode {
    let isLog = !Terminal.isTerminal(2)
    return withSession(output: isLog ? TimedErrors(StandardStreams()) : StandardStreams()) { session, commands in
      commands.run(on: session) { session in
        var arguments: [(key: String, value: String)] = []
        for word in words {
          guard let equals = word.firstIndex(of: "="), equals > word.startIndex else {
            session.show(
              ShellError(
                "“\(word)” is no argument of a script.", hint: "name=value, as in  max-creates=20", code: .wrong))
            return .wrong
          }
          arguments.append((String(word[..<equals]), String(word[word.index(after: equals)...])))
        }
        if isLog { session.tell("\(script) begins\(session.isDry ? ", dry" : "")") }
        let ending = await session.runScript(script, arguments: arguments)
        if let refusal = ending.refusal { session.show(refusal) }
        session.tell(ending.report)
        return ending.code
      }
    }
  }

  /// `kith run --schedule NAME`.
  package func run(schedule name: String) -> ExitCode {
    withSession(isAttended: false) { session, commands in
      commands.run(on: session) { await Scheduler($0).call(name) }
    }
  }

  /// `kith check SCRIPT`.
  package func check(script: String) -> ExitCode { run(line: "check script \(quoted(script))") }

  /// `kith < FILE`: the whole text is checked before any of it runs.
  package func runStandardInput() -> ExitCode {
    let text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    return withSession { session, commands in commands.run(on: session) { await $0.run(text, named: "standard input") }
    }
  }

  /// `kith`: the shell at a terminal, else the text on standard input.
  package func runShell(readsRC: Bool = true) -> ExitCode {
    standardInputIsTerminal ? runInteractively(readsRC: readsRC) : runStandardInput()
  }

  /// The shell at the terminal.
  package func runInteractively(readsRC: Bool = true) -> ExitCode {
    withSession(style: style(pagesLongAnswers: true)) { session, commands in
      Interactive(session: session, commands: commands, environment: environment, color: errorColor, readsRC: readsRC)
        .run()
    }
  }

  // MARK: - Around a session

  package var standardInputIsTerminal: Bool { Terminal.isTerminal(0) }

  private var errorColor: Bool {
    Terminal.supportsColor(color, isTerminal: Terminal.isTerminal(2), environment: environment)
  }

  /// How answers look on the process's own streams.
  /// - Parameter pagesLongAnswers: whether what is longer than the screen opens in the pager unasked.
  package func style(pagesLongAnswers: Bool = false) -> StyleSource {
    let isTerminal = Terminal.isTerminal(1)
    let environment = environment
    let size = { @Sendable in Terminal.size(of: 1, environment: environment) }
    let progress = ProgressDisplay(line: ProgressLine(environment: environment)) {
      Terminal.size(of: 2, environment: environment)?.columns ?? 80
    }
    return StyleSource(
      isTerminal: isTerminal,
      color: Terminal.supportsColor(color, isTerminal: isTerminal, environment: environment),
      ascii: isTerminal && !Terminal.usesUTF8, timeZone: .current,
      progress: Terminal.isTerminal(2) ? progress : nil,
      // What is asked for by its keys needs a person at them.
      pager: isTerminal && Terminal.isTerminal(0)
        ? Pager(environment: environment, isAutomatic: pagesLongAnswers, size: size) : nil,
      width: { size()?.columns })
  }

  /// Opens the home, does the work, and closes what was opened.
  ///
  /// - Parameter isAttended: whether the person at the terminal, where there is one, can be asked.
  package func withSession(
    _ extra: [String: String] = [:], asking: (any Asking)? = nil, isAttended: Bool = true,
    output: any OutputSink = StandardStreams(), style: StyleSource? = nil, _ work: (Session, Commands) -> ExitCode
  ) -> ExitCode {
    let stack = HTTPStack(logger: Logger(label: "kith") { _ in SwiftLogNoOpLogHandler() })
    let commands = Commands()
    commands.begin()
    defer {
      commands.end()
      commands.waitFor { await stack.shutdown() }
    }
    let canAsk = isAttended && Terminal.isTerminal(0) && (Terminal.isTerminal(2) || Terminal.isTerminal(1))
    do {
      let session = try Session.open(
        Session.Opening(
          home: Home.locate(flag: home, environment: environment),
          environment: environment.merging(extra) { _, new in new }, output: output,
          asking: asking ?? (canAsk ? TerminalAsking() : nil),
          style: style ?? self.style(), isDry: isDry), over: stack)
      return work(session, commands)
    } catch {
      let failure = ShellError(error)
      StandardStreams().writeError(
        ShellMessage(.error, failure.message, hint: failure.hint).rendered(self.style().current(now: Date())))
      return failure.code
    }
  }
}

/// The person at the terminal.
struct TerminalAsking: Asking {
  func answer(to question: String) -> String? { readAnswer(prompt: visible(question, newlines: .kept)) }
  func secret(for question: String) -> String? { (try? readSecret(prompt: visible(question, newlines: .kept))) ?? nil }
}

/// Runs commands off the calling thread, and lets Ctrl-C stop the command instead of the shell.
///
/// The main thread belongs to the line editor; a command runs on the pool, and the main thread waits for it. The first
/// Ctrl-C cancels the command's task: what is in flight is finished and settled. A second one ends the process at once;
/// the journal makes that safe.
package final class Commands: Sendable {
  private let current: Current
  private let interrupts: InterruptSource

  /// The task that runs now, and the signal that ended it.
  private final class Current: Sendable {
    let task = Mutex<Task<Void, Never>?>(nil)
    let signal = Mutex<Int32?>(nil)
    let session = Mutex<Session?>(nil)
  }

  package init() {
    let current = Current()
    self.current = current
    interrupts = InterruptSource(
      onInterrupt: { count in
        if count > 1 { exit(ExitCode.interrupted.rawValue) }
        // Asked before it is called off: whoever waits stops waiting at once.
        let isPausing = current.session.withLock { $0?.isPausing ?? false }
        let isWorking = current.task.withLock { task in
          task?.cancel()
          return task != nil
        }
        // What is in flight may take a while to be settled: say at once that the key was heard.
        guard isWorking else { return }
        if !isPausing, let session = current.session.withLock(\.self) { return session.tellOfStopping() }
        StandardStreams().writeError("\n")
      },
      onTermination: { signal in
        current.signal.withLock { $0 = signal }
        let isWorking = current.task.withLock { task in
          task?.cancel()
          return task != nil
        }
        if !isWorking { exit(128 + signal) }
      })
  }

  package func begin() { interrupts.install() }
  package func end() { interrupts.remove() }

  /// Runs a command for a session and waits for its end.
  package func run(on session: Session, _ work: @escaping @Sendable (Session) async -> ExitCode) -> ExitCode {
    let ending = Ending()
    current.session.withLock { $0 = session }
    defer { current.session.withLock { $0 = nil } }
    interrupts.beginCommand()
    waitFor {
      let code = await work(session)
      ending.code.withLock { $0 = code }
    }
    switch current.signal.withLock(\.self) {
    case SIGTERM?: return .terminated
    case SIGHUP?: return .hungUp
    default: return ending.code.withLock(\.self)
    }
  }

  private final class Ending: Sendable {
    let code = Mutex(ExitCode.done)
  }

  /// Runs something on the pool, blocking the calling thread, which must not be of the pool.
  package func waitFor(_ work: @escaping @Sendable () async -> Void) {
    let done = DispatchSemaphore(value: 0)
    let task = Task.detached {
      await work()
      done.signal()
    }
    current.task.withLock { $0 = task }
    done.wait()
    current.task.withLock { $0 = nil }
  }
}

extension Commands {
  /// Runs something that may fail on the pool, and returns how it failed.
  package func waitThrowing(_ work: @escaping @Sendable () async throws -> Void) -> (any Error)? {
    let failure = Failure()
    waitFor {
      do { try await work() } catch { failure.error.withLock { $0 = error } }
    }
    return failure.error.withLock(\.self)
  }

  private final class Failure: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }
}
