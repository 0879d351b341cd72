/// A system in memory with a vendor's habits and faults: what the executor is tested against.
import Connectors
import Foundation
import Model
import Synchronization

/// What happens to one write, instead of being carried out and answered.
enum WriteFault: Sendable {
  /// Carried out, and the answer is lost.
  case commitThenDrop
  /// Lost on the way.
  case drop
  case reject(Reason)
  case notSent(ConnectorError.Kind)
  /// Written into a file, which nobody has uploaded yet.
  case wait(file: String)
}

/// What happens to one page of a reading.
enum PageFault: Sendable, CaseIterable {
  case unreachable, forbidden, throttled, endsEarly, empty, repeats, fewer
}

/// One side's records, requests and faults; a value, so that a moment of it can be kept and put back.
struct FakeState: Sendable {
  var records: [RecordID: Record] = [:]
  var nextID = 1000
  var requests = 0
  /// Every write that was carried out, in order.
  var carriedOut: [Write] = []
  var writesAsked = 0
  var stamp = 0
  var reads: [String] = []

  mutating func touch(_ record: inout Record) {
    stamp += 1
    record.version = RecordVersion("v\(stamp)")
  }

  mutating func put(_ record: Record) {
    var record = record
    touch(&record)
    records[record.id] = record
  }
}

/// One fake system; the static description is that of its subclass' side.
final class FakeWorld: Sendable {
  let state = Mutex(FakeState())
  let faults = Mutex(Faults())

  struct Faults: Sendable {
    /// By the number of the write, counted from 1.
    var write: @Sendable (_ number: Int, _ write: Write) -> WriteFault? = { _, _ in nil }
    /// Called before a write is looked at, and after it was carried out.
    var beforeWrite: @Sendable (Int) async -> Void = { _ in }
    var afterWrite: @Sendable (Int) async -> Void = { _ in }
    /// By the number of the page, counted from 1.
    var page: (number: Int, fault: PageFault)?
    var failure: ConnectorError.Kind?
    var pageSize = 3
    /// The reading gives what changed when it gets a mark.
    var hasDelta = false
    var isMarkExpired = false
    var declaresTotal = false
    /// Told by a delta, by mark.
    var delta: [Record] = []
    var smallestComplete = 1
  }

  func edit(_ id: RecordID, _ field: FieldName, _ value: FieldValue) {
    state.withLock { state in
      guard var record = state.records[id] else { return }
      record.fields[field] = value
      state.put(record)
    }
  }

  func remove(_ id: RecordID) { state.withLock { $0.records[id] = nil } }
  func record(_ id: RecordID) -> Record? { state.withLock { $0.records[id] } }
  var records: [Record] { state.withLock { $0.records.values.sorted { $0.id < $1.id } } }
  var writes: [Write] { state.withLock(\.carriedOut) }
  func with(_ change: (inout Faults) -> Void) { faults.withLock { change(&$0) } }

  // MARK: - Reading

  func pages(since mark: DeltaMark?) -> [Result<Page, ConnectorError>] {
    let faults = faults.withLock { $0 }
    state.withLock { $0.reads.append(mark == nil ? "complete" : "delta") }
    if let failure = faults.failure { return [.failure(ConnectorError(failure, "no answer"))] }
    if let mark, faults.hasDelta {
      state.withLock { $0.requests += 1 }
      RequestMeter.note()
      if faults.isMarkExpired { return [.failure(ConnectorError(.deltaExpired, "\(mark.rawValue) has expired"))] }
      let total = faults.declaresTotal ? records.count : nil
      return [
        .success(
          Page(
            records: faults.delta, number: 1, isLast: true, mark: DeltaMark("next"), declaredTotal: total,
            isDelta: true))
      ]
    }
    let all = records
    let size = max(1, faults.pageSize)
    let count = max(1, (all.count + size - 1) / size)
    var pages: [Result<Page, ConnectorError>] = []
    for number in 1...count {
      state.withLock { $0.requests += 1 }
      RequestMeter.note()
      var slice = Array(all.dropFirst((number - 1) * size).prefix(size))
      if let (at, fault) = faults.page, at == number {
        switch fault {
        case .unreachable: return pages + [.failure(ConnectorError(.unreachable, "page \(number) did not come"))]
        case .forbidden: return pages + [.failure(ConnectorError(.forbidden, "page \(number) was refused"))]
        case .throttled:
          return pages + [.failure(ConnectorError(.throttled(retryAfterSeconds: 1), "page \(number): too many"))]
        case .endsEarly: return pages
        case .empty: slice = []
        case .repeats: slice = Array(all.prefix(size))
        case .fewer: slice = Array(slice.dropLast())
        }
      }
      let isLast = number == count
      pages.append(
        .success(
          Page(
            records: slice, number: number, isLast: isLast,
            mark: isLast && faults.hasDelta ? DeltaMark("mark") : nil,
            declaredTotal: faults.declaresTotal ? all.count : nil, isDelta: false)))
    }
    return pages
  }

  func stream(since mark: DeltaMark?) -> AsyncThrowingStream<Page, any Error> {
    let pages = pages(since: mark)
    return AsyncThrowingStream { continuation in
      for page in pages {
        switch page {
        case .success(let page): continuation.yield(page)
        case .failure(let error): return continuation.finish(throwing: error)
        }
      }
      continuation.finish()
    }
  }

