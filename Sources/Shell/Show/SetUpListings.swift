/// `show systems`, `connections`, `recipes`, `companies`, `syncs`, `settings`, `fields`, `reasons`.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage

extension Listing {
  static let systems = Listing(
    "systems", "the systems that kith knows, and what each asks for", isQuick: true,
    columns: [
      Column("system", priority: 9, style: .id, help: "the word that connect takes"),
      Column("name", priority: 8, help: "what it is called"),
      Column("reads", priority: 5, help: "the kinds of record that are read"),
      Column("writes", priority: 5, help: "the kinds of record that are written"),
      Column("asks-for", priority: 7, help: "the keys that connect takes; those in brackets may be left out"),
      Column("permissions", priority: 6, help: "what has to be granted there"),
    ]
  ) { session, _ in
    Systems.descriptions.map { system in
      [
        .text(system.id.rawValue), .text(system.name), .list(system.kinds.map { .text($0.plural) }),
        .list(system.features.writes.filter { !$0.value.isEmpty }.keys.map(\.plural).sorted().map(Value.text)),
        .list(system.parameters.map { .text($0.isRequired ? $0.key : "[\($0.key)]") }),
        .list(system.permissions.map { .text($0.name) }),
      ]
    }
  }

  static let connections = Listing(
    "connections", "the connections, and when each was checked",
    columns: [
      Column("name", priority: 9, style: .id, help: "the name that connect gave it"),
      Column("system", priority: 8, help: "the system that it is of"), Column("url", priority: 3, help: "its address"),
      Column(
        "check", priority: 7, style: .state, choices: ["passed", "failed", "not yet"].map { .init($0) },
        help: "passed, failed or not yet"),
      Column("checked", type: .date, priority: 6, help: "when it was checked last"),
      Column("syncs", type: .count, priority: 5, help: "how many syncs use it"),
    ]
  ) { session, _ in
    let syncs = try session.store.syncs()
    return try session.store.connections().map { connection in
      // A system with tenants is checked tenant by tenant: the connection stands as its worst part does.
      let partitions: [String?] = try syncs.filter { $0.source == connection.name }.map {
        try session.engine.snapshotScope(of: $0.name, .source)?.partition
      }
      let checks = try ([nil] + partitions).compactMap {
        try session.store.lastCheck(connection: connection.name, partition: $0)
      }.filter { !$0.results.isEmpty }
      let check = checks.max { $0.at < $1.at }
      let isCurrent = (check?.at).map { $0 >= connection.changedAt } ?? false
      return [
        .text(connection.name), .text(connection.system.rawValue), .text(orBlank: connection.parameters["url"]),
        .text(isCurrent ? (checks.allSatisfy(\.passed) ? "passed" : "failed") : "not yet"), .date(orBlank: check?.at),
        .count(syncs.count { $0.source == connection.name || $0.target == connection.name }),
      ]
    }
  }

  static let recipes = Listing(
    "recipes", "the kinds of sync", isQuick: true,
    columns: [
      Column("recipe", priority: 9, style: .id, help: "the word that add sync takes"),
      Column("from", priority: 8, help: "the systems that can be the source"),
      Column("to", priority: 8, help: "the systems that can be the target"),
      Column("does", priority: 7, style: .prose, help: "what it keeps in step"),
      Column("match", priority: 4, help: "the fields by which records find each other"),
      Column("needs", priority: 5, help: "the settings without which it cannot run"),
    ]
  ) { _, _ in
    Recipes.all.map { recipe in
      [
        .text(recipe.handle), .list(recipe.sourceSystems.map { .text($0.rawValue) }),
        .list(recipe.targetSystems.map { .text($0.rawValue) }), .text(recipe.summary),
        .list(recipe.stages.flatMap(\.matchKeys).map { .text($0.source.rawValue) }),
        .list(recipe.settings.filter(\.isRequired).map { .text($0.key.rawValue) }),
      ]
    }
  }

  static let companies = Listing(
    "companies", "the companies, with their last run",
    columns: [
      Column("company", priority: 9, style: .id, ignoresCase: true, help: "the company, by its handle"),
      Column("name", priority: 8, help: "the name that is shown"),
      Column("status", priority: 4, style: .state, help: "what its system says of it"),
      Column("mapped", priority: 5, help: "the connections that know it, each with the id there"),
      Column("syncs", type: .count, priority: 6, help: "how many syncs it has"),
      Column("people", type: .count, priority: 6, help: "how many people its source has"),
      Column("last-run", type: .date, priority: 7, help: "when it ran last"),
      .outcome(priority: 7),
      Column("tenant", priority: 3, help: "its tenant at the source"),
    ]
  ) { session, _ in
    let syncs = Dictionary(grouping: try session.store.syncs()) { $0.company ?? "" }
    return try session.store.companies().map { company in
      let own = syncs[company.handle] ?? []
      let last = try own.compactMap { try session.store.runs(of: $0.name, since: nil, limit: 1).first }.max {
        $0.startedAt < $1.startedAt
      }
      let people = try own.first.flatMap { try session.engine.snapshotScope(of: $0.name, .source) }.map {
        try session.store.snapshotCount($0)
      }
      return [
        .text(company.handle), .text(company.name), .text(orBlank: company.status),
        .list(company.ids.sorted { $0.key < $1.key }.map { .text("\($0.key) \($0.value)") }), .count(own.count),
        people.map(Value.count) ?? .blank, .date(orBlank: last?.startedAt), .text(orBlank: last?.outcome.rawValue),
        .text(orBlank: company.tenant),
      ]
    }
  }

