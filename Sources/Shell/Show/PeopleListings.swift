/// `show people`, `matches`, `mapping`, `links`: the two sides of a sync beside each other.
import CommandLanguage
import Execution
import Foundation
import Model
import Planning
import Storage

extension Listing {
  static let people = Listing(
    "people", "one row a person across both sides", isOfCompany: true,
    columns: [
      Column("name", priority: 8, help: "the name"),
      Column("email", priority: 9, style: .id, ignoresCase: true, help: "the e-mail address"),
      .state(at: .source, priority: 7),
      .state(at: .target, priority: 7),
      .link(
        "linked", "broken", priority: 6,
        help: "linked, broken or blank: whether the two are remembered as a pair"),
      .action(priority: 7),
      .reason(priority: 8),
      Column("first-name", priority: 1, help: "the first name"),
      Column("last-name", priority: 1, help: "the last name"),
      Column("title", priority: 2, help: "the job title"), Column("phone", priority: 1, help: "the phone number"),
      Column("mobile", priority: 1, help: "the mobile number"),
      Column("company", priority: 3, ignoresCase: true, help: "the company, by its handle"),
      Column("source-id", priority: 0, style: .dim, help: "the id of the record at the source"),
      Column("target-id", priority: 0, style: .dim, help: "the id of the record at the target"),
    ]
  ) { session, request in
    try session.planned(request.syncs ?? session.store.syncs()).flatMap { sync in
      try session.sideBySide(sync, only: [.person, .member]).map { pair -> [Value] in
        func shown(_ field: FieldName) -> Value { .field(pair.source?.fields[field] ?? pair.target?.fields[field]) }
        return [
          .text(pair.name), shown("email"), .state(pair.sourceState), .state(pair.targetState),
          .text(orBlank: pair.link.map { $0.state == .linked ? "linked" : "broken" }),
          .text(pair.decision.action.rawValue), .text(pair.decision.reason.reason.rawValue), shown("first-name"),
          shown("last-name"), shown("title"), shown("phone"), shown("mobile"), .text(orBlank: sync.company),
          .text(orBlank: pair.source?.id.rawValue), .text(orBlank: pair.target?.id.rawValue),
        ]
      }
    }
  }

  /// Every record of a sync, of every kind, beside its counterpart.
  static let pairs = Listing(
    "pairs", "one row a record of any kind across both sides; linked ones carry a link sign", isOfCompany: true,
    columns: [
      Column("name", priority: 9, style: .id, ignoresCase: true, help: "the name, else the address or id"),
      .link(priority: 9),
      .kind(priority: 7),
      .state(at: .source, priority: 7),
      .state(at: .target, priority: 7),
      .action(priority: 7),
      .reason(priority: 8),
      Column("sync", priority: 3, help: "the sync, by its name"),
      Column("source-id", priority: 4, style: .dim, help: "the id of the record at the source"),
      Column("target-id", priority: 4, style: .dim, help: "the id of the record at the target"),
    ]
  ) { session, request in
    try session.planned(request.syncs ?? session.store.syncs()).flatMap { sync in
      try session.sideBySide(sync).map { pair -> [Value] in
        [
          .text(pair.name.isEmpty ? pair.label : pair.name), .text(pair.link.map(LinkSign.of) ?? ""),
          .text(pair.decision.kind.rawValue), .state(pair.sourceState), .state(pair.targetState),
          .text(pair.decision.action.rawValue), .text(pair.decision.reason.reason.rawValue),
          .text(sync.name.rawValue), .text(orBlank: (pair.source?.id ?? pair.decision.source)?.rawValue),
          .text(orBlank: (pair.target?.id ?? pair.decision.target)?.rawValue),
        ]
      }
    }
  }

  /// What `why where …` lists: every record of a sync with its reason. It is no subject of `show`.
  static let explained = Listing(
    "explained", "every record with its reason", isOfCompany: true,
    columns: [
      Column("name", priority: 8, help: "the name, else the address or id"),
      Column("email", priority: 9, style: .id, ignoresCase: true, help: "the e-mail address"),
      .kind(priority: 5),
      .action(priority: 7),
      .reason(priority: 8),
      .state(at: .source, priority: 7),
      .state(at: .target, priority: 7),
      Column("title", priority: 2, help: "the job title"), Column("first-name", priority: 1, help: "the first name"),
      Column("last-name", priority: 1, help: "the last name"),
      Column("company", priority: 3, ignoresCase: true, help: "the company, by its handle"),
    ]
  ) { session, request in
    try session.planned(request.syncs ?? session.store.syncs()).flatMap { sync in
      try session.sideBySide(sync).map { pair -> [Value] in
        func shown(_ field: FieldName) -> Value { .field(pair.source?.fields[field] ?? pair.target?.fields[field]) }
        return [
          .text(pair.name.isEmpty ? pair.label : pair.name), shown("email"), .text(pair.decision.kind.rawValue),
          .text(pair.decision.action.rawValue), .text(pair.decision.reason.reason.rawValue),
          .state(pair.sourceState), .state(pair.targetState), shown("title"), shown("first-name"), shown("last-name"),
          .text(orBlank: sync.company),
        ]
      }
    }
  }

