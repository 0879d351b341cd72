/// The shell at the terminal: prompt, line, command, again.
import CommandLanguage
import Execution
import Foundation
import LineEditing
import Model
import Storage

struct Interactive {
  let session: Session
  let commands: Commands
  let environment: [String: String]
  let color: Bool
  let readsRC: Bool

  /// Reads and runs lines until the input ends or `quit` is said. The shell itself ends well, whatever its lines did.
  func run() -> ExitCode {
    let vocabulary = ShellVocabulary(session: session)
    let remembered = ((try? session.store.history(limit: 2_000)) ?? []).map(\.line).reversed() as [String]
    let typing = Typing(session: session)
    let editor = LineEditor(history: remembered, colors: color, assistant: typing.assistant)
    guard let editor else {
      session.show(ShellError("This terminal cannot be edited on.", hint: "kith -c LINE, or  kith < FILE"))
      return .failed
    }
    greet()
    if readsRC {
      let code = commands.run(on: session) {
        await $0.runRCFile()
        return .done
      }
      if code != .done { return code }
    }
    while !session.wantsToQuit {
      typing.begin()
      switch editor.readLine(prompt: Prompt.shell(context: session.context?.name)) {
      case .interrupted: continue
      case .terminated(let signal): return signal == SIGHUP ? .hungUp : .terminated
      case .endOfInput: return .done
      case .line(let line):
        guard !line.allSatisfy(\.isWhitespace) else { continue }
        // What is a secret by its argument's type is never remembered.
        let remembered = withoutSecrets(line, vocabulary: vocabulary)
        editor.addHistory(remembered)
        let code = commands.run(on: session) { await $0.runTyped(line) }
        if code == .terminated || code == .hungUp { return code }
      }
    }
    return .done
  }

  private func greet() {
    let syncs = (try? session.store.syncs()) ?? []
    let connections = (try? session.store.connections()) ?? []
    if connections.isEmpty {
      session.tell(
        "kith keeps people and companies in step. Nothing is set up yet:  help first  leads to the first sync, and\n  kith demo  shows it all against emulated systems. Tab completes, ? lists what may follow, help lists the verbs."
      )
    } else if !syncs.isEmpty {
      session.tell("\(counted(syncs.count, "sync")).  status  shows how they stand.")
    }
  }
}

extension Session {
  /// Runs a line that a person typed at the prompt, and keeps it in the history without what is a secret.
  package func runTyped(_ line: String) async -> ExitCode {
    let began = ContinuousClock.now
    let company = context?.name
    let code = await run(line, isTyped: true)
    try? store.addHistory(
      HistoryEntry(
        line: withoutSecrets(line, vocabulary: ShellVocabulary(session: self)), at: now, company: company,
        duration: ContinuousClock.now - began, exitCode: code.rawValue, session: who.session))
    return code
  }
}
