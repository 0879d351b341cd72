/// Saved scripts: finding one, and running it in a sitting of its own that is recorded.
import CommandLanguage
import Execution
import Foundation
import Model
import Storage

/// Why a script could not be read.
struct ScriptUnreadable: Error {
  var failure: ShellError
  /// There is nothing of that name, or at that path.
  var isMissing: Bool
}

extension Session {
  var scriptFolder: ScriptFolder { ScriptFolder(home.scripts) }

  /// The script that a word means: a saved one by its name, or a file by its path.
  func script(meantBy word: String) throws(ScriptUnreadable) -> ScriptFile {
    do {
      return try ScriptFolder.isPath(word) ? ScriptFolder.script(at: file(word)) : scriptFolder.script(named: word)
    } catch {
      var failure = ShellError(error.message, hint: error.hint, code: .wrong)
      if error.kind == .notFound, let near = nearest(word, among: scriptFolder.names()) {
        failure.hint = "did you mean \(near)?"
      }
      throw ScriptUnreadable(failure: failure, isMissing: error.kind == .notFound)
    }
  }

  /// How a script's run ended: its row, and what there is to say of it.
  struct ScriptEnding: Sendable {
    var run: ScriptRun
    var code: ExitCode
    /// "s12 nightly: 3 ok, 1 held.  12 s", and below it the syncs that did not end well.
    var report: String
    /// Why nothing of it was run; not told yet.
    var refusal: ShellError?
  }

  /// Runs a script to its end, tells what goes wrong, and keeps a row of it.
  ///
  /// The script sits by itself: it begins without a company in use, `script-start` is its own beginning, and `quit` ends
  /// it alone. Whoever is told of failures is told of the outermost script that nobody watches.
  func runScript(_ word: String, arguments: [(key: String, value: String)], isDry: Bool = false) async -> ScriptEnding {
    let isDry = isDry || self.isDry
    var run = ScriptRun(
      script: word, text: nil, arguments: recorded(arguments), parent: scripts.last?.id, by: who.user,
      isAttended: who.isAttended, isDry: isDry, startedAt: now)
    var message: String?
    var refusal: ShellError?
    let code: ExitCode
    do {
      let file = try trusted(try reading(word))
      run.script = file.name
      run.text = withoutSecrets(file.text, vocabulary: ShellVocabulary(session: self))
      try refuse(wrong: word, arguments, isDry: isDry)
      let id = try store.begin(run)
      run.id = id
      let sitting = sitting(for: RunningScript(id: id, path: file.path, name: file.name), isDry: isDry)
      code = await sitting.run(
        file.text, named: file.name,
        arguments: Dictionary(arguments.map { ($0.key, Argument(outside: $0.value)) }) { _, last in last })
      message = sitting.lastWords
    } catch {
      let failure = ShellError(error)
      refusal = failure
      (code, message) = (failure.code, failure.message)
    }
    run.endedAt = now
    run.exitCode = code.rawValue
    run.message = message
    keep(&run)
    let ending = ScriptEnding(run: run, code: code, report: report(of: run, code), refusal: refusal)
    if scripts.isEmpty, !who.isAttended, code != .done { await notify(of: ending) }
    return ending
  }

  private func reading(_ word: String) throws -> ScriptFile {
    do { return try script(meantBy: word) } catch { throw error.failure }
  }

  /// The file, where only its owner could have written it, or a person says that it may run all the same.
  private func trusted(_ file: ScriptFile) throws -> ScriptFile {
    for running in scripts where running.path == file.path {
      throw ShellError(
        "\(file.name) is running already (\(running.id)), and a script may not run itself.", code: .wrong)
    }
    if scripts.count >= Self.deepestScript {
      throw ShellError("Scripts run scripts too deeply: \(Self.deepestScript) are the most.", code: .wrong)
    }
    guard let doubt = file.doubts.first else { return file }
    guard canAsk else {
      throw ShellError(
        "\(doubt.message) A script that others may write does not run where nobody watches.", hint: doubt.fix,
        code: .wrong)
    }
    for doubt in file.doubts { tell("warning: \(doubt.message)\n  \(doubt.fix)") }
    guard confirms("Run \(file.name) all the same?") else {
      throw ShellError("\(file.name) was not run.", hint: doubt.fix, code: .wrong)
    }
    return file
  }

