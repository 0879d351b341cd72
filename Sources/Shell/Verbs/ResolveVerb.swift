/// `resolve`, `take`: says which side's value holds where the two sides differ.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum ResolveVerb: Verb {
  static let declaration = VerbDeclaration(
    "resolve", group: "Decide",
    summary: "settle a field that both sides edited",
    details: """
      `show conflicts` lists them. Without a field, every conflict of the record is settled. It holds as long as both sides \
      keep the values that they have now; the next plan carries it out.
      """,
    forms: [
      Form(
        "resolve",
        [
          .slot("record", .person), .optional([.slot("field", .fieldName)]),
          .keyword("with", help: "whose value holds"),
          .slot("system", .side), .forCompany,
        ])
    ],
    examples: [.init("resolve una@harbour.example last-name with desk", "Desk's last name goes to Teamwork.com")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let (sync, record) = try session.record(meantBy: call.text("record") ?? "", call)
    let side = try session.side(meantBy: call.text("system") ?? "", of: sync)
    let open = try session.conflicts(of: sync).filter { $0.isOpen && $0.concerns(record) }
    guard !open.isEmpty else {
      throw ShellError("\(record.label) has no conflict in \(sync.name).", hint: "show conflicts of \(sync.shortName)")
    }
    let field = call.text("field")
    let chosen = open.filter { field == nil || $0.field.rawValue == field }
    guard !chosen.isEmpty else {
      throw ShellError(
        "\(record.label) has no conflict in \(call.text("field") ?? "").",
        hint: "in conflict: \(open.map(\.field.rawValue).joined(separator: ", "))", code: .wrong)
    }
    return .message(try session.take(chosen, from: side, on: sync))
  }
}

enum TakeVerb: Verb {
  static let declaration = VerbDeclaration(
    "take", group: "Decide",
    summary: "let one system's values hold where the sides differ since they were linked",
    details: """
      Pairs that were found, and not made, may differ in fields that nobody has edited since (`differs-since-linked`): they \
      stay as they are until somebody says whose values hold. Without records, all of the sync.
      """,
    forms: [
      Form(
        "take",
        [
          .slot("system", .side),
          .optional([
            .keyword("for", help: "only these records; else all that differ"), .many([.slot("records", .person)]),
          ]),
          .ofCompany,
        ])
    ],
    examples: [.init("take teamwork of teamwork-desk", "Teamwork.com's values go to Desk where the two differ")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    var said: [String] = []
    let words = call.texts("records")
    let syncs: [Sync]
    var records: [(Sync, FoundRecord)] = []
    if words.isEmpty {
      let leading = call.text("system") ?? ""
      syncs = try session.syncs(call, orAll: true).filter { (try? session.side(meantBy: leading, of: $0)) != nil }
      guard !syncs.isEmpty else {
        throw ShellError("No sync leads to “\(leading)”.", hint: "show syncs", code: .wrong)
      }
    } else {
      records = try words.map { try session.record(meantBy: $0, call) }
      syncs = records.map(\.0).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    for sync in syncs {
      let side = try session.side(meantBy: call.text("system") ?? "", of: sync)
      let differing = try session.conflicts(of: sync).filter { conflict in
        words.isEmpty || records.contains { $0.0 == sync && conflict.concerns($0.1) }
      }
      if differing.isEmpty {
        said.append("\(sync.name): nothing differs.")
      } else {
        said.append(try session.take(differing, from: side, on: sync))
      }
    }
    return .message(said.joined(separator: "\n"))
  }
}

extension Session {
  /// The side of a sync that a system's handle or a connection's name means.
  func side(meantBy word: String, of sync: Sync) throws -> Side {
    for side in Side.allCases {
      let name = sync.connection(side)
      if name == word { return side }
      if try store.connection(named: name)?.system.rawValue == word { return side }
    }
    let systems = try Side.allCases.compactMap { try store.connection(named: sync.connection($0))?.system.rawValue }
    throw ShellError(
      "\(sync.name) does not lead to “\(word)”.", hint: "with \(systems.joined(separator: " or with "))", code: .wrong)
  }

  /// Fields in which linked pairs differ and that a person can settle.
  func conflicts(of sync: Sync) throws -> [ConflictRow] { Conflicts.table(try engine.situations(for: sync.name)) }

  /// Records for each field that one side's value holds.
  fileprivate func take(_ conflicts: [ConflictRow], from side: Side, on sync: Sync) throws -> String {
    for conflict in conflicts {
      _ = try store.record(
        Verdict(
          kind: conflict.kind, ruling: conflict.ruling(taking: side), reason: "", madeBy: who.user, madeAt: now),
        of: sync.name)
    }
    let records = Set(conflicts.map { "\($0.kind.rawValue) \($0.source)" }).count
    let whose = systemName(sync.connection(side))
    let what =
      records == 1
      ? "\(conflicts[0].label): \(conflicts.map(\.field.rawValue).joined(separator: ", "))"
      : "\(counted(conflicts.count, "field", "fields")) of \(counted(records, "record", "records"))"
    return "\(what): \(whose)'s value holds.  next: preview \(sync.shortName)"
  }
}

extension ConflictRow {
  func concerns(_ record: FoundRecord) -> Bool {
    kind == record.kind && (record.side == .source ? source : target) == record.id
  }
}
