/// What the Autotask connector owes its caller, asked of the emulated Autotask over a loopback socket.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct AutotaskConformance {
  static let subject = Subject.autotask

  /// Runs a test with a connector of its own and the scope of Acme.
  private static func with(
    people: Int = 0, _ way: Way = .inProcess, options: String? = nil,
    _ body: (Stage, any Connector, ReadScope) async throws -> Void
  ) async throws {
    try await Stage.with(people: people, way) { stage in
      if let options { try stage.sandbox.control.perform("POST", "/autotask/options", options) }
      let id = try whole(stage.sandbox.control.perform("GET", "/autotask/companies/Acme"), "id")
      try await body(stage, stage.connector(subject), ReadScope(partition: String(id)))
    }
  }

  /// A whole number of an object that control gave.
  private static func whole(_ text: String, _ key: String) throws -> Int {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return try #require(object?[key] as? Int)
  }

  private static func text(_ text: String, _ key: String) throws -> String? {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return object?[key] as? String
  }

  /// A counter of the emulation's state.
  private static func counter(_ stage: Stage, _ name: String) throws -> Int {
    let state = try stage.sandbox.control.state(of: "autotask")
    let object = try JSONSerialization.jsonObject(with: Data(state.utf8)) as? [String: [String: Any]]
    let counters = object?["autotask"]?["counters"] as? [String: Any]
    return try #require(counters?[name] as? Int)
  }

  private static func write(
    _ action: WriteKind, _ values: FieldValues = [:], of record: Record? = nil, kind: RecordKind = .person,
    parent: RecordID? = nil
  ) -> Write {
    Write(
      kind: record?.kind ?? kind, action: action, target: record?.id, parent: parent, values: values, current: record,
      token: "t")
  }

  private static func rejection(_ outcomes: [WriteOutcome]) -> WriteRejection? {
    guard case .rejected(let rejection)? = outcomes.first else {
      Issue.record("not rejected: \(outcomes)")
      return nil
    }
    return rejection
  }

  private static func writable(_ kind: RecordKind) -> Set<FieldName> {
    Set(AutotaskConnector.description.fields[kind]?.filter(\.isWritable).map(\.name) ?? [])
  }

  // MARK: Check

  @Test("all is well; and each thing that is not is told by itself")
  func check() async throws {
    try await Self.with(people: 5) { stage, connector, scope in
      let acme = try #require(scope.partition)
      let report = try await connector.check(partitions: ["0", acme])
      #expect(report.results.allSatisfy { $0.outcome == .passed })
      #expect(report.findings["zone"]?.hasPrefix(stage.world.systems["autotask"]?.url ?? "none") == true)
      for (changing, name) in [
        (["secret": "hunter2"], "credentials"), (["integration-code": "NONE"], "credentials"),
        (["user": "nobody@x.example"], "credentials"),
      ] {
        let wrong = try await stage.connector(Self.subject, changing: changing).check(partitions: [])
        #expect(wrong.results.filter { $0.outcome == .failed }.map(\.name) == [name])
        #expect(!wrong.results.contains { $0.detail.contains("hunter2") })
      }
      for (rights, name) in [
        (#"{"contacts":{"query":false}}"#, "contacts: read"), (#"{"contacts":{"create":false}}"#, "contacts: write"),
        (#"{"companies":{"query":false}}"#, "companies: read"),
        (#"{"configuration-items":{"update":false}}"#, "configuration items: write"),
        (#"{"products":{"create":false}}"#, "products: write"),
      ] {
        try stage.sandbox.control.perform("POST", "/autotask/rights", rights)
        let told = try await connector.check(partitions: [])
        #expect(told.results.filter { $0.outcome != .passed }.map(\.name).contains(name), "\(rights)")
        #expect(told.results.allSatisfy { $0.outcome == .passed || $0.fix != nil })
        let again = rights.replacingOccurrences(of: "false", with: "true")
        try stage.sandbox.control.perform("POST", "/autotask/rights", again)
      }
    }
  }

  // MARK: Reading

  @Test(
    "every record comes once, over many pages, in as few requests as there are pages", arguments: [499, 500, 1_234])
  func pages(_ count: Int) async throws {
    try await Self.with { stage, connector, scope in
      try stage.sandbox.control.perform(
        "POST", "/autotask/contacts/import", #"{"company":"Acme","count":\#(count),"unstamped":true}"#)
      _ = try await connector.check(partitions: [])
      stage.sandbox.control.resetRequests()
      let before = connector.requestCount
      let (pages, error) = await stage.read(connector, ReadScope())
      #expect(error == nil)
      let records = pages.flatMap(\.records)
      #expect(records.count >= count && records.count == pages.last?.declaredTotal)
      #expect(Set(records.map(\.id)).count == records.count)
      #expect(records.filter { $0.parent?.rawValue == scope.partition }.count >= count)
      #expect(
        connector.requestCount - before
          == connector.smallestRequestCount(.read(.person, count: records.count, isDelta: false)))
      #expect(try Self.counter(stage, "pages-by-wrong-method") == 0)
      #expect(try Self.counter(stage, "pages-with-another-body") == 0)
      #expect(try Self.counter(stage, "listings-cut-for-want-of-id") == 0)
      // The same people company by company, each of that company only.
      let (own, _) = await stage.read(connector, scope)
      #expect(own.flatMap(\.records).allSatisfy { $0.parent?.rawValue == scope.partition })
    }
  }

  @Test("what changed since the last reading is told, and what was deactivated is among it")
  func changes() async throws {
    try await Self.with(people: 20) { stage, connector, scope in
      let full = await stage.read(connector, scope).pages
      let mark = try #require(full.last?.mark)
      let people = full.flatMap(\.records)
      let (first, second) = (try #require(people.first), try #require(people.dropFirst().first))
      stage.sandbox.control.advanceClock(bySeconds: 86_400)
      try stage.sandbox.control.perform("PATCH", "/autotask/contacts/\(first.id)", #"{"title":"Director"}"#)
      try stage.sandbox.control.perform("PATCH", "/autotask/contacts/\(second.id)", #"{"isActive":0}"#)
      try stage.sandbox.control.perform("POST", "/autotask/contacts/\(people[2].id)/activity")
      let delta = await stage.read(connector, scope, since: mark).pages
      let told = Dictionary(delta.flatMap(\.records).map { ($0.id, $0) }) { _, last in last }
      #expect(delta.last?.isDelta == true)
      #expect(told[first.id]?.fields.text("title") == "Director")
      #expect(told[second.id]?.state == .inactive)
      // A ticket is no edit.
      #expect(people[2].modified == told[people[2].id]?.modified || told[people[2].id] == nil)
      try stage.sandbox.control.perform("DELETE", "/autotask/contacts/\(people[3].id)")
      let later = await stage.read(connector, scope, since: mark).pages
      #expect(!later.flatMap(\.records).contains { $0.state == .gone })
      #expect(later.last?.declaredTotal == people.count - 1)
    }
  }

  @Test("companies and configuration items say their types by name, and the own company is the owner")
  func others() async throws {
    try await Self.with(people: 5) { stage, connector, scope in
      let companies = await stage.read(connector, ReadScope(), of: .company).pages.flatMap(\.records)
      #expect(companies.filter { $0.fields.flag("is-owner") == true }.map(\.id) == ["0"])
      #expect(companies.allSatisfy { $0.fields.text("type") != nil && $0.fields.text("status") == "Active" })
      let items = await stage.read(connector, ReadScope(), of: .configuration).pages.flatMap(\.records)
      #expect(!items.isEmpty && items.allSatisfy { $0.parent != nil && $0.fields["manufacturer"] != nil })
      let acme = await stage.read(connector, scope, of: .configuration).pages.flatMap(\.records)
      #expect(Set(acme.map(\.id)) == Set(items.filter { $0.parent?.rawValue == scope.partition }.map(\.id)))
      let item = try #require(acme.first { $0.fields.text("serial-number") != nil })
      let serial = try #require(item.fields.text("serial-number"))
      #expect(try await connector.find(.configuration, in: scope, where: "serial-number", is: serial) == [item])
      let name = try #require(item.fields.text("name"))
      #expect(try await connector.find(.configuration, in: scope, where: "name", is: name).contains(item))
      #expect(try await connector.read([item.id, "404404", "x"], of: .configuration, in: ReadScope()) == [item])
      // What the security level hides is not there, and is no error.
      try stage.sandbox.control.perform("POST", "/autotask/visibility", #"{"hidden":["Acme"]}"#)
      let (hidden, error) = await stage.read(connector, scope)
      #expect(error == nil && hidden.flatMap(\.records).isEmpty)
    }
  }

  @Test("people are found by any of their addresses, without case")
  func find() async throws {
    try await Self.with { stage, connector, scope in
      try stage.sandbox.control.perform(
        "POST", "/autotask/contacts",
        #"{"firstName":"Nora","lastName":"Lind","company":"Acme","emailAddress":"a@acme.example","emailAddress3":"C@acme.example","phone":"+1 (813) 555-0100"}"#
      )
      for (field, value) in [
        ("email", "A@ACME.example"), ("email", "c@acme.example"), ("addresses", "c@acme.example"),
        ("phone", "+18135550100"), ("last-name", "Lind"),
      ] as [(FieldName, String)] {
        let found = try await connector.find(.person, in: scope, where: field, is: value)
        #expect(found.map { $0.fields.text("last-name") } == ["Lind"], "\(field)")
      }
      #expect(try await connector.find(.person, in: scope, where: "last-name", is: "lind").isEmpty)
      #expect(try await connector.find(.person, in: ReadScope(partition: "0"), where: "last-name", is: "Lind").isEmpty)
    }
  }

  // MARK: Writing

  @Test("a changed address keeps the one before in a free place")
  func addresses() async throws {
    try await Self.with { stage, connector, scope in
      let values: FieldValues = [
        "first-name": .text("N"), "last-name": .text("L"), "email": .text("old@acme.example"),
      ]
      let made = try await connector.write([Self.write(.create, values)], in: scope).record()
      let changed = try await connector.write(
        [Self.write(.update, ["email": .text("new@acme.example")], of: made)], in: scope
      ).record()
      #expect(changed.fields.items("addresses") == ["new@acme.example", "old@acme.example"])
      let back = try await connector.write(
        [Self.write(.update, ["email": .text("old@acme.example")], of: changed)], in: scope
      ).record()
      #expect(back.fields.items("addresses") == ["old@acme.example", "new@acme.example"])
    }
  }

  @Test("values that the vendor refuses are named with its words, and nothing is changed")
  func refusals() async throws {
    try await Self.with(people: 5) { stage, connector, scope in
      let people = await stage.read(connector, scope).pages.flatMap(\.records)
      let person = try #require(people.first)
      let long = Self.rejection(
        await connector.write(
          [Self.write(.update, ["title": .text(String(repeating: "x", count: 60))], of: person)], in: scope))
      #expect(long?.field == "title" && long?.reason == .valueRefused)
      // A limit that became smaller after the fields were read: the server says it.
      try stage.sandbox.control.perform(
        "POST", "/autotask/fields", #"{"entity":"Contacts","field":"title","length":10}"#)
      let words = Self.rejection(
        await connector.write([Self.write(.update, ["title": .text("Longer than ten")], of: person)], in: scope))
      #expect(words?.field == "title" && words?.message.isEmpty == false)
      #expect(try await connector.read([person.id], of: .person, in: scope) == [person])
      try stage.sandbox.control.perform("POST", "/autotask/rights", #"{"contacts":{"update":false}}"#)
      let forbidden = Self.rejection(await connector.write([Self.write(.deactivate, of: person)], in: scope))
      #expect(forbidden?.reason == .recordForbidden)
      try stage.sandbox.control.perform("POST", "/autotask/rights", #"{"contacts":{"update":true}}"#)
      try stage.sandbox.control.perform("DELETE", "/autotask/contacts/\(person.id)")
      for missing in ["null-item", "404"] {
        try stage.sandbox.control.perform("POST", "/autotask/options", #"{"missing-record":"\#(missing)"}"#)
        let gone = Self.rejection(await connector.write([Self.write(.deactivate, of: person)], in: scope))
        #expect(gone?.reason == .targetGone, "\(gone?.message ?? "none")")
      }
      #expect(try await connector.read([person.id], of: .person, in: scope).isEmpty)
    }
  }

  @Test("a company is created, changed and made inactive")
  func company() async throws {
    try await Self.with { stage, connector, _ in
      let values: FieldValues = [
        "name": .text("Newcomer"), "identifier": .text("NEW"), "website": .text("new.example"), "phone": .text("1 2"),
        "type": .text("Customer"),
      ]
      let made = try await connector.write([Self.write(.create, values, kind: .company)], in: ReadScope()).record()
      let writable = Self.writable(.company)
      #expect(Set(values.names) == writable)
      #expect(made.fields.filter { writable.contains($0) } == values)
      let change: FieldValues = ["type": .text("Vendor"), "website": .null]
      let changed = try await connector.write([Self.write(.update, change, of: made)], in: ReadScope()).record()
      #expect(changed.fields.text("type") == "Vendor" && changed.fields["website"] == .null)
      #expect(changed.fields["identifier"] == .text("NEW"))
      let inactive = try await connector.write([Self.write(.deactivate, of: changed)], in: ReadScope()).record()
      #expect(inactive.state == .inactive && inactive.fields.text("status") == "Inactive")
      let none = Self.rejection(
        await connector.write([Self.write(.update, ["type": .text("Pigeon")], of: changed)], in: ReadScope()))
      #expect(none?.message.contains("Customer") == true && none?.field == "type")
      // Types that are no longer offered are refused before anything is sent.
      let old = Self.rejection(
        await connector.write([Self.write(.update, ["type": .text("Former Reseller")], of: changed)], in: ReadScope()))
      #expect(old?.field == "type")
    }
  }

  @Test("a configuration item finds its product, or makes it once, and is changed without losing anything")
  func configuration() async throws {
    try await Self.with(people: 12) { stage, connector, scope in
      var values: FieldValues = [
        "name": .text("SRV-9"), "type": .text("Server"), "serial-number": .text("S9"), "asset-tag": .text("A9"),
        "notes": .text("by hand"), "manufacturer": .text("Dell"), "model": .text("OptiPlex 7010"),
        "installed-at": .text("2026-01-05"), "warranty-expires-at": .text("2029-01-05"),
      ]
      let writable = Self.writable(.configuration)
      #expect(Set(values.names) == writable)
      let before = try stage.sandbox.control.perform("GET", "/autotask/products").components(
        separatedBy: "isSerialized")
      let made = try await connector.write([Self.write(.create, values, kind: .configuration)], in: scope).record()
      #expect(made.fields.filter { writable.contains($0) } == values)
      #expect(made.parent?.rawValue == scope.partition)
      let found = try stage.sandbox.control.perform("GET", "/autotask/products").components(separatedBy: "isSerialized")
      #expect(found.count == before.count)
      values["manufacturer"] = .text("Ćma")
      values["model"] = .text("X-1")
      let create = Self.write(.create, values, kind: .configuration)
      let outcomes = await connector.write([create, create, create], in: scope)
      for outcome in outcomes { #expect(try [outcome].record().fields["model"] == .text("X-1")) }
      let after = try stage.sandbox.control.perform("GET", "/autotask/products").components(separatedBy: "isSerialized")
      #expect(after.count == before.count + 1)
      let change: FieldValues = ["model": .text("Latitude 5440"), "installed-at": .null, "notes": .null]
      let changed = try await connector.write([Self.write(.update, change, of: made)], in: ReadScope()).record()
      var wanted = made.fields.filter { writable.contains($0) }
      for (name, value) in change.sorted { wanted[name] = value }
      #expect(changed.fields.filter { writable.contains($0) } == wanted)
      let inactive = try await connector.write([Self.write(.deactivate, of: changed)], in: ReadScope()).record()
      #expect(inactive.state == .inactive)
      #expect(try Self.counter(stage, "masks-written") == 0)
    }
  }

  // MARK: Trouble

  @Test("many at once stay below the threads of an entity, whatever the server counts")
  func threads() async throws {
    try await Self.with(people: 20, .socket, options: #"{"limits-with-frozen-clock":true}"#) {
      stage, connector, scope in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<6 {
          group.addTask {
            for try await page in connector.read(.person, in: scope, since: nil) where page.isLast {
              #expect(page.declaredTotal != nil)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try Self.counter(stage, "thread-refusals") == 0)
    }
  }

  @Test("a refusal for too many threads is waited for, whatever its status", arguments: ["429", "500"])
  func threadRefusals(_ status: String) async throws {
    try await Self.with(people: 5) { stage, connector, scope in
      let body = #"{\"errors\":[\"Itgenatr005: The Autotask API thread threshold of 3 threads has been exceeded.\"]}"#
      try stage.fault(Self.subject, #""path":"*/Contacts/query","status":\#(status),"times":2,"body":"\#(body)""#)
      let (pages, error) = await stage.read(connector, scope)
      #expect(error == nil && pages.last?.isLast == true)
    }
  }

  @Test("a customer who moved to another zone is followed there, a reading and a write alike")
  func zone() async throws {
    for status in ["401", "404"] {
      try await Self.with(people: 5, options: #"{"status-of-wrong-zone":\#(status)}"#) { stage, connector, scope in
        let people = await stage.read(connector, scope).pages.flatMap(\.records)
        try stage.sandbox.control.perform("POST", "/autotask/zone", #"{"value":"zone6"}"#)
        let person = try #require(people.first)
        let outcome = await connector.write([Self.write(.deactivate, of: person)], in: scope)
        #expect(try outcome.record().state == .inactive)
        let (again, error) = await stage.read(connector, scope)
        #expect(error == nil && again.flatMap(\.records).count == people.count)
      }
    }
  }

  @Test("pages that point to another host are not followed")
  func foreignLinks() async throws {
    try await Self.with { stage, connector, scope in
      try stage.sandbox.control.perform("POST", "/autotask/contacts/import", #"{"company":"Acme","count":600}"#)
      try stage.sandbox.control.perform("POST", "/autotask/options", #"{"next-page-links":"elsewhere"}"#)
      let (pages, error) = await stage.read(connector, scope)
      #expect(error?.kind == .malformed && pages.last?.isLast != true)
    }
  }

  @Test("a budget that others have used up ends the work before anything is sent, and the next hour goes on")
  func budget() async throws {
    try await Self.with(people: 5, options: #"{"limits-with-frozen-clock":true,"latency-injection":false}"#) {
      stage, _, scope in
      let people = await stage.read(try stage.connector(Self.subject), scope).pages.flatMap(\.records)
      let person = try #require(people.first)
      try stage.sandbox.control.perform("POST", "/autotask/usage", #"{"requests":9700}"#)
      let connector = try stage.connector(Self.subject)
      let (_, error) = await stage.read(connector, scope)
      guard case .budgetUsed(let seconds)? = error?.kind else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(seconds > 0 && error?.delivery == .notSent)
      guard case .notSent(let unsent)? = await connector.write([Self.write(.deactivate, of: person)], in: scope).first,
        case .budgetUsed = unsent.kind
      else {
        Issue.record("sent")
        return
      }
      #expect(try Self.counter(stage, "requests-while-suspended") == 0)
      stage.sandbox.control.advanceClock(bySeconds: 3_700)
      let later = try stage.connector(Self.subject)
      #expect(try await later.write([Self.write(.deactivate, of: person)], in: scope).record().state == .inactive)
    }
  }

  @Test("a budget that is used up is waited out by the same connector, which goes on in the next hour")
  func nextHour() async throws {
    try await Stage.with(simulatesTime: true) { stage in
      try stage.sandbox.control.perform(
        "POST", "/autotask/options", #"{"limits-with-frozen-clock":true,"latency-injection":false}"#)
      let ground = try Ground(Self.subject, stage)
      try ground.add(count: 5)
      let connector = try stage.connector(Self.subject)
      #expect(await Reading(connector, .person, in: ground.scope).looksComplete)
      // Another tool of the customer's; how much is left is asked for every few hundred requests.
      try stage.sandbox.control.perform("POST", "/autotask/usage", #"{"requests":9700}"#)
      var used: Double?
      for _ in 0..<400 where used == nil {
        let reading = await Reading(connector, .person, in: ground.scope)
        if case .budgetUsed(let seconds)? = reading.error?.kind { used = seconds }
      }
      let seconds = try #require(used)
      #expect(seconds > 0 && seconds <= 3_600)
      #expect(try stage.counters(of: Self.subject)["requests-while-suspended"] == 0)
      // All of theirs came at once, and leave the window at once.
      try await stage.clock.sleep(seconds: 3_700)
      let later = await Reading(connector, .person, in: ground.scope)
      #expect(later.looksComplete, "\(String(describing: later.error))")
    }
  }
}
