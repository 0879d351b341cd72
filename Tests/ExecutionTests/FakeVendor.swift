/// Two writable systems in memory with companies and what belongs to them: what two-way syncs are tested against.
import Connectors
import Foundation
import Model
import Synchronization

/// One vendor's account, its habits and its faults.
final class FakeBook: Sendable {
  /// A value, so that a moment of it can be kept and put back.
  struct State: Sendable {
    var records: [RecordKind: [RecordID: Record]] = [:]
    var nextID: Int
    var requests = 0
    var stamp = 0
    /// What changed, oldest first; a mark is a place in it.
    var changes: [(kind: RecordKind, id: RecordID)] = []
    /// Every write that was carried out, in order.
    var carriedOut: [Write] = []
    var asked = 0
  }

  struct Habits: Sendable {
    /// How the vendor stores a value that it is given.
    var stores: @Sendable (FieldName, FieldValue) -> FieldValue = { $1 }
    var namesAreUnique = false
    /// Otherwise a delta only declares how many records there are.
    var tellsDeletions = true
    /// A change of a record that was edited after it was read is refused.
    var checksVersions = false
    /// By the number of the write, counted from 1.
    var write: @Sendable (_ number: Int, _ write: Write) -> WriteFault? = { _, _ in nil }
    var beforeWrite: @Sendable (Int) async -> Void = { _ in }
    var afterWrite: @Sendable (Int) async -> Void = { _ in }
    /// Readings that break off, by what is asked for; the number counts the readings.
    var failure: @Sendable (_ number: Int) -> ConnectorError.Kind? = { _ in nil }
    /// What one attempt at a write takes from the account's budget of requests; `nil`: no budget.
    var writesLeft: Int?
  }

  let state: Mutex<State>
  let habits = Mutex(Habits())
  private let now: @Sendable () -> Date
  private let readings = Mutex(0)

  init(firstID: Int, now: @escaping @Sendable () -> Date) {
    state = Mutex(State(nextID: firstID))
    self.now = now
  }

  func with(_ change: (inout Habits) -> Void) { habits.withLock { change(&$0) } }

  // MARK: - What people do there

  @discardableResult
  func add(_ kind: RecordKind, _ fields: FieldValues, parent: RecordID? = nil) -> RecordID {
    state.withLock { state in
      let id = RecordID(String(state.nextID))
      state.nextID += 1
      var record = Record(id: id, kind: kind, state: .active, fields: fields, created: now(), parent: parent)
      Self.complete(&record)
      put(record, &state)
      return id
    }
  }

  func edit(_ kind: RecordKind, _ id: RecordID, _ field: FieldName, _ value: FieldValue) {
    state.withLock { state in
      guard var record = state.records[kind]?[id] else { return }
      record.fields[field] = value
      Self.complete(&record)
      put(record, &state)
    }
  }

  func move(_ kind: RecordKind, _ id: RecordID, to parent: RecordID?) {
    state.withLock { state in
      guard var record = state.records[kind]?[id] else { return }
      record.parent = parent
      put(record, &state)
    }
  }

  func remove(_ kind: RecordKind, _ id: RecordID) {
    state.withLock { state in
      guard state.records[kind]?.removeValue(forKey: id) != nil else { return }
      state.changes.append((kind, id))
    }
  }

  private func put(_ record: Record, _ state: inout State) {
    var record = record
    state.stamp += 1
    record.version = RecordVersion("v\(state.stamp)")
    record.modified = now()
    state.records[record.kind, default: [:]][record.id] = record
    state.changes.append((record.kind, record.id))
  }

  /// What a vendor says of a record that nothing was said about.
  private static func blank(_ kind: RecordKind) -> FieldValues {
    switch kind {
    case .company: ["name": .null, "website": .null, "email": .null, "type": .null, "status": .null]
    case .person, .member:
      [
        "first-name": .null, "last-name": .null, "email": .null, "other-emails": .list([]), "phone": .null,
        "title": .null, "user-type": .text("contact"),
      ]
    case .configuration:
      [
        "name": .null, "type": .null, "status": .null, "serial-number": .null, "mac-address": .null, "notes": .null,
      ]
    }
  }

  /// What a vendor reckons from other fields.
  private static func complete(_ record: inout Record) {
    guard record.kind == .person else { return }
    let all = [record.fields.text("email")].compactMap(\.self) + (record.fields.items("other-emails") ?? [])
    record.fields["addresses"] = .list(all.filter { !$0.isBlank })
  }

