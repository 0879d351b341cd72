/// Running a line or a whole text: parse, check everything, then carry out statement by statement.
import CommandLanguage
import Connectors
import Foundation
import LineEditing
import Model
import Storage

extension Session {
  /// Runs a text and returns what it ends with.
  ///
  /// The whole text is checked first; any finding means that nothing of it runs. An error ends it.
  /// - Parameters:
  ///   - name: the file that the text is from, for findings; `nil` for a line.
  ///   - isTyped: whether a person typed it at the prompt: verbs may be abbreviated, and are echoed in full.
  @discardableResult
  package func run(_ source: String, named name: String? = nil, isTyped: Bool = false) async -> ExitCode {
    let checked = checked(source, named: name, isTyped: isTyped)
    guard checked.isRight else {
      tell(checked.told)
      noteEnding(.wrong)
      return .wrong
    }
    let parsed = checked.script
    if isTyped, let expanded = parsed.expanded { tell(expanded) }
    let before = exitCode
    resetEnding()
    for pipeline in parsed.pipelines {
      do {
        try await carryOut(pipeline)
      } catch {
        let failure = Task.isCancelled ? ShellError("Stopped.", code: .interrupted) : ShellError(error)
        show(failure)
        noteEnding(failure.code)
        break
      }
      if wantsToQuit { break }
    }
    let ending = exitCode
    restoreEnding(before.joined(with: ending))
    return ending
  }

  /// Runs one command with its filters, and writes what it answers where the line says.
  private func carryOut(_ pipeline: Pipeline) async throws {
    let call = pipeline.command
    guard let verb = Verbs.named(call.verb) else {
      throw ShellError("There is no verb \(call.verb).", hint: "help", code: .wrong)
    }
    var outcome = try await verb.run(call, in: self)
    style.progress?.clear()
    if let condition = call.condition, case .rows(let rows) = outcome {
      outcome = try CommandLanguage.apply(
        [Filter(.where(condition), span: call.span)], to: .rows(rows), scope: evaluationScope)
    }
    outcome = try CommandLanguage.apply(pipeline.filters, to: outcome, scope: evaluationScope)
    try write(outcome, of: pipeline)
  }

  private func write(_ outcome: Outcome, of pipeline: Pipeline) throws {
    let format = pipeline.format ?? defaultFormat(of: pipeline)
    let outcome = format == .script ? try asScript(outcome) : outcome
    let renderer = Renderer(style: pipeline.file == nil ? style.current(now: now) : fileStyle)
    if let refusal = renderer.refusal(of: outcome, as: format) {
      throw ShellError(refusal.text, hint: refusal.hint, code: .wrong)
    }
    if let file = pipeline.file {
      try write(renderer.render(outcome, as: format), to: file)
      tell("\(Self.count(outcome)) → \(file.path.text)")
      return
    }
    switch outcome {
    case .text(let text):
      output.writeOut(text.hasSuffix("\n") ? text : text + "\n")
    case .message(let text):
      // A message is no data: a pipe behind kith reads rows only.
      if !text.isEmpty { tell(text) }
    case .nothing:
      break
    case .rows(let rows):
      output.writeOut(renderer.render(outcome, as: format))
      for remark in renderer.remarks(on: rows, as: format) { tellDrawn(remark) }
    case .record, .number:
      output.writeOut(renderer.render(outcome, as: format))
    }
  }

  /// The moments and the calendar that conditions are read in.
  var evaluationScope: EvaluationScope {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = style.timeZone
    var moments = ["script-start": startedAt]
    for run in (try? store.runs(limit: 500)) ?? [] {
      if let id = run.id { moments[id.description] = run.startedAt }
    }
    return EvaluationScope(now: now, calendar: calendar, moments: moments)
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
    case .rows(let rows): counted(rows.rows.count, "row")
    case .record: "1 record"
    case .number: "1 number"
    case .text, .message, .nothing: "the text"
    }
  }

  /// An error with its fix, on standard error.
  func show(_ failure: ShellError) {
    noteFailure(failure.message)
    tellDrawn(ShellMessage(.error, failure.message, hint: failure.hint).rendered(style.current(now: now)))
  }
}
