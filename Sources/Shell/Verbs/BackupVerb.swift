/// `backup`: the store as one file.
import CommandLanguage
import Foundation
import Storage

enum BackupVerb: Verb {
  static let declaration = VerbDeclaration(
    "backup", group: "Shell",
    summary: "write the store to a file",
    details: "The file holds the whole set-up, links, plans and runs, and no secret. An existing file is not replaced.",
    forms: [Form("backup", [.keyword("to", help: "the file to write"), .slot("file", .path)])],
    examples: [.init("backup to kith-backup.sqlite", "copies the store")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let file = session.file(call.text("file") ?? "")
    try session.store.backup(to: file)
    return .message("The store is in \(file.path). Secrets are not in it: keep the vault and its key apart.")
  }
}
