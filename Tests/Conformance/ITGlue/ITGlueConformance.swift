/// IT Glue as a two-way sync reads and writes it, against its emulation over real HTTP.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct ITGlueConformance {
  private static let subject = Subject.itGlue
  private static let company = Subject.itGlueOrganizations.values
  private static let person = Subject.itGlue.values
  private static let configuration = Subject.itGlueConfigurations.values

  private static func records(
    _ stage: Stage, _ connector: any Connector, _ kind: RecordKind, since mark: DeltaMark? = nil
  ) async -> (records: [Record], last: Page?, error: ConnectorError?) {
    let (pages, error) = await stage.read(connector, ReadScope(), of: kind, since: mark)
    return (pages.flatMap(\.records), pages.last, error)
  }

  private static func options(_ stage: Stage, _ options: String) throws {
    try stage.sandbox.control.perform("POST", "/itglue/options", options)
  }

  // MARK: Reading

  @Test(
    "a whole account is read at once, each record with its organization",
    arguments: [RecordKind.person, .configuration])
  func wholeAccount(_ kind: RecordKind) async throws {
    try await Stage.with(people: 5) { stage in
      let connector = try stage.connector(Self.subject)
      let companies = await Self.records(stage, connector, .company).records
      let all = await Self.records(stage, connector, kind)
      #expect(all.error == nil)
      #expect(!all.records.isEmpty && all.last?.declaredTotal == all.records.count)
      #expect(all.records.allSatisfy { record in companies.contains { $0.id == record.parent } })
      let company = try #require(all.records.first?.parent)
      let some = await stage.read(connector, ReadScope(partition: company.rawValue), of: kind).pages.flatMap(\.records)
      #expect(some == all.records.filter { $0.parent == company })
      let odd: [RecordID] = ["x", "0", "../1", "999999"]
      let singles = try await connector.read(all.records.map(\.id) + odd, of: kind, in: ReadScope())
      #expect(Set(singles) == Set(all.records))
      #expect(companies.count { $0.fields.flag("is-owner") == true } == 1)
    }
  }

  @Test("every record comes exactly once, also where large pages take the server too long", arguments: [0, 500, 200])
  func paging(_ slowOver: Int) async throws {
    try await Stage.with(people: 1) { stage in
      try stage.sandbox.control.perform(
        "POST", "/itglue/import", #"{"kind":"contacts","count":2100,"organization":"Acme Dental"}"#)
      if slowOver > 0 { try Self.options(stage, #"{"slow-pages-over":\#(slowOver)}"#) }
      let connector = try stage.connector(Self.subject)
      let before = connector.requestCount
      let (records, last, error) = await Self.records(stage, connector, .person)
      #expect(error == nil)
      #expect(Set(records.map(\.id)).count == records.count)
      #expect(records.count >= 2100 && last?.declaredTotal == records.count)
      guard slowOver == 0 else { return }
      let least = connector.smallestRequestCount(.read(.person, count: records.count, isDelta: false))
      #expect(connector.requestCount - before == least)
    }
  }

  @Test(
    "a reading since a mark tells of what changed, and a deletion shows in the number",
    arguments: [(RecordKind.company, "organizations"), (.person, "contacts"), (.configuration, "configurations")])
  func changes(_ kind: RecordKind, _ name: String) async throws {
    try await Stage.with(people: 8) { stage in
      let connector = try stage.connector(Self.subject)
      let (records, last, _) = await Self.records(stage, connector, kind)
      let mark = try #require(last?.mark)
      stage.sandbox.control.advanceClock(bySeconds: 3600)
      let (first, second) = (try #require(records.first), try #require(records.last))
      let field: FieldName = kind == .person ? "title" : "name"
      try stage.sandbox.control.perform("PATCH", "/itglue/\(name)/\(first.id)", #"{"\#(field)":"Changed here"}"#)
      let changed = await Self.records(stage, connector, kind, since: mark)
      #expect(changed.error == nil)
      #expect(changed.last?.isDelta == true)
      #expect(changed.records.first { $0.id == first.id }?.fields.text(field) == "Changed here")
      #expect(changed.last?.declaredTotal == records.count)
      // Beyond the overlap nothing is told again.
      let next = try #require(changed.last?.mark)
      stage.sandbox.control.advanceClock(bySeconds: 3600)
      try stage.sandbox.control.perform("POST", "/itglue/\(name)/\(first.id)/touch")
      let later = try #require(await Self.records(stage, connector, kind, since: next).last?.mark)
      stage.sandbox.control.advanceClock(bySeconds: 3600)
      try stage.sandbox.control.perform("DELETE", "/itglue/\(name)/\(second.id)")
      stage.sandbox.control.advanceClock(bySeconds: 3600)
      let quiet = await Self.records(stage, connector, kind, since: later)
      #expect(quiet.records.map(\.id) == [first.id])
      #expect((quiet.last?.declaredTotal ?? .max) < records.count)
      #expect(!(try await connector.read([second.id], of: kind, in: ReadScope()).contains { $0.id == second.id }))
    }
  }

  @Test(
    "an old mark is caught up with in ranges that the vendor takes, or by reading everything", arguments: [10, 40, 400])
  func oldMarks(_ days: Int) async throws {
    try await Stage.with(people: 3) { stage in
      try Self.options(stage, #"{"long-ranges":"refused"}"#)
      let connector = try stage.connector(Self.subject)
      let mark = DeltaMark(
        Date.reference.addingTimeInterval(-86_400 * Double(days))
          .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
      let whole = await Self.records(stage, connector, .company)
      let since = await Self.records(stage, connector, .company, since: mark)
      #expect(since.error == nil)
      #expect(since.last?.isDelta == (days < 60))
      let wanted = whole.records.filter { ($0.modified ?? .distantPast) >= Date.reference - 86_400 * Double(days) }
      #expect(Set(since.records).isSuperset(of: wanted))
    }
  }

  @Test(
    "a record is found by what a recipe knows of it",
    arguments: [
      "Plain", "O'Neil, Sons", "a, b\\, c", "Quote\"d", "[list]*%&=+", "Ünïcode 王 👩‍👩‍👧", "back\\slash",
    ], ["exact", "contains"])
  func find(_ name: String, _ filter: String) async throws {
    try await Stage.with { stage in
      try Self.options(stage, #"{"name-filter":"\#(filter)"}"#)
      let connector = try stage.connector(Self.subject)
      let company = try await connector.write([.making(.company, ["name": .text(name)])], in: ReadScope()).record()
      _ = try await connector.write([.making(.company, ["name": .text("\(name) too")])], in: ReadScope()).record()
      #expect(try await connector.find(.company, in: ReadScope(), where: "name", is: name).map(\.id) == [company.id])
      let made = try await connector.write(
        [.making(.configuration, Self.configuration.merging(["serial-number": .text(name)]), in: company.id)],
        in: ReadScope()
      ).record()
      for scope in [ReadScope(), ReadScope(partition: company.id.rawValue)] {
        let found = try await connector.find(.configuration, in: scope, where: "serial-number", is: name)
        #expect(found.map(\.id) == [made.id])
      }
    }
  }

  // MARK: Writing

  /// A record of each kind in an organization of its own.
  private static func make(
    _ kind: RecordKind, _ connector: any Connector
  ) async throws -> (record: Record, values: FieldValues) {
    let company = try await connector.write([.making(.company, company)], in: ReadScope()).record()
    switch kind {
    case .company: return (company, Self.company)
    case .person, .member:
      let made = try await connector.write([.making(.person, person, in: company.id)], in: ReadScope()).record()
      return (made, person)
    case .configuration:
      let made = try await connector.write([.making(.configuration, configuration, in: company.id)], in: ReadScope())
        .record()
      return (made, configuration)
    }
  }

  @Test(
    "every writable field is created, read back, changed by itself and cleared",
    arguments: [RecordKind.company, .person, .configuration], [#"{"create-status":200}"#, #"{"create-status":201}"#])
  func fields(_ kind: RecordKind, _ options: String) async throws {
    try await Stage.with { stage in
      try Self.options(stage, options)
      let connector = try stage.connector(Self.subject)
      let writable = type(of: connector).description.fields[kind]?.filter(\.isWritable).map(\.name) ?? []
      let (made, values) = try await Self.make(kind, connector)
      #expect(Set(writable) == Set(values.names))
      #expect(made.fields.filter { writable.contains($0) } == values)
      #expect(try await connector.read([made.id], of: kind, in: ReadScope()) == [made])
      let subject = try #require(Subject.itGlueSubjects.first { $0.kind == kind })
      let changes = subject.others
      #expect(Set(changes.names) == Set(writable))
      var current = try await connector.change(made, changes, among: writable)
      #expect(try await connector.read([made.id], of: kind, in: ReadScope()) == [current])
      let kept: Set<FieldName> = kind == .person ? ["email"] : kind == .company ? ["name"] : ["name", "type"]
      for field in writable where !kept.contains(field) {
        let blank: FieldValue = field == "other-emails" ? .list([]) : .null
        current = try await connector.write([.changing(current, [field: blank])], in: ReadScope()).record()
        #expect(current.fields[field] == blank)
      }
      if kind == .person {
        current = try await connector.write([.changing(current, ["email": .null])], in: ReadScope()).record()
        #expect(current.fields["email"] == .null)
        #expect(current.fields.items("addresses") == [])
      }
    }
  }

  @Test("a new manufacturer and its model are made once, and found again")
  func devices() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let (made, values) = try await Self.make(.configuration, connector)
      let writes = (1...10).map { number in
        Write.making(
          .configuration,
          values.merging([
            "name": .text("PC \(number)"), "manufacturer": .text("Brand New Ltd"), "model": .text("Never Seen 1"),
          ]), in: made.parent)
      }
      for outcome in await connector.write(writes, in: ReadScope()) { _ = try [outcome].record() }
      let again = try await connector.write(
        [.changing(made, ["manufacturer": .text("brand new ltd"), "model": .text("NEVER seen 1")])],
        in: ReadScope()
      ).record()
      #expect(again.fields.text("manufacturer") == "Brand New Ltd")
      #expect(again.fields.text("model") == "Never Seen 1")
      let manufacturers = try stage.sandbox.control.perform("GET", "/itglue/manufacturers")
      #expect(manufacturers.components(separatedBy: "Brand New Ltd").count == 2)
    }
  }

  @Test("archiving is deactivating, and back; contacts and configurations move")
  func statesAndMoves() async throws {
    try await Stage.with(people: 2) { stage in
      let connector = try stage.connector(Self.subject)
      let (made, _) = try await Self.make(.configuration, connector)
      let archived = try await connector.write(
        [.changing(made, ["notes": .text("Gone")], .deactivate)], in: ReadScope()
      ).record()
      #expect(archived.state == .inactive && archived.fields.text("notes") == "Gone")
      #expect(try await connector.read([made.id], of: .configuration, in: ReadScope()) == [archived])
      let back = try await connector.write([.changing(archived, [:], .reactivate)], in: ReadScope()).record()
      #expect(back.state == .active)
      let acme = try #require(
        try await connector.find(.company, in: ReadScope(), where: "name", is: "Acme Dental").first)
      for record in [
        back,
        try await connector.write([.making(.person, Self.person, in: made.parent)], in: ReadScope()).record(),
      ] {
        let moved = try await connector.write([.changing(record, to: acme.id)], in: ReadScope()).record()
        #expect(moved.parent == acme.id)
        #expect(moved.fields.filter { $0 != "company-id" } == record.fields.filter { $0 != "company-id" })
      }
    }
  }

  @Test("phones compare by their digits, whichever way the server keeps them", arguments: ["stripped", "kept"])
  func phones(_ way: String) async throws {
    try await Stage.with { stage in
      try Self.options(stage, #"{"phone-plus":"\#(way)"}"#)
      let connector = try stage.connector(Self.subject)
      let (made, _) = try await Self.make(.person, connector)
      let number = "+353 (1) 555-0999"
      let changed = try await connector.write([.changing(made, ["phone": .text(number)])], in: ReadScope()).record()
      #expect(ComparisonRule.phoneDigits.areEqual(changed.fields["phone"] ?? .null, .text(number)))
      let before = connector.requestCount
      _ = await connector.write([.changing(changed, ["phone": .text("353 1 5550999")])], in: ReadScope())
      #expect(connector.requestCount == before)
    }
  }

  @Test("a server that merges lists is told for what it holds")
  func mergedLists() async throws {
    try await Stage.with { stage in
      try Self.options(stage, #"{"lists":"merge"}"#)
      let connector = try stage.connector(Self.subject)
      let (made, _) = try await Self.make(.person, connector)
      let changed = try await connector.write(
        [.changing(made, ["other-emails": .list(["z@mail.example"])])], in: ReadScope()
      ).record()
      #expect(try await connector.read([made.id], of: .person, in: ReadScope()) == [changed])
    }
  }

  @Test("a record that IT Glue's own sync owns refuses, saying what to switch off; others do not")
  func ownSync() async throws {
    try await Stage.with(people: 6) { stage in
      try Self.options(stage, #"{"built-in-sync":"on"}"#)
      let report = try await stage.connector(Self.subject).check(partitions: [])
      #expect(report.results.contains { $0.name == "own PSA sync off" && $0.outcome == .warned })
      let connector = try stage.connector(Self.subject, findings: report.findings)
      for kind in [RecordKind.company, .person, .configuration] {
        let records = await Self.records(stage, connector, kind).records
        let owned = try #require(records.first { $0.fields.text("psa-id") != nil })
        let field: FieldName = kind == .person ? "title" : "name"
        let outcome = await connector.write([.changing(owned, [field: .text("Kith")])], in: ReadScope())
        guard case .rejected(let rejection)? = outcome.first else {
          Issue.record("\(kind): \(outcome)")
          continue
        }
        #expect(rejection.reason == .recordForbidden)
        #expect(rejection.message.hasPrefix("IT Glue's own ConnectWise sync still owns this"))
        #expect(rejection.message.contains("switch that integration off"))
        #expect(try await connector.read([owned.id], of: kind, in: ReadScope()) == [owned])
      }
      let (made, _) = try await Self.make(.person, connector)
      #expect(made.fields["psa-id"] == .null)
    }
  }

  @Test(
    "what is refused is told with its field and the server's words",
    arguments: [
      (RecordKind.company, ["type": .text("Pigeon")], "type"), (.person, ["email": .text("no address")], "email"),
      (.configuration, ["status": .text("Pigeon")], "status"),
      (.configuration, ["mac-address": .text("00:00:5E:00:53:01:02:03")], "mac-address"),
    ] as [(RecordKind, FieldValues, FieldName)])
  func refusals(_ kind: RecordKind, _ values: FieldValues, _ field: FieldName) async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let (made, _) = try await Self.make(kind, connector)
      guard
        case .rejected(let rejection)? = await connector.write([.changing(made, values)], in: ReadScope())
          .first
      else {
        Issue.record("taken")
        return
      }
      #expect(rejection.reason == .valueRefused)
      #expect(rejection.field == field)
      #expect(!rejection.isPartial && !rejection.message.isEmpty)
      #expect(try await connector.read([made.id], of: kind, in: ReadScope()) == [made])
    }
  }

  // MARK: Checking
  @Test("a wrong key is told as one, whichever way it is answered; each right by itself", arguments: [401, 403])
  func check(_ status: Int) async throws {
    try await Stage.with(people: 2) { stage in
      try Self.options(stage, #"{"bad-key":\#(status)}"#)
      let wrong = try await stage.connector(Self.subject, changing: ["api-key": "ITG.hunter2"]).check(partitions: [])
      #expect(wrong.results.filter { $0.outcome == .failed }.map(\.name) == ["credentials"])
      #expect(!wrong.results.contains { $0.detail.contains("hunter2") })
      let companies = await Self.records(stage, try stage.connector(Self.subject), .company).records
      let id = try #require(companies.first?.id.rawValue)
      let good = try await stage.connector(Self.subject).check(partitions: [id, "999999"])
      #expect(good.results.filter { $0.outcome == .failed }.map(\.partition) == ["999999"])
      #expect(good.results.allSatisfy { $0.outcome != .warned })
      try stage.sandbox.control.perform("POST", "/itglue/rights", #"{"contacts":{"read":false}}"#)
      let partly = try await stage.connector(Self.subject).check(partitions: [])
      #expect(partly.results.filter { $0.outcome == .failed }.map(\.name) == ["contacts: read"])
    }
  }

  @Test("ids of sixteen digits come, are asked for and are written to as they are")
  func longIDs() async throws {
    try await Stage.with(people: 3) { stage in
      let connector = try stage.connector(Self.subject)
      let records = await Self.records(stage, connector, .company).records
      #expect(records.contains { $0.id.rawValue.count >= 16 })
      for record in records where record.id.rawValue.count >= 16 {
        #expect(try await connector.read([record.id], of: .company, in: ReadScope()) == [record])
        let near = RecordID("\((Int(record.id.rawValue) ?? 0) + 1)")
        #expect(try await connector.read([near], of: .company, in: ReadScope()).allSatisfy { $0.id == near })
      }
    }
  }
}
