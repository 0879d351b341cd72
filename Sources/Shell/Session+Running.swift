/// Running a line or a whole text: parse, check everything, then carry out statement by statement.
package import CommandLanguage
import Connectors
import Execution
import Foundation
import LineEditing
import Model
import Storage

extension Session {
  /// Runs a text and returns what it ends with.
  ///
  /// The whole text is checked first; any finding means that nothing of it runs. An error that nothing catches ends it.
  /// A caught one still counts: a text that caught any ends with 3, unless it says `stop`.
  /// - Parameters:
  ///   - name: the file or script that the text is from, for findings and errors; `nil` for a line.
  ///   - isTyped: whether a person typed it at the prompt: verbs may be abbreviated, and are echoed in full.
  ///   - keepsNames: whether the names that it gives are there for the next line; as a rule those of a typed line.
  ///   - arguments: values for its parameters.
  ///   - isDry: nothing is sent, whatever the text says.
  @discardableResult
  package func run(
    _ source: String, named name: String? = nil, isTyped: Bool = false, keepsNames: Bool? = nil,
    arguments: [String: Argument] = [:], isDry: Bool = false
  ) async -> ExitCode {
    let keepsNames = keepsNames ?? isTyped
    return await holding(isTyped: isTyped, isDry: isDry) {
      let known = keepsNames ? typedNames : TypedNames()
      let checked = check(source, named: name, isTyped: isTyped, variables: known.shapes)
      guard checked.isRight else {
        tell(checked)
        noteEnding(.wrong)
        return .wrong
      }
      let given = bind(arguments, to: checked.script.parameters, vocabulary: checked.vocabulary)
      guard given.faults.isEmpty else {
        for fault in given.faults { show(ShellError(fault.message, hint: fault.hint, code: .wrong)) }
        noteEnding(.wrong)
        return .wrong
      }
      if isTyped, let expanded = checked.script.expanded { tell(expanded) }
      return await carryOut(
        checked.script, named: name, keepsNames: keepsNames, known.variables.joined(with: given.variables))
    }
  }

  private func carryOut(
    _ script: ParsedScript, named name: String?, keepsNames: Bool, _ variables: Variables
  ) async -> ExitCode {
    let before = exitCode
    resetEnding()
    var interpreter = Interpreter(host: SessionHost(session: self, source: script.source), variables: variables)
    var stopped: ExitCode?
    do {
      // What goes wrong is told below what a watch has shown.
      defer { watched = nil }
      try await interpreter.run(script.statements)
    } catch let stop as ScriptStop {
      if let message = stop.message, !message.isEmpty {
        tell(message)
        noteEnding(saying: message)
      }
      stopped = ExitCode(stop.ending)
    } catch let failure as ScriptFailure where failure.underlying is WatchEnded {
      noteEnding(.interrupted)
    } catch {
      let failure = Self.failure(of: error)
      let isLong = script.source.contains { $0.isNewline }
      let line = (error as? ScriptFailure).map(\.line)
      show(failure, at: isLong ? line.map { "\(name ?? "line"):\($0)" } : nil)
      noteEnding(self.ending(failure.code))
    }
    if interpreter.caughtErrors > 0 { noteEnding(.partial) }
    if keepsNames { keepNames(of: script, interpreter.variables) }
    let ending = stopped ?? exitCode
    restoreEnding(before.joined(with: ending))
    return ending
  }

  /// What ended a script, in the shell's words.
  static func failure(of error: any Error) -> ShellError {
    if Task.isCancelled { return ShellError("Stopped.", code: .interrupted) }
    switch error {
    case let error as ScriptFailure: return failure(of: error.underlying)
    case let error as UnmetExpectation: return ShellError(error.message)
    case let error as EvaluationError:
      return ShellError(error.message.prefix(1).uppercased() + error.message.dropFirst() + ".", hint: error.hint)
    default: return ShellError(error)
    }
  }

