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
    .slot("source", .person), .keyword("with"), .slot("target", .person),
    .forCompany,
    .optional([.keyword("because"), .slot("why", .text)]),
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
    let (sync, source) = try person(meantBy: call.text("source") ?? "", call, on: .source)
    let (_, target) = try person(meantBy: call.text("target") ?? "", call, on: .target, in: sync)
    let verdict = Verdict(
      ruling: ruling(source.id, target.id), reason: call.text("why") ?? "", madeBy: who.user, madeAt: now)
    _ = try store.record(verdict, of: sync.name)
    let verb = if case .neverPair = verdict.ruling { "are never one person" } else { "are one person" }
    return
      "\(source.label) and \(target.label) (\(target.id)) \(verb).  next: preview \(sync.company ?? sync.name.rawValue)"
  }

  /// One person as found by a word.
  struct FoundPerson {
    var id: RecordID
    var side: Side
    var label: String
  }

  /// The one person that a word means, on one side of one sync (or any side), with the sync.
  ///
  /// Looks in the sync that the line names or the context holds, else in all of them.
  func person(
    meantBy word: String, _ call: Invocation, on side: Side? = nil, in known: Sync? = nil
  ) throws -> (Sync, FoundPerson) {
    let candidates =
      try known.map { [$0] } ?? (call.text("company") != nil || context != nil ? syncs(call) : store.syncs())
    guard !candidates.isEmpty else { throw ShellError.nothingSetUp }
    var found: [(Sync, FoundPerson)] = []
    for sync in candidates {
      let situation = try engine.situation(for: sync.name)
      for hit in Why.find(word, in: situation) where side == nil || hit.side == side {
        found.append((sync, FoundPerson(id: hit.id, side: hit.side, label: hit.label)))
      }
    }
    // Both halves of a linked pair answer to the same address: that is one person, and the source's half speaks for it.
    if side == nil, found.contains(where: { $0.1.side == .source }) { found.removeAll { $0.1.side == .target } }
    guard let first = found.first else {
      throw ShellError(
        "Nobody called “\(word)” was read\(side.map { " at the \($0.rawValue)" } ?? "").",
        hint: "check the spelling, or read again:  load people")
    }
    guard found.count == 1 else {
      let list = found.prefix(6).map { "\($0.1.id) \($0.1.label) (\($0.0.name))" }.joined(separator: ", ")
      throw ShellError("“\(word)” means \(found.count) people: \(list).", hint: "use the id", code: .wrong)
    }
    return first
  }
}
