/// A store of its own for each test, with a small set-up in it.
import Foundation
import Model
import Storage

/// A folder that goes when the test ends.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("kith-storage-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(name: String) -> URL { url.appendingPathComponent(name) }
}

/// Moments that count from one fixed day.
func moment(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_750_000_000 + seconds) }

struct Fixture {
  let folder: TemporaryFolder
  let store: Store

  static let sync: SyncName = "acme/contacts"
  static let people = SnapshotScope(connection: "m365", kind: .person, partition: "acme.example")
  static let contacts = SnapshotScope(connection: "cw", kind: .person, partition: "1187")

  /// An empty store.
  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(at: folder["home/kith.sqlite"])
  }

  /// A store with two connections, one company and one sync.
  static func withSync() throws -> Fixture {
    let fixture = try Fixture()
    try fixture.store.save(connection("m365", system: "m365"))
    try fixture.store.save(connection("cw", system: "connectwise"))
    try fixture.store.save([
      Company(handle: "acme", name: "Acme Dental", ids: ["cw": "1187", "m365": "acme.example"], isActive: true)
    ])
    try fixture.store.add(
      Sync(name: sync, recipe: "m365-contacts", company: "acme", source: "m365", target: "cw", madeAt: moment(0)))
    return fixture
  }

  static func connection(_ name: String, system: SystemID) -> Connection {
    Connection(
      name: name, system: system, parameters: ["url": "https://\(name).example"], secrets: ["secret": "env:\(name)"],
      madeAt: moment(0), changedAt: moment(0))
  }

  static func person(_ id: RecordID, email: String, first: String = "Zoë", last: String = "Olsen") -> Model.Record {
    Record(
      id: id, kind: .person, state: .active,
      fields: [
        "email": .text(email), "first-name": .text(first), "last-name": .text(last), "phone": .null,
        "is-guest": .flag(false), "addresses": .list([email, "x@\(last).example"]),
      ], version: RecordVersion("v1"), modified: moment(1), native: "{\"a\":1}")
  }

  static func certificate(
    _ completeness: ReadCompleteness = .complete, count: Int, earlier: [Int] = [], at: Date = moment(10)
  ) -> ReadCertificate {
    ReadCertificate(
      completeness: completeness, startedAt: at, finishedAt: at, pagesAsked: 1, pagesReceived: 1, sawEnd: true,
      declaredTotal: nil, recordCount: count, snapshotCount: count, completeAt: at, earlierCounts: earlier, requests: 1)
  }

  /// Reads these records as one whole reading.
  @discardableResult
  func read(
    _ records: [Model.Record], into scope: SnapshotScope = Fixture.people, mode: ReadingMode = .complete,
    mark: String? = nil, earlier: [Int] = []
  ) throws -> (changed: Int, removed: Int) {
    let reading = try store.beginReading(scope, mode: mode, at: moment(5))
    try store.apply(page: records, to: reading)
    return try store.finishReading(
      reading,
      certificate: Fixture.certificate(
        mode == .complete ? .complete : .delta, count: records.count, earlier: earlier), mark: mark)
  }

  static func decision(
    _ number: Int, _ action: Action = .update, source: RecordID? = "u1", target: RecordID? = "c1"
  ) -> Decision {
    Decision(
      number: number, source: source, target: target, label: "zoe@acme.example", name: "Zoë Olsen", action: action,
      reason: Cause(action == .inStep ? .inStep : .changedAtSource),
      changes: action == .update
        ? [FieldChange(field: "title", old: .text("Clerk"), new: .text("Manager"), reason: .changedAtSource)] : [])
  }

  static func plan(_ decisions: [Decision], state: PlanState = .open, purpose: PlanPurpose = .sync) -> Plan {
    Plan(
      sync: sync, purpose: purpose, madeAt: moment(20), settings: Fingerprint(rawValue: "s1"), state: state,
      decisions: decisions)
  }

  func beginRun(plan: PlanID? = nil, at: Date = moment(30), letThrough: Bool = false) throws -> RunID {
    try store.begin(
      Run(
        sync: Fixture.sync, plan: plan, verb: "sync", by: "sam", isAttended: false, startedAt: at, outcome: .running),
      isLetThrough: letThrough)
  }

  static func line(
    _ number: Int = 1, _ action: Action = .update, _ outcome: RecordOutcome = .done, target: RecordID? = "c1"
  ) -> RunLine {
    RunLine(
      number: number, source: "u1", target: target, label: "zoe@acme.example", action: action, outcome: outcome,
      before: ["title": .text("Clerk")], after: ["title": .null], afterVersion: RecordVersion("v2"))
  }

  static func entry(_ number: Int = 1, run: RunID, _ action: WriteKind = .update, at: Date = moment(31)) -> JournalEntry
  {
    JournalEntry(
      run: run, plan: PlanID(1), number: number, sync: sync, token: "t\(number)", action: action, source: "u1",
      target: action == .create ? nil : "c1", values: ["title": .text("Manager"), "phone": .null], at: at)
  }

  static func link(_ source: RecordID, _ target: RecordID) -> Link {
    Link(
      kind: .person, source: source, target: target, state: .linked, madeBy: .key("email", value: "zoe@acme.example"),
      run: RunID(1), since: moment(3))
  }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// The error that a call ends in; `nil` when it ends well.
func failure(_ body: () throws -> Void) -> StoreError? {
  do {
    try body()
    return nil
  } catch {
    return error as? StoreError
  }
}
