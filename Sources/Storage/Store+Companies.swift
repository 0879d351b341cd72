/// Companies: their handles, names and mappings.
import Foundation
import GRDB
package import Model

extension Store {
  /// All companies, by handle.
  package func companies() throws(StoreError) -> [Company] {
    try read { db in
      let mappings = Dictionary(grouping: try MappingRow.all(db), by: \.company)
      return try CompanyRow.all(db, "ORDER BY handle").map { $0.company(mappedBy: mappings[$0.handle] ?? []) }
    }
  }

  /// The company of this handle; `nil` when there is none.
  package func company(_ handle: String) throws(StoreError) -> Company? {
    try read { db in
      try CompanyRow.of(handle, db)?.company(mappedBy: MappingRow.all(db, "WHERE company = ?", [handle]))
    }
  }

  /// The company that is mapped to this record of a connection; `nil` when none is.
  package func company(at connection: String, id: RecordID) throws(StoreError) -> Company? {
    try read { db in
      guard let mapping = try MappingRow.at(connection, id, db) else { return nil }
      return try CompanyRow.of(mapping.company, db)?.company(
        mappedBy: MappingRow.all(db, "WHERE company = ?", [mapping.company]))
    }
  }

  /// Keeps companies as a system listed them.
  ///
  /// A company is known by a record that it is mapped to (one without any record: by its handle): its handle stays, its
  /// name follows unless a person renamed it, its state follows. One that is mapped nowhere yet, since a list or a
  /// person named it, is known by its handle, else by its name. Any other is new; its handle is made from the one given,
  /// unique among all.
  @discardableResult
  package func save(_ companies: [Company]) throws(StoreError) -> (new: Int, known: Int) {
    try write { db in
      var taken = Set(try CompanyRow.all(db).map(\.handle))
      var counts = (new: 0, known: 0)
      var waiting = try Waiting(db)
      for company in companies {
        var row: CompanyRow
        if let known = try CompanyRow.known(company, db) ?? waiting.take(company) {
          row = known
          if !row.isRenamed { row.name = company.name }
          row.isActive = company.isActive ?? row.isActive
          row.status = company.status ?? row.status
          row.tenant = company.tenant ?? row.tenant
          row.website = company.website ?? row.website
          counts.known += 1
        } else {
          row = CompanyRow(
            handle: Store.handle(forIdentifier: company.handle, name: company.name, taken: taken), name: company.name,
            isActive: company.isActive, status: company.status, tenant: company.tenant, website: company.website)
          taken.insert(row.handle)
          counts.new += 1
        }
        try row.put(db)
        for (connection, record) in company.ids { try Self.map(row.handle, at: connection, to: record, db) }
      }
      return counts
    }
  }

  /// Keeps companies as a person's list names them; the caller has found out which are known.
  ///
  /// A known company keeps its name and state, and takes over the tenant and the records that the list gives.
  /// - Parameter listed: each with the handle of the company that it is; `nil`: a new one, whose handle is made from the
  ///   one given.
  /// - Returns: the handles, in the same order.
  /// - Throws: `.notFound`; `.exists` when another company is mapped to a record; then nothing was kept.
  @discardableResult
  package func save(listed: [(company: Company, known: String?)]) throws(StoreError) -> [String] {
    try write { db in
      var taken = Set(try CompanyRow.all(db).map(\.handle))
      return try listed.map { company, known in
        var row: CompanyRow
        if let known {
          guard let held = try CompanyRow.of(known, db) else { throw StoreError.notFound("company", known) }
          row = held
          row.tenant = company.tenant ?? row.tenant
          row.status = row.status ?? company.status
        } else {
          row = CompanyRow(
            handle: Store.handle(forIdentifier: company.handle, name: company.name, taken: taken), name: company.name,
            isActive: company.isActive, status: company.status, tenant: company.tenant, website: company.website)
          taken.insert(row.handle)
        }
        try row.put(db)
        for (connection, record) in company.ids { try Self.map(row.handle, at: connection, to: record, db) }
        return row.handle
      }
    }
  }

  /// Says which record of a connection the company is; `nil` takes the mapping back.
  ///
  /// - Throws: `.notFound`; `.exists` when another company is mapped to that record.
  package func map(company handle: String, at connection: String, to record: RecordID?) throws(StoreError) {
    try write { db in
      guard try CompanyRow.of(handle, db) != nil else { throw StoreError.notFound("company", handle) }
      guard let record else {
        try db.execute(
          sql: "DELETE FROM company_mapping WHERE company = ? AND connection = ?", arguments: [handle, connection])
        return
      }
      try Self.map(handle, at: connection, to: record, db)
    }
  }

  private static func map(_ handle: String, at connection: String, to record: RecordID, _ db: Database) throws {
    guard try ConnectionRow.named(connection, db) != nil else { throw StoreError.notFound("connection", connection) }
    if let other = try MappingRow.at(connection, record, db), other.company != handle {
      throw StoreError(
        .exists, "\(record) at \(connection) is \(other.company) already.",
        hint: "Two companies cannot be one record; take the other mapping back first.")
    }
    try MappingRow(company: handle, connection: connection, record: record).put(db)
  }