  static let conflicts = Listing(
    "conflicts", "fields in which linked records differ and that a person can settle", isOfCompany: true,
    columns: [
      Column("record", priority: 9, style: .id, ignoresCase: true, help: "the address, name or id"),
      .kind(priority: 5),
      Column("field", priority: 9, help: "the field that differs"),
      Column("source", priority: 8, help: "the source's value now"),
      Column("target", priority: 8, help: "the target's value now"),
      Column(
        "settled-source", title: "settled at source", priority: 6, style: .dim,
        help: "the source's value when they last agreed"),
      Column(
        "settled-target", title: "settled at target", priority: 5, style: .dim,
        help: "the target's value when they last agreed"),
      .reason("is", priority: 8, help: "why it is open"),
      Column("sync", priority: 3, help: "the sync, by its name"),
    ]
  ) { session, request in
    try session.planned(request.syncs ?? session.store.syncs()).flatMap { sync in
      try session.conflicts(of: sync).map { conflict -> [Value] in
        [
          .text(conflict.label), .text(conflict.kind.rawValue), .text(conflict.field.rawValue),
          .field(conflict.sourceValue), .field(conflict.targetValue), .field(conflict.sourceBaseline),
          .field(conflict.targetBaseline),
          .text(conflict.reason.rawValue), .text(sync.name.rawValue),
        ]
      }
    }
  }

  static let matches = Listing(
    "matches", "who would find whom, before any sync", isOfCompany: true,
    columns: [
      Column("name", priority: 8, help: "the name"),
      .kind(priority: 1),
      Column("key", priority: 9, style: .id, ignoresCase: true, help: "what it is looked for by"),
      Column(
        "outcome", priority: 9, style: .state, choices: MatchOutcome.allCases.map { .init($0.rawValue, $0.help) },
        help: "link, create, ambiguous or none"),
      Column("candidates", type: .list, priority: 6, help: "the ids that it finds"),
      .reason(priority: 7, help: "why there is no link"),
      Column("source-id", priority: 0, style: .dim, help: "the id of the record at the source"),
      Column("company", priority: 2, ignoresCase: true, help: "the company, by its handle"),
    ]
  ) { session, request in
    try session.planned(request.syncs ?? session.store.syncs()).flatMap { sync in
      let situations = try session.engine.situations(for: sync.name)
      return situations.map(\.stage.kind).flatMap { kind in
        MatchTable(situations, kind: kind).rows.map { row -> [Value] in
          [
            .text(row.name), .text(kind.rawValue), .text(row.key), .text(row.outcome.rawValue),
            .list(row.candidates.map { .text($0.rawValue) }),
            .text(orBlank: row.reason?.rawValue), .text(row.source.rawValue), .text(orBlank: sync.company),
          ]
        }
      }
    }
  }

  static let mapping = Listing(
    "mapping", "which field feeds which, by both systems' names", isOfCompany: true,
    columns: [
      Column("sync", priority: 2, help: "the sync, by its name"),
      .kind(priority: 3),
      Column("target-field", priority: 9, style: .id, help: "the field that is written"),
      Column("target-name", priority: 7, help: "what the target calls it"),
      Column("source-field", priority: 8, help: "the field that feeds it, or a constant"),
      Column("source-name", priority: 7, help: "what the source calls it"),
      Column("required", type: .flag, priority: 4, help: "whether a record cannot go on without it"),
      Column("compared", priority: 5, help: "how two values are compared"),
      Column("length", type: .count, priority: 3, help: "the longest text that it takes"),
    ]
  ) { session, request in
    try session.planned(request.syncs ?? session.store.syncs()).flatMap { sync in
      try session.engine.situations(for: sync.name).flatMap { situation -> [[Value]] in
        let (source, target) = (situation.sourceSystem, situation.targetSystem)
        let kind = situation.stage.kind
        let required = Set(situation.stage.required(by: target).map(\.field))
        return situation.stage.mapping(under: situation.settings).map { field -> [Value] in
          let declared = target.field(field.target, of: kind)
          let feeds: String? =
            if case .field(let name) = field.source { source.field(name, of: kind)?.vendorName } else { nil }
          return [
            .text(sync.name.rawValue), .text(kind.rawValue), .text(field.target.rawValue),
            .text(orBlank: declared?.vendorName), .text(field.source.displayed), .text(orBlank: feeds),
            .flag(required.contains(field.target)), .text(declared?.rule.rawValue ?? "exact"),
            declared?.maximumLength.map(Value.count) ?? .blank,
          ]
        }
      }
    }
  }

