/// The lists that IT Glue keeps names in: types, statuses, manufacturers and their models, each read once.
import Model
import Synchronization

/// A list of names.
enum ITGlueList: Hashable, Sendable {
  case organizationTypes, organizationStatuses, configurationTypes, configurationStatuses, manufacturers
  /// A model belongs to one manufacturer and does not say which: so they are read manufacturer by manufacturer.
  case models(manufacturer: Int)

  var path: [String] {
    switch self {
    case .organizationTypes: ["organization_types"]
    case .organizationStatuses: ["organization_statuses"]
    case .configurationTypes: ["configuration_types"]
    case .configurationStatuses: ["configuration_statuses"]
    case .manufacturers: ["manufacturers"]
    case .models(let manufacturer): ["manufacturers", String(manufacturer), "relationships", "models"]
    }
  }

  /// One entry, as a message calls it.
  var noun: String {
    switch self {
    case .organizationTypes: "organization type"
    case .organizationStatuses: "organization status"
    case .configurationTypes: "configuration type"
    case .configurationStatuses: "configuration status"
    case .manufacturers: "manufacturer"
    case .models: "model"
    }
  }

  var plural: String { noun.hasSuffix("s") ? "\(noun)es" : "\(noun)s" }

  /// Where a name that is missing is made.
  func creation(of name: String) -> (path: [String], body: JSONValue)? {
    switch self {
    case .organizationTypes, .organizationStatuses, .configurationTypes, .configurationStatuses: nil
    case .manufacturers:
      (["manufacturers"], ITGlueBody.resource("manufacturers", ["name": .text(name)]))
    case .models(let manufacturer):
      (["models"], ITGlueBody.resource("models", ["name": .text(name), "manufacturer-id": .number(manufacturer)]))
    }
  }
}

struct ITGlueEntry: Hashable, Sendable {
  var id: Int
  var name: String
}

/// What a list says about a name.
enum ITGlueLookup: Equatable, Sendable {
  case found(Int)
  /// There is none; these there are.
  case missing([String])
}

extension ITGlueLookup {
  /// The entry of a name: exactly, else without regard to case, so that no second "DELL" is made.
  init(_ name: String, in entries: [ITGlueEntry]) {
    let (exact, loose) = (ComparisonRule.exact.key(name), ComparisonRule.email.key(name))
    let entry =
      entries.first { ComparisonRule.exact.key($0.name) == exact }
      ?? entries.first { ComparisonRule.email.key($0.name) == loose }
    self = entry.map { .found($0.id) } ?? .missing(entries.map(\.name).sorted())
  }
}

final class ITGlueCatalogue: Sendable {
  private let known = Mutex<[ITGlueList: [ITGlueEntry]]>([:])
  /// One at a time, so that two writes with the same new manufacturer do not make it twice.
  private let turn = Slots(1)
  private let read: @Sendable (ITGlueList) async throws(ConnectorError) -> [ITGlueEntry]
  private let make: @Sendable (ITGlueList, String) async throws(ConnectorError) -> ITGlueEntry

  /// - Parameters:
  ///   - read: reads a list whole.
  ///   - make: makes an entry; asked only of lists that take new ones.
  init(
    read: @escaping @Sendable (ITGlueList) async throws(ConnectorError) -> [ITGlueEntry],
    make: @escaping @Sendable (ITGlueList, String) async throws(ConnectorError) -> ITGlueEntry
  ) {
    self.read = read
    self.make = make
  }

  /// The id of a name; a list in which it is missing is read once more.
  func lookUp(_ name: String, in list: ITGlueList) async throws(ConnectorError) -> ITGlueLookup {
    try await turn.take()
    defer { turn.giveBack() }
    return try await find(name, in: list)
  }

  /// The id of a name, which is made where it is missing.
  func findOrMake(_ name: String, in list: ITGlueList) async throws(ConnectorError) -> Int {
    try await turn.take()
    defer { turn.giveBack() }
    if case .found(let id) = try await find(name, in: list) { return id }
    do throws(ConnectorError) {
      let entry = try await make(list, name)
      known.withLock { $0[list, default: []].append(entry) }
      return entry.id
    } catch {
      // It may have been made all the same.
      known.withLock { $0[list] = nil }
      throw error
    }
  }

  /// Reads a list anew.
  func refresh(_ list: ITGlueList) async throws(ConnectorError) -> [ITGlueEntry] {
    let entries = try await read(list)
    known.withLock { $0[list] = entries }
    return entries
  }

  private func find(_ name: String, in list: ITGlueList) async throws(ConnectorError) -> ITGlueLookup {
    if let entries = known.withLock({ $0[list] }), case .found(let id) = ITGlueLookup(name, in: entries) {
      return .found(id)
    }
    return ITGlueLookup(name, in: try await refresh(list))
  }
}
