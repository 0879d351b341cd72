/// Seeded worlds: random edits on both sides, random faults and crashes, many runs; then laws that must hold.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

/// SplitMix64: the same numbers from the same seed, everywhere.
private struct Dice: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
  /// Whether one of so many throws shows a one.
  mutating func oneIn(_ sides: Int) -> Bool { Int.random(in: 1...sides, using: &self) == 1 }
}

/// What people did at the two systems, in the order of doing.
private struct Diary: Sendable {
  struct Edit: Sendable {
    var side: Side
    var kind: RecordKind
    var id: RecordID
    var field: FieldName
    var value: String
  }
  var edits: [Edit] = []
  /// Addresses of people whom somebody added, or deleted at a side.
  var added: Set<String> = []
  var deleted: [Side: Set<String>] = [:]
  /// All who were deleted anywhere, linked or not.
  var vanished: Set<String> = []

  /// The last edit of a field at a side, with its place in the diary.
  func last(_ kind: RecordKind, _ side: Side, _ id: RecordID, _ field: FieldName) -> (at: Int, value: String)? {
    edits.lastIndex { $0.side == side && $0.kind == kind && $0.id == id && $0.field == field }
      .map { ($0, edits[$0].value) }
  }
}

/// Edits that were made while a run was writing.
private final class Meanwhile: Sendable {
  private let edits = Mutex<[Diary.Edit]>([])
  func withLock<Result: Sendable>(_ body: (inout sending [Diary.Edit]) -> sending Result) -> Result {
    edits.withLock(body)
  }
}

private struct Simulation {
  let seed: UInt64
  var dice: Dice
  var bench: TwoWayBench
  var diary = Diary()
  private var counter = 0
  private let meanwhile = Meanwhile()

  init(seed: UInt64) throws {
    self.seed = seed
    dice = Dice(seed: seed)
    bench = try TwoWayBench()
    try bench.set("create-contacts", .flag(true))
    bench.clock.advance(.seconds(5))
    prepare()
    for number in 1...2 { bench.addCompany("First \(seed)-\(number)", people: 3) }
  }

  /// Habits that hold in every world: names are unique, versions are checked, texts are stored in the vendor's form.
  private func prepare() {
    for side in Side.allCases {
      bench.book(side).with { habits in
        habits.namesAreUnique = true
        habits.checksVersions = true
        habits.tellsDeletions = side == .source
        habits.stores = { field, value in
          guard field == "website", let text = value.text, !text.isBlank else { return value }
          return .text(text.hasSuffix("/") ? text : text + "/")
        }
      }
    }
  }

  // MARK: - What people do

  mutating func something() throws {
    counter += 1
    let side: Side = dice.oneIn(2) ? .source : .target
    let book = bench.book(side)
    switch Int.random(in: 0..<14, using: &dice) {
    case 0:
      let company = bench.source.add(.company, TwoWayBench.company("Company \(seed)-\(counter)"))
      for number in 0..<Int.random(in: 0...3, using: &dice) { addPerson(.source, company, "m\(counter)x\(number)") }
    case 1, 2:
      guard let company = pick(book.all(.company)) else { return }
      addPerson(side, company.id, "p\(counter)")
    case 3:
      guard let person = pick(book.all(.person)), let email = person.fields.text("email") else { return }
      let isLinked = try bench.links(.person).contains { $0.id(side) == person.id && $0.state == .linked }
      book.remove(.person, person.id)
      // Who was not known to be a pair yet may be taken for somebody who never arrived.
      if isLinked { diary.deleted[side, default: []].insert(email) }
      diary.vanished.insert(email)
    case 4:
      // Only one side's people move theirs: two moves of one person would be a conflict.
      guard let person = pick(bench.source.all(.person)), let company = pick(bench.source.all(.company)) else { return }
      bench.source.move(.person, person.id, to: company.id)
    case 5:
      guard let company = pick(book.all(.company)) else { return }
      edit(side, .company, company.id, "website", "https://c\(counter).example/")
    default:
      guard let person = pick(book.all(.person)) else { return }
      edit(side, .person, person.id, dice.oneIn(2) ? "first-name" : "last-name", "v\(counter)")
    }
  }

  private mutating func addPerson(_ side: Side, _ company: RecordID, _ mark: String) {
    var fields = TwoWayBench.person("First\(mark)", "Last\(mark)", at: "s\(seed).example")
    // Half of the vendor's people carry a second address.
    if dice.oneIn(2) { fields["other-emails"] = .list(["other\(mark)@s\(seed).example"]) }
    bench.book(side).add(.person, fields, parent: company)
    diary.added.insert(fields.text("email") ?? "")
  }

