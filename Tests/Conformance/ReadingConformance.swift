/// What every connector owes a reader, proved against the emulated vendors over real HTTP.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct ReadingConformance {
  @Test("every record comes exactly once, whatever the number of pages", arguments: Subject.all, [0, 1, -1, 0x1000])
  func paging(_ subject: Subject, _ size: Int) async throws {
    // -1 and 0x1000 stand for one page exactly, and one more than that.
    let count = size == -1 ? subject.page : size == 0x1000 ? subject.page + 1 : size
    try await Stage.with { stage in
      for number in 0..<count { try stage.add(subject, number) }
      let connector = try stage.connector(subject)
      let check = try await connector.check(partitions: [])
      #expect(check.hasPassed)
      let before = connector.requestCount
      let (pages, error) = await stage.read(connector, try stage.scope(subject))
      #expect(error == nil)
      let ids = pages.flatMap(\.records).map(\.id)
      #expect(Set(ids).count == ids.count)
      #expect(ids.count == count)
      #expect(pages.map(\.number) == Array(1...max(pages.count, 1)))
      #expect(pages.map(\.isLast) == pages.map { $0.number == pages.count })
      #expect(pages.allSatisfy { !$0.isDelta })
      if subject.system == "connectwise" { #expect(pages.last?.declaredTotal == count) }
      // Licences are named by one request a tenant, and only where there are any.
      let names = subject.system == "m365" && count > 0 ? 1 : 0
      let least = connector.smallestRequestCount(.read(.person, count: count, isDelta: false))
      #expect(connector.requestCount - before == least + names)
    }
  }

  @Test(
    "G1 G2 a reading with a fault in it never looks complete", arguments: Subject.all,
    [
      #""kind":"status","status":401"#, #""kind":"status","status":403"#, #""kind":"status","status":404"#,
      #""kind":"status","status":429"#, #""kind":"status","status":500"#,
      #""kind":"status","status":503,"retry-after":"1""#,
      #""kind":"html","status":502"#, #""kind":"malformed-json""#, #""kind":"no-body""#, #""kind":"truncate""#,
      #""kind":"drop-connection""#, #""kind":"redirect-elsewhere""#, #""kind":"repeat-page""#,
    ])
  func faults(_ subject: Subject, _ fault: String) async throws {
    try await Stage.with { stage in
      for number in 0...subject.page { try stage.add(subject, number) }
      let connector = try stage.connector(subject)
      // On the second page, for ever.
      try stage.fault(subject, #""path":"\#(subject.listing)","page":2,\#(fault)"#)
      let (pages, error) = await stage.read(connector, try stage.scope(subject))
      #expect(error != nil)
      #expect(error?.kind != .cancelled)
      #expect(!pages.contains { $0.isLast })
      #expect(error?.message.contains("‹secret›") == false)
    }
  }

  @Test(
    "G1 G2 pages that go missing show in the total that ConnectWise declares", arguments: [1, 1001],
    [#""page":1,"kind":"empty-200""#, #""page":2,"kind":"empty-200""#, #""page":1,"kind":"end-early""#])
  func missingPages(_ count: Int, _ fault: String) async throws {
    let subject = Subject.connectWise
    try await Stage.with { stage in
      for number in 0..<count { try stage.add(subject, number) }
      let connector = try stage.connector(subject)
      try stage.fault(subject, #""path":"\#(subject.listing)",\#(fault)"#)
      let (pages, error) = await stage.read(connector, try stage.scope(subject))
      #expect(error == nil)
      #expect(pages.last?.declaredTotal == count)
      // Whoever has one page only does not meet a fault on the second; all others must see that something is missing.
      let isWhole = pages.reduce(0) { $0 + $1.records.count } == count
      #expect(isWhole == (count == 1 && fault.contains(#""page":2"#)))
    }
  }

  @Test(
    "a fault that passes is not seen, and costs no more than its repetitions", arguments: Subject.all,
    [
      #""kind":"status","status":429,"retry-after":"1.5""#, #""kind":"status","status":503"#,
      #""kind":"html","status":502"#, #""kind":"drop-connection""#, #""kind":"truncate""#,
    ])
  func passingFaults(_ subject: Subject, _ fault: String) async throws {
    try await Stage.with { stage in
      try stage.add(subject, 1)
      let connector = try stage.connector(subject)
      try stage.fault(subject, #""path":"\#(subject.listing)","times":2,\#(fault)"#)
      let (pages, error) = await stage.read(connector, try stage.scope(subject))
      #expect(error == nil)
      #expect(pages.flatMap(\.records).count == 1)
    }
  }

  @Test("an answer without end is cut off", arguments: Subject.all)
  func hugeBody(_ subject: Subject) async throws {
    try await Stage.with { stage in
      try stage.add(subject, 1)
      let connector = try stage.connector(subject)
      try stage.fault(subject, #""path":"\#(subject.listing)","kind":"huge-body","megabytes":80"#)
      let (pages, error) = await stage.read(connector, try stage.scope(subject))
      #expect(error?.kind == .tooLarge)
      #expect(pages.isEmpty)
    }
  }

  @Test("a reading since a mark tells of what changed, and of nothing else", arguments: Subject.all)
  func changes(_ subject: Subject) async throws {
    try await Stage.with { stage in
      for number in 1...5 { try stage.add(subject, number) }
      let connector = try stage.connector(subject)
      let scope = try stage.scope(subject)
      let full = await stage.read(connector, scope)
      let mark = try #require(full.pages.last?.mark)
      // Beyond the overlap, so that what was read already is not told again.
      stage.sandbox.control.advanceClock(bySeconds: 3600)
      let quiet = await stage.read(connector, scope, since: mark)
      let next = try #require(quiet.pages.last?.mark)
      #expect(quiet.pages.allSatisfy { $0.isDelta })
      let address = "person3@acme.example"
      if subject.system == "m365" {
        #expect(quiet.pages.flatMap(\.records).isEmpty)
        try stage.sandbox.control.perform("PATCH", "/m365/Acme/users/\(address)", #"{"jobTitle":"Clerk"}"#)
      } else {
        try stage.sandbox.control.perform("PATCH", "/connectwise/contacts/\(address)", #"{"title":"Clerk"}"#)
      }
      let changed = await stage.read(connector, scope, since: next)
      #expect(changed.error == nil)
      let told = changed.pages.flatMap(\.records).filter { $0.fields.text("title") == "Clerk" }
      #expect(told.map { $0.fields.text("email") } == [address])
      if subject.system == "connectwise" { #expect(changed.pages.last?.declaredTotal == 5) }
    }
  }

  @Test("a mark that is no longer good says so", arguments: Subject.all)
  func badMark(_ subject: Subject) async throws {
    try await Stage.with { stage in
      try stage.add(subject, 1)
      let connector = try stage.connector(subject)
      let scope = try stage.scope(subject)
      let garbage = await stage.read(connector, scope, since: DeltaMark("garbage"))
      #expect(garbage.error?.kind == .deltaExpired)
      guard subject.system == "m365" else { return }
      for way in [#""410""#, #""syncStateNotFound""#] {
        let mark = try #require(await stage.read(connector, scope).pages.last?.mark)
        try stage.sandbox.control.perform("POST", "/m365/Acme/delta", #"{"expire":\#(way)}"#)
        let expired = await stage.read(connector, scope, since: mark)
        #expect(expired.error?.kind == .deltaExpired)
      }
    }
  }

  @Test("a deletion is told, or seen by asking for the record itself", arguments: Subject.all)
  func deletion(_ subject: Subject) async throws {
    try await Stage.with { stage in
      for number in 1...3 { try stage.add(subject, number) }
      let connector = try stage.connector(subject)
      let scope = try stage.scope(subject)
      let full = await stage.read(connector, scope)
      let records = full.pages.flatMap(\.records)
      let mark = try #require(full.pages.last?.mark)
      let gone = try #require(records.first { $0.fields.text("email") == "person2@acme.example" })
      if subject.system == "m365" {
        try stage.sandbox.control.perform("POST", "/m365/Acme/users/\(gone.id)/delete")
      } else {
        try stage.sandbox.control.perform("DELETE", "/connectwise/contacts/\(gone.id)")
      }
      let left = try await connector.read(records.map(\.id), of: .person, in: scope)
      #expect(Set(left.map(\.id)) == Set(records.map(\.id)).subtracting([gone.id]))
      let delta = await stage.read(connector, scope, since: mark)
      if subject.system == "m365" {
        #expect(delta.pages.flatMap(\.records).filter { $0.state == .gone }.map(\.id) == [gone.id])
      } else {
        #expect(delta.pages.last?.declaredTotal == 2)
      }
    }
  }

  @Test("single records come in few requests, and ids that are no ids find nobody", arguments: Subject.all)
  func singles(_ subject: Subject) async throws {
    try await Stage.with { stage in
      for number in 1...45 { try stage.add(subject, number) }
      let connector = try stage.connector(subject)
      let scope = try stage.scope(subject)
      let records = await stage.read(connector, scope).pages.flatMap(\.records)
      let before = connector.requestCount
      let odd: [RecordID] = ["../../x", "0", "?a=b", "1) or (id>0", "é", "'"]
      let found = try await connector.read(
        records.map(\.id) + odd + records.prefix(3).map(\.id), of: .person, in: scope)
      #expect(found.count == 45)
      #expect(Set(found) == Set(records))
      // 45 people and the odd ones, by twenty; or all in one list.
      #expect(connector.requestCount - before <= 3)
      #expect(try await connector.read([], of: .person, in: scope).isEmpty)
    }
  }

  @Test(
    "G23 names of any kind arrive as they are", arguments: Subject.all,
    [
      "Zoë", "Ćwikła", "王小明", "👩‍👩‍👧", "=cmd|' /C calc'!A0", "\u{1b}[31mred\u{1b}[0m", "Robert'); DROP TABLE x;--",
      "\"quoted\"", "${name}", "%00", "a\\b", "e\u{301}", "<script>", "{\"a\":1}",
    ])
  func hostileNames(_ subject: Subject, _ name: String) async throws {
    try await Stage.with { stage in
      let (path, first, more) =
        subject.system == "m365"
        ? ("/m365/Acme/users", "givenName", #""mail":"x@acme.example","surname":"X""#)
        : ("/connectwise/contacts", "firstName", #""email":"x@acme.example","lastName":"X","company":"Acme""#)
      let literal = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      try stage.sandbox.control.perform("POST", path, "{\"\(first)\":\(literal),\(more)}")
      let connector = try stage.connector(subject)
      let (pages, error) = await stage.read(connector, try stage.scope(subject))
      #expect(error == nil)
      let read = pages.flatMap(\.records).first?.fields.text("first-name")
      #expect(read.map { Array($0.utf8) } == Array(name.utf8))
    }
  }

  @Test(
    "a record is found by its address, whatever stands in it", arguments: Subject.all,
    [
      "plain@acme.example", "o'neil@acme.example", "a+b&c=d@acme.example", "zoë@acme.example", "quote\"d@acme.example",
      "both'and\"@acme.example", "[list]*%@acme.example",
    ])
  func find(_ subject: Subject, _ address: String) async throws {
    try await Stage.with { stage in
      let literal = String(decoding: try JSONEncoder().encode(address), as: UTF8.self)
      if subject.system == "m365" {
        try stage.sandbox.control.perform(
          "POST", "/m365/Acme/users", #"{"givenName":"A","surname":"B","mail":\#(literal)}"#)
      } else {
        try stage.sandbox.control.perform(
          "POST", "/connectwise/contacts", #"{"firstName":"A","lastName":"B","company":"Acme","email":\#(literal)}"#)
      }
      try stage.add(subject, 7)
      let connector = try stage.connector(subject)
      let scope = try stage.scope(subject)
      let found = try await connector.find(.person, in: scope, where: "email", is: address)
      #expect(found.map { $0.fields.text("email") } == [address])
      #expect(try await connector.find(.person, in: scope, where: "email", is: "nobody@acme.example").isEmpty)
    }
  }
}
