/// What reads, plans, writes and remembers: every verb that reaches a system or the journal goes through here.
import Connectors
package import Model
import Planning
package import Storage

/// One engine over one store; safe to use from any task.
///
/// It decides nothing about records (the planner does) and talks no HTTP (the connectors do). Two runs of one sync never
/// meet: whatever writes holds the sync's lease in the store.
package final class Engine: Sendable {
  let store: Store
  let connectors: any ConnectorProvider
  let clock: any WallClock
  let who: Who
  /// Nothing may be written to any system, whatever is asked.
  let isDry: Bool

  package init(
    store: Store, connectors: any ConnectorProvider, clock: any WallClock = SystemClock(), who: Who, isDry: Bool = false
  ) {
    self.store = store
    self.connectors = connectors
    self.clock = clock
    self.who = who
    self.isDry = isDry
  }

  // MARK: - What a verb is about

  func sync(named name: SyncName) throws -> Sync {
    guard let sync = try store.sync(named: name) else {
      throw ExecutionError(.invalid, "There is no sync \(name).", hint: "show syncs")
    }
    return sync
  }

  func recipe(of sync: Sync) throws -> Recipe {
    guard let recipe = Recipes.named(sync.recipe) else {
      throw ExecutionError(.invalid, "\(sync.name) has the recipe \(sync.recipe), which this kith does not know.")
    }
    return recipe
  }

  /// A connection as its connector needs it: with the settings that were set for it.
  func connection(named name: String) throws -> Connection {
    guard var connection = try store.connection(named: name) else {
      throw ExecutionError(.invalid, "There is no connection \(name).", hint: "show connections")
    }
    for (key, value) in try store.settings(for: .connection(name)) {
      connection.parameters[key.rawValue] = value.displayed
    }
    return connection
  }

  func connector(for connection: Connection) throws(ExecutionError) -> any Connector {
    do {
      return try connectors.connector(for: connection)
    } catch {
      throw ExecutionError(error)
    }
  }

  func description(of connection: Connection) throws -> SystemDescription {
    guard let description = connectors.description(of: connection.system) else {
      throw ExecutionError(
        .invalid, "\(connection.name) leads to \(connection.system), which this kith does not know.")
    }
    return description.connected(by: connection.parameters)
  }

  /// The settings in force for a sync, with what a preview tries on top.
  package func settings(for sync: Sync, trying: [SettingKey: SettingValue] = [:]) throws -> Settings {
    let recipe = try recipe(of: sync)
    // A part has no settings of its own.
    let owner = sync.place == nil ? sync.name : try store.whole(of: sync.name)?.name ?? sync.name
    let declared = Set(recipe.settings.map(\.key))
    let set = try store.settings(for: .everything)
      .merging(store.settings(for: .sync(owner))) { _, own in own }
      .merging(trying) { _, tried in tried }
      .filter { declared.contains($0.key) }
    var changes: [SettingKey: SettingChange] = [:]
    for change in try store.settingChanges(for: .everything) + store.settingChanges(for: .sync(owner)) {
      changes[change.key] = change
    }
    return Settings(declarations: recipe.settings, values: set, changes: changes)
  }
}