  // MARK: - What is there

  func record(_ kind: RecordKind, _ id: RecordID) -> Record? { state.withLock { $0.records[kind]?[id] } }
  func all(_ kind: RecordKind) -> [Record] {
    state.withLock { ($0.records[kind] ?? [:]).values.sorted { $0.id < $1.id } }
  }
  func first(_ kind: RecordKind, _ field: FieldName, _ text: String) -> Record? {
    all(kind).first { $0.fields.text(field) == text }
  }
  var writes: [Write] { state.withLock(\.carriedOut) }

  // MARK: - Reading

  func stream(_ kind: RecordKind, _ scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<Page, any Error> {
    let result = page(kind, scope, since: mark)
    return AsyncThrowingStream { continuation in
      switch result {
      case .success(let page):
        continuation.yield(page)
        continuation.finish()
      case .failure(let error): continuation.finish(throwing: error)
      }
    }
  }

  private func page(_ kind: RecordKind, _ scope: ReadScope, since mark: DeltaMark?) -> Result<Page, ConnectorError> {
    let habits = habits.withLock { $0 }
    let number = readings.withLock { count in
      count += 1
      return count
    }
    if let failure = habits.failure(number) { return .failure(ConnectorError(failure, "the reading broke off")) }
    return .success(
      state.withLock { state in
        state.requests += 1
        RequestMeter.note()
        let next = DeltaMark(String(state.changes.count))
        guard let mark, let start = Int(mark.rawValue) else {
          let records = (state.records[kind] ?? [:]).values.filter { $0.belongs(to: scope) }
          return Page(records: records.sorted { $0.id < $1.id }, number: 1, isLast: true, mark: next, isDelta: false)
        }
        var told: [Record] = []
        for id in Set(state.changes[start...].filter { $0.kind == kind }.map(\.id)).sorted() {
          if let record = state.records[kind]?[id] {
            told.append(record)
          } else if habits.tellsDeletions {
            told.append(Record(id: id, kind: kind, state: .gone, fields: [:]))
          }
        }
        return Page(
          records: told.filter { $0.state == .gone || $0.belongs(to: scope) }, number: 1, isLast: true, mark: next,
          declaredTotal: habits.tellsDeletions ? nil : state.records[kind]?.count ?? 0, isDelta: true)
      })
  }

  func read(_ ids: [RecordID], of kind: RecordKind) -> [Record] {
    state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      return ids.compactMap { state.records[kind]?[$0] }
    }
  }

  func find(_ kind: RecordKind, _ scope: ReadScope, where field: FieldName, is value: String) -> [Record] {
    state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      let found = (state.records[kind] ?? [:]).values.filter { record in
        let held = record.fields.items(field) ?? [record.fields.text(field)].compactMap(\.self)
        return record.belongs(to: scope) && held.contains { $0.lowercased() == value.lowercased() }
      }
      return found.sorted { $0.id < $1.id }
    }
  }

  // MARK: - Writing

  func write(_ write: Write) async -> WriteOutcome {
    if Task.isCancelled { return .notSent(.cancelled) }
    let number = state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      state.asked += 1
      return state.asked
    }
    let isOut = habits.withLock { habits in
      guard let left = habits.writesLeft else { return false }
      habits.writesLeft = max(0, left - 1)
      return left == 0
    }
    if isOut { return .notSent(ConnectorError(.budgetUsed(resetsInSeconds: 600), "The budget is used up.")) }
    let habits = habits.withLock { $0 }
    await habits.beforeWrite(number)
    let fault = habits.write(number, write)
    if let outcome = fault?.outcome { return outcome }
    let outcome = carryOut(write, habits)
    await habits.afterWrite(number)
    if case .commitThenDrop = fault { return .unknown("the connection broke after sending") }
    return outcome
  }

  private func carryOut(_ write: Write, _ habits: Habits) -> WriteOutcome {
    state.withLock { state in
      var record: Record
      if write.action == .create {
        let name = write.values.text("name")
        if habits.namesAreUnique, write.kind == .company,
          (state.records[.company] ?? [:]).values.contains(where: { $0.fields.text("name") == name })
        {
          return .rejected(WriteRejection(reason: .duplicateAtTarget, message: "the name is taken"))
        }
        if write.kind != .company, write.parent.flatMap({ state.records[.company]?[$0] }) == nil {
          return .rejected(WriteRejection(reason: .valueRefused, message: "no such company"))
        }
        record = Record(
          id: RecordID(String(state.nextID)), kind: write.kind, state: .active, fields: Self.blank(write.kind),
          created: now(), parent: write.parent)
        state.nextID += 1
      } else {
        guard let target = write.target, let known = state.records[write.kind]?[target] else {
          return .rejected(WriteRejection(reason: .targetGone, message: "no such record"))
        }
        if habits.checksVersions, let seen = write.current?.version, seen != known.version {
          return .rejected(WriteRejection(reason: .versionConflict, message: "it was changed meanwhile"))
        }
        record = known
        record.parent = write.parent ?? known.parent
      }
      for (name, value) in write.values.sorted { record.fields[name] = habits.stores(name, value) }
      Self.complete(&record)
      if write.action == .delete {
        state.records[write.kind]?[record.id] = nil
        state.changes.append((write.kind, record.id))
        record.state = .gone
      } else {
        put(record, &state)
      }
      state.carriedOut.append(write)
      return .done(state.records[write.kind]?[record.id] ?? record)
    }
  }
}

