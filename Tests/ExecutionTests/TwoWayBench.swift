/// A store, two writable fakes, a clock that stands still, and one two-way sync of the whole account between them.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization

struct TwoWayBench: Sendable {
  enum Pair: Sendable { case teamworkDesk, itGluePSA }

  private struct Provider: ConnectorProvider {
    let source: any Connector
    let target: any Connector
    func connector(for connection: Connection) throws(ConnectorError) -> any Connector {
      connection.name == "here" ? source : target
    }
    func description(of system: SystemID) -> SystemDescription? {
      [type(of: source).description, type(of: target).description].first { $0.id == system }
    }
  }

  let pair: Pair
  let folder: URL
  let store: Store
  let source: FakeBook
  let target: FakeBook
  let clock: FakeClock
  let sync: SyncName

  init(_ pair: Pair = .teamworkDesk) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kith-\(UUID().uuidString)", isDirectory: true)
    let clock = FakeClock()
    self.init(
      pair, folder, try Store.open(at: folder.appendingPathComponent("kith.sqlite")),
      FakeBook(firstID: 100, now: clock.now), FakeBook(firstID: 5_000, now: clock.now), clock)
    let now = clock.now()
    let systems: (SystemID, SystemID) =
      switch pair {
      case .teamworkDesk: ("teamwork", "desk")
      case .itGluePSA: ("connectwise", "itglue")
      }
    for (name, system) in [("here", systems.0), ("there", systems.1)] {
      try store.save(
        Connection(name: name, system: system, parameters: [:], secrets: [:], madeAt: now, changedAt: now))
      try store.recordCheck(
        connection: name, partition: nil,
        results: [CheckResult(name: "credentials", outcome: .passed, detail: "")], at: now)
    }
    try store.add(
      Sync(name: sync, recipe: sync.rawValue, company: nil, source: "here", target: "there", madeAt: now))
    try set("enabled", .flag(true))
    if pair == .itGluePSA {
      for key in ["organization", "configuration"] {
        try set(SettingKey("\(key)-types"), .list(["Client", "Server"]))
        try set(SettingKey("\(key)-statuses"), .list(["Active"]))
      }
      try set("contacts", .flag(true))
      try set("two-way", .flag(true))
    }
    clock.advance(.seconds(5))
  }

  private init(
    _ pair: Pair, _ folder: URL, _ store: Store, _ source: FakeBook, _ target: FakeBook, _ clock: FakeClock
  ) {
    (self.pair, self.folder, self.store, self.source, self.target, self.clock) =
      (pair, folder, store, source, target, clock)
    sync = pair == .teamworkDesk ? "teamwork-desk" : "itglue-psa"
  }

  /// What a process that starts after a crash finds: the store as it was copied, the vendors as they were then.
  func revived(from file: URL, source: FakeBook.State, target: FakeBook.State) throws -> TwoWayBench {
    let clock = FakeClock()
    clock.advance(.seconds(3_600))
    let books = (FakeBook(firstID: 0, now: clock.now), FakeBook(firstID: 0, now: clock.now))
    books.0.state.withLock { $0 = source }
    books.1.state.withLock { $0 = target }
    return TwoWayBench(pair, folder, try Store.open(at: file), books.0, books.1, clock)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func set(_ key: SettingKey, _ value: SettingValue) throws {
    try store.set(key, to: value, for: .sync(sync), by: "ada", at: clock.now())
  }

  func book(_ side: Side) -> FakeBook { side == .source ? source : target }

  // MARK: - World

  static func company(_ name: String) -> FieldValues {
    [
      "name": .text(name), "website": .null, "email": .null, "type": .text("Client"), "status": .text("Active"),
    ]
  }

  static func person(_ first: String, _ last: String, at domain: String = "acme.example") -> FieldValues {
    [
      "first-name": .text(first), "last-name": .text(last),
      "email": .text("\(first).\(last)@\(domain)".lowercased()), "other-emails": .list([]), "title": .null,
      "phone": .null, "user-type": .text("contact"),
    ]
  }

  /// A company with some people at one side.
  @discardableResult
  func addCompany(_ name: String, people: Int, at side: Side = .source) -> (company: RecordID, people: [RecordID]) {
    let company = book(side).add(.company, Self.company(name))
    let domain = name.lowercased().replacingOccurrences(of: " ", with: "") + ".example"
    return (
      company,
      (0..<people).map { number in
        book(side).add(
          .person, Self.person("Person\(number)", name.replacingOccurrences(of: " ", with: ""), at: domain),
          parent: company)
      }
    )
  }

  // MARK: - Verbs

  func engine(isAttended: Bool = false) -> Engine {
    let provider =
      switch pair {
      case .teamworkDesk: Provider(source: FakeTeamwork(book: source), target: FakeDesk(book: target))
      case .itGluePSA: Provider(source: FakePSA(book: source), target: FakeGlue(book: target))
      }
    return Engine(
      store: store, connectors: provider, clock: clock,
      who: Who(
        user: "ada", isAttended: isAttended, host: "desk", pid: ProcessInfo.processInfo.processIdentifier,
        session: "s1"))
  }

  @discardableResult
  func syncNow(yields: Bool = false) async throws -> Run {
    clock.advance(.seconds(30))
    return try await engine().sync(sync, limits: Bench.anything, yields: yields, confirm: { _ in true })
  }

  @discardableResult
  func apply(_ plan: PlanID, rest: Bool = false, overrides: Overrides? = nil) async throws -> Run {
    try await engine().apply(
      plan, rest: rest, limits: Bench.anything, overrides: overrides, confirm: { _, _ in .goOn })
  }

  func preview() async throws -> Plan { try await engine().preview(sync).plan }

  // MARK: - What became of it

  func links(_ kind: RecordKind) throws -> [Link] { try store.links(of: sync).filter { $0.kind == kind } }

  /// The record of the other side that is linked to this one.
  func partner(_ kind: RecordKind, of id: RecordID, at side: Side) throws -> Record? {
    let link = try links(kind).first { side == .source ? $0.source == id : $0.target == id }
    return link.flatMap { book(side.other).record(kind, side == .source ? $0.target : $0.source) }
  }

  /// Names or addresses that several records of one side have.
  func duplicates() -> [String] {
    Side.allCases.flatMap { side in
      [(RecordKind.company, "name" as FieldName), (.person, "email")].flatMap { kind, field in
        Dictionary(grouping: book(side).all(kind).compactMap { $0.fields.text(field)?.lowercased() }) { $0 }
          .filter { $0.value.count > 1 }.keys
      }
    }.sorted()
  }

  /// What each side's records say, and to which company they belong, without ids and versions.
  func content() -> [String] {
    Side.allCases.flatMap { side in
      let book = book(side)
      return RecordKind.allCases.flatMap { kind in
        book.all(kind).map { record in
          let company = record.parent.flatMap { book.record(.company, $0)?.fields.text("name") } ?? "–"
          let fields = record.fields.sorted.map { "\($0.name)=\($0.value.displayed)" }.joined(separator: "|")
          return "\(side.rawValue) \(kind.rawValue) \(company) \(fields)"
        }
      }
    }.sorted()
  }

  var writeCount: Int { source.writes.count + target.writes.count }
}