  private mutating func edit(_ side: Side, _ kind: RecordKind, _ id: RecordID, _ field: FieldName, _ value: String) {
    bench.book(side).edit(kind, id, field, .text(value))
    diary.edits.append(Diary.Edit(side: side, kind: kind, id: id, field: field, value: value))
  }

  private mutating func pick(_ records: [Record]) -> Record? { records.randomElement(using: &dice) }

  // MARK: - What goes wrong

  mutating func faults(_ areOn: Bool) {
    for side in Side.allCases {
      let noise = dice.next()
      let isOut = areOn && dice.oneIn(8)
      let left = areOn && dice.oneIn(6) ? Int.random(in: 0...5, using: &dice) : nil
      bench.book(side).with { habits in
        habits.writesLeft = left
        habits.failure = { number in isOut && number % 2 == 0 ? .unreachable : nil }
        habits.write = { number, _ in
          guard areOn else { return nil }
          var dice = Dice(seed: noise &+ UInt64(number))
          guard dice.oneIn(4) else { return nil }
          switch Int.random(in: 0..<5, using: &dice) {
          case 0, 1: return .commitThenDrop
          case 2: return .drop
          case 3: return .notSent(.unreachable)
          default: return .reject(.valueRefused)
          }
        }
      }
    }
  }

  /// One run; with a crash, everything goes on from the moment before one of its writes was carried out or answered.
  mutating func run(mayCrash: Bool) async throws {
    let crashAt = mayCrash && dice.oneIn(3) ? Int.random(in: 1...6, using: &dice) : nil
    let isBefore = dice.oneIn(2)
    let kept = Mutex<(URL, FakeBook.State, FakeBook.State)?>(nil)
    if let crashAt {
      let bench = bench
      let keep: @Sendable (Int) async -> Void = { number in
        guard number >= crashAt, kept.withLock({ $0 == nil }) else { return }
        let file = bench.folder.freshStore()
        bench.source.state.withLock { source in
          bench.target.state.withLock { target in
            guard (try? bench.store.backup(to: file)) != nil else { return }
            let moment = (file, source, target)
            kept.withLock { $0 = moment }
          }
        }
      }
      let start = Side.allCases.map { side in (side, bench.book(side).state.withLock(\.asked)) }
      for (side, asked) in start {
        bench.book(side).with { habits in
          if isBefore {
            habits.beforeWrite = { await keep($0 - asked) }
          } else {
            habits.afterWrite = { await keep($0 - asked) }
          }
        }
      }
    }
    if crashAt == nil, dice.oneIn(2) { editMeanwhile() }
    // Far enough apart that nothing counts as flapping.
    bench.clock.advance(.seconds(9 * 3_600))
    do {
      _ = try await bench.syncNow()
    } catch is ExecutionError {
      // A system that cannot be read, or a plan that is held, leaves everything as it was.
    }
    for book in [bench.source, bench.target] {
      book.with {
        $0.beforeWrite = { _ in }
        $0.afterWrite = { _ in }
      }
    }
    diary.edits += meanwhile.withLock(\.self)
    meanwhile.withLock { $0 = [] }
    if let (file, source, target) = kept.withLock({ $0 }) {
      let now = bench.clock.now()
      bench = try bench.revived(from: file, source: source, target: target)
      // The clock goes on; the dead run's lease has ended meanwhile.
      bench.clock.advance(.seconds(max(0, now.timeIntervalSince(bench.clock.now())) + 90))
      prepare()
    }
  }

  /// Somebody edits one of the records while a run is writing.
  private mutating func editMeanwhile() {
    let (bench, meanwhile, mark) = (bench, meanwhile, counter)
    let noise = dice.next()
    for side in Side.allCases {
      bench.book(side).with { habits in
        habits.beforeWrite = { number in
          var dice = Dice(seed: noise &+ UInt64(number))
          guard dice.oneIn(3), let person = bench.book(side).all(.person).randomElement(using: &dice) else { return }
          let value = "w\(mark)n\(number)"
          // The edit and its place in the diary have to keep the same order.
          meanwhile.withLock { edits in
            bench.book(side).edit(.person, person.id, "last-name", .text(value))
            edits.append(Diary.Edit(side: side, kind: .person, id: person.id, field: "last-name", value: value))
          }
        }
      }
    }
  }

