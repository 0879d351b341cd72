/// What could stand in a slot, with what it is and live facts: from the store, within a few milliseconds.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage

extension ShellVocabulary {
  /// The same for one press of a key: the store is asked each thing once, and looking for facts ends in time.
  func atKey(within time: Duration) -> ShellVocabulary {
    var vocabulary = self
    vocabulary.held = HeldLookups()
    vocabulary.deadline = ContinuousClock.now + time
    return vocabulary
  }

  /// When looking for facts ends.
  var end: ContinuousClock.Instant { deadline ?? ContinuousClock.now + .milliseconds(4) }
  var hasTime: Bool { ContinuousClock.now < end }

  func candidates(for slot: SlotType, prefix: String, in context: Invocation, limit: Int) -> [VocabularyEntry] {
    switch slot {
    case .company: companyEntries(prefix)
    case .companyOrSync:
      companyEntries(prefix) + syncEntries(prefix).filter { !$0.text.contains("/") || prefix.contains("/") }
        + connectionEntries(for: context)
    case .sync: syncEntries(prefix)
    case .connection: connectionEntries
    case .connectionOrFile: connectionEntries + PathEntries.matching(prefix, in: session.folder, limit: limit)
    case .system:
      Systems.descriptions.map { system in
        VocabularyEntry(system.id.rawValue, system.name, detail: system.kinds.map(\.plural).joined(separator: ", "))
      }
    case .side: connectionEntries + systemEntries
    case .fieldName: mappedFields.map { VocabularyEntry($0, fieldHelp($0)) }
    case .recipe:
      Recipes.all.map { recipe in
        let from = recipe.sourceSystems.map(\.rawValue).joined(separator: ", ")
        let to = recipe.targetSystems.map(\.rawValue).joined(separator: ", ")
        return VocabularyEntry(recipe.handle, recipe.summary, detail: "\(from) → \(to)")
      }
    case .setting: settingEntries(context)
    case .settingValue: valueEntries(context)
    case .things: Listings.all.map { VocabularyEntry($0.name, $0.summary) }
    case .person: personEntries(prefix, in: context, limit: limit)
    case .explainable:
      companyEntries(prefix) + lineEntries(prefix) + runEntries + personEntries(prefix, in: context, limit: limit)
    case .planLine: lineEntries(prefix)
    case .plan: planEntries
    case .run: runEntries
    case .script:
      scriptEntries
        + (prefix.contains("/") || prefix.hasPrefix("~") || prefix.hasPrefix(".")
          ? PathEntries.matching(prefix, in: session.folder, limit: limit) : [])
    case .scriptName: scriptEntries
    case .scriptRun: scriptRunEntries
    case .topic: HelpTopics.all.map { VocabularyEntry($0.word, $0.summary, detail: $0.kind) }
    case .level:
      [("info", "written as it is"), ("warning", "written with warning:"), ("error", "written with error:")].map {
        VocabularyEntry($0, $1)
      }
    case .path: PathEntries.matching(prefix, in: session.folder, limit: limit)
    case .when: momentEntries
    default: scheduleEntries(for: slot, in: context) ?? []
    }
  }

  /// What a field is, by the first system that says it.
  private func fieldHelp(_ name: String) -> String {
    let fields = Systems.descriptions.lazy.flatMap { system in system.fields.values.lazy.flatMap(\.self) }
    return fields.first { $0.name.rawValue == name && !$0.summary.isEmpty }?.summary ?? "a field of both sides"
  }

  // MARK: - Companies, syncs, connections

  private func companyEntries(_ prefix: String) -> [VocabularyEntry] {
    let syncs = Dictionary(grouping: syncs) { $0.company ?? "" }
    let runs = lastRuns
    return companies.filter { Self.fits(prefix, [$0.handle, $0.name]) }.map { company in
      VocabularyEntry(company.handle, company.name, detail: facts(of: syncs[company.handle] ?? [], runs))
    }
  }

  private func syncEntries(_ prefix: String) -> [VocabularyEntry] {
    let runs = lastRuns
    return syncs.filter { Self.fits(prefix, [$0.name.rawValue, $0.recipe]) }.map { sync in
      VocabularyEntry(
        sync.name.rawValue, "\(sync.recipe), \(sync.source) → \(sync.target)", detail: facts(of: [sync], runs))
    }
  }

