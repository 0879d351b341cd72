/// A CSV file as a system: it is read, never written to, and proves nothing by what it leaves out.
package import Model
import Synchronization

package final class FileConnector: ConnectableSystem {
  package static var description: SystemDescription { FileFeatures.description }

  let options: FileOptions
  let name: String
  /// The file as last read, as long as it is the same: many syncs may read one file.
  private let held = Mutex<(stamp: FileStamp, people: FilePeople)?>(nil)

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    options = try FileOptions(setup)
    name = setup.connection.name
  }

  /// A list that no connection was made for.
  package init(path: String) {
    options = FileOptions(path: path)
    name = path
  }

  /// Nothing is ever asked of a network.
  package var requestCount: Int { 0 }
  package func smallestRequestCount(_ work: RequestWork) -> Int { 0 }

  // MARK: - Reading

  /// Always everything of the scope, in pages; a file knows no marks.
  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in
      let (records, remark) = try records(kind, in: scope)
      let size = FileFeatures.pageSize
      let count = max(1, (records.count + size - 1) / size)
      for number in 1...count {
        guard !Task.isCancelled else { throw .cancelled }
        let page = records[((number - 1) * size)..<min(number * size, records.count)]
        let isLast = number == count
        yield(
          Page(
            records: Array(page), number: number, isLast: isLast, declaredTotal: nil, isDelta: false,
            remark: isLast ? remark : nil))
      }
    }
  }

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    let wanted = Set(ids)
    return try records(kind, in: scope).records.filter { wanted.contains($0.id) }
  }

  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    guard let rule = Self.description.field(field, of: kind)?.rule else {
      throw ConnectorError(.rejected, "a file has no field \(field) of \(kind.plural)", delivery: .notSent)
    }
    let key = rule.key(value)
    return try records(kind, in: scope).records.filter { $0.fields[field].map { rule.key($0) == key } ?? false }
  }

  /// Nothing is written to a file: each write is refused.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    batch.map { _ in
      .rejected(WriteRejection(reason: .recordForbidden, message: "kith reads files and never writes to them"))
    }
  }

  /// The records of a scope, in the order of the file, and what was left out.
  private func records(_ kind: RecordKind, in scope: ReadScope) throws(ConnectorError) -> (
    records: [Record], remark: String?
  ) {
    switch kind {
    case .person:
      let people = try self.people()
      return (try Self.people(people, in: scope.partition, of: options.path), Self.remark(on: people.faults))
    case .company:
      let list = try self.list(of: .company)
      let mapping = FileMapping(list: list, activeWords: [])
      return (list.rows.compactMap { mapping.company($0) }, Self.remark(on: list.faults))
    case .configuration, .member: throw .without(kind, Self.description)
    }
  }

  /// The people of one tenant, or all where there is but one.
  ///
  /// - Throws: `.misconfigured` where it is not known whose people they are: nobody is taken for another's.
  static func people(_ people: FilePeople, in partition: String?, of path: String) throws(ConnectorError) -> [Record] {
    guard let column = people.partitionColumn else {
      guard let partition else { return people.records.map(\.record) }
      throw ConnectorError(
        .misconfigured, "\(path) has no column of tenants, so that nobody in it is known to be of \(partition)",
        hint:
          "name the column with tenant= on the connection; or, where the whole file is this company's, unset tenant",
        delivery: .notSent)
    }
    if let partition {
      let key = FilePeople.key(partition)
      return people.records.compactMap { _, record in
        people.partition(of: record).map(FilePeople.key) == key ? record : nil
      }
    }
    let partitions = people.partitions
    guard partitions.count < 2 else {
      let heading = people.list.places[column]?.first.map { people.list.header[$0] } ?? column.rawValue
      let names = partitions.prefix(5).map(\.name).joined(separator: ", ")
      throw ConnectorError(
        .misconfigured,
        "\(path) has people of \(partitions.count) companies (its column \(heading): \(names)"
          + "\(partitions.count > 5 ? ", …" : "")), and no tenant is set",
        hint: "set tenant to one of them; or, where they are all this company's:  \(column.rawValue)=none  on the "
          + "connection",
        delivery: .notSent)
    }
    var seen: Set<RecordID> = []
    return people.records.map(\.record).filter { seen.insert($0.id).inserted }
  }

  /// The people of the file as it is now.
  func people() throws(ConnectorError) -> FilePeople {
    let now = try FileSource.stamp(options.path)
    if let held = held.withLock({ $0 }), held.stamp == now { return held.people }
    let (bytes, stamp) = try FileSource.read(options.path)
    let people = FilePeople(try FileList(bytes, as: .person, options), activeWords: options.activeWords)
    held.withLock { $0 = (stamp, people) }
    return people
  }

  func list(of kind: RecordKind) throws(ConnectorError) -> FileList {
    try FileList(try FileSource.read(options.path).bytes, as: kind, options)
  }

  /// "2 lines left out: 7, 12"; `nil` where none was.
  static func remark(on faults: [LineRemark]) -> String? {
    guard !faults.isEmpty else { return nil }
    let numbers = faults.prefix(10).map { String($0.line) }.joined(separator: ", ")
    return
      "\(faults.count) \(faults.count == 1 ? "line" : "lines") left out: \(numbers)\(faults.count > 10 ? ", …" : "")"
  }
}