  /// Refuses a script in which something is wrong, or arguments that it does not take, with the line as it would be
  /// typed.
  /// - Parameters:
  ///   - canAsk: whether somebody can answer when it runs; `nil`: as it is now.
  ///   - what: what did not become of it.
  func refuse(
    wrong word: String, _ arguments: [(key: String, value: String)], canAsk: Bool? = nil, isDry: Bool? = nil,
    what: String = "was not run"
  ) throws {
    let line = (["run \(quoted(word))"] + arguments.map { "\($0.key)=\(quoted($0.value))" }).joined(separator: " ")
    let checked = check(line, canAsk: canAsk, isDry: isDry)
    guard !checked.isRight else { return }
    tell(checked)
    throw ShellError(
      checked.wrongScripts.isEmpty ? "\(word) \(what): its arguments are wrong." : "\(word) \(what).",
      hint: "check script \(quoted(word))", code: .wrong)
  }

  /// The arguments as they are kept: what is a secret by its name anywhere is not.
  private func recorded(_ arguments: [(key: String, value: String)]) -> [String: String] {
    let vocabulary = ShellVocabulary(session: self)
    return Dictionary(
      arguments.map { key, value in
        let kept = withoutSecrets("run x \(key)=\(quoted(value))", vocabulary: vocabulary)
        return (key, kept.hasSuffix("=…") ? "…" : value)
      }
    ) { _, last in last }
  }

  /// Keeps the row of a run that ended. One that was refused before it began is kept where nobody watched: a person at
  /// the prompt has seen it.
  private func keep(_ run: inout ScriptRun) {
    do {
      if run.id == nil {
        guard !who.isAttended else { return }
        run.id = try store.begin(run)
      }
      try store.end(run)
    } catch {
      tell("warning: the run of \(run.script) could not be recorded: \(ShellError(error).message)")
    }
  }

  /// A sitting for a script: the same store and streams, nothing in use, and runs that carry the script's number.
  private func sitting(for script: RunningScript, isDry: Bool) -> Session {
    var who = who
    who.script = script.id
    return sitting(who: who, output: output, asking: asking, style: style, isDry: isDry, scripts: scripts + [script])
  }
}

// MARK: - What became of it

extension Session {
  /// The last attempt of each sync that a run of a script made, in the order of their names; single destinations are
  /// in their sync's.
  func attempts(of script: ScriptRunID) throws -> [Run] {
    let parts = try store.partNames()
    var last: [SyncName: Run] = [:]
    for run in try store.runs(of: script) where !parts.contains(run.sync) { last[run.sync] = run }
    return last.values.sorted { $0.sync < $1.sync }
  }

  private func report(of run: ScriptRun, _ code: ExitCode) -> String {
    let name = [run.id?.description, run.script].compactMap(\.self).joined(separator: " ")
    let attempts = run.id.flatMap { try? self.attempts(of: $0) } ?? []
    let outcomes = Self.outcomeCounts(attempts).map { "\($0.count) \($0.outcome.rawValue)" }
    let time = run.endedAt.map { spent($0.timeIntervalSince(run.startedAt)) } ?? ""
    let figures = (attempts.isEmpty ? ["no sync ran"] : outcomes) + [time]
    var headline = code == .done ? name : "\(name) ended with \(code.rawValue) (\(code.meaning))"
    // Of a script that was not begun there are no figures.
    if code != .wrong || !attempts.isEmpty { headline += ": " + figures.joined(separator: ", ") }
    var lines = [headline]
    let troubled = attempts.filter { $0.outcome != .ok }
    for attempt in troubled.prefix(Self.longestReport) {
      let why = attempt.message ?? attempt.reason?.sentence ?? ""
      lines.append("  \(attempt.outcome.rawValue)  \(attempt.sync)  \(why)")
    }
    if troubled.count > Self.longestReport { lines.append("  and \(troubled.count - Self.longestReport) more") }
    if code != .done, let id = run.id { lines.append("next: show run \(id)") }
    return lines.joined(separator: "\n")
  }

  private static let longestReport = 10

  /// How many ended in which way, the good first.
  static func outcomeCounts(_ runs: [Run]) -> [(outcome: RunOutcome, count: Int)] {
    let order: [RunOutcome] = [.ok, .held, .refused, .failed, .unreachable, .interrupted, .running]
    return order.compactMap { outcome in
      let count = runs.count { $0.outcome == outcome }
      return count == 0 ? nil : (outcome, count)
    }
  }
}
