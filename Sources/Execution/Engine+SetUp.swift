/// `check` and `load`: what has to be known of the systems before there is anything to plan.
package import Connectors
import Foundation
package import Model
import Planning
import Storage

/// What `load companies` brought.
package struct LoadedCompanies: Sendable {
  package var total: Int
  package var new: Int
  package var known: Int
  package var requests: Int
  package var duration: Duration
  /// A system's own companies, all of them; otherwise what a list names.
  package var isOfSystem = true
  /// Lines of a list that were left out, in their order.
  package var faults: [LineRemark] = []
  /// Lines and headings of a list that are odd and were taken all the same.
  package var remarks: [LineRemark] = []
  /// How many companies of a list have a tenant.
  package var tenants = 0
  /// What is wrong with a list as a whole, although it could be read.
  package var warning: String?
}

/// What `load people` brought for one side of one stage of a sync.
package struct LoadedPeople: Sendable {
  package var sync: SyncName
  package var kind: RecordKind
  package var side: Side
  /// The system's product name.
  package var system: String
  /// The records that the store has of it now.
  package var people: Int
  package var requests: Int
  /// Only what changed was read.
  package var isDelta: Bool
  /// What the reading left out, in words.
  package var remark: String?
  /// The connection's name.
  package var connection: String
  /// Why this side could not be read; `nil` when it was.
  package var failure: ExecutionError?
}

extension Engine {
  /// Tests connections one by one: the connection as a whole, and each partition that a sync reads from it.
  ///
  /// What was found is kept in the store; facts that the connector wants to know again go into the connection.
  /// - Parameter names: `nil`: every connection.
  /// - Throws: ``ExecutionError`` for an unknown name, or when interrupted. A failed test is a result, not an error.
  package func check(
    _ names: [String]? = nil
  ) async throws -> [(connection: String, report: CheckReport)] {
    var reports: [(connection: String, report: CheckReport)] = []
    for name in try names ?? store.connections().map(\.name) {
      let connection = try connection(named: name)
      let partitions = try partitions(readFrom: name)
      let report: CheckReport
      do {
        report = try await connectors.connector(for: connection).check(partitions: partitions)
      } catch {
        // What cannot even be made, or was called off; every other failure is a result of the check.
        guard error.kind != .cancelled else { throw ExecutionError(error) }
        let result = CheckResult(name: "settings", outcome: .failed, detail: error.message, fix: error.hint)
        report = CheckReport(results: [result], findings: [:])
      }
      try keep(report, of: name, partitions: partitions)
      reports.append((name, report))
    }
    return reports
  }

  private func keep(_ report: CheckReport, of name: String, partitions: [String]) throws {
    let byPartition = Dictionary(grouping: report.results, by: \.partition)
    let now = clock.now()
    try store.recordCheck(
      connection: name, partition: nil, results: byPartition[nil] ?? [], findings: report.findings, at: now)
    for partition in partitions {
      try store.recordCheck(
        connection: name, partition: partition, results: byPartition[partition] ?? [], findings: [:], at: now)
    }
  }

  /// The partitions (tenants) that the syncs with this source read.
  private func partitions(readFrom connection: String) throws -> [String] {
    var partitions: Set<String> = []
    for sync in try store.syncs() where sync.source == connection {
      if let partition = try recipe(of: sync).partition(under: settings(for: sync)) { partitions.insert(partition) }
    }
    return partitions.sorted()
  }

  /// Reads the companies of a connection and registers those that are new; sets up no sync.
  ///
  /// A known company that the system no longer has counts as not active.
  /// - Throws: ``ExecutionError``; the store's companies are then as they were.
  package func loadCompanies(
    from name: String, progress: @escaping ProgressListener = { _ in }
  ) async throws -> LoadedCompanies {
    let startedAt = clock.now()
    let connection = try connection(named: name)
    let system = try description(of: connection)
    guard system.kinds.contains(.company) else {
      throw ExecutionError(.invalid, "\(system.name) has no companies to load.", hint: "load companies from a PSA")
    }
    let connector = try connector(for: connection)
    if let lister = connector as? any CompanyListing { return try loadCompanies(listedBy: lister) }
    let scope = SnapshotScope(connection: name, kind: .company, partition: "")
    let reader = Reader(
      store: store, connector: connector, scope: scope, read: ReadScope(), clock: clock,
      onPage: { progress(.reading(sync: nil, system: system.name, records: $0, pages: $1)) })
    progress(.reading(sync: nil, system: system.name, records: 0, pages: 0))
    let requests: Int
    do {
      requests = try await reader.read(.complete(.neverRead)).requests
    } catch {
      throw ExecutionError(describing: error)
    }
    let reading = try store.snapshot(scope)
    let counts = try store.save(reading.records.sorted { $0.id < $1.id }.map { $0.company(at: name) })
    try retire(missingFrom: reading, at: name)
    progress(
      .readDone(
        sync: nil, system: system.name, records: reading.records.count, requests: requests, isComplete: true))
    return LoadedCompanies(
      total: reading.records.count, new: counts.new, known: counts.known, requests: requests,
      duration: .seconds(clock.now().timeIntervalSince(startedAt)))
  }