  static let syncs = Listing(
    "syncs", "the syncs, and how each stands", isOfCompany: true,
    columns: [
      Column("name", priority: 9, style: .id, help: "the name of the sync"),
      Column("recipe", priority: 4, help: "the kind of sync"),
      Column("from", priority: 5, help: "the connection that is read"),
      Column("to", priority: 5, help: "the connection that is written to"),
      Column("enabled", type: .flag, priority: 8, help: "whether it may run"),
      Column("links", type: .count, priority: 6, help: "how many pairs are remembered"),
      Column("last-run", type: .date, priority: 7, help: "when it ran last"),
      .outcome(priority: 7),
      Column("company", priority: 3, ignoresCase: true, help: "the company, by its handle"),
      Column("destination", priority: 6, help: "who receives it, where a sync has many"),
    ]
  ) { session, request in
    // A sync that is named shows its destinations too.
    let syncs = try request.syncs.map { try $0.flatMap { try [$0] + session.store.parts(of: $0.name) } }
    return try (syncs ?? session.store.syncs()).map { sync in
      let last = try session.store.runs(of: sync.name, since: nil, limit: 1).first
      let links = try session.planned([sync]).reduce(0) { try $0 + session.store.links(of: $1.name).count }
      return [
        .text(sync.name.rawValue), .text(sync.recipe), .text(sync.source), .text(sync.target),
        .flag(try session.engine.settings(for: sync).flag(.enabled)), .count(links),
        .date(orBlank: last?.startedAt), .text(orBlank: last?.outcome.rawValue), .text(orBlank: sync.company),
        .text(orBlank: try session.destination(of: sync)),
      ]
    }
  }

  static let settings = Listing(
    "settings", "the settings of a sync, and those of kith itself, with the value in force", isOfCompany: true,
    columns: [
      Column("sync", priority: 3, help: "the sync, by its name"),
      Column("setting", priority: 9, style: .id, help: "the key that set takes"),
      Column("value", priority: 8, help: "what is in force"),
      Column("default", priority: 5, help: "what holds when nothing is set"),
      Column("takes", priority: 4, help: "what values it takes"),
      Column("set-by", priority: 2, help: "who set it"),
      Column("set", type: .date, priority: 3, help: "when it was set"),
      Column("help", priority: 6, style: .prose, help: "what it does"),
    ]
  ) { session, request in
    let general = request.syncs == nil ? try ShellSetting.rows(session) : []
    return try general
      + (request.syncs ?? session.store.syncs()).flatMap { sync in
        let settings = try session.engine.situation(for: sync.name).settings
        return settings.declarations.keys.sorted().map { key -> [Value] in
          let declaration = settings.declarations[key]
          let change = settings.changes[key]
          return [
            .text(sync.name.rawValue), .text(key.rawValue), .text(settings[key]?.displayed ?? ""),
            .text(declaration?.defaultValue.displayed ?? ""), .text(declaration?.type.words ?? ""),
            .text(orBlank: change?.by), .date(orBlank: change?.at), .text(declaration?.help ?? ""),
          ]
        }
      }
  }

  static let fields = Listing(
    "fields", "the fields of each system, by both names", isQuick: true,
    columns: [
      Column("system", priority: 7, style: .id, help: "the system that has it"),
      .kind(priority: 5),
      Column("field", priority: 9, help: "kith's name of it"),
      Column("vendor-name", priority: 8, help: "the system's own name of it"),
      Column("writable", type: .flag, priority: 6, help: "whether it can be written"),
      Column("length", type: .count, priority: 4, help: "the longest text that it takes"),
      Column("compared", priority: 3, help: "how two values are compared"),
      Column("is", priority: 5, style: .prose, help: "what it holds"),
    ]
  ) { session, _ in
    Systems.descriptions.flatMap { system in
      system.kinds.flatMap { kind in
        (system.fields[kind] ?? []).map { field -> [Value] in
          [
            .text(system.id.rawValue), .text(kind.rawValue), .text(field.name.rawValue), .text(field.vendorName),
            .flag(field.isWritable), field.maximumLength.map(Value.count) ?? .blank, .text(field.rule.rawValue),
            .text(field.summary),
          ]
        }
      }
    }
  }

  static let reasons = Listing(
    "reasons", "every reason that why can give", isQuick: true,
    columns: [
      .reason(priority: 9),
      Column(
        "gate", priority: 8, choices: Gate.allCases.map { .init($0.rawValue) }, help: "where records stop for it"),
      Column(
        "class", priority: 6, choices: ReasonClass.allCases.map { .init($0.rawValue, $0.words) },
        help: "who can do something about it"),
      Column("means", priority: 7, style: .prose, help: "what it means, in a sentence"),
    ]
  ) { _, _ in
    Reason.allCases.sorted { ($0.gate, $0.rawValue) < ($1.gate, $1.rawValue) }.map { reason in
      [.text(reason.rawValue), .text(reason.gate.rawValue), .text(reason.reasonClass.rawValue), .text(reason.sentence)]
    }
  }
}
