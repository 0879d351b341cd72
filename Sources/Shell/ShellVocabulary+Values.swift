/// The values that a field really has, with how many rows have each: for `where FIELD is`.
import CommandLanguage
import Connectors
import Execution
import Model
import Planning
import Storage

extension ShellVocabulary {
  func fields(of subject: String) -> [Column]? {
    Self.columns(of: subject)
      ?? connection(ofRecords: subject).map { connection in
        once("columns of \(subject)") { session.recordColumns(of: connection).columns }
      }
  }

  /// The fields of what is declared; those of records depend on their system.
  static func columns(of subject: String) -> [Column]? {
    switch subject {
    case "plan": planColumns
    case "plans": Listing.plans.columns
    case "run": runColumns
    case "status": StatusVerb.columns
    case "checks": CheckVerb.columns
    case Listing.explained.name: Listing.explained.columns
    default: Listings.named(subject)?.columns
    }
  }

  func values(
    of field: String, subject: String, prefix: String, in context: Invocation, limit: Int
  ) -> [VocabularyEntry] {
    guard let column = fields(of: subject)?.first(where: { $0.name == field }),
      [.text, .list].contains(column.type)
    else { return [] }
    let found: [VocabularyEntry]
    if let records = connection(ofRecords: subject) {
      found = values(of: column, at: records)
    } else if Self.ofRecords.contains(subject) {
      found = recordValues(of: column, subject: subject, prefix: prefix, in: context, limit: limit)
    } else if subject == "plan" || subject == "run" {
      found = decisionValues(of: column, in: context)
    } else {
      found = setUpValues(of: column, subject: subject, prefix: prefix, in: context)
    }
    return Array(found.lazy.filter { Self.fits(prefix, [$0.text, $0.description]) }.prefix(limit))
  }

  /// The lists whose rows are records of syncs.
  private static let ofRecords: Set = [
    "people", "pairs", Listing.explained.name, "matches", "conflicts", "links", "mapping",
  ]

  private func connection(ofRecords subject: String) -> Connection? {
    guard subject.hasPrefix("records ") else { return nil }
    return connections.first { $0.name == subject.dropFirst("records ".count) }
  }

  // MARK: - Records of syncs

  private func recordValues(
    of column: Column, subject: String, prefix: String, in context: Invocation, limit: Int
  ) -> [VocabularyEntry] {
    switch column.name {
    case "company": return candidates(for: .company, prefix: prefix, in: context, limit: limit)
    case "sync": return candidates(for: .sync, prefix: prefix, in: context, limit: limit)
    case "action": return plannedValues(.action, of: column, in: context)
    case "reason", "is": return plannedValues(.reason, of: column, in: context)
    case "state" where subject == "links": return [VocabularyEntry("linked", "both records are there")]
    case "field", "target-field", "source-field":
      return candidates(for: .fieldName, prefix: prefix, in: context, limit: limit)
    case "target" where subject != "conflicts": return statesAtTarget(column, subject, in: context)
    case "name", "email", "record", "key":
      return candidates(for: .person, prefix: prefix, in: context, limit: limit).map { person in
        guard column.name == "name", !person.description.isEmpty else { return person }
        return VocabularyEntry(person.description, person.text, detail: person.detail)
      }
    case _ where !column.choices.isEmpty: return entries(Tally(), of: column)
    default:
      let scopes = scopes(of: syncs(meantBy: context)).filter { $0.side == .source }.map(\.scope)
      return entries(tally(of: FieldName(column.name), in: scopes), of: column)
    }
  }

  /// The states as they were read, which are the ones that are shown at a target only: at the source the recipe's rules
  /// have the last word (a user without a licence is inactive), and they are not asked of everybody while somebody types.
  private func statesAtTarget(_ column: Column, _ subject: String, in context: Invocation) -> [VocabularyEntry] {
    let ofPeople: Set<RecordKind> = [.person, .member]
    let scopes = scopes(of: syncs(meantBy: context)).filter { found in
      found.side == .target && (subject != "people" || ofPeople.contains(found.scope.kind))
    }
    return entries(tally(of: nil, in: scopes.map(\.scope)), of: column)
  }

  private func scopes(of syncs: [Sync]) -> [(side: Side, scope: SnapshotScope)] {
    var seen: Set<SnapshotScope> = []
    var scopes: [(side: Side, scope: SnapshotScope)] = []
    for sync in syncs where hasTime || scopes.isEmpty {
      scopes += self.scopes(of: sync.name).filter { seen.insert($0.scope).inserted }
    }
    return scopes
  }

  private func tally(of field: FieldName?, in scopes: [SnapshotScope]) -> Tally {
    var tally = Tally()
    for scope in scopes {
      if let part = try? session.store.tally(of: field, in: scope, until: end) { tally.add(part) }
    }
    return tally
  }

  /// What the newest plan of each sync that the line means says: what is planned anew may differ by what was read since.
  private func plannedValues(
    _ trait: DecisionTrait, of column: Column, in context: Invocation
  ) -> [VocabularyEntry] {
    var tally = Tally()
    var plans: [PlanID] = []
    for sync in syncs(meantBy: context) where hasTime || plans.isEmpty {
      guard let plan = newestPlan(of: sync.name)?.id else { continue }
      if let part = try? session.store.tally(of: trait, in: plan, until: end) { tally.add(part) }
      plans.append(plan)
    }
    let place = plans.count == 1 ? " in \(plans[0])" : " in the newest plans"
    return entries(tally, place: place, of: column)
  }

