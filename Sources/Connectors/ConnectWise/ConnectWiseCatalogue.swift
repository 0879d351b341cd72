/// The tables that ConnectWise keeps names in: types, statuses, manufacturers and member types, each read once.
import Model
import Synchronization

enum ConnectWiseTable: Hashable, Sendable {
  case companyTypes, companyStatuses, configurationTypes, configurationStatuses, manufacturers, memberTypes

  var path: [String] {
    switch self {
    case .companyTypes: ["company", "companies", "types"]
    case .companyStatuses: ["company", "companies", "statuses"]
    case .configurationTypes: ["company", "configurations", "types"]
    case .configurationStatuses: ["company", "configurations", "statuses"]
    case .manufacturers: ["procurement", "manufacturers"]
    case .memberTypes: ["system", "members", "types"]
    }
  }

  /// One row, as a message calls it.
  var noun: String {
    switch self {
    case .companyTypes: "company type"
    case .companyStatuses: "company status"
    case .configurationTypes: "configuration type"
    case .configurationStatuses: "configuration status"
    case .manufacturers: "manufacturer"
    case .memberTypes: "member type"
    }
  }

  var plural: String { noun.hasSuffix("s") ? "\(noun)es" : "\(noun)s" }
}

/// A row of such a table; its label is `description` at configuration statuses, and `name` elsewhere.
struct ConnectWiseRow: Decodable, Sendable, Equatable {
  var id: Int
  var label: String
  var isInactive: Bool

  private enum CodingKeys: CodingKey { case id, name, description, inactiveFlag }

  init(id: Int, label: String, isInactive: Bool = false) {
    self.id = id
    self.label = label
    self.isInactive = isInactive
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(Int.self, forKey: .id)
    label =
      container.said(String.self, .name).value ?? container.said(String.self, .description).value ?? ""
    isInactive = container.said(Bool.self, .inactiveFlag).value ?? false
  }

  /// The row of a name: exactly, else without regard to case; of several one that is in use.
  static func named(_ name: String, in rows: [ConnectWiseRow]) -> ConnectWiseRow? {
    let (exact, loose) = (ComparisonRule.exact.key(name), ComparisonRule.email.key(name))
    let same = rows.filter { ComparisonRule.exact.key($0.label) == exact }
    let those = same.isEmpty ? rows.filter { ComparisonRule.email.key($0.label) == loose } : same
    return those.first { !$0.isInactive } ?? those.first
  }
}

final class ConnectWiseCatalogue: Sendable {
  private let known = Mutex<[ConnectWiseTable: [ConnectWiseRow]]>([:])
  private let calls: ConnectWiseCalls

  init(_ calls: ConnectWiseCalls) { self.calls = calls }

  /// The rows of a table as they were read last.
  func rows(of table: ConnectWiseTable) async throws(ConnectorError) -> [ConnectWiseRow] {
    if let rows = known.withLock({ $0[table] }) { return rows }
    return try await refresh(table)
  }

  /// Reads a table anew.
  func refresh(_ table: ConnectWiseTable) async throws(ConnectorError) -> [ConnectWiseRow] {
    var rows: [ConnectWiseRow] = []
    var seen: Set<Int> = []
    for number in 1...1000 {
      var query = [(key: "pageSize", value: String(ConnectWiseFeatures.pageSize))]
      query += [("orderBy", "id asc")]
      if number > 1 { query.append(("page", String(number))) }
      let page = try await calls.get([ConnectWiseRow].self, table.path, query: query, purpose: table.plural)
      let fresh = page.filter { seen.insert($0.id).inserted }
      rows += fresh
      if page.count < ConnectWiseFeatures.pageSize || fresh.isEmpty { break }
    }
    known.withLock { $0[table] = rows }
    return rows
  }

  /// What a table says about a name.
  enum Lookup: Sendable, Equatable {
    case found(ConnectWiseRow)
    /// There is none; the sentence says so, and which there are.
    case missing(String)
  }

  /// The row of a name; a table in which it is missing is read once more.
  func lookUp(_ name: String, in table: ConnectWiseTable) async throws(ConnectorError) -> Lookup {
    if let rows = known.withLock({ $0[table] }), let row = ConnectWiseRow.named(name, in: rows) { return .found(row) }
    let rows = try await refresh(table)
    if let row = ConnectWiseRow.named(name, in: rows) { return .found(row) }
    let names = rows.filter { !$0.isInactive }.map(\.label).sorted()
    let more = names.count > 20 ? ", …" : ""
    let there = names.isEmpty ? "it has none" : "it has \(names.prefix(20).joined(separator: ", "))\(more)"
    return .missing("ConnectWise has no \(table.noun) \"\(name)\"; \(there)")
  }
}