  /// The names that a text gave at its top are there for the next line.
  private func keepNames(of script: ParsedScript, _ variables: Variables) {
    var names = typedNames
    names.variables = variables
    names.shapes = variables.shapes
    typedNames = names
  }

  /// Carries one command out, and writes nothing.
  func outcome(of call: Invocation) async throws -> Outcome {
    guard let verb = Verbs.named(call.verb) else {
      throw ShellError("There is no verb \(call.verb).", hint: "help", code: .wrong)
    }
    forgetQuestions()
    let pauses: RequestMeter.PauseListener = { pause in
      let why = pause.isAskedFor ? "\(pause.system) asked for it" : "\(pause.system) is asked again then"
      self.progress(.waiting(seconds: pause.seconds, why: why))
    }
    return try await RequestMeter.measure(onPause: pauses) { meter in
      style.progress?.begin { meter.count }
      defer { style.progress?.end() }
      return try await verb.run(call, in: self)
    }
  }

  func write(_ outcome: Outcome, of pipeline: Pipeline) throws {
    let format = pipeline.format ?? defaultFormat(of: pipeline)
    let outcome = try written(outcome, as: format)
    let renderer = Renderer(style: pipeline.file == nil ? look : fileStyle)
    if let refusal = renderer.refusal(of: outcome, as: format) {
      throw ShellError(refusal.text, hint: refusal.hint, code: .wrong)
    }
    if let file = pipeline.file {
      try write(renderer.render(outcome, as: format), to: file)
      tell("\(Self.count(outcome)) → \(file.path.text)")
      return
    }
    func answer(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", inPager: pipeline.page) }
    switch outcome {
    case .text(let text):
      answer(text)
    case .message(let text):
      // A message is no data: a pipe behind kith reads rows only.
      if !text.isEmpty { tell(text) }
    case .nothing:
      break
    case .drawn(let drawing, _) where pipeline.format == nil:
      answer(drawing.text)
    case .rows(let rows), .drawn(_, let rows):
      write(renderer.render(.rows(rows), as: format), inPager: pipeline.page)
      for remark in renderer.remarks(on: rows, as: format) { tellDrawn(remark) }
    case .record, .number:
      write(renderer.render(outcome, as: format), inPager: pipeline.page)
    }
  }

  /// What a format shows of a result: a page of what a plan at a glance is about lists its decisions.
  private func written(_ outcome: Outcome, as format: Format) throws -> Outcome {
    switch (format, outcome) {
    case (.script, _): try asScript(outcome)
    case (.html, .drawn(let drawing, let rows)): .rows(drawing.page?() ?? rows)
    default: outcome
    }
  }

  /// Writes an answer out, or shows it in the pager: where the line asks for that, or where it was typed at the prompt
  /// and its answer is longer than the screen.
  private func write(_ text: String, inPager isAsked: Bool) {
    if isGathered(text) { return }
    if let pager = style.pager, !text.isEmpty {
      let isUnasked = pager.isAutomatic && isTyped && self.text(of: .shellPager) != ShellSetting.noPager
      if isAsked || isUnasked && pager.isLong(text), pager.show(text) { return }
    }
    output.writeOut(text)
  }

  /// The moments and the calendar that conditions are read in.
  func evaluationScope(_ variables: Variables = Variables()) -> EvaluationScope {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = style.timeZone
    let begun = scriptStart
    return EvaluationScope(now: now, calendar: calendar, variables: variables) { word in
      if word == "script-start" { return begun }
      return RunID(word).flatMap { try? self.store.run($0)?.startedAt }
    }
  }

  /// A file's ending says how it is written, where the line does not.
  private func defaultFormat(of pipeline: Pipeline) -> Format {
    switch pipeline.file?.path.text.split(separator: ".").last.map({ $0.lowercased() }) {
    case "csv"?: .csv
    case "json"?: .json
    case "ndjson"?, "jsonl"?: .ndjson
    case "md"?: .markdown
    case "html"?: .html
    default: .table
    }
  }

  /// Files are written whole and plain: no colour, no width, exact times.
  private var fileStyle: RenderStyle { RenderStyle(now: now, timeZone: style.timeZone) }

  /// Writes a file whole or not at all, and never over one that is there unless the line says so.
  private func write(_ text: String, to file: Pipeline.File) throws {
    let url = self.file(file.path.text)
    if !file.overwrites, FileManager.default.fileExists(atPath: url.path) {
      throw ShellError("\(file.path.text) exists.", hint: "add  overwrite  to replace it, or name another file")
    }
    do {
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw ShellError(
        "\(file.path.text) cannot be written: \(Self.cause(of: error)).",
        hint: "check the folder, its rights and the room on the disk")
    }
  }

  private static func cause(of error: any Error) -> String {
    let error = error as NSError
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError
    if let code = (underlying ?? error).domain == NSPOSIXErrorDomain ? (underlying ?? error).code : nil {
      return String(cString: strerror(Int32(code)))
    }
    let sentence = error.localizedDescription
    return sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }

  private static func count(_ outcome: Outcome) -> String {
    switch outcome {
    case .rows(let rows), .drawn(_, let rows): counted(rows.rows.count, "row")
    case .record: "1 record"
    case .number: "1 number"
    case .text, .message, .nothing: "the text"
    }
  }

  /// An error with its fix, on standard error.
  /// - Parameter place: the script and its line: `nightly:7`.
  func show(_ failure: ShellError, at place: String? = nil) {
    let message = place.map { "\($0): \(failure.message)" } ?? failure.message
    noteEnding(saying: message)
    tellDrawn(ShellMessage(.error, message, hint: failure.hint).rendered(look))
  }
}

/// The session as what a script runs in.
private struct SessionHost: ScriptHost {
  let session: Session
  /// The text that is run.
  let source: String
  /// What a `watch` lets go on meanwhile.
  private let scheduler: Scheduler