  // MARK: - Records of a connection

  private func values(of column: Column, at connection: Connection) -> [VocabularyEntry] {
    let scopes = (try? session.store.snapshotScopes(of: connection.name)) ?? []
    switch column.name {
    case "kind":
      return Set(scopes.map(\.kind)).map { VocabularyEntry($0.rawValue, $0.plural) }.sorted { $0.text < $1.text }
    case "link": return entries(Tally(), of: column)
    case "state": return entries(tally(of: nil, in: scopes), of: column)
    case "id", "of": return []
    default: return entries(tally(of: FieldName(column.name), in: scopes), of: column)
    }
  }

  // MARK: - Plans and runs

  private func decisionValues(of column: Column, in context: Invocation) -> [VocabularyEntry] {
    let traits: [String: DecisionTrait] = [
      "action": .action, "reason": .reason, "kind": .kind, "at": .side, "outcome": .outcome,
    ]
    guard let trait = traits[column.name] else { return [] }
    var tally = Tally()
    if let plan = context.text("plan").flatMap({ PlanID($0) }) {
      tally = (try? session.store.tally(of: trait, in: plan, until: end)) ?? tally
    } else if let run = context.text("run").flatMap({ RunID($0) }) {
      tally = (try? session.store.tally(of: trait, in: run, until: end)) ?? tally
    }
    return entries(tally, of: column)
  }

  // MARK: - The set-up

  private func setUpValues(
    of column: Column, subject: String, prefix: String, in context: Invocation
  ) -> [VocabularyEntry] {
    func occurring(_ values: [String]) -> [VocabularyEntry] { entries(counting(values), of: column) }
    switch (subject, column.name) {
    case ("companies", "status"): return occurring(companies.map { $0.status ?? "" })
    case ("companies", "tenant"):
      return companies.compactMap { one in one.tenant.map { VocabularyEntry($0, one.name) } }
    case ("companies", "name"): return companies.map { VocabularyEntry($0.name, $0.handle) }
    case ("companies", "mapped"): return []
    case ("syncs", "name"): return candidates(for: .sync, prefix: prefix, in: context, limit: 200)
    case ("syncs", "from"): return occurring(syncs.map(\.source))
    case ("syncs", "to"): return occurring(syncs.map(\.target))
    case ("syncs", "recipe"): return occurring(syncs.map(\.recipe))
    case ("syncs", "outcome"), ("companies", "outcome"), ("status", "outcome"):
      return occurring(lastRuns.values.map(\.outcome.rawValue))
    case ("connections", "name"), ("checks", "connection"): return connectionEntries
    case ("connections", "system"): return occurring(connections.map(\.system.rawValue))
    case ("settings", "setting"): return candidates(for: .setting, prefix: prefix, in: context, limit: 200)
    case (_, "company"): return candidates(for: .company, prefix: prefix, in: context, limit: 200)
    case (_, "sync"): return candidates(for: .sync, prefix: prefix, in: context, limit: 200)
    default: return listedValues(of: column, subject: subject)
    }
  }

  /// What the rows themselves have, of lists that are quick to make: the newest rows of long ones.
  private func listedValues(of column: Column, subject: String) -> [VocabularyEntry] {
    guard let listing = Listings.named(subject), listing.isQuick,
      let index = listing.columns.firstIndex(where: { $0.name == column.name })
    else { return entries(Tally(), of: column) }
    let rows = (try? listing.rows(session, ShowRequest(most: 60))) ?? []
    let cells = rows.compactMap { $0.indices.contains(index) ? $0[index] : nil }
    return entries(
      counting(
        cells.flatMap { cell in
          if case .list(let items) = cell { items.map(\.display) } else { [cell.display] }
        }), of: column)
  }

  // MARK: - Entries

  private func counting(_ values: [String]) -> Tally {
    values.reduce(into: Tally()) { if !$1.isEmpty { $0.add($1) } }
  }

  /// What occurs, the most frequent first, then what else the column could hold.
  private func entries(_ tally: Tally, place: String = "", of column: Column) -> [VocabularyEntry] {
    let meanings = Dictionary(column.choices.map { ($0.value, $0.help) }) { first, _ in first }
    let counts = tally.counts
    let there = Set(counts.map(\.value))
    return counts.map { value, count in
      let number = "\(tally.isWhole ? "" : "≥ ")\(count)\(place)"
      let meaning = meanings[value] ?? ""
      // A sentence would push the number out of a narrow terminal.
      return meaning.count > 24
        ? VocabularyEntry(value, "\(number): \(meaning)") : VocabularyEntry(value, meaning, detail: number)
    } + column.choices.filter { !there.contains($0.value) }.map { VocabularyEntry($0.value, $0.help) }
  }
}

extension MatchOutcome {
  /// One line for completion.
  var help: String {
    switch self {
    case .linked: "is a remembered pair"
    case .link: "finds exactly one"
    case .create: "finds nobody, and would be made"
    case .ambiguous: "finds several"
    case .already: "finds one that is another's"
    case .broken: "was a pair, and one is gone"
    case .excluded: "was taken out by a person"
    case .none: "takes no part"
    }
  }
}