  static let links = Listing(
    "links", "the remembered pairs", isOfCompany: true,
    columns: [
      Column("source-id", priority: 7, style: .id, help: "the id of the record at the source"),
      .link(priority: 8),
      Column("target-id", priority: 7, style: .id, help: "the id of the record at the target"),
      .kind(priority: 5),
      Column("name", priority: 8, help: "the address or the name"),
      Column("state", priority: 9, style: .state, help: "linked, or broken and what is missing"),
      Column("made", priority: 6, help: "by which key, by whom, or by this sync"),
      Column("run", priority: 5, help: "the run that made it"),
      Column("since", type: .date, priority: 5, help: "when it was made"),
      Column("sync", priority: 3, help: "the sync, by its name"),
      Column("was", priority: 2, help: "what it was called when it was linked, where it is called otherwise now"),
    ]
  ) { session, request in
    var labels: [RunID: [RecordID: String]] = [:]
    return try session.planned(request.syncs ?? session.store.syncs()).flatMap { sync in
      var records: [Side: [RecordKind: [RecordID: Record]]] = [:]
      for (side, scope) in try session.engine.snapshotScopes(of: sync.name) {
        let rows = try session.store.snapshot(scope).records.map { ($0.id, $0) }
        records[side, default: [:]][scope.kind] = Dictionary(rows, uniquingKeysWith: { first, _ in first })
      }
      return try session.store.links(of: sync.name).map { link -> [Value] in
        let state: String =
          switch link.state {
          case .linked: "linked"
          case .broken(let missing, _):
            "broken: \(missing.rawValue) missing\(link.isToBeRelinked ? ", to be relinked" : "")"
          }
        // Of a broken pair only one record is left to name it.
        let pair = [records[.source]?[link.kind]?[link.source], records[.target]?[link.kind]?[link.target]]
        let named: [FieldName] =
          [.person, .member].contains(link.kind) ? ["email", "name", "display-name"] : ["name", "display-name"]
        let shown = pair.lazy.compactMap { $0?.fields }.flatMap { fields in named.compactMap { fields.text($0) } }
          .first { !$0.isBlank }
        if let run = link.run, labels[run] == nil {
          labels[run] = Dictionary(
            try session.store.lines(of: run).compactMap { line in line.source.map { ($0, line.label) } },
            uniquingKeysWith: { first, _ in first })
        }
        return [
          .text(link.source.rawValue), .text(LinkSign.of(link)), .text(link.target.rawValue),
          .text(link.kind.rawValue), .text(orBlank: shown),
          .text(state), .text(link.madeBy.description), .text(orBlank: link.run?.description), .date(link.since),
          .text(sync.name.rawValue),
          .text(orBlank: formerName(of: pair.compactMap(\.self), then: link.run.flatMap { labels[$0]?[link.source] })),
        ]
      }
    }
  }

  /// What the records of a pair were called when they were linked, where neither is called so any more.
  private static func formerName(of pair: [Record], then: String?) -> String? {
    guard let then, !pair.isEmpty else { return nil }
    let now = pair.flatMap { record in
      let names = ["email", "name", "display-name"].compactMap { record.fields.text($0) }
      let parts = ["first-name", "last-name"].compactMap { record.fields.text($0)?.trimmedNFC }.filter { !$0.isEmpty }
      return names + [parts.joined(separator: " "), record.id.rawValue]
    }
    return now.contains { $0.trimmedNFC.lowercased() == then.trimmedNFC.lowercased() } ? nil : then
  }
}

/// The sign that linked records carry in lists.
enum LinkSign {
  static let linked = "⇄"
  static let broken = "⇎"
  static func of(_ link: Link) -> String { link.state == .linked ? linked : broken }
}

extension Session {
  /// The records of a sync beside their counterparts, of one kind or of all.
  func sideBySide(_ sync: Sync, only kinds: Set<RecordKind> = Set(RecordKind.allCases)) throws -> [SideBySide.Person] {
    let situations = try engine.situations(for: sync.name)
    return situations.map(\.stage.kind).filter(kinds.contains)
      .flatMap { SideBySide(situations, kind: $0).people }
  }
}

extension Engine {
  /// Where the records of a sync are kept in the store: each side of each stage whose place is known.
  func snapshotScopes(of sync: SyncName) throws -> [(side: Side, scope: SnapshotScope)] {
    try kinds(of: sync).flatMap { kind in
      try Side.allCases.compactMap { side in try snapshotScope(of: sync, side, kind).map { (side, $0) } }
    }
  }
}
