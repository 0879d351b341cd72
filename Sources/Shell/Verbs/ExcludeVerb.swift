/// `exclude`, `include`: takes a record out of a sync, and puts it back.
import CommandLanguage
import Execution
import Model
import Storage

enum ExcludeVerb: Verb {
  static let declaration = VerbDeclaration(
    "exclude", group: "Decide",
    summary: "take a record out of a sync",
    details: "Linked or not, no later rule touches the record. The reason is shown by `why`.",
    forms: [
      Form(
        "exclude",
        [
          .slot("person", .person), .forCompany, .keyword("because", help: "the reason in quotes, which why shows"),
          .slot("why", .text),
        ])
    ],
    examples: [.init("exclude scanner@acme.example because \"a service account\"", "it is left alone")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let (sync, person) = try session.record(meantBy: call.text("person") ?? "", call)
    _ = try session.store.record(
      Verdict(
        kind: person.kind, ruling: .exclude(person.side, person.id), reason: call.text("why") ?? "",
        madeBy: session.who.user,
        madeAt: session.now), of: sync.name)
    return .message("\(person.label) takes no part in \(sync.name).  include \(person.id) puts it back")
  }
}

enum IncludeVerb: Verb {
  static let declaration = VerbDeclaration(
    "include", group: "Decide",
    summary: "put an excluded record back",
    forms: [
      Form(
        "include",
        [.slot("person", .person), .forCompany])
    ],
    examples: [.init("include scanner@acme.example", "the rules apply to it again")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let (sync, person) = try session.record(meantBy: call.text("person") ?? "", call)
    let isExcluded = try session.store.verdicts(of: sync.name).contains {
      $0.kind == person.kind && $0.ruling == .exclude(person.side, person.id)
    }
    guard isExcluded else { throw ShellError("\(person.label) is not excluded from \(sync.name).") }
    _ = try session.store.withdraw(.exclude(person.side, person.id), of: sync.name)
    return .message("\(person.label) takes part in \(sync.name) again.")
  }
}