  // MARK: - Laws

  mutating func check() async throws {
    faults(false)
    var last: Run?
    for _ in 0..<8 where last?.done != 0 || last?.outcome != .ok { last = try await bench.syncNow() }
    #expect(last?.done == 0, "seed \(seed): it never comes to rest: \(last?.message ?? "")")
    #expect(last?.outcome == .ok, "seed \(seed): \(last?.message ?? "")")
    let writes = bench.writeCount
    #expect(try await bench.syncNow().done == 0, "seed \(seed)")
    #expect(bench.writeCount == writes, "seed \(seed)")
    #expect(bench.duplicates().isEmpty, "seed \(seed): twice there: \(bench.duplicates())")
    #expect(try bench.store.unsettled(bench.sync).isEmpty, "seed \(seed)")
    try checkPresence()
    try checkEdits()
  }

  /// Nobody who was deleted comes back, and everybody else is on both sides.
  private func checkPresence() throws {
    for side in Side.allCases {
      let present = Set(bench.book(side).all(.person).compactMap { $0.fields.text("email") })
      let returned = present.intersection(diary.deleted[side] ?? [])
      #expect(returned.isEmpty, "seed \(seed): back at the \(side.rawValue): \(returned.sorted())")
      let missing = diary.added.subtracting(diary.vanished).subtracting(present)
      let plan = Planner.plan(try bench.engine().situations(for: bench.sync))
      let reasons = plan.decisions.filter { missing.contains($0.label) }.map { "\($0.label): \($0.reason.reason)" }
      #expect(missing.isEmpty, "seed \(seed): not at the \(side.rawValue): \(missing.sorted()) \(reasons)")
    }
    let names = Side.allCases.map { Set(bench.book($0).all(.company).compactMap { $0.fields.text("name") }) }
    #expect(names[0] == names[1], "seed \(seed)")
  }

  /// The last edit of a field is what both sides hold; where both were edited in between, each side keeps its own.
  private func checkEdits() throws {
    let conflicts = Conflicts.table(try bench.engine().situations(for: bench.sync))
    var compared = 0
    for link in try bench.store.links(of: bench.sync) where link.state == .linked {
      guard let source = bench.source.record(link.kind, link.source),
        let target = bench.target.record(link.kind, link.target)
      else {
        Issue.record("seed \(seed): \(link.source) ↔ \(link.target) is linked and not there")
        continue
      }
      if link.kind == .person {
        let company = try bench.partner(.company, of: source.parent ?? "", at: .source)?.id
        #expect(target.parent == company, "seed \(seed): \(link.source) ↔ \(link.target) belong to two companies")
      }
      for field in link.kind == .company ? ["website" as FieldName] : ["first-name", "last-name"] {
        let (here, there) = (source.fields.text(field) ?? "", target.fields.text(field) ?? "")
        let lastHere = diary.last(link.kind, .source, link.source, field)
        let lastThere = diary.last(link.kind, .target, link.target, field)
        guard lastHere != nil || lastThere != nil else { continue }
        compared += 1
        let what = "seed \(seed): \(field) of \(link.source) ↔ \(link.target): \(here) ↔ \(there)"
        if here == there {
          let newest = [lastHere, lastThere].compactMap(\.self).max { $0.at < $1.at }
          #expect(here == newest?.value, "\(what)")
        } else {
          let isOpen = conflicts.contains { $0.kind == link.kind && $0.source == link.source && $0.field == field }
          #expect(isOpen, "\(what) is no conflict")
          if let lastHere { #expect(here == lastHere.value, "\(what)") }
          if let lastThere { #expect(there == lastThere.value, "\(what)") }
        }
      }
    }
    #expect(compared > 0, "seed \(seed): nothing was edited")
  }
}

extension Link {
  fileprivate func id(_ side: Side) -> RecordID { side == .source ? source : target }
}

@Suite struct TwoWaySimulation {
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `G7 G8 G11 G13 a random world comes to rest, with nobody twice and no edit lost`(_ seed: UInt64) async throws {
    var world = try Simulation(seed: seed)
    defer { world.bench.remove() }
    for _ in 0..<8 { try world.something() }
    for round in 0..<14 {
      world.faults(round % 3 != 2)
      for _ in 0..<Int.random(in: 0...6, using: &world.dice) { try world.something() }
      try await world.run(mayCrash: true)
    }
    try await world.check()
  }
}
