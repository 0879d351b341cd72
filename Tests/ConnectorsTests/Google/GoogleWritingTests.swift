/// Writing contacts to Google: whole batches, what each answer means, and what is never sent.
import Connectors
import Foundation
import Model
import Testing

@Suite struct GoogleWritingTests {
  private typealias Fixture = GoogleFixture

  // MARK: A Google that takes what it is given

  /// What a test wants of one request; `nil` leaves it to the willing answers.
  private typealias Twist = @Sendable (HTTPRequest, Int) -> HTTPResponse?

  /// Answers each kind of request well, unless the twist answers it.
  private static func willing(_ twist: @escaping Twist = { _, _ in nil }) -> ScriptedGoogle {
    ScriptedGoogle { request, number in
      if let answer = twist(request, number) { return answer }
      let body = object(request)
      switch request.address.path.split(separator: "/").last.map(String.init) ?? "" {
      case "contactGroups" where request.method == .get: return .json(Fixture.labels)
      case "contactGroups": return .json(#"{"resourceName":"contactGroups/new","name":"Team"}"#)
      case "people:batchCreateContacts":
        let people = (body["contacts"] as? [[String: Any]] ?? []).enumerated().map { index, contact in
          let data = (contact["contactPerson"] as? [String: Any])?["clientData"] as? [[String: String]]
          let mark = data?.first?["value"].map { Fixture.mark($0) } ?? ""
          return #"{"person":\#(Fixture.person("n\(index)", mark))}"#
        }
        // In another order than asked for: nothing is promised.
        return .json(#"{"createdPeople":[\#(people.reversed().joined(separator: ","))]}"#)
      case "people:batchUpdateContacts":
        let names = (body["contacts"] as? [String: Any] ?? [:]).keys.map { String($0.dropFirst(7)) }
        let people = names.map { #""people/\#($0)":{"person":\#(Fixture.person($0, etag: "e2"))}"# }
        return .json(#"{"updateResult":{\#(people.joined(separator: ","))}}"#)
      default: return .json("{}")
      }
    }
  }

  private static func object(_ request: HTTPRequest) -> [String: Any] {
    let body = request.body.flatMap { try? JSONSerialization.jsonObject(with: $0) }
    return body as? [String: Any] ?? [:]
  }

  private static func isFor(_ request: HTTPRequest, _ end: String) -> Bool { request.address.path.hasSuffix(end) }

  private static func create(_ name: String, origin: String) -> Write {
    Write(
      kind: .person, action: .create, target: nil, values: ["first-name": .text(name), "origin": .text(origin)],
      current: nil, token: "t")
  }

  /// A contact as it was read from this JSON.
  private static func record(
    _ id: String, _ fields: String, etag: String = "e1", scope: ReadScope = Fixture.target
  ) async throws -> Record {
    let google = ScriptedGoogle { request, _ in
      isFor(request, "contactGroups")
        ? .json(Fixture.labels) : .json(#"{"connections":[\#(Fixture.person(id, fields, etag: etag))]}"#)
    }
    let all = ReadScope(partition: "u1")
    let read = try await pages(google.connector().read(.person, in: scope, since: nil)).flatMap(\.records)
    if let record = read.first { return record }
    return try #require(try await pages(google.connector().read(.person, in: all, since: nil)).flatMap(\.records).first)
  }

  private static func change(_ record: Record, _ values: FieldValues, _ action: WriteKind = .update) -> Write {
    Write(kind: .person, action: action, target: record.id, values: values, current: record, token: "t")
  }

  private static func ids(_ outcomes: [WriteOutcome]) -> [String] {
    outcomes.map { outcome in
      switch outcome {
      case .done(let record): "\(record.id)"
      case .rejected(let rejection): rejection.reason.rawValue
      case .unknown: "unknown"
      case .waiting(let file): "waiting: \(file)"
      case .notSent(let error): "not sent: \(error.kind)"
      }
    }
  }

  // MARK: Creating

  @Test("new contacts carry label, marker and values; nobody's order is believed")
  func create() async throws {
    let google = Self.willing()
    let outcomes = try await google.connector().write(
      [Self.create("Rui", origin: "c1"), Self.create("Ana", origin: "c2")], in: Fixture.target)
    #expect(Self.ids(outcomes) == ["n0", "n1"])
    #expect(
      google.lines.map { $0.split(separator: "?")[0] } == ["GET contactGroups", "POST people:batchCreateContacts"])
    let contact = { (name: String, origin: String) in
      #"{"contactPerson":{"clientData":[{"key":"kith.origin","value":"sync-1:\#(origin)"}],"memberships":[{"contactGroupMembership":{"contactGroupResourceName":"contactGroups/7f"}}],"names":[{"givenName":"\#(name)"}]}}"#
    }
    let body = try #require(google.bodies.last)
    #expect(body.hasPrefix(#"{"contacts":[\#(contact("Rui", "c1")),\#(contact("Ana", "c2"))],"readMask":"names,"#))
    #expect(body.hasSuffix(#""sources":["READ_SOURCE_TYPE_CONTACT"]}"#))
  }

  @Test("copies stand in My Contacts too where the sync says so")
  func amongOwn() async throws {
    let google = Self.willing()
    var create = Self.create("Rui", origin: "c1")
    create.values["among-own"] = .flag(true)
    _ = try await google.connector().write([create], in: Fixture.target)
    let groups = [
      #"{"contactGroupMembership":{"contactGroupResourceName":"contactGroups/7f"}}"#,
      #"{"contactGroupMembership":{"contactGroupResourceName":"contactGroups/myContacts"}}"#,
    ]
    #expect(google.bodies.last?.contains(#""memberships":[\#(groups.joined(separator: ","))]"#) == true)
  }

  @Test("every field goes the way back by which it came")
  func roundTrip() async throws {
    let fields = [
      #""names":[{"familyName":"Prata","givenName":"Rui","honorificPrefix":"Dr"}]"#,
      #""nicknames":[{"value":"Ru"}]"#, #""organizations":[{"department":"Ops","name":"Lda","title":"Buyer"}]"#,
      #""emailAddresses":[{"value":"a@x"},{"type":"work","value":"z@x"}]"#,
      #""phoneNumbers":[{"type":"My: own","value":"+351 2"}]"#,
      #""addresses":[{"city":"Lisboa","streetAddress":"A; 1\nB","type":"home"},{"formattedValue":"Somewhere"}]"#,
      #""birthdays":[{"date":{"day":1,"month":4,"year":1980}}]"#,
      #""biographies":[{"contentType":"TEXT_PLAIN","value":"N\nM"}]"#,
      #""relations":[{"person":"Ana","type":"spouse"}]"#,
      #""events":[{"date":{"day":3,"month":2},"type":"anniversary"}]"#,
      #""imClients":[{"protocol":"skype","type":"home","username":"r"}]"#,
      #""urls":[{"value":"https://x"}]"#, #""userDefined":[{"key":"Region","value":"South"}]"#,
      #""externalIds":[{"type":"customer","value":"A"}]"#,
    ]
    let source = try await Self.record("c1", fields.joined(separator: ","), scope: ReadScope(partition: "u1"))
    let google = Self.willing()
    let values = source.fields.filter { ["display-name", "among-own", "in-group", "origin"].contains($0) == false }
    let write = Write(
      kind: .person, action: .create, target: nil, values: values.merging(["origin": .text("c1")]), current: nil,
      token: "t")
    #expect(try await Self.ids(google.connector().write([write], in: Fixture.target)) == ["n0"])
    let body = try #require(google.transport.requests.last { $0.body != nil && !$0.isSignIn })
    let contacts = try #require(Self.object(body)["contacts"] as? [[String: Any]])
    let sent = try JSONSerialization.data(withJSONObject: try #require(contacts.first?["contactPerson"]))
    let person = String(decoding: sent, as: UTF8.self).dropFirst()
    let again = try await Self.record("c2", String(person.dropLast()), scope: ReadScope(partition: "u1"))
    for (field, value) in values.sorted { #expect(again.fields[field] == value, "\(field)") }
  }

  @Test("more than a batch takes goes in several")
  func chunks() async throws {
    let google = Self.willing()
    let writes = (0..<405).map { Self.create("P", origin: "c\($0)") }
    let outcomes = try await google.connector().write(writes, in: Fixture.target)
    #expect(google.lines.count { $0.hasPrefix("POST people:batchCreate") } == 3)
    #expect(outcomes.count { if case .done = $0 { true } else { false } } == 405)
  }

  @Test("a value that Google cannot be given refuses its write and no other")
  func unusable() async throws {
    let google = Self.willing()
    var odd = Self.create("Rui", origin: "c1")
    odd.values["birthday"] = .text("in spring")
    let outcomes = try await google.connector().write([odd, Self.create("Ana", origin: "c2")], in: Fixture.target)
    #expect(Self.ids(outcomes) == ["value-refused", "n0"])
  }

  @Test("a label is made once, with its marker, where there is none")
  func label() async throws {
    let google = Self.willing { request, _ in
      request.method == .get && Self.isFor(request, "contactGroups") ? .json("{}") : nil
    }
    let connector = try google.connector()
    for origin in ["c1", "c2"] {
      let outcomes = await connector.write([Self.create("Rui", origin: origin)], in: Fixture.target)
      #expect(Self.ids(outcomes) == ["n0"])
    }
    #expect(google.lines.count { $0 == "POST contactGroups" } == 1)
    #expect(
      google.bodies.first?.hasPrefix(
        #"{"contactGroup":{"clientData":[{"key":"kith.label","value":"sync-1"}],"name":"Team"},"#) == true)
  }

  @Test("of a label whose name is taken, ours is adopted and the user's own is left alone", arguments: [true, false])
  func taken(_ isOurs: Bool) async throws {
    let google = Self.willing { request, number in
      guard Self.isFor(request, "contactGroups") else { return nil }
      if request.method == .post { return .json(#"{"error":{"status":"ALREADY_EXISTS","message":"x"}}"#, status: 409) }
      let own = Fixture.labels.replacingOccurrences(of: "sync-1", with: "other")
      return .json(isOurs && number > 1 ? Fixture.labels : own)
    }
    let outcomes = try await google.connector().write([Self.create("Rui", origin: "c1")], in: Fixture.target)
    #expect(Self.ids(outcomes) == [isOurs ? "n0" : "record-forbidden"])
  }

  @Test("the offenders of a failed batch are taken out, what arrived is done, the rest is sent again")
  func offenders() async throws {
    let google = Self.willing { request, _ in
      if Self.isFor(request, "connections") {
        return .json(#"{"connections":[\#(Fixture.person("c50", Fixture.mark("sync-1:c2")))]}"#)
      }
      guard Self.isFor(request, "batchCreateContacts") else { return nil }
      let contacts = Self.object(request)["contacts"] as? [Any] ?? []
      guard contacts.count == 3 else { return nil }
      return .json(
        #"{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"m","details":[{"@type":"type.googleapis.com/google.people.v1.BatchCreateContactsErrorDetails","contactErrors":{"0":{"code":3,"message":"bad value"}}}]}}"#,
        status: 400)
    }
    let outcomes = try await google.connector().write(
      ["c1", "c2", "c3"].map { Self.create("P", origin: $0) }, in: Fixture.target)
    #expect(Self.ids(outcomes) == ["value-refused", "c50", "n0"])
  }

  @Test("an offender that nobody names is found by halves")
  func halves() async throws {
    let google = Self.willing { request, _ in
      guard Self.isFor(request, "batchCreateContacts") else { return nil }
      let isBad = request.body.map { String(decoding: $0, as: UTF8.self).contains("Bad") } ?? false
      return isBad ? .json(#"{"error":{"status":"INVALID_ARGUMENT","message":"m"}}"#, status: 400) : nil
    }
    let names = ["A", "B", "Bad", "C", "D"]
    let outcomes = try await google.connector().write(
      names.enumerated().map { Self.create($0.element, origin: "c\($0.offset)") }, in: Fixture.target)
    #expect(outcomes.map { if case .rejected = $0 { true } else { false } } == [false, false, true, false, false])
    #expect(Self.ids(outcomes)[2] == "value-refused")
  }

  @Test(
    "a batch that was not taken leaves each write with the outcome that is true of it",
    arguments: [
      (400, "MY_CONTACTS_OVERFLOW_COUNT", "quota-full"), (500, "x", "unknown"), (503, "x", "unknown"),
      (403, "x", "not sent: forbidden"),
    ])
  func batchFails(_ status: Int, _ message: String, _ wanted: String) async throws {
    let google = Self.willing { request, _ in
      Self.isFor(request, "batchCreateContacts")
        ? .json(#"{"error":{"status":"S","message":"\#(message)"}}"#, status: status) : nil
    }
    let writes = ["c1", "c2"].map { Self.create("P", origin: $0) }
    #expect(try await Self.ids(google.connector().write(writes, in: Fixture.target)) == [wanted, wanted])
    #expect(google.lines.count { $0.contains("batchCreate") } == 1)
  }

  @Test("a lost answer is an unknown outcome, and the copy is found by its origin")
  func lost() async throws {
    let google = ScriptedGoogle { request, _ in
      if Self.isFor(request, "batchCreateContacts") { throw ConnectorError.dropped }
      return Self.isFor(request, "connections")
        ? .json(#"{"connections":[\#(Fixture.person("c9", Fixture.mark("sync-1:c1")))]}"#) : .json(Fixture.labels)
    }
    let connector = try google.connector()
    let outcomes = await connector.write([Self.create("P", origin: "c1")], in: Fixture.target)
    #expect(Self.ids(outcomes) == ["unknown"])
    #expect(try await connector.find(.person, in: Fixture.target, where: "origin", is: "c1").map(\.id) == ["c9"])
  }

  @Test("a label that was deleted meanwhile is made again")
  func labelDeleted() async throws {
    let google = Self.willing { request, number in
      if request.method == .get, Self.isFor(request, "contactGroups") {
        return .json(number == 1 ? Fixture.labels : "{}")
      }
      let body = request.body.map { String(decoding: $0, as: UTF8.self) } ?? ""
      return Self.isFor(request, "batchCreateContacts") && body.contains("contactGroups/7f")
        ? .json(#"{"error":{"status":"INVALID_ARGUMENT","message":"no such group"}}"#, status: 400) : nil
    }
    let outcomes = try await google.connector().write([Self.create("P", origin: "c1")], in: Fixture.target)
    #expect(Self.ids(outcomes) == ["n0"])
    #expect(google.bodies.last?.contains("contactGroups/new") == true)
  }

  // MARK: Changing

  private static let rich =
    #""names":[{"givenName":"Rui","familyName":"Prata","phoneticGivenName":"Ru-i","unstructuredName":"Rui Prata"}],"organizations":[{"name":"Lda","title":"Buyer","location":"Porto"},{"name":"Second"}],"emailAddresses":[{"value":"a@x","type":"work","displayName":"Rui at work"}],"events":[{"date":{"year":2001},"type":"odd"}]"#

  @Test("a field that is written keeps the parts that nobody writes")
  func keeps() async throws {
    let record = try await Self.record(
      "c1", "\(Self.rich),\(Fixture.memberships("7f")),\(Fixture.mark("sync-1:c91"))")
    let google = Self.willing()
    let write = Self.change(
      record,
      [
        "first-name": .text("Rui P."), "title": .text("Head"), "emails": .list(["home: b@x", "work: a@x"]),
        "events": .list(["anniversary: 2001-02-03"]), "last-name": .null,
      ])
    #expect(try await Self.ids(google.connector().write([write], in: Fixture.target)) == ["c1"])
    let body = try #require(google.bodies.last)
    #expect(
      body.hasPrefix(
        ##"{"contacts":{"people/c1":{"emailAddresses":[{"type":"home","value":"b@x"},{"displayName":"Rui at work","type":"work","value":"a@x"}],"etag":"e1","events":[{"date":{"day":3,"month":2,"year":2001},"type":"anniversary"},{"date":{"year":2001},"type":"odd"}],"metadata":{"sources":[{"etag":"#e1","id":"sc1","type":"CONTACT"}]},"names":[{"givenName":"Rui P.","phoneticGivenName":"Ru-i"}],"organizations":[{"location":"Porto","name":"Lda","title":"Head"},{"name":"Second"}]}},"##
      ), "\(body)")
    #expect(body.contains(#""updateMask":"emailAddresses,events,names,organizations"}"#))
  }

  @Test("contacts of one batch keep what only others of it change")
  func union() async throws {
    let marks = "\(Fixture.memberships("7f")),\(Fixture.mark("sync-1:c91"))"
    let one = try await Self.record("c1", #""phoneNumbers":[{"value":"1"}],\#(marks)"#)
    let other = try await Self.record("c2", #""phoneNumbers":[{"value":"2"}],"biographies":[{"value":"N"}],\#(marks)"#)
    let google = Self.willing()
    let outcomes = try await google.connector().write(
      [Self.change(one, ["notes": .text("M")]), Self.change(other, ["phones": .null])], in: Fixture.target)
    #expect(Self.ids(outcomes) == ["c1", "c2"])
    #expect(google.lines.count { $0.contains("batchUpdate") } == 1)
    let contacts = try #require(
      google.transport.requests.last.map { Self.object($0)["contacts"] as? [String: [String: Any]] ?? [:] })
    #expect((contacts["people/c1"]?["phoneNumbers"] as? [[String: String]]) == [["value": "1"]])
    #expect(contacts["people/c2"]?["phoneNumbers"] == nil)
    #expect((contacts["people/c2"]?["biographies"] as? [[String: String]]) == [["value": "N"]])
    #expect(contacts["people/c1"]?["memberships"] == nil)
  }

  @Test("what is there already is not sent")
  func nothing() async throws {
    let record = try await Self.record("c1", "\(Self.rich),\(Fixture.memberships("7f"))")
    let google = Self.willing()
    let outcomes = try await google.connector().write(
      [Self.change(record, ["company-name": .text("Lda"), "in-group": .flag(true)])], in: Fixture.target)
    #expect(Self.ids(outcomes) == ["c1"])
    #expect(google.bodies.isEmpty)
  }

  @Test("a copy that was taken out of the label is put back, and My Contacts is as the sync says")
  func memberships() async throws {
    let record = try await Self.record(
      "c1", "\(Fixture.memberships("myContacts")),\(Fixture.mark("sync-1:c91"))")
    let google = Self.willing()
    _ = try await google.connector().write(
      [Self.change(record, ["in-group": .flag(true), "among-own": .flag(false)])], in: Fixture.target)
    let body = try #require(google.bodies.last)
    #expect(
      body.contains(
        #""memberships":[{"contactGroupMembership":{"contactGroupResourceName":"contactGroups/7f"}}]"#))
    #expect(body.contains(#""updateMask":"memberships""#))
    let last = Self.willing()
    let refused = try await last.connector().write(
      [Self.change(record, ["among-own": .flag(false)])], in: Fixture.target)
    #expect(Self.ids(refused) == ["value-refused"])
  }

  /// The second look at the contact shows these names under a newer etag.
  private static func stale(_ names: String, times: Int, details: String = "") -> ScriptedGoogle {
    willing { request, _ in
      if isFor(request, "people:batchGet") {
        let person = Fixture.person("c1", "\(names),\(Fixture.memberships("7f"))", etag: "e7")
        return .json(#"{"responses":[{"requestedResourceName":"people/c1","person":\#(person)}]}"#)
      }
      guard isFor(request, "batchUpdateContacts") else { return nil }
      let isOld = request.body.map { String(decoding: $0, as: UTF8.self).contains(#""etag":"e1""#) } ?? false
      return isOld || times > 1
        ? .json(
          #"{"error":{"code":400,"status":"FAILED_PRECONDITION","message":"Request person.etag is different than the current person.etag. Clear local cache and get the latest person."\#(details)}}"#,
          status: 400) : nil
    }
  }

  @Test(
    "an old etag is read again, and what somebody else changed meanwhile is a conflict",
    arguments: [
      (#""names":[{"givenName":"Rui"}]"#, 1, ["c1"]), (#""names":[{"givenName":"Edited"}]"#, 1, ["version-conflict"]),
      (#""names":[{"givenName":"New"}]"#, 1, ["c1"]), (#""names":[{"givenName":"Rui"}]"#, 9, ["version-conflict"]),
    ])
  func stale(_ names: String, _ times: Int, _ wanted: [String]) async throws {
    let record = try await Self.record("c1", #""names":[{"givenName":"Rui"}],\#(Fixture.memberships("7f"))"#)
    for details in ["", #","details":[{"contactErrors":{"people/c1":{"code":9,"message":"etag"}}}]"#] {
      let google = Self.stale(names, times: times, details: details)
      let outcomes = try await google.connector().write(
        [Self.change(record, ["first-name": .text("New")])], in: Fixture.target)
      #expect(Self.ids(outcomes) == wanted)
      #expect(google.lines.count { $0.contains("batchUpdate") } == (times > 1 ? 4 : names.contains("Rui") ? 2 : 1))
    }
  }

  @Test("a contact that is gone is told, and the others of the batch are changed")
  func gone() async throws {
    let one = try await Self.record("c1", Fixture.memberships("7f"))
    let other = try await Self.record("c2", Fixture.memberships("7f"))
    let google = Self.willing { request, _ in
      if Self.isFor(request, "people:batchGet") {
        return .json(
          #"{"responses":[{"requestedResourceName":"people/c1","status":{"code":5}},{"requestedResourceName":"people/c2","person":\#(Fixture.person("c2", Fixture.memberships("7f")))}]}"#
        )
      }
      guard Self.isFor(request, "batchUpdateContacts"), (Self.object(request)["contacts"] as? [String: Any])?.count == 2
      else { return nil }
      return .json(#"{"error":{"status":"NOT_FOUND","message":"m"}}"#, status: 404)
    }
    let outcomes = try await google.connector().write(
      [one, other].map { Self.change($0, ["notes": .text("N")]) }, in: Fixture.target)
    #expect(Self.ids(outcomes) == ["target-gone", "c2"])
  }

  // MARK: Deleting

  @Test("copies are deleted together, and what carries no mark is never deleted")
  func delete() async throws {
    let copy = try await Self.record("c1", "\(Fixture.memberships("7f")),\(Fixture.mark("sync-1:c91"))")
    let own = try await Self.record("c2", Fixture.memberships("7f"))
    let google = Self.willing()
    let outcomes = try await google.connector().write(
      [own, copy].map { Self.change($0, [:], .delete) }, in: Fixture.target)
    #expect(Self.ids(outcomes) == ["record-forbidden", "c1"])
    guard case .done(let record)? = outcomes.last else { return }
    #expect(record.state == .gone)
    #expect(google.bodies.last == #"{"resourceNames":["people/c1"]}"#)
  }

  @Test("a batch that is refused is deleted one by one, and what is gone already is gone")
  func deleteSingly() async throws {
    let google = Self.willing { request, _ in
      if Self.isFor(request, "batchDeleteContacts") { return .json("{}", status: 404) }
      if Self.isFor(request, "c1:deleteContact") { return .json("{}", status: 404) }
      return nil
    }
    let writes = ["c1", "c2"].map { id in
      Write(kind: .person, action: .delete, target: RecordID(id), values: [:], current: nil, token: "t")
    }
    #expect(try await Self.ids(google.connector().write(writes, in: Fixture.target)) == ["c1", "c2"])
    #expect(google.lines.suffix(2) == ["DELETE people/c1:deleteContact", "DELETE people/c2:deleteContact"])
  }

  @Test("a batch of several actions gives each write its own outcome")
  func mixed() async throws {
    let copy = try await Self.record("c1", "\(Fixture.memberships("7f")),\(Fixture.mark("sync-1:c91"))")
    let google = Self.willing()
    let outcomes = try await google.connector().write(
      [
        Self.change(copy, [:], .delete), Self.create("A", origin: "c5"), Self.change(copy, ["notes": .text("N")]),
        Self.change(copy, [:], .deactivate),
      ], in: Fixture.target)
    #expect(Self.ids(outcomes) == ["c1", "n0", "c1", "record-forbidden"])
  }

  // MARK: Removing the label

  @Test("before a label goes, what is left in it is put into My Contacts; contacts are never deleted with it")
  func dissolve() async throws {
    let google = Self.willing { request, _ in
      Self.isFor(request, "contactGroups/7f") && request.method == .get
        ? .json(#"{"resourceName":"contactGroups/7f","memberCount":1,"memberResourceNames":["people/c1"]}"#)
        : Self.isFor(request, "members:modify") ? .json(#"{"notFoundResourceNames":["people/c1"]}"#) : nil
    }
    let connector = try google.connector()
    try await connector.dissolve(try #require(Fixture.target.group), in: "u1", of: .person)
    #expect(
      google.lines.dropFirst() == [
        "GET contactGroups/7f?maxMembers=2", "POST contactGroups/myContacts/members:modify",
        "DELETE contactGroups/7f",
      ])
    #expect(google.bodies.last == #"{"resourceNamesToAdd":["people/c1"],"resourceNamesToRemove":[]}"#)
    let own = await failure { try await connector.dissolve(GroupScope(name: "Team"), in: "u1", of: .person) }
    #expect(own?.kind == .rejected)
    try await connector.dissolve(GroupScope(name: "Team", marker: "sync-2"), in: "u1", of: .person)
    #expect(google.lines.count { $0.hasPrefix("DELETE") } == 1)
  }

  @Test("a label is found by its id, its mark or, at the source, its name")
  func group() async throws {
    let connector = try Self.willing().connector()
    func found(_ group: GroupScope) async throws -> String? {
      try await connector.group(group, in: "u1", of: .person).map { "\($0.id?.rawValue ?? "-") \($0.name)" }
    }
    #expect(try await found(GroupScope(name: "Team")) == "7f Team")
    #expect(try await found(GroupScope(name: "team ")) == "7f Team")
    #expect(try await found(GroupScope(name: "My Contacts")) == "myContacts myContacts")
    #expect(try await found(GroupScope(id: "7f", name: "Was", marker: "other")) == "7f Team")
    #expect(try await found(GroupScope(name: "Elsewhere", marker: "sync-1")) == "7f Team")
    #expect(try await found(GroupScope(name: "Team", marker: "sync-2")) == nil)
    #expect(try await found(GroupScope(name: "Nothing")) == nil)
  }
}