extension Record {
  fileprivate func belongs(to scope: ReadScope) -> Bool {
    guard let partition = scope.partition else { return true }
    return (kind == .company ? id : parent)?.rawValue == partition
  }
}

/// A connector over a book.
protocol FakeVendor: Connector {
  var book: FakeBook { get }
}

extension FakeVendor {
  func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    CheckReport(results: [CheckResult(name: "reachable", outcome: .passed, detail: "fake")], findings: [:])
  }
  func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<Page, any Error> {
    book.stream(kind, scope, since: mark)
  }
  func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError) -> [Record] {
    book.read(ids, of: kind)
  }
  func find(_ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String)
    async throws(ConnectorError) -> [Record]
  { book.find(kind, scope, where: field, is: value) }
  func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    var outcomes: [WriteOutcome] = []
    for write in batch { outcomes.append(await book.write(write)) }
    return outcomes
  }
  func smallestRequestCount(_ work: RequestWork) -> Int {
    if case .read(_, _, isDelta: false) = work { 3 } else { 1 }
  }
  var requestCount: Int { book.state.withLock(\.requests) }
}

private func field(
  _ name: FieldName, _ rule: ComparisonRule = .exact, required: Bool = false, fact: Bool = false
) -> FieldDeclaration {
  FieldDeclaration(
    name, vendorName: name.rawValue, summary: "", rule: rule, isWritable: !fact, isRequired: required, isFact: fact)
}

private func describe(
  _ id: SystemID, _ name: String, _ fields: [RecordKind: [FieldDeclaration]]
) -> SystemDescription {
  let kinds = RecordKind.allCases.filter { fields[$0] != nil }
  return SystemDescription(
    id: id, name: name, kinds: kinds, nouns: [:], fields: fields, parameters: [], permissions: [],
    partitionName: "company",
    features: Features(
      writes: Dictionary(uniqueKeysWithValues: kinds.map { ($0, [.create, .update, .delete]) }),
      pageSize: Dictionary(uniqueKeysWithValues: kinds.map { ($0, 100) }), deltaTellsDeletions: true,
      hasVersions: true, timestampStepSeconds: 1, concurrentWrites: 3, moves: [.person]))
}

private let people: [FieldDeclaration] = [
  field("first-name"), field("last-name"), field("email", .email), field("other-emails", .emailSet),
  field("phone", .phone), field("title"), field("addresses", .emailSet, fact: true), field("user-type", fact: true),
]

private let companies: [FieldDeclaration] = [
  field("name", required: true), field("website"), field("email", .email), field("type"), field("status"),
  field("type-id", fact: true), field("status-id", fact: true), field("psa-id", fact: true),
]

private let configurations: [FieldDeclaration] = [
  field("name", required: true), field("type"), field("status"), field("serial-number"), field("mac-address"),
  field("notes"),
]

struct FakeTeamwork: FakeVendor {
  static let description = describe("teamwork", "Teamwork.com", [.company: companies, .person: people])
  let book: FakeBook
}

struct FakeDesk: FakeVendor {
  static let description = describe("desk", "Teamwork Desk", [.company: companies, .person: people])
  let book: FakeBook
}

struct FakePSA: FakeVendor {
  static let description = describe(
    "connectwise", "ConnectWise", [.company: companies, .configuration: configurations, .person: people])
  let book: FakeBook
}

struct FakeGlue: FakeVendor {
  static let description = describe(
    "itglue", "IT Glue", [.company: companies, .configuration: configurations, .person: people])
  let book: FakeBook
}
