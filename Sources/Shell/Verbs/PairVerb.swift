/// `pair`, `never pair`: decisions about two records that only a person can make.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum PairVerb: Verb {
  static let declaration = VerbDeclaration(
    "pair", group: "Decide",
    summary: "say that two records are one person",
    details: "The first is the source's, the second the target's. The next plan carries it out.",
    forms: [Form("pair", PairVerb.elements)],
    examples: [.init("pair zoe@acme.example with 90112", "the next plan links the two")])

  static let elements: [Element] = [
    .slot("source", .person), .keyword("with", help: "the record at the target"), .slot("target", .person),
    .forCompany,
    .optional([.keyword("because", help: "the reason, in quotes"), .slot("why", .text)]),
  ]

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    .message(try session.ruleOnPair(call) { .pair(source: $0, target: $1) })
  }
}

enum NeverPairVerb: Verb {
  static let declaration = VerbDeclaration(
    "never pair", group: "Decide",
    summary: "say that two records are never one person",
    details: "They are not offered as a match again; `pair` takes it back.",
    forms: [Form("never pair", PairVerb.elements)],
    examples: [.init("never pair zoe@acme.example with 90777", "the two are kept apart")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    .message(try session.ruleOnPair(call) { .neverPair(source: $0, target: $1) })
  }
}

extension Session {
  func ruleOnPair(_ call: Invocation, _ ruling: (RecordID, RecordID) -> Verdict.Ruling) throws -> String {
    let (sync, source) = try record(meantBy: call.text("source") ?? "", call, on: .source)
    let (_, target) = try record(meantBy: call.text("target") ?? "", call, on: .target, in: sync, of: source.kind)
    let verdict = Verdict(
      kind: source.kind, ruling: ruling(source.id, target.id), reason: call.text("why") ?? "", madeBy: who.user,
      madeAt: now)
    _ = try store.record(verdict, of: sync.name)
    let one = "one \(source.kind.rawValue)"
    let verb = if case .neverPair = verdict.ruling { "are never \(one)" } else { "are \(one)" }
    return "\(source.label) and \(target.label) (\(target.id)) \(verb).  next: preview \(sync.shortName)"
  }
}
