/// `restore`: puts dropped changes back into a plan, or a whole store back from a backup.
import CommandLanguage
import Foundation
import Model
import Storage

enum RestoreVerb: Verb {
  static let declaration = VerbDeclaration(
    "restore", group: "Carry out",
    summary: "put a dropped change back, or the store from a backup",
    details: "Restoring the store keeps the one that it replaces beside it. Secrets are not part of a backup.",
    forms: [
      Form(
        "store",
        [
          .keyword("from", help: "the backup that the store is replaced by"), .slot("file", .path),
          .optional([
            .keyword("because", help: "the reason in quotes, which confirms it where nobody can be asked"),
            .slot("why", .text),
          ]),
        ]),
      Form("line", [.many([.slot("line", .planLine)])]),
    ],
    examples: [
      .init("restore p12/7", "the change is in the plan again"),
      .init("restore from kith-backup.sqlite", "goes back to the backup"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    guard call.form == "store" else { return .message(try session.setDropped(false, call)) }
    let file = session.file(call.text("file") ?? "")
    let question = "Restoring replaces the whole store with \(file.lastPathComponent)."
    if session.canAsk {
      guard session.confirms(question, byTyping: "restore") else { throw ShellError("Nothing was restored.") }
    } else if call.text("why") == nil {
      throw ShellError(
        "\(question) Nobody is here to be asked.", hint: "add  because \"…\"  to confirm it", code: .wrong)
    }
    let kept = session.home.store.deletingLastPathComponent()
      .appendingPathComponent("kith-before-restore-\(Int(session.now.timeIntervalSince1970)).sqlite")
    try session.store.close()
    try Store.restore(from: file, to: session.home.store, keepingOldAt: kept)
    session.quit()
    return .message("Restored from \(file.path). The store before it is \(kept.path). Start kith again.")
  }
}

extension Session {
  /// A path as typed: `~` is the home folder, a relative path is from where kith was started.
  func file(_ path: String) -> URL {
    URL(fileURLWithPath: (path as NSString).expandingTildeInPath, relativeTo: folder).absoluteURL.standardizedFileURL
  }
}