  init(session: Session, source: String) {
    self.session = session
    self.source = source
    scheduler = Scheduler(session)
  }

  func outcome(of command: Invocation) async throws -> Outcome { try await session.outcome(of: command) }

  func show(_ outcome: Outcome, of pipeline: Pipeline) throws {
    try session.write(outcome, of: pipeline)
    if session.wantsToQuit { throw ScriptStop(ending: .ok, message: nil) }
  }

  func showLook(_ outcome: Outcome, of pipeline: Pipeline, every: Duration) throws {
    let bytes = Array(source.utf8)
    let span = pipeline.span.lower..<min(pipeline.span.upper, bytes.count)
    let line = String(decoding: bytes[span], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    try session.writeLook(outcome, of: pipeline, saying: line, every: every)
    if session.wantsToQuit { throw ScriptStop(ending: .ok, message: nil) }
  }

  func scope(_ variables: Variables) -> EvaluationScope { session.evaluationScope(variables) }

  func caught(_ error: any Error) -> CaughtError? {
    let failure = Session.failure(of: error)
    guard failure.code != .interrupted else { return nil }
    return CaughtError(code: Int(failure.code.rawValue), message: failure.message, hint: failure.hint)
  }

  /// Edits that are due to be pushed go meanwhile, as a scheduler would send them.
  func pause(for duration: Duration) async throws {
    session.isPausing = true
    defer { session.isPausing = false }
    let end = session.now.addingTimeInterval(duration / .seconds(1))
    while session.now < end {
      let next = session.canAsk ? await scheduler.push() : end
      try await session.clock.sleep(for: .seconds(max(0.05, min(next, end).timeIntervalSince(session.now))))
    }
  }
}

extension ExitCode {
  init(_ ending: Statement.Ending) {
    switch ending {
    case .ok: self = .done
    case .failed: self = .failed
    case .partial: self = .partial
    case .changes: self = .changes
    case .refused: self = .refused
    }
  }
}
