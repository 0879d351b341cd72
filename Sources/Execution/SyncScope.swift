/// Where the two sides of one sync lie: connection, kind and partition of each.
import Connectors
package import Model
import Planning
package import Storage

/// One side of a sync; the partition is `nil` while it is not known (no tenant set, company not mapped).
struct SideScope: Sendable {
  var side: Side
  var connection: Connection
  var system: SystemDescription
  var kind: RecordKind
  var partition: String?

  var snapshot: SnapshotScope? {
    partition.map { SnapshotScope(connection: connection.name, kind: kind, partition: $0) }
  }
  var read: ReadScope { ReadScope(partition: partition) }
}

struct SyncScope: Sendable {
  var sync: Sync
  var recipe: Recipe
  /// The stage that the places are about.
  var stage: Stage
  var company: Company?
  var settings: Settings
  var source: SideScope
  var target: SideScope

  subscript(side: Side) -> SideScope { side == .source ? source : target }
}

extension Engine {
  /// Looks both sides of a sync up in the store.
  func scope(of name: SyncName, trying: [SettingKey: SettingValue] = [:]) throws -> SyncScope {
    let sync = try sync(named: name)
    let recipe = try recipe(of: sync)
    let settings = try settings(for: sync, trying: trying)
    let company = try sync.company.flatMap { try store.company($0) }
    let (source, target) = (try connection(named: sync.source), try connection(named: sync.target))
    return SyncScope(
      sync: sync, recipe: recipe, stage: recipe.stages[0], company: company, settings: settings,
      source: SideScope(
        side: .source, connection: source, system: try description(of: source), kind: recipe.stages[0].kind,
        partition: recipe.partition(under: settings)),
      target: SideScope(
        side: .target, connection: target, system: try description(of: target), kind: recipe.stages[0].kind,
        partition: company?.ids[target.name]?.rawValue))
  }
}

extension Engine {
  /// Where one side of a sync is kept in the store; `nil` while its partition is not known.
  package func snapshotScope(of sync: SyncName, _ side: Side) throws -> SnapshotScope? {
    try scope(of: sync)[side].snapshot
  }
}
