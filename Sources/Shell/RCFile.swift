/// The rc file: lines that the shell runs when it starts at a terminal. They look and set how it looks, nothing else.
import CommandLanguage
import Foundation
import Model
import Storage

/// What may stand in an rc file.
enum RCFile {
  /// A line that works would be at work whenever somebody opens a shell, before anybody has asked for anything.
  static func findings(in script: ParsedScript) -> [Finding] {
    let parameters = script.parameters.map {
      Finding("nobody gives the rc file arguments", at: $0.span, fix: "let \($0.name.text) = …")
    }
    let watches = script.statements.flatMap(\.withInner).filter { $0.kind == .watch }.map {
      Finding("a watch never ends, so that no prompt would come", at: $0.keyword)
    }
    return parameters + watches + script.pipelines.flatMap(findings)
  }

  private static func findings(in pipeline: Pipeline) -> [Finding] {
    var findings: [Finding] = []
    let command = pipeline.command
    switch Verbs.named(command.verb)?.declaration.effect {
    case .looks?, nil: break
    case .sets?:
      if let key = command.arguments("key").first, let text = key.literalText, ShellSetting.named(.init(text)) == nil {
        findings.append(
          Finding("the rc file sets only what is of kith itself", at: key.span, fix: "set \(text) once at the prompt"))
      }
    case .works?, .writes?:
      let looking = Verbs.declarations.filter { $0.effect == .looks }.map(\.name).joined(separator: ", ")
      findings.append(
        Finding(
          "`\(command.verb)` has no place in the rc file", at: command.verbSpan,
          fix: "what has: \(looking), let, and set for what is of kith itself"))
    }
    if let file = pipeline.file { findings.append(Finding("the rc file writes no files", at: file.path.span)) }
    return findings
  }
}

extension Session {
  /// Runs the rc file, where there is one; what it gives names to is there at the prompt.
  ///
  /// One in which something is wrong, or that others may write, is told of and left out whole: the shell starts anyway.
  func runRCFile() async {
    do throws(StoreError) {
      let file = try ScriptFolder.script(at: home.rc)
      if let doubt = file.doubts.first {
        return show(ShellError("\(file.name) was not run: \(doubt.message)", hint: doubt.fix))
      }
      let checked = check(rc: file)
      guard checked.isRight else {
        tell(checked)
        return show(
          ShellError(
            "\(file.name) was not run: it has \(counted(checked.findings.count, "finding")).",
            hint: "edit rc,  or start without it:  kith --no-rc"))
      }
      if await run(file.text, named: file.name, keepsNames: true) != .done {
        tell("\(file.name) ended there.  next: edit rc,  or start without it:  kith --no-rc")
      }
    } catch {
      guard error.kind != .notFound else { return }
      show(ShellError(error))
    }
  }

  func check(rc file: ScriptFile) -> CheckedText { check(file.text, named: file.name, adding: RCFile.findings) }
}
