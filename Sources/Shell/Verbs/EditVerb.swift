/// `edit`: opens a saved script, or the rc file, in the person's own editor.
import CommandLanguage
import Foundation
import LineEditing
import Storage

enum EditVerb: Verb {
  static let declaration = VerbDeclaration(
    "edit", group: "Saved scripts",
    summary: "open a saved script, or the rc file, in your editor",
    details: """
      The editor is VISUAL, else EDITOR. A script that is not there yet begins with a template. What is saved is checked; \
      a script with findings is kept all the same and does not run until they are gone. rc is what the shell runs when \
      it starts at a terminal: lines that look, let, and set what is of kith itself.
      """,
    forms: [
      Form(
        "rc", [.keyword("rc", help: "what the shell runs when it starts")],
        summary: "the lines that the shell runs when it starts"),
      Form("edit", [.slot("script", .scriptName)]),
    ],
    examples: [
      .init("edit nightly", "opens it, or begins it"), .init("edit rc", "opens the rc file, or begins it"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let edited: any Edited = call.form == "rc" ? EditedRC(session) : EditedScript(session, call.text("script") ?? "")
    let (name, file) = (edited.name, edited.file)
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
    if isNew { try edited.begin() }
    // What is no file of ours to edit (a link out of the folder, another encoding) is said before the editor opens.
    let before = try edited.read().text
    session.style.progress?.clear()
    // As other programs do: the variable is a command line, the file its last argument.
    let code = runInForeground(
      "/bin/sh", ["-c", "\(editor) \"$1\"", "sh", file.path], environment: session.environment)
    let after = try edited.read()
    if isNew, after.text == before {
      try? FileManager.default.removeItem(at: file)
      return .message("\(name) was left as it began, and is not kept.")
    }
    if code != 0 { session.tell("warning: the editor ended with \(code)") }
    let checked = edited.check(after)
    guard checked.isRight else {
      session.tell(checked)
      throw ShellError(
        "\(name) is kept, and does not run: it has \(counted(checked.findings.count, "finding")).",
        hint: "edit \(edited.word)", code: .wrong)
    }
    return .message("\(name) is right.  \(edited.next)")
  }
}

/// What `edit` opens.
private protocol Edited {
  /// As it is named after `edit`.
  var word: String { get }
  var name: String { get }
  var file: URL { get }
  /// What comes of it once it is right.
  var next: String { get }
  /// Writes the template.
  func begin() throws
  func read() throws -> ScriptFile
  func check(_ file: ScriptFile) -> CheckedText
}

private struct EditedScript: Edited {
  let session: Session
  let name: String
  init(_ session: Session, _ name: String) { (self.session, self.name) = (session, name) }

  var word: String { name }
  var file: URL { session.scriptFolder.file(of: name) }
  var next: String { "next: check script \(name) · run \(name) dry" }
  func begin() throws {
    try session.scriptFolder.save("language 1\n# \(name): what it is for\n\n", as: name, replacing: false)
  }
  func read() throws -> ScriptFile {
    do { return try session.script(meantBy: name) } catch { throw error.failure }
  }
  func check(_ file: ScriptFile) -> CheckedText {
    session.check(file.text, named: file.name, canAsk: false, inside: [file.path])
  }
}

private struct EditedRC: Edited {
  let session: Session
  init(_ session: Session) { self.session = session }

  var word: String { "rc" }
  var name: String { "The rc file" }
  var file: URL { session.home.rc }
  var next: String { "The next shell at a terminal runs it." }
  func begin() throws {
    try session.home.prepareConfiguration()
    let template = """
      language 1
      # What kith runs when it starts at a terminal: lines that look, let, and set what is of kith itself.
      # use acme
      # set shell.dates to exact
      # status

      """
    try ScriptFolder(session.home.configuration).save(template, as: word, replacing: false)
  }
  func read() throws -> ScriptFile { try ScriptFolder.script(at: file) }
  func check(_ file: ScriptFile) -> CheckedText { session.check(rc: file) }
}

extension String {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
