/// What a line may use: the store, the engine, the streams, a person or none, and the context that `use` set.
import CommandLanguage
import Connectors
import Execution
import Foundation
import LineEditing
package import Model
import Planning
package import Storage
import Synchronization

/// What `let` gave names to at the prompt.
struct TypedNames: Sendable {
  var variables = Variables()
  var shapes: [String: VariableShape] = [:]
}

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
  private let sending: Engine
  let connectors: any ConnectorProvider
  let clock: any WallClock
  let who: Who
  package let output: any OutputSink
  /// Who answers questions; `nil` where nobody can.
  let asking: (any Asking)?
  package let style: StyleSource
  /// `--dry-run`: nothing is sent, whatever a line says.
  private let isDryOutside: Bool
  private let startedAt: Date
  /// Where `env:NAME`, VISUAL and EDITOR are looked up.
  let environment: [String: String]
  /// The process's way to the web, for what is told to an address.
  let web: HTTPStack
  /// The saved scripts that are being run, the outermost first; none at the prompt.
  let scripts: [RunningScript]
  private let state: Mutex<State>

  private struct State {
    var context: Context?
    var exitCode: ExitCode = .done
    var hasSent = false
    var wantsToQuit = false
    /// The plan that the last line made, so that `apply` without a name can say which it means.
    var lastPlan: PlanID?
    /// What the last text said at its end, where it said anything: an error, or what `stop` was given.
    var lastWords: String?
    var typedNames = TypedNames()
    /// The settings of kith itself as they were when the text at work began; `nil` until one is asked for.
    var settings: [SettingKey: SettingValue]?
    /// What a `watch` has on the screen; `nil` where none redraws it.
    var watched: WatchedScreen?
    /// A `watch` lets time pass.
    var isPausing = false
    /// The last question was left without an answer: by ^C, or by the end of the input.
    var isUnanswered = false
    /// One for each text at work, the outermost first: when it began, whether a person typed it, whether it is dry.
    var texts: [(startedAt: Date, isTyped: Bool, isDry: Bool)] = []
  }

  /// A saved script at work.
  struct RunningScript: Sendable {
    var id: ScriptRunID
    /// The real path of its file: what tells whether a script runs itself.
    var path: String
    var name: String
  }

  init(
    store: Store, home: Home, machine: Machine, folder: URL, vault: Vault, engine: Engine,
    connectors: any ConnectorProvider,
    clock: any WallClock,
    who: Who, output: any OutputSink,
    asking: (any Asking)?, style: StyleSource, isDry: Bool, environment: [String: String], web: HTTPStack,
    scripts: [RunningScript] = []
  ) {
    self.environment = environment
    self.web = web
    self.scripts = scripts
    self.store = store
    self.home = home
    self.machine = machine
    self.folder = folder
    self.vault = vault
    sending = engine
    self.connectors = connectors
    self.clock = clock
    self.who = who
    self.output = output
    self.asking = asking
    self.style = style
    isDryOutside = isDry
    startedAt = clock.now()
    state = Mutex(State())
  }

  /// A sitting beside this one, over the same home and streams, with nothing in use.
  func sitting(
    who: Who? = nil, output: any OutputSink, asking: (any Asking)?, style: StyleSource, isDry: Bool = false,
    scripts: [RunningScript]? = nil
  ) -> Session {
    let (who, isDry) = (who ?? self.who, isDry || self.isDry)
    return Session(
      store: store, home: home, machine: machine, folder: folder, vault: vault,
      engine: Engine(store: store, connectors: connectors, clock: clock, who: who, isDry: isDry),
      connectors: connectors, clock: clock, who: who, output: output, asking: asking, style: style, isDry: isDry,
      environment: environment, web: web, scripts: scripts ?? self.scripts)
  }

  var now: Date { clock.now() }

  /// The engine; one that sends nothing where a text around this line is dry.
  var engine: Engine { engine(isDry: false) }

  /// The engine, or one that sends nothing: what is dry outside cannot be switched off inside.
  func engine(isDry: Bool) -> Engine {
    guard isDry || self.isDry, !isDryOutside else { return sending }
    return Engine(store: store, connectors: connectors, clock: clock, who: who, isDry: true)
  }

  /// Nothing is sent, whatever a line says.
  var isDry: Bool { isDryOutside || state.withLock { $0.texts.contains(where: \.isDry) } }

  /// When the outermost text at work began: what `since script-start` means.
  var scriptStart: Date { state.withLock { $0.texts.first?.startedAt } ?? startedAt }

  /// Whether the line at work was typed at the prompt: whoever reads the answer has it before their eyes.
  var isTyped: Bool { state.withLock { $0.texts.last?.isTyped ?? false } }

  /// Does something as a part of a text; what is dry outside stays so inside.
  func holding<Result>(isTyped: Bool, isDry: Bool, _ work: () async -> Result) async -> Result {
    let begun = now
    state.withLock {
      $0.texts.append((begun, isTyped, isDry))
      // Another kith may have changed them since the last line.
      $0.settings = nil
    }
    defer {
      state.withLock {
        $0.texts.removeLast()
        $0.settings = nil
      }
    }
    return await work()
  }

  /// The variables of the lines typed so far.
  var typedNames: TypedNames {
    get { state.withLock(\.typedNames) }
    set { state.withLock { $0.typedNames = newValue } }
  }

  var canAsk: Bool { asking != nil }

  /// The settings of kith itself; read where no text is at work, or where it has not asked for one yet.
  func heldSettings(_ read: () -> [SettingKey: SettingValue]) -> [SettingKey: SettingValue] {
    if let held = state.withLock(\.settings) { return held }
    let settings = read()
    state.withLock { if !$0.texts.isEmpty { $0.settings = settings } }
    return settings
  }

  /// One of them has changed.
  func forgetSettings() { state.withLock { $0.settings = nil } }

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
  func resetEnding() {
    state.withLock {
      $0.exitCode = .done
      $0.hasSent = false
    }
  }
  /// Something of this text arrived at a vendor, so that it can no longer end as if nothing had been done.
  func noteSent(_ run: Run) { if run.done > 0 { state.withLock { $0.hasSent = true } } }

  /// What an error that ends a text makes it end with: that nothing was written, or nothing else was done, is only said
  /// where it is so.
  func ending(_ code: ExitCode) -> ExitCode {
    let isOfNothing = [.refused, .stale, .unreachable].contains(code)
    return isOfNothing && state.withLock(\.hasSent) ? .partial : code
  }
  func restoreEnding(_ code: ExitCode) { state.withLock { $0.exitCode = code } }

  var lastPlan: PlanID? {
    get { state.withLock(\.lastPlan) }
    set { state.withLock { $0.lastPlan = newValue } }
  }

  /// What the last text said at its end, where it said anything.
  var lastWords: String? { state.withLock(\.lastWords) }
  func noteEnding(saying words: String) { state.withLock { $0.lastWords = words } }

  /// The plan that was made last, of any sync.
  package var newestPlan: Plan? {
    guard let newest = try? store.plans(limit: 1).first else { return nil }
    return try? store.plan(newest.id)
  }

  /// What a `watch` has on the screen.
  var watched: WatchedScreen? {
    get { state.withLock(\.watched) }
    set { state.withLock { $0.watched = newValue } }
  }

  /// Gathers a text for the screen of a `watch`; false where none is watched.
  func isGathered(_ text: String) -> Bool {
    state.withLock { state in
      state.watched?.gathered += text
      return state.watched != nil
    }
  }

  /// Nothing is in flight, as a `watch` waits for its next look.
  var isPausing: Bool {
    get { state.withLock(\.isPausing) }
    set { state.withLock { $0.isPausing = newValue } }
  }

  // MARK: - Speaking

  /// How answers look now: as the terminal can, and as the person set it.
  var look: RenderStyle {
    var look = style.current(now: now)
    look.exactDates = text(of: .shellDates) == ShellSetting.exactDates
    return look
  }

  /// A message for the person, on standard error, below what a progress line showed. What a vendor sent with it cannot
  /// steer the terminal.
  func tell(_ text: String) { tellDrawn(folded(text)) }

  /// Words around what a session shows, as a tour has them, on standard output.
  package func narrate(_ text: String) { output.writeOut(folded(text)) }

  private func folded(_ text: String) -> String {
    let style = look
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.flatMap { style.shown(String($0)).folded(to: style.width) }.joined(separator: "\n")
  }

  /// Says that Ctrl-C was heard while something works; what is in flight may take a while to be settled.
  func tellOfStopping() {
    let words = "stopping after what is in flight;  ^C again ends at once"
    let text = words.folded(to: look.width).joined(separator: "\n")
    if let progress = style.progress { progress.answer(text) } else { output.writeError("\n\(text)\n") }
  }

  /// A message that a renderer drew: safe already, and with its colours.
  func tellDrawn(_ text: String) {
    let text = text.hasSuffix("\n") ? text : text + "\n"
    if isGathered(text) { return }
    style.progress?.clear()
    output.writeError(text)
  }

  /// Asks a question that takes yes or no; the default is no, and so is the answer where nobody can give one.
  func confirms(_ question: String) -> Bool {
    guard let answer = answer(to: question + " [y/N] ") else { return false }
    return ["y", "yes"].contains(answer.lowercased().trimmingCharacters(in: .whitespaces))
  }

  /// Asks for a name to be typed, for what cannot be taken back.
  func confirms(_ question: String, byTyping name: String) -> Bool {
    guard let answer = answer(to: "\(question)\nType \(name) to go on: ") else { return false }
    return answer.trimmingCharacters(in: .whitespaces) == name
  }

  private func answer(to question: String) -> String? {
    style.progress?.clear()
    let answer = asking?.answer(to: question)
    state.withLock { $0.isUnanswered = answer == nil && asking != nil }
    return answer
  }

  /// A command begins, and has asked nothing yet.
  func forgetQuestions() { state.withLock { $0.isUnanswered = false } }

  /// Ends a command that asked before sending and was left without an answer: ^C is no No.
  func checkAnswered() throws {
    let (isUnanswered, hasSent) = state.withLock { ($0.isUnanswered, $0.hasSent) }
    guard isUnanswered else { return }
    throw ShellError(
      "Stopped at the question: nothing \(hasSent ? "more " : "")was sent.", code: .interrupted)
  }

  /// The line of progress for long work, where there is a terminal to show it.
  func progress(_ event: ProgressEvent) {
    style.progress?.show(event, style: look)
  }
}