  /// The handles of the companies whose names a person gave, and no system changes any more.
  package func renamedCompanies() throws(StoreError) -> Set<String> {
    try read { db in Set(try CompanyRow.all(db).filter(\.isRenamed).map(\.handle)) }
  }

  /// Changes a company's name; its handle stays.
  package func rename(company handle: String, to name: String) throws(StoreError) {
    try write { db in
      guard var row = try CompanyRow.of(handle, db) else { throw StoreError.notFound("company", handle) }
      row.name = name
      row.isRenamed = true
      try row.put(db)
    }
  }

  /// Forgets a company and its mappings.
  ///
  /// - Throws: `.inUse` while it has syncs; `.notFound`.
  package func remove(company handle: String) throws(StoreError) {
    try write { db in
      guard try CompanyRow.of(handle, db) != nil else { throw StoreError.notFound("company", handle) }
      if let sync = try SyncRow.first(db, "WHERE is_removed = 0 AND company = ? ORDER BY name", [handle])?.sync {
        throw StoreError(
          .inUse, "\(handle) has the sync \(sync.name).", hint: "Remove the sync first: remove sync \(sync.name).")
      }
      try db.execute(sql: "DELETE FROM company WHERE handle = ?", arguments: [handle])
    }
  }
}

/// Companies that are mapped nowhere: a list, or a person, named them before any system did.
private struct Waiting {
  private var byHandle: [String: CompanyRow] = [:]
  private var byName: [String: [String]] = [:]

  init(_ db: Database) throws {
    let mapped = Set(try MappingRow.all(db).map(\.company))
    for row in try CompanyRow.all(db) where !mapped.contains(row.handle) {
      byHandle[row.handle] = row
      byName[row.name.trimmedNFC, default: []].append(row.handle)
    }
  }

  /// The one that a system's company is; it waits no longer.
  mutating func take(_ company: Company) -> CompanyRow? {
    guard !company.ids.isEmpty else { return nil }
    let handle = Store.handle(forIdentifier: company.handle, name: company.name, taken: [])
    if let row = byHandle.removeValue(forKey: handle) { return row }
    let named = byName[company.name.trimmedNFC]?.filter { byHandle[$0] != nil } ?? []
    return named.count == 1 ? byHandle.removeValue(forKey: named[0]) : nil
  }
}

struct CompanyRow: SealedRow {
  static let table = SealedTable(
    "company", key: ["handle"], columns: ["handle", "name", "is_renamed", "is_active", "status", "tenant", "website"],
    later: 2)

  var handle: String
  var name: String
  var isRenamed = false
  var isActive: Bool?
  var status: String?
  var tenant: String?
  var website: String?

  init(
    handle: String, name: String, isActive: Bool?, status: String?, tenant: String? = nil, website: String? = nil
  ) {
    self.tenant = tenant
    self.website = website
    self.handle = handle
    self.name = name
    self.isActive = isActive
    self.status = status
  }

  init(from row: inout RowReader) throws {
    handle = try row.text()
    name = try row.text()
    isRenamed = try row.flag()
    isActive = try row.optionalFlag()
    status = try row.optionalText()
    tenant = try row.optionalText()
    website = try row.optionalText()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [handle, name, isRenamed, isActive, status, tenant, website]
  }

  static func of(_ handle: String, _ db: Database) throws -> CompanyRow? { try first(db, "WHERE handle = ?", [handle]) }

  fileprivate static func known(_ company: Company, _ db: Database) throws -> CompanyRow? {
    if company.ids.isEmpty { return try of(company.handle, db) }
    for (connection, record) in company.ids.sorted(by: { $0.key < $1.key }) {
      if let mapping = try MappingRow.at(connection, record, db) { return try of(mapping.company, db) }
    }
    return nil
  }

  fileprivate func company(mappedBy mappings: [MappingRow]) -> Company {
    Company(
      handle: handle, name: name,
      ids: Dictionary(mappings.map { ($0.connection, $0.record) }) { _, last in last }, isActive: isActive,
      status: status, tenant: tenant, website: website)
  }
}

private struct MappingRow: SealedRow {
  static let table = SealedTable(
    "company_mapping", key: ["company", "connection"], columns: ["company", "connection", "record"])

  var company: String
  var connection: String
  var record: RecordID

  init(company: String, connection: String, record: RecordID) {
    self.company = company
    self.connection = connection
    self.record = record
  }

  init(from row: inout RowReader) throws {
    company = try row.text()
    connection = try row.text()
    record = RecordID(try row.text())
  }

  func values() throws -> [(any DatabaseValueConvertible)?] { [company, connection, record.rawValue] }

  static func at(_ connection: String, _ record: RecordID, _ db: Database) throws -> MappingRow? {
    try first(db, "WHERE connection = ? AND record = ?", [connection, record.rawValue])
  }
}
