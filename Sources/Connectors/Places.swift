/// Systems in which one sync reads one place and writes many: a user's contacts to other users' contacts.
package import Model

/// One place of a system: a user with contacts.
package struct Place: Hashable, Sendable {
  /// Stable: it survives every renaming.
  package var id: String
  /// What people call it now: the primary address.
  package var name: String
  /// Further names that lead to it, such as the address before it was renamed.
  package var aliases: [String]
  /// The selectors that named it, as they were given; empty for a place that was asked for by its id only.
  package var namedBy: [String]
  /// Why nothing can be read or written there now: suspended, deleted, the service switched off.
  package var fault: Cause?
  package init(id: String, name: String, aliases: [String] = [], namedBy: [String] = [], fault: Cause? = nil) {
    self.id = id
    self.name = name
    self.aliases = aliases
    self.namedBy = namedBy
    self.fault = fault
  }
}

/// What a system says of some selectors, all of them together.
package struct PlaceReport: Sendable {
  /// Each place once, in the order of their names; with every selector that named it.
  package var places: [Place]
  /// Selectors that lead nowhere, or of which not everybody could be found (a group inside the group cannot be read),
  /// each with its cause (user-not-found, group-not-found, group-incomplete). That a place is not named by such a selector proves nothing.
  package var faults: [String: Cause]
  package init(places: [Place], faults: [String: Cause] = [:]) {
    self.places = places
    self.faults = faults
  }
}

/// A connector whose system has places.
package protocol PlaceFinding: Connector {
  /// Resolves selectors to places: `user:ADDRESS`, `group:ADDRESS`, `ou:PATH`, `domain:NAME`; a word without a kind is a
  /// user. An address may be an alias; groups are expanded with the groups inside them.
  ///
  /// - Parameter known: ids of places that are remembered from before: each of them is in the report too, with its present
  ///   name, or with the fault that it is gone.
  func places(_ selectors: [String], known: [String]) async throws(ConnectorError) -> PlaceReport

  /// The group of this name in a place, or of this id whatever its name is now; `nil` where there is none.
  func group(_ group: GroupScope, in place: String, of kind: RecordKind) async throws(ConnectorError) -> GroupScope?

  /// Gives a group that the sync made in a place its name.
  /// - Throws: `.rejected` where the user has a group of that name; nothing is changed then.
  func rename(_ group: GroupScope, in place: String, of kind: RecordKind) async throws(ConnectorError)

  /// Removes the group itself from a place, once the sync's own records are gone from it; what else is in it stays among
  /// the user's ordinary records.
  func dissolve(_ group: GroupScope, in place: String, of kind: RecordKind) async throws(ConnectorError)

  /// The smallest number of requests that could find what some selectors mean.
  func smallestRequestCount(finding selectors: [String]) -> Int
}
