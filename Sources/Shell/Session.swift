/// What a line may use: the store, the engine, the streams, a person or none, and the context that `use` set.
import Connectors
package import Execution
package import Foundation
import LineEditing
package import Model
import Planning
package import Storage
import Synchronization

/// One person's, or one script's, sitting at the shell.
///
/// A session runs one line at a time. What it holds besides its context never changes.
package final class Session: Sendable {
  package let store: Store
  package let home: Home
  let machine: Machine
  /// What names of files are relative to.
  let folder: URL
  let vault: Vault
  let engine: Engine
  let connectors: any ConnectorProvider
  let clock: any WallClock
  let who: Who
  package let output: any OutputSink
  /// Who answers questions; `nil` where nobody can.
  let asking: (any Asking)?
  package let style: StyleSource
  /// `--dry-run`: nothing is sent, whatever a line says.
  let isDry: Bool
  /// When the session began: what `since script-start` means.
  let startedAt: Date
  private let state: Mutex<State>

  private struct State {
    var context: Context?
    var exitCode: ExitCode = .done
    var wantsToQuit = false
    /// The plan that the last line made, so that `apply` without a name can say which it means.
    var lastPlan: PlanID?
  }

  package init(
    store: Store, home: Home, machine: Machine, folder: URL, vault: Vault, engine: Engine,
    connectors: any ConnectorProvider,
    clock: any WallClock,
    who: Who, output: any OutputSink,
    asking: (any Asking)?, style: StyleSource, isDry: Bool
  ) {
    self.store = store
    self.home = home
    self.machine = machine
    self.folder = folder
    self.vault = vault
    self.engine = engine
    self.connectors = connectors
    self.clock = clock
    self.who = who
    self.output = output
    self.asking = asking
    self.style = style
    self.isDry = isDry
    startedAt = clock.now()
    state = Mutex(State())
  }

  var now: Date { clock.now() }

  /// The engine, or one that sends nothing: what is dry outside cannot be switched off inside.
  func engine(isDry: Bool) -> Engine {
    guard isDry, !self.isDry else { return engine }
    return Engine(store: store, connectors: connectors, clock: clock, who: who, isDry: true)
  }

  var canAsk: Bool { asking != nil }

  // MARK: - Context

  /// What `use` set: lines that name no company mean this one.
  package enum Context: Hashable, Sendable {
    case company(String)
    case sync(SyncName)

    package var name: String {
      switch self {
      case .company(let handle): handle
      case .sync(let name): name.rawValue
      }
    }
  }

  package var context: Context? {
    get { state.withLock(\.context) }
    set { state.withLock { $0.context = newValue } }
  }

  package var wantsToQuit: Bool { state.withLock(\.wantsToQuit) }
  func quit() { state.withLock { $0.wantsToQuit = true } }

  /// What the session's process ends with, so far.
  package var exitCode: ExitCode { state.withLock(\.exitCode) }
  func noteEnding(_ code: ExitCode) { state.withLock { $0.exitCode = $0.exitCode.joined(with: code) } }
  func resetEnding() { state.withLock { $0.exitCode = .done } }
  func restoreEnding(_ code: ExitCode) { state.withLock { $0.exitCode = code } }

  var lastPlan: PlanID? {
    get { state.withLock(\.lastPlan) }
    set { state.withLock { $0.lastPlan = newValue } }
  }

  /// The plan that was made last, of any sync.
  package var newestPlan: Plan? {
    guard let newest = try? store.plans(limit: 1).first else { return nil }
    return try? store.plan(newest.id)
  }

  // MARK: - Speaking

  /// A message for the person, on standard error, below what a progress line showed. What a vendor sent with it cannot
  /// steer the terminal.
  func tell(_ text: String) {
    let style = style.current(now: now)
    tellDrawn(
      text.split(separator: "\n", omittingEmptySubsequences: false).map { style.shown(String($0)) }.joined(
        separator: "\n"))
  }

  /// A message that a renderer drew: safe already, and with its colours.
  func tellDrawn(_ text: String) {
    style.progress?.clear()
    output.writeError(text.hasSuffix("\n") ? text : text + "\n")
  }

  /// Asks a question that takes yes or no; the default is no, and so is the answer where nobody can give one.
  func confirms(_ question: String) -> Bool {
    style.progress?.clear()
    guard let answer = asking?.answer(to: question + " [y/N] ") else { return false }
    return ["y", "yes"].contains(answer.lowercased().trimmingCharacters(in: .whitespaces))
  }

  /// Asks for a name to be typed, for what cannot be taken back.
  func confirms(_ question: String, byTyping name: String) -> Bool {
    style.progress?.clear()
    guard let answer = asking?.answer(to: "\(question)\nType \(name) to go on: ") else { return false }
    return answer.trimmingCharacters(in: .whitespaces) == name
  }

  /// The line of progress for long work, where there is a terminal to show it.
  func progress(_ event: ProgressEvent) {
    style.progress?.show(event, style: style.current(now: now))
  }
}
