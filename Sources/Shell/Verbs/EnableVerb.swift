/// `enable`: lets a sync run, once its connections have passed a check.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum EnableVerb: Verb {
  static let declaration = VerbDeclaration(
    "enable", group: "Set up",
    summary: "let a sync run",
    details: "Both of its connections must have passed a `check` since they last changed.",
    forms: [Form("enable", [.companies])],
    examples: [.init("enable acme/contacts", "`sync` may run it from now on")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    .message(try enable(try session.syncs(call), in: session))
  }

  static func enable(_ syncs: [Sync], in session: Session) throws -> String {
    var said: [String] = []
    for sync in syncs {
      let situation = try session.engine.situation(for: sync.name)
      if let failure = situation.standing.checkFailures.first {
        let found = failure.evidence.map { "\($0.place ?? sync.source): \($0.attribute) \($0.found)" }
        throw ShellError(
          "\(sync.name) cannot be enabled: \(failure.reason.sentence.lowercasedFirst)"
            + (found.isEmpty ? "" : " (\(found.joined(separator: "; ")))"),
          hint: failure.fix ?? "check \(sync.source) \(sync.target)")
      }
      if situation.settings.flag("enabled") {
        said.append("\(sync.name) is enabled already.")
        continue
      }
      try session.store.set("enabled", to: .flag(true), for: .sync(sync.name), by: session.who.user, at: session.now)
      said.append("\(sync.name) is enabled.  next: preview \(sync.company ?? sync.name.rawValue)")
    }
    return said.joined(separator: "\n")
  }
}

extension String {
  /// The sentence as it goes on after a colon.
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
