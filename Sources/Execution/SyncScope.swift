/// Where the two sides of each stage of one sync lie: connection, kind and place of each.
import Connectors
package import Model
import Planning
package import Storage

/// One side of one stage.
struct SideScope: Sendable {
  enum Place: Hashable, Sendable {
    /// No tenant is set, or the company is not mapped.
    case unknown
    /// The whole account, all companies.
    case everything
    case partition(String)
  }

  var side: Side
  var connection: Connection
  var system: SystemDescription
  var kind: RecordKind
  var place: Place
  /// The group of that place's records that the sync is about; `nil`: all of them.
  var group: GroupScope?

  var partition: String? {
    if case .partition(let name) = place { name } else { nil }
  }
  /// Where the store keeps it; `nil` while the place is not known.
  var snapshot: SnapshotScope? {
    place == .unknown
      ? nil : SnapshotScope(connection: connection.name, kind: kind, partition: (partition ?? "") + groupKey)
  }
  var read: ReadScope { ReadScope(partition: partition, group: group) }

  /// One place may be read by one sync and written by another: what they read of it is not the same.
  private var groupKey: String {
    group.map { "#" + ($0.marker ?? $0.id?.rawValue ?? $0.name) } ?? ""
  }
}

/// One stage of a sync with its two places.
struct StageScope: Sendable {
  var stage: Stage
  var source: SideScope
  var target: SideScope

  var kind: RecordKind { stage.kind }
  subscript(side: Side) -> SideScope { side == .source ? source : target }
}

struct SyncScope: Sendable {
  var sync: Sync
  var recipe: Recipe
  var company: Company?
  var settings: Settings
  /// The stages that the settings leave on, companies first; never empty.
  var stages: [StageScope]
  /// Of the part of a sync with many destinations: what is known of its two places.
  var part: PartPlaces?

  subscript(kind: RecordKind) -> StageScope? { stages.first { $0.kind == kind } }
  /// What every stage has in common of a side: connection and system.
  subscript(side: Side) -> SideScope { stages[0][side] }
}

extension Engine {
  /// Looks both sides of a sync up in the store.
  func scope(of name: SyncName, trying: [SettingKey: SettingValue] = [:]) throws -> SyncScope {
    let sync = try sync(named: name)
    let recipe = try recipe(of: sync)
    let settings = try settings(for: sync, trying: trying)
    let company = try sync.company.flatMap { try store.company($0) }
    let (source, target) = (try connection(named: sync.source), try connection(named: sync.target))
    let (sourceSystem, targetSystem) = (try description(of: source), try description(of: target))
    let part = try recipe.fanOut.map { try partPlaces(of: sync, $0, settings) }
    let targetPlace: SideScope.Place =
      part.map { .init($0.target?.id) }
      ?? (recipe.isPerCompany ? .init(company?.ids[target.name]?.rawValue) : .everything)
    let partition = recipe.partition(under: settings)
    let isWhole = partition == nil && sourceSystem.features.partitionIsOptional
    let sourcePlace: SideScope.Place =
      part.map { .init($0.source?.id) }
      ?? ((recipe.isPerCompany || recipe.sourcePartition != nil) && !isWhole ? .init(partition) : .everything)
    let stages = recipe.stages(under: settings).map { stage in
      StageScope(
        stage: stage,
        source: SideScope(
          side: .source, connection: source, system: sourceSystem, kind: stage.kind, place: sourcePlace,
          group: part?.sourceGroup),
        target: SideScope(
          side: .target, connection: target, system: targetSystem, kind: stage.kind, place: targetPlace,
          group: part?.targetGroup))
    }
    guard !stages.isEmpty else {
      throw ExecutionError(
        .invalid, "The settings of \(name) switch everything off.", hint: "show settings for \(name)")
    }
    return SyncScope(sync: sync, recipe: recipe, company: company, settings: settings, stages: stages, part: part)
  }
}

extension SideScope.Place {
  fileprivate init(_ partition: String?) { self = partition.map { .partition($0) } ?? .unknown }
}

extension Engine {
  /// The kinds of record that a sync carries under its settings, companies first.
  package func kinds(of sync: SyncName) throws -> [RecordKind] { try scope(of: sync).stages.map(\.kind) }

  /// Whether changes of a sync travel to either side under its settings.
  package func isTwoWay(_ sync: SyncName) throws -> Bool {
    let scope = try scope(of: sync)
    return scope.stages.contains { $0.stage.direction(scope.settings) == .twoWay }
  }

  /// Where the records of one kind are kept in the store for one side of a sync; `nil` while their place is not known,
  /// and for a kind that the sync does not carry.
  ///
  /// - Parameter kind: `nil`: that of the first stage.
  package func snapshotScope(
    of sync: SyncName, _ side: Side, _ kind: RecordKind? = nil
  ) throws -> SnapshotScope? {
    let scope = try scope(of: sync)
    return (kind.map { scope[$0] } ?? scope.stages.first)?[side].snapshot
  }
}
