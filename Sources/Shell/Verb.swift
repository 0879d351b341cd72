/// What a verb is: one declaration, and what it does.
import CommandLanguage

/// One verb. Its declaration is all that parsing, completion, help and the static check know of its shape.
protocol Verb: Sendable {
  static var declaration: VerbDeclaration { get }

  /// Carries the line out and returns what it answers; messages on the way go to the session.
  static func run(_ call: Invocation, in session: Session) async throws -> Outcome
}

/// Every verb there is, in the order in which help lists them.
enum Verbs {
  static let all: [any Verb.Type] = [
    ConnectVerb.self, DisconnectVerb.self, CheckVerb.self, LoadVerb.self, ShowVerb.self, UseVerb.self, SetVerb.self,
    UnsetVerb.self, AddVerb.self, RemoveVerb.self, MapVerb.self, RenameVerb.self, EnableVerb.self, DisableVerb.self,
    PreviewVerb.self, WhyVerb.self, SyncVerb.self, ApplyVerb.self, DropVerb.self, RestoreVerb.self, UndoVerb.self,
    PairVerb.self, NeverPairVerb.self, ExcludeVerb.self, IncludeVerb.self, RelinkVerb.self, ForgetVerb.self,
    ResolveVerb.self, TakeVerb.self, PromoteVerb.self, PushVerb.self,
    RunVerb.self, EditVerb.self, SaveVerb.self, ExportVerb.self,
    ScheduleVerb.self, UnscheduleVerb.self, InstallVerb.self,
    StatusVerb.self, BackupVerb.self, SayVerb.self, HelpVerb.self, QuitVerb.self,
  ]

  static let declarations = all.map { $0.declaration }

  static func named(_ name: String) -> (any Verb.Type)? { all.first { $0.declaration.name == name } }
}