  /// Registers the companies that a file lists, and keeps their tenants; none is doubled, and none is retired.
  /// - Throws: ``ExecutionError``; the store's companies are then as they were.
  package func loadCompanies(fromFile path: String) throws -> LoadedCompanies {
    try loadCompanies(listedBy: FileConnector(path: path))
  }

  private func loadCompanies(listedBy lister: any CompanyListing) throws -> LoadedCompanies {
    let startedAt = clock.now()
    let connections = try store.connections().map(\.name)
    let list: CompanyList
    do throws(ConnectorError) {
      list = try lister.listCompanies(connections: connections)
    } catch {
      throw ExecutionError(error)
    }
    let matched = CompanyMatching(list.companies, known: try store.companies())
    try store.save(listed: matched.companies)
    return LoadedCompanies(
      total: matched.companies.count, new: matched.companies.count { $0.known == nil },
      known: matched.companies.count { $0.known != nil }, requests: 0,
      duration: .seconds(clock.now().timeIntervalSince(startedAt)), isOfSystem: false,
      faults: (list.faults + matched.faults).sorted { $0.line < $1.line }, remarks: list.remarks,
      tenants: matched.companies.count { $0.company.tenant != nil }, warning: list.warning)
  }

  private func retire(missingFrom reading: Reading, at connection: String) throws {
    guard reading.certificate?.provesAbsence == true else { return }
    let present = Set(reading.records.map(\.id))
    let missing = try store.companies().filter { $0.ids[connection].map { !present.contains($0) } ?? false }
    try store.save(
      missing.map {
        var company = $0
        company.isActive = false
        company.status = "no longer at \(connection)"
        return company
      })
  }

  /// Reads both sides of every stage of syncs into the store; plans nothing.
  ///
  /// One sync that cannot be read does not keep the others from being read.
  /// - Throws: ``ExecutionError`` when not a single side could be read.
  package func loadPeople(
    of names: [SyncName], progress: @escaping ProgressListener = { _ in }
  ) async throws -> [LoadedPeople] {
    var loaded: [LoadedPeople] = []
    for (index, name) in names.enumerated() {
      if names.count > 1 { progress(.turn(name, number: index + 1, of: names.count)) }
      let scope = try scope(of: name)
      for stage in scope.stages {
        for side in Side.allCases {
          try Task.checkCancellation()
          loaded.append(try await loadPeople(scope, stage, side, progress: progress))
        }
      }
    }
    if let failure = loaded.first?.failure, loaded.allSatisfy({ $0.failure != nil }) { throw failure }
    return loaded
  }

  private func loadPeople(
    _ scope: SyncScope, _ stage: StageScope, _ side: Side, progress: @escaping ProgressListener
  ) async throws -> LoadedPeople {
    let place = stage[side]
    var loaded = LoadedPeople(
      sync: scope.sync.name, kind: stage.kind, side: side, system: place.system.name, people: 0, requests: 0,
      isDelta: false, connection: place.connection.name)
    do {
      guard let reading = try await read(scope, stage, side, progress: progress) else {
        let missing = side == .source ? "no \(place.system.partitionName) is set" : "the company is not mapped"
        throw ExecutionError(.failed, "\(scope.sync.name): \(missing) at \(place.system.name).")
      }
      loaded.people = reading.certificate.snapshotCount
      loaded.requests = reading.requests
      loaded.isDelta = reading.certificate.completeness == .delta
      loaded.remark = reading.certificate.remark
    } catch {
      loaded.failure = ExecutionError(describing: error)
      if loaded.failure?.kind == .cancelled { throw error }
    }
    return loaded
  }
}

extension Record {
  /// A company's record as the store registers it; its handle is made from the identifier, else from the name.
  fileprivate func company(at connection: String) -> Company {
    let identifier = fields.text("identifier") ?? ""
    let name = fields.text("name") ?? identifier
    return Company(
      handle: identifier, name: name.isBlank ? id.rawValue : name, ids: [connection: id], isActive: state == .active,
      status: fields.text("status"), website: fields.text("website"))
  }
}