  /// Whether what is typed is part of any of the texts: a first look, the language ranks.
  static func fits(_ prefix: String, _ texts: [String]) -> Bool {
    prefix.isEmpty || texts.contains { $0.lowercased().contains(prefix.lowercased()) }
  }

  /// "214 people, last run 3 h ago, 2 failed", or "no sync"; how many people there are only while there is time.
  private func facts(of syncs: [Sync], _ runs: [SyncName: Run]) -> String {
    guard let sync = syncs.first else { return "no sync" }
    var facts: [String] = []
    if hasTime, let scope = try? session.engine.snapshotScope(of: sync.name, .source),
      let count = try? session.store.snapshotCount(scope)
    {
      facts.append(scope.kind == .person ? counted(count, "person", "people") : "\(count) \(scope.kind.plural)")
    }
    guard let run = syncs.compactMap({ runs[$0.name] }).max(by: { $0.startedAt < $1.startedAt }) else {
      return (facts + ["never run"]).joined(separator: ", ")
    }
    facts.append("last run \(relative(run.startedAt, to: session.now))")
    if run.failed > 0 { facts.append("\(run.failed) failed") }
    if run.outcome != .ok { facts.append(run.outcome.rawValue) }
    return facts.joined(separator: ", ")
  }

  var connectionEntries: [VocabularyEntry] {
    let syncs = syncs
    return connections.map { connection in
      let uses = syncs.count { $0.source == connection.name || $0.target == connection.name }
      return VocabularyEntry(
        connection.name,
        session.connectors.description(of: connection.system)?.name ?? connection.system.rawValue,
        detail: uses == 0 ? "no sync uses it" : counted(uses, "sync"))
    }
  }

  private func connectionEntries(for context: Invocation) -> [VocabularyEntry] {
    connectionsThatTakeSettings(context).isEmpty ? [] : connectionEntries
  }

  private var systemEntries: [VocabularyEntry] {
    Systems.descriptions.map { VocabularyEntry($0.id.rawValue, $0.name) }
  }

  // MARK: - People

  private func personEntries(_ prefix: String, in context: Invocation, limit: Int) -> [VocabularyEntry] {
    var scopes: [(place: String, scope: SnapshotScope)] = []
    var seen: Set<SnapshotScope> = []
    for sync in syncs(meantBy: context) where hasTime || scopes.isEmpty {
      for (side, scope) in self.scopes(of: sync.name) where seen.insert(scope).inserted {
        scopes.append((session.systemName(sync.connection(side)), scope))
      }
    }
    // More than a screen is never read, and each of them is a record to decode.
    let limit = min(limit, 80)
    var entries: [VocabularyEntry] = []
    var labels: Set<String> = []
    // The beginnings everywhere, before any look inside words.
    for isWithin in [false, true] where !isWithin || hasTime {
      for (place, scope) in scopes {
        guard entries.count < limit else { return entries }
        let time = isWithin ? max(.zero, ContinuousClock.now.duration(to: end)) : .zero
        if isWithin, time == .zero { return entries }
        let hits =
          (try? session.store.records(in: scope, matching: prefix, limit: limit - entries.count, within: time)) ?? []
        for hit in hits where labels.insert(hit.label).inserted {
          entries.append(VocabularyEntry(hit.label, hit.name == hit.label ? "" : hit.name, detail: place))
        }
      }
    }
    return entries
  }

  // MARK: - Plans and runs

  private var planEntries: [VocabularyEntry] {
    let plans = once("plans") { (try? session.store.plans(of: nil, limit: 30)) ?? [] }
    return plans.map { plan in
      let changes = Action.allCases.filter(\.isChange).compactMap { action in
        plan.counts[action].flatMap { $0 > 0 ? "\(action.rawValue) \($0)" : nil }
      }
      let facts = [plan.state.rawValue, relative(plan.madeAt, to: session.now)] + changes
      return VocabularyEntry(plan.id.description, plan.sync.rawValue, detail: facts.joined(separator: ", "))
    }
  }

