/// `check script`: what is wrong with a script, else what it takes and what it may write.
import CommandLanguage
import Foundation
import Model
import Storage

enum ScriptCheck {
  /// - Throws: `ShellError` (2) where anything was found.
  static func run(_ word: String, in session: Session) throws -> Outcome {
    let file: ScriptFile
    do { file = try session.script(meantBy: word) } catch { throw error.failure }
    for doubt in file.doubts { session.tell("warning: \(doubt.message)\n  \(doubt.fix)") }
    // As a schedule would run it: nobody can be asked.
    let checked = session.check(file.text, named: file.name, canAsk: false, inside: [file.path])
    guard checked.isRight else {
      session.tell(checked)
      throw ShellError(
        "\(file.name) does not run: \(counted(checked.findings.count, "finding")).",
        hint: ScriptFolder.isPath(word) ? nil : "edit \(word)", code: .wrong)
    }
    guard file.doubts.isEmpty else {
      throw ShellError(
        "\(file.name) does not run where nobody watches: others may write it.", hint: file.doubts[0].fix, code: .wrong)
    }
    return .text(description(of: checked.script, file))
  }

  private static func description(of script: ParsedScript, _ file: ScriptFile) -> String {
    let commands = script.commands
    var lines = ["\(file.name): right, \(counted(commands.count, "command"))"]
    if !script.parameters.isEmpty {
      lines.append("parameters")
      let width = script.parameters.map { $0.name.text.count }.max() ?? 0
      let kinds = script.parameters.map { $0.kind.rawValue.count }.max() ?? 0
      lines += script.parameters.map { parameter in
        let name = parameter.name.text.padding(toLength: width + 2, withPad: " ", startingAt: 0)
        let kind = parameter.kind.rawValue.padding(toLength: kinds + 2, withPad: " ", startingAt: 0)
        return "  \(name)\(kind)\(parameter.initial.map { "\($0.text) if left out" } ?? "needed")"
      }
    }
    let writing = commands.filter { command in
      Verbs.named(command.verb)?.declaration.effect == .writes && !command.has("dry")
    }
    lines.append(writing.isEmpty ? "writes nothing to any system" : "writes")
    lines += writing.map { line($0, in: script.source) }
    let runs = commands.filter { $0.verb == RunVerb.declaration.name }
    if !runs.isEmpty { lines.append("runs") }
    lines += runs.map { line($0, in: script.source) }
    return lines.joined(separator: "\n")
  }

  /// `  line 8   sync acme confirm within creates 7`
  private static func line(_ command: Invocation, in source: String) -> String {
    let bytes = Array(source.utf8)[command.span.lower..<min(command.span.upper, source.utf8.count)]
    let text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return "  line \(command.span.line)   \(text)"
  }
}