  func read(_ ids: [RecordID]) throws(ConnectorError) -> [Record] {
    if let failure = faults.withLock(\.failure) { throw ConnectorError(failure, "no answer") }
    return state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      return ids.compactMap { state.records[$0] }
    }
  }

  func find(_ field: FieldName, _ value: String) throws(ConnectorError) -> [Record] {
    if let failure = faults.withLock(\.failure) { throw ConnectorError(failure, "no answer") }
    return state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      return state.records.values.filter { record in
        let held = [record.fields.text("email")].compactMap(\.self) + (record.fields.items("addresses") ?? [])
        return held.contains { $0.lowercased() == value.lowercased() }
      }
    }
  }

  // MARK: - Writing

  func write(_ write: Write) async -> WriteOutcome {
    // What was not begun when the run was stopped is not sent.
    if Task.isCancelled { return .notSent(.cancelled) }
    let number = state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      state.writesAsked += 1
      return state.writesAsked
    }
    let faults = faults.withLock { $0 }
    await faults.beforeWrite(number)
    let fault = faults.write(number, write)
    switch fault {
    case .drop: return .unknown("the connection broke")
    case .reject(let reason): return .rejected(WriteRejection(reason: reason, message: "said no"))
    case .wait(let file): return .waiting(file)
    case .notSent(let kind): return .notSent(ConnectorError(kind, "not sent"))
    case .commitThenDrop, nil: break
    }
    let outcome = carryOut(write)
    await faults.afterWrite(number)
    if case .commitThenDrop = fault { return .unknown("the connection broke after sending") }
    return outcome
  }

  private func carryOut(_ write: Write) -> WriteOutcome {
    state.withLock { state in
      var record: Record
      if write.action == .create {
        record = Record(id: RecordID(String(state.nextID)), kind: write.kind, state: .active, fields: [:])
        state.nextID += 1
      } else {
        guard let target = write.target, let known = state.records[target] else {
          return .rejected(WriteRejection(reason: .targetGone, message: "no such contact"))
        }
        record = known
      }
      record.fields = record.fields.merging(write.values)
      if let email = record.fields.text("email") {
        let addresses = record.fields.items("addresses") ?? []
        if !addresses.contains(email) { record.fields["addresses"] = .list(addresses + [email]) }
      }
      if write.action == .deactivate { record.state = .inactive }
      if write.action == .reactivate { record.state = .active }
      state.touch(&record)
      state.records[record.id] = record
      state.carriedOut.append(write)
      return .done(record)
    }
  }

  func smallest(_ work: RequestWork) -> Int {
    switch work {
    case .read(_, _, let isDelta): isDelta ? 1 : faults.withLock(\.smallestComplete)
    case .write: 1
    }
  }
}

private func fields(_ isWritable: Bool) -> [FieldDeclaration] {
  let names: [(FieldName, ComparisonRule)] = [
    ("first-name", .exact), ("last-name", .exact), ("title", .exact), ("phone", .phone), ("mobile", .phone),
    ("email", .email),
  ]
  return names.map { FieldDeclaration($0, vendorName: $0.rawValue, summary: "", rule: $1, isWritable: isWritable) }
    + [FieldDeclaration("addresses", vendorName: "addresses", summary: "", rule: .emailSet, isFact: true)]
}

struct FakeSource: Connector {
  static let description = SystemDescription(
    id: "m365", name: "Microsoft 365", kinds: [.person], nouns: [.person: "user"], fields: [.person: fields(false)],
    parameters: [],
    permissions: [], partitionName: "tenant",
    features: Features(
      writes: [:], pageSize: [.person: 3], deltaTellsDeletions: true, hasVersions: false, timestampStepSeconds: nil,
      concurrentWrites: 1))
  let world: FakeWorld

  func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    let results = partitions.map { CheckResult(name: "users: read", outcome: .passed, detail: "", partition: $0) }
    return CheckReport(
      results: [CheckResult(name: "reachable", outcome: .passed, detail: "fake")] + results, findings: [:])
  }
  func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<Page, any Error> {
    world.stream(since: mark)
  }
  func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError) -> [Record] {
    try world.read(ids)
  }
  func find(_ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String)
    async throws(ConnectorError) -> [Record]
  { try world.find(field, value) }
  func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    batch.map { _ in .rejected(WriteRejection(reason: .recordForbidden, message: "a source is never written")) }
  }
  func smallestRequestCount(_ work: RequestWork) -> Int { world.smallest(work) }
  var requestCount: Int { world.state.withLock(\.requests) }
}

struct FakeTarget: Connector {
  static let description = SystemDescription(
    id: "connectwise", name: "ConnectWise", kinds: [.company, .person], nouns: [.person: "contact"],
    fields: [.person: fields(true)], parameters: [],
    permissions: [], partitionName: "company",
    features: Features(
      writes: [.person: [.create, .update, .deactivate, .reactivate]], pageSize: [.person: 3],
      deltaTellsDeletions: false, hasVersions: true, timestampStepSeconds: 1, concurrentWrites: 3))
  let world: FakeWorld
  let companies: FakeWorld

  func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    CheckReport(
      results: [CheckResult(name: "credentials", outcome: .passed, detail: "fake")], findings: ["email-type": "1"])
  }
  func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<Page, any Error> {
    kind == .company ? companies.stream(since: mark) : world.stream(since: mark)
  }
  func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError) -> [Record] {
    try world.read(ids)
  }
  func find(_ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String)
    async throws(ConnectorError) -> [Record]
  { try world.find(field, value) }
  func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    var outcomes: [WriteOutcome] = []
    for write in batch { outcomes.append(await world.write(write)) }
    return outcomes
  }
  func smallestRequestCount(_ work: RequestWork) -> Int { world.smallest(work) }
  var requestCount: Int { world.state.withLock(\.requests) + companies.state.withLock(\.requests) }
}
