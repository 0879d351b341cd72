/// `disconnect`: drops a connection and the secrets that the vault keeps for it.
import CommandLanguage
import Model
import Storage

enum DisconnectVerb: Verb {
  static let declaration = VerbDeclaration(
    "disconnect", group: "Set up",
    summary: "drop a connection",
    details: "A connection that a sync uses cannot be dropped; remove the sync first.",
    forms: [Form("disconnect", [.slot("name", .connection)])],
    examples: [.init("disconnect ms", "drops the connection and its secrets in the vault")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let connection = try session.connection(meantBy: call.text("name") ?? "")
    try session.store.remove(connection: connection.name)
    for reference in connection.secrets.values {
      // Only what `connect` itself put there; a vault entry that was named by hand may serve others.
      guard case .vault(let entry) = SecretReference(reference), entry.hasPrefix("\(connection.name).") else {
        continue
      }
      try session.vault.remove(entry)
    }
    return .message("\(connection.name) is disconnected.")
  }
}