  /// The changes of the newest plan, or of the one that is typed: `p12/7`.
  private func lineEntries(_ prefix: String) -> [VocabularyEntry] {
    guard prefix.isEmpty || prefix.lowercased().hasPrefix("p") else { return [] }
    let typed = prefix.split(separator: "/").first.flatMap { PlanID(String($0).lowercased()) }
    let newest = once("newest plan") { (try? session.store.plans(limit: 1))?.first?.id }
    guard let plan = typed ?? newest else { return [] }
    let decisions = once("decisions of \(plan)") { (try? session.store.decisions(of: plan, limit: 40)) ?? [] }
    return decisions.map { decision in
      VocabularyEntry(
        PlanRef(plan: plan, number: decision.number).description, decision.label,
        detail: "\(decision.action.rawValue), \(decision.reason.reason.rawValue)")
    }
  }

  var runEntries: [VocabularyEntry] {
    let runs = once("runs") { (try? session.store.runs(of: nil, since: nil, limit: 30)) ?? [] }
    return runs.map { run in
      let failed = run.failed > 0 ? ", \(run.failed) failed" : ""
      return VocabularyEntry(
        run.id?.description ?? "", run.sync.rawValue,
        detail: "\(run.outcome.rawValue), \(relative(run.startedAt, to: session.now)), \(run.done) done\(failed)")
    }
  }

  /// The words for moments with the days that they mean now, and the last runs.
  private var momentEntries: [VocabularyEntry] {
    let scope = session.evaluationScope()
    let words = Moment.words.map { word in
      VocabularyEntry(
        word, Moment.help(word),
        detail: Moment(word, in: scope).map { exact($0.lower, in: session.style.timeZone) } ?? "")
    }
    return words
      + runEntries.prefix(5).map {
        VocabularyEntry($0.text, "when this run of \($0.description) began", detail: $0.detail)
      }
  }

  // MARK: - Scripts

  /// What each saved script is for, what it takes, and how it ended last.
  private var scriptEntries: [VocabularyEntry] {
    session.scriptFolder.names().map { name in
      let last = try? session.store.scriptRuns(of: name, limit: 1).first
      let file = hasTime ? try? session.script(meantBy: name) : nil
      let takes = file.map { parse($0.text, vocabulary: self, mode: .script).parameters.map(\.name.text) } ?? []
      let ending =
        last.map {
          "last run \(relative($0.startedAt, to: session.now)), ended \($0.exitCode.map(String.init) ?? "not")"
        } ?? "never run"
      return VocabularyEntry(
        name, file?.remark ?? "", detail: (takes.isEmpty ? "" : "takes \(takes.joined(separator: ", ")); ") + ending)
    }
  }

  private var scriptRunEntries: [VocabularyEntry] {
    ((try? session.store.scriptRuns(limit: 30)) ?? []).map { run in
      VocabularyEntry(
        run.id?.description ?? "", run.script,
        detail: "ended \(run.exitCode.map(String.init) ?? "not"), \(relative(run.startedAt, to: session.now))")
    }
  }
}

/// Names of files that begin as typed, folders with a slash behind which more follows.
enum PathEntries {
  static func matching(_ prefix: String, in folder: URL, limit: Int) -> [VocabularyEntry] {
    let typed = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let begun = prefix.dropFirst(typed.count).lowercased()
    let expanded = (typed as NSString).expandingTildeInPath
    let place = typed.isEmpty ? folder : URL(fileURLWithPath: expanded, relativeTo: folder)
    let keys: [URLResourceKey] = [.isDirectoryKey]
    let files = (try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: keys)) ?? []
    let found = files.filter { file in
      let name = file.lastPathComponent
      return name.lowercased().hasPrefix(begun) && (begun.hasPrefix(".") || !name.hasPrefix("."))
    }
    return found.sorted { $0.lastPathComponent < $1.lastPathComponent }.prefix(limit).map { file in
      let isFolder = (try? file.resourceValues(forKeys: Set(keys)))?.isDirectory ?? false
      return VocabularyEntry(
        typed + file.lastPathComponent + (isFolder ? "/" : ""), isFolder ? "a folder" : "a file", isOpen: isFolder)
    }
  }
}
