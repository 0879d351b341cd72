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
      Column("name", priority: 8), Column("email", priority: 9, style: .id, ignoresCase: true),
      Column("source", priority: 7, style: .state, help: "the state at the source"),
      Column("target", priority: 7, style: .state, help: "the state at the target"),
      Column("link", priority: 6), Column("action", priority: 7, style: .state),
      Column("reason", priority: 8, style: .reason), Column("first-name", priority: 1),
      Column("last-name", priority: 1),
      Column("title", priority: 2), Column("phone", priority: 1), Column("mobile", priority: 1),
      Column("company", priority: 3, ignoresCase: true), Column("source-id", priority: 0, style: .dim),
      Column("target-id", priority: 0, style: .dim),
    ]
  ) { session, request in
    try (request.syncs ?? session.store.syncs()).flatMap { sync in
      let situation = try session.engine.situation(for: sync.name)
      return SideBySide(situation).people.map { person -> [Value] in
        func shown(_ field: FieldName) -> Value { .field(person.source?.fields[field] ?? person.target?.fields[field]) }
        return [
          .text(person.name), shown("email"), .state(person.sourceState), .state(person.targetState),
          .text(orBlank: person.link.map { $0.state == .linked ? "linked" : "broken" }),
          .text(person.decision.action.rawValue), .text(person.decision.reason.reason.rawValue), shown("first-name"),
          shown("last-name"), shown("title"), shown("phone"), shown("mobile"), .text(orBlank: sync.company),
          .text(orBlank: person.source?.id.rawValue), .text(orBlank: person.target?.id.rawValue),
        ]
      }
    }
  }

  static let matches = Listing(
    "matches", "who would find whom, before any sync", isOfCompany: true,
    columns: [
      Column("name", priority: 8), Column("key", priority: 9, style: .id, ignoresCase: true),
      Column("outcome", priority: 9, style: .state), Column("candidates", type: .list, priority: 6),
      Column("reason", priority: 7, style: .reason), Column("source-id", priority: 0, style: .dim),
      Column("company", priority: 2, ignoresCase: true),
    ]
  ) { session, request in
    try (request.syncs ?? session.store.syncs()).flatMap { sync in
      let situation = try session.engine.situation(for: sync.name)
      return MatchTable(situation).rows.map { row -> [Value] in
        [
          .text(row.name), .text(row.key), .text(row.outcome.rawValue),
          .list(row.candidates.map { .text($0.rawValue) }),
          .text(orBlank: row.reason?.rawValue), .text(row.source.rawValue), .text(orBlank: sync.company),
        ]
      }
    }
  }

  static let mapping = Listing(
    "mapping", "which field feeds which, by both systems' names", isOfCompany: true,
    columns: [
      Column("sync", priority: 2), Column("target-field", priority: 9, style: .id), Column("target-name", priority: 7),
      Column("source-field", priority: 8), Column("source-name", priority: 7),
      Column("required", type: .flag, priority: 4),
      Column("compared", priority: 5), Column("length", type: .count, priority: 3),
    ]
  ) { session, request in
    try (request.syncs ?? session.store.syncs()).flatMap { sync in
      let situation = try session.engine.situation(for: sync.name)
      let (source, target) = (situation.sourceSystem, situation.targetSystem)
      let required = Set(situation.stage.required(by: target).map(\.field))
      return situation.stage.mapping(under: situation.settings).map { field -> [Value] in
        let declared = target.field(field.target, of: situation.stage.kind)
        let feeds: String? =
          if case .field(let name) = field.source { source.field(name, of: situation.stage.kind)?.vendorName } else {
            nil
          }
        return [
          .text(sync.name.rawValue), .text(field.target.rawValue), .text(orBlank: declared?.vendorName),
          .text(field.source.displayed), .text(orBlank: feeds), .flag(required.contains(field.target)),
          .text(declared?.rule.rawValue ?? "exact"), declared?.maximumLength.map(Value.count) ?? .blank,
        ]
      }
    }
  }

  static let links = Listing(
    "links", "the remembered pairs", isOfCompany: true,
    columns: [
      Column("source-id", priority: 7, style: .id), Column("target-id", priority: 7, style: .id),
      Column("name", priority: 8), Column("state", priority: 9, style: .state), Column("made", priority: 6),
      Column("run", priority: 5), Column("since", type: .date, priority: 5),
      Column("sync", priority: 3),
    ]
  ) { session, request in
    try (request.syncs ?? session.store.syncs()).flatMap { sync in
      let names = Dictionary(
        (try session.engine.snapshotScope(of: sync.name, .source).map { try session.store.snapshot($0).records } ?? [])
          .map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first })
      return try session.store.links(of: sync.name).map { link -> [Value] in
        let state: String =
          switch link.state {
          case .linked: "linked"
          case .broken(let missing, _):
            "broken: \(missing.rawValue) missing\(link.isToBeRelinked ? ", to be relinked" : "")"
          }
        return [
          .text(link.source.rawValue), .text(link.target.rawValue),
          .text(orBlank: names[link.source].map { $0.fields.text("email") ?? $0.fields.text("display-name") ?? "" }),
          .text(state), .text(link.madeBy.description), .text(orBlank: link.run?.description), .date(link.since),
          .text(sync.name.rawValue),
        ]
      }
    }
  }
}
