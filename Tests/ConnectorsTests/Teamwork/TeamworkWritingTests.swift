/// Writes to Teamwork.com: whole requests, what is refused before anything is sent, and what each answer means.
import Connectors
import Foundation
import Model
import Testing

@Suite struct TeamworkWritingTests {
  private static let client = Record(
    id: "7", kind: .company, state: .active, fields: ["name": .text("A"), "is-owner": .flag(false)])
  private static let contact = Record(
    id: "10", kind: .person, state: .active, fields: ["user-type": .text("contact")], parent: "7")

  private static func write(
    _ kind: RecordKind, _ action: WriteKind, _ values: FieldValues, current: Record? = nil, parent: RecordID? = nil
  ) -> Write {
    Write(
      kind: kind, action: action, target: current?.id, parent: parent, values: values, current: current, token: "t")
  }

  /// A site that takes every write.
  private static func willing(type: String = "contact") -> ScriptedTransport {
    ScriptedTransport { request, _ in
      switch (request.method, request.address.path) {
      case (.get, "/teamwork/projects/api/v3/people.json"): TeamworkSite.page("people", [])
      case (.get, _): .json(#"{"STATUS":"OK","person":\#(TeamworkSite.person(10, type: type))}"#)
      case (.post, "/teamwork/people.json"): .json(#"{"id":"10","STATUS":"OK"}"#, status: 201)
      case (.put, _): .json(#"{"STATUS":"OK"}"#)
      default: .json(#"{"company":\#(TeamworkSite.company(7, "A"))}"#, status: request.method == .post ? 201 : 200)
      }
    }
  }

  @Test(
    "what is sent, and nothing more",
    arguments: [
      (
        write(.company, .create, ["name": .text("A"), "website": .text("w"), "email": .text("e@x"), "phone": .null]),
        [#"POST projects/api/v3/companies.json {"company":{"emailOne":"e@x","name":"A","website":"w"}}"#]
      ),
      (
        write(.company, .update, ["website": .null, "email": .text("e@x")], current: client),
        [#"PATCH projects/api/v3/companies/7.json {"company":{"emailOne":"e@x","website":""}}"#]
      ),
      (write(.company, .update, [:], current: client), []),
      (
        write(
          .person, .create,
          [
            "first-name": .text("Ü\u{0}\r\n\""), "last-name": .text("L"), "email": .text("p@x"),
            "other-emails": .list(["a@x", "", "b@x"]), "linkedin": .text("li"), "mobile": .null,
          ], parent: "7"),
        [
          "GET projects/api/v3/people.json?emails=p@x&includeCollaborators=true&includeClients=true&showDeleted=true&orderBy=id&orderMode=asc&page=1&pageSize=500",
          #"POST people.json {"person":{"company-id":7,"continueIfUserExists":false,"email-address":"p@x","email-alt-1":"a@x","email-alt-2":"b@x","first-name":"Ü\u0000\r\n\"","last-name":"L","sendInvite":false,"user-type":"contact","userLinkedin":"li"}}"#,
          "GET people/10.json",
        ]
      ),
      (
        write(
          .person, .update,
          [
            "email": .text("n@x"), "other-emails": .list(["o@x"]), "title": .null, "phone": .text("2"),
            "mobile": .text("3"), "fax": .text("4"), "twitter": .text("t"), "facebook": .text("f"),
          ], current: contact),
        [
          #"PUT people/10.json {"person":{"email-address":"n@x","email-alt-1":"o@x","email-alt-2":"","email-alt-3":"","phone-number-fax":"4","phone-number-mobile":"3","phone-number-office":"2","title":"","userFacebook":"f","userTwitterName":"t"}}"#,
          "GET people/10.json",
        ]
      ),
      (
        write(.person, .update, [:], current: contact, parent: "8"),
        [#"PUT people/10.json {"person":{"company-id":8}}"#, "GET people/10.json"]
      ),
      (write(.person, .update, [:], current: contact), []),
    ] as [(Write, [String])])
  func requests(_ write: Write, _ lines: [String]) async throws {
    let transport = Self.willing()
    let connector = try TeamworkSite.connector(transport)
    let outcomes = await connector.write([write], in: ReadScope())
    guard case .done(let record)? = outcomes.first else {
      Issue.record("not done: \(outcomes)")
      return
    }
    #expect(record.id == (write.kind == .company ? "7" : "10"))
    #expect(TeamworkSite.lines(transport) == lines)
    #expect(connector.smallestRequestCount(.write(write)) == lines.count)
  }

  @Test(
    "what kith refuses by itself sends no write",
    arguments: [
      (write(.company, .delete, [:], current: client), Reason.recordForbidden, nil),
      (write(.person, .delete, [:], current: contact), .recordForbidden, nil),
      (write(.person, .deactivate, [:], current: contact), .recordForbidden, nil),
      (
        write(
          .company, .update, ["name": .text("B")],
          current: Record(id: "1", kind: .company, state: .active, fields: ["is-owner": .flag(true)])),
        .recordForbidden, nil
      ),
      (
        write(
          .company, .update, ["name": .text("B")],
          current: Record(id: "1", kind: .company, state: .active, fields: [:])),
        .recordForbidden, nil
      ),
      (write(.company, .update, ["name": .text(" ")], current: client), .valueRefused, "name"),
      (write(.company, .create, ["website": .text("w")]), .valueRefused, "name"),
      (write(.person, .create, ["first-name": .text("A")]), .valueRefused, "company-id"),
      (write(.person, .create, ["first-name": .text("A")], parent: "1"), .recordForbidden, nil),
      (write(.person, .update, ["title": .text("A")], current: contact, parent: "1"), .recordForbidden, nil),
      (
        write(
          .person, .update, ["title": .text("A")],
          current: Record(
            id: "10", kind: .person, state: .active, fields: ["user-type": .text("contact")], parent: "1")),
        .recordForbidden, nil
      ),
      (
        write(
          .person, .update, ["title": .text("A")],
          current: Record(id: "10", kind: .person, state: .active, fields: ["user-type": .text("account")])),
        .recordForbidden, nil
      ),
      (
        write(
          .person, .update, ["title": .text("A")],
          current: Record(id: "10", kind: .person, state: .active, fields: ["user-type": .text("collaborator")])),
        .recordForbidden, nil
      ),
      (
        write(.person, .update, ["other-emails": .list(["a", "b", "c", "d"])], current: contact), .valueRefused,
        "other-emails"
      ),
    ] as [(Write, Reason, FieldName?)])
  func refusals(_ write: Write, _ reason: Reason, _ field: FieldName?) async throws {
    let transport = Self.willing()
    let outcomes = await (try TeamworkSite.connector(transport)).write([write], in: ReadScope())
    guard case .rejected(let rejection)? = outcomes.first else {
      Issue.record("not rejected: \(outcomes)")
      return
    }
    #expect(rejection.reason == reason)
    #expect(rejection.field == field)
    #expect(transport.requests.allSatisfy { $0.method == .get })
  }

  @Test("a person whose type is not known is looked at first, and a login is left alone")
  func unknownType() async throws {
    let transport = Self.willing(type: "account")
    let unknown = Record(id: "10", kind: .person, state: .active, fields: [:])
    let outcomes = await (try TeamworkSite.connector(transport)).write(
      [Self.write(.person, .update, ["title": .text("A")], current: unknown)], in: ReadScope())
    guard case .rejected(let rejection)? = outcomes.first else {
      Issue.record("not rejected: \(outcomes)")
      return
    }
    #expect(rejection.reason == .recordForbidden)
    #expect(TeamworkSite.lines(transport) == ["GET people/10.json"])
  }

  @Test("an address that somebody has, a colleague among them, is no new person's")
  func takenAddress() async throws {
    func outcome(_ holder: String) async throws -> (WriteOutcome?, [String]) {
      let transport = ScriptedTransport { request, _ in
        if request.address.path.hasSuffix("v3/people.json") { return TeamworkSite.page("people", [holder]) }
        return request.method == .post
          ? .json(#"{"id":"10","STATUS":"OK"}"#, status: 201) : .json(#"{"person":\#(TeamworkSite.person(10))}"#)
      }
      let outcomes = await (try TeamworkSite.connector(transport)).write(
        [Self.write(.person, .create, ["email": .text("P13@x.example")], parent: "7")], in: ReadScope())
      return (outcomes.first, TeamworkSite.lines(transport))
    }
    let (taken, lines) = try await outcome(TeamworkSite.listed(13, company: 1))
    guard case .rejected(let rejection)? = taken else {
      Issue.record("not rejected: \(String(describing: taken))")
      return
    }
    #expect(rejection.reason == .duplicateAtTarget)
    #expect(rejection.field == "email")
    #expect(lines.count == 1)
    let deleted = TeamworkSite.listed(13).replacingOccurrences(of: #""deleted":false"#, with: #""deleted":true"#)
    guard case .done? = try await outcome(deleted).0 else {
      Issue.record("somebody deleted stands in the way")
      return
    }
  }

  @Test(
    "what an answer to a write means",
    arguments: [
      (.company, .create, 409, #"{"errors":[{"detail":"Company name already in use"}]}"#, "duplicate-at-target name"),
      (.company, .update, 409, "", "duplicate-at-target name"), (.company, .update, 404, "{}", "target-gone -"),
      (.company, .update, 403, "{}", "record-forbidden -"), (.company, .create, 403, "{}", "not sent"),
      (.company, .create, 401, "{}", "not sent"), (.company, .create, 500, "<html>", "unknown"),
      (.company, .create, 201, "{}", "unknown"), (.company, .create, 201, "", "unknown"),
      (.company, .update, 400, #"{"errors":[{"detail":"website is invalid"}]}"#, "value-refused website"),
      (
        .person, .create, 400, #"{"STATUS":"Error","MESSAGE":"Email address already in use"}"#,
        "duplicate-at-target email"
      ),
      (.person, .create, 422, #"{"STATUS":"Error","CONTENT":"first-name is too long"}"#, "value-refused first-name"),
      (.person, .create, 200, #"{"STATUS":"Error","MESSAGE":"no"}"#, "value-refused -"),
      (.person, .create, 201, #"{"STATUS":"OK"}"#, "unknown"), (.person, .create, 502, "", "unknown"),
      (.person, .update, 404, "", "target-gone -"), (.person, .update, 403, "", "record-forbidden -"),
      (.person, .update, 200, #"{"STATUS":"Error"}"#, "value-refused -"),
    ] as [(RecordKind, WriteKind, Int, String, String)])
  func answers(_ kind: RecordKind, _ action: WriteKind, _ status: Int, _ body: String, _ word: String) async throws {
    let transport = ScriptedTransport { request, _ in
      request.method == .get ? TeamworkSite.page("people", []) : .json(body, status: status)
    }
    let values: FieldValues =
      kind == .company ? ["name": .text("A")] : ["email": .text("p@x"), "first-name": .text("A")]
    let current = action == .create ? nil : kind == .company ? Self.client : Self.contact
    let outcomes = await (try TeamworkSite.connector(transport)).write(
      [Self.write(kind, action, values, current: current, parent: kind == .person ? "7" : nil)], in: ReadScope())
    #expect(outcomes.word == word)
  }

  @Test("no answer to a write, or none to its reading back, is unknown; what never left is not sent")
  func lostAnswers() async throws {
    func outcome(_ answer: @escaping ScriptedTransport.Answer) async throws -> String {
      let outcomes = await (try TeamworkSite.connector(ScriptedTransport(answer))).write(
        [Self.write(.person, .create, ["first-name": .text("A")], parent: "7")], in: ReadScope())
      return outcomes.word
    }
    #expect(try await outcome { _, _ in throw ConnectorError.dropped } == "unknown")
    #expect(try await outcome { _, _ in throw ConnectorError.refused } == "not sent")
    let receipt = HTTPResponse.json(#"{"id":"10","STATUS":"OK"}"#, status: 201)
    let refused = try await outcome { request, _ in
      guard request.method == .post else { throw ConnectorError.refused }
      return receipt
    }
    #expect(refused == "unknown")
    let missing = try await outcome { request, _ in request.method == .post ? receipt : .json("", status: 404) }
    #expect(missing == "unknown")
    // The id stands in the Location as well.
    let located = try await outcome { request, _ in
      request.method == .post
        ? .json("{}", status: 201, [HTTPHeader("Location", "/people/10.json")])
        : .json(#"{"person":\#(TeamworkSite.person(10))}"#)
    }
    #expect(located == "done")
  }
}
