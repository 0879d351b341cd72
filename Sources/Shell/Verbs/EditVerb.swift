/// `edit`: opens a saved script in the person's own editor.
import CommandLanguage
import Foundation
import LineEditing
import Storage

enum EditVerb: Verb {
  static let declaration = VerbDeclaration(
    "edit", group: "Saved scripts",
    summary: "open a saved script in your editor",
    details: """
      The editor is VISUAL, else EDITOR. A script that is not there yet begins with a template. What is saved is checked; \
      a script with findings is kept all the same and does not run until they are gone.
      """,
    forms: [Form("edit", [.slot("script", .scriptName)])],
    examples: [.init("edit nightly", "opens it, or begins it")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let name = call.text("script") ?? ""
    let file = session.scriptFolder.file(of: name)
    guard session.canAsk else {
      throw ShellError(
        "edit needs a person at a terminal.", hint: "change the file itself: \(file.path)", code: .wrong)
    }
    guard let editor = ["VISUAL", "EDITOR"].lazy.compactMap({ session.environment[$0] }).first(where: { !$0.isBlank })
    else {
      throw ShellError(
        "Neither VISUAL nor EDITOR is set, so there is no editor to open.",
        hint: "export EDITOR=nano  before kith is started, or change the file itself: \(file.path)")
    }
    let isNew = !FileManager.default.fileExists(atPath: file.path)
    if isNew { try session.scriptFolder.save(template(name), as: name, replacing: false) }
    // What is no file of ours to edit (a link out of the folder, another encoding) is said before the editor opens.
    let before = try session.script(meantBy: name).text
    session.style.progress?.clear()
    // As other programs do: the variable is a command line, the file its last argument.
    let code = runInForeground(
      "/bin/sh", ["-c", "\(editor) \"$1\"", "sh", file.path], environment: session.environment)
    let after = try session.script(meantBy: name)
    if isNew, after.text == before {
      try? FileManager.default.removeItem(at: file)
      return .message("\(name) was left as it began, and is not kept.")
    }
    if code != 0 { session.tell("warning: the editor ended with \(code)") }
    let checked = session.check(after.text, named: after.name, canAsk: false, inside: [after.path])
    guard checked.isRight else {
      session.tell(checked.told)
      throw ShellError(
        "\(name) is kept, and does not run: it has \(counted(checked.findings.count, "finding")).",
        hint: "edit \(name)", code: .wrong)
    }
    return .message("\(name) is right.  next: check script \(name) · run \(name) dry")
  }

  private static func template(_ name: String) -> String {
    """
    language 1
    # \(name): what it is for

    """
  }
}

extension String {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
