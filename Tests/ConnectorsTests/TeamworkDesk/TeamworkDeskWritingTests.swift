/// Writes to Teamwork Desk: whole requests, contact points above all, and what each answer means.
import Connectors
import Foundation
import Model
import Testing

@Suite struct TeamworkDeskWritingTests {
  private static let mainPoint = #"{"id":91,"isMain":true,"type":"email","value":"c@x"}"#
  private static let otherPoint = #"{"id":92,"isMain":false,"type":"email","value":"a@x"}"#
  private static let tweets = #"{"id":93,"isMain":false,"type":"twitter","value":"@t"}"#

  private static func customer(_ points: String..., parent: RecordID? = "16") -> Record {
    Record(
      id: "5", kind: .person, state: .active, fields: [:], parent: parent,
      native: "[\(points.joined(separator: ","))]")
  }

  private static func write(
    _ kind: RecordKind, _ action: WriteKind, _ values: FieldValues, current: Record? = nil, parent: RecordID? = nil
  ) -> Write {
    Write(
      kind: kind, action: action, target: current?.id, parent: parent, values: values, current: current, token: "t")
  }

  private static func willing(company: String = #"{"id":16}"#, addMethod: String = "manual") -> ScriptedTransport {
    ScriptedTransport { request, _ in
      let status = request.method == .post ? 201 : 200
      return request.address.path.contains("companies")
        ? .json(#"{"company":\#(TeamworkDeskSite.company(16, "A")),"included":{}}"#, status: status)
        : .json(
          #"{"customer":\#(TeamworkDeskSite.customer(5, company: company).replacingOccurrences(of: #""addMethod":"manual""#, with: #""addMethod":"\#(addMethod)""#)),"included":\#(TeamworkDeskSite.points(5))}"#,
          status: status)
    }
  }

  @Test(
    "what is sent, and nothing more",
    arguments: [
      (
        write(.company, .create, ["name": .text("A"), "website": .null, "email": .text("e@x")]),
        #"POST companies.json {"company":{"email":"e@x","kind":"company","name":"A"}}"#
      ),
      (
        write(
          .company, .update, ["website": .null, "name": .text("B")],
          current: Record(id: "16", kind: .company, state: .active, fields: [:])),
        #"PATCH companies/16.json {"company":{"name":"B","website":""}}"#
      ),
      (
        write(
          .person, .create,
          [
            "first-name": .text("U\u{0}\r\n\"🥐"), "last-name": .text("B"), "email": .text("c@x"),
            "other-emails": .list(["a@x", "C@X", ""]), "twitter": .text("@t"), "phone": .null,
            "photo": .text("https://p/x.png"),
          ], parent: "16"),
        #"POST customers.json {"customer":{"avatarURL":"https://p/x.png","email":"c@x","firstName":"U\u0000\r\n\"🥐","lastName":"B","sendWelcomeEmail":false},"included":{"companies":[{"delete":false,"id":16}],"contacts":[{"isMain":true,"type":"email","value":"c@x"},{"isMain":false,"type":"email","value":"a@x"},{"isMain":false,"type":"twitter","value":"@t"}]}}"#
      ),
      (
        write(.person, .create, ["email": .text("c@x")]),
        #"POST customers.json {"customer":{"email":"c@x","sendWelcomeEmail":false},"included":{"contacts":[{"isMain":true,"type":"email","value":"c@x"}]}}"#
      ),
      (
        write(.person, .update, ["last-name": .text("K"), "title": .null], current: customer(mainPoint)),
        #"PATCH customers/5.json {"customer":{"jobTitle":"","lastName":"K"}}"#
      ),
      // A new main address takes the old one's place; all the others are sent along as they are.
      (
        write(.person, .update, ["email": .text("new@x")], current: customer(mainPoint, otherPoint, tweets)),
        #"PATCH customers/5.json {"customer":{},"included":{"contacts":[{"delete":false,"id":91,"isMain":true,"type":"email","value":"new@x"},{"delete":false,"id":92,"isMain":false,"type":"email","value":"a@x"},{"delete":false,"id":93,"isMain":false,"type":"twitter","value":"@t"}]}}"#
      ),
      // An address that becomes the main one changes places with it.
      (
        write(.person, .update, ["email": .text("A@x")], current: customer(mainPoint, otherPoint)),
        #"PATCH customers/5.json {"customer":{},"included":{"contacts":[{"delete":false,"id":92,"isMain":true,"type":"email","value":"A@x"},{"delete":false,"id":91,"isMain":false,"type":"email","value":"c@x"}]}}"#
      ),
      (
        write(
          .person, .update, ["email": .text("a@x"), "other-emails": .list(["c@x"])],
          current: customer(mainPoint, otherPoint)),
        #"PATCH customers/5.json {"customer":{},"included":{"contacts":[{"delete":false,"id":92,"isMain":true,"type":"email","value":"a@x"},{"delete":false,"id":91,"isMain":false,"type":"email","value":"c@x"}]}}"#
      ),
      // The old main address is wanted among the others: the new one is added.
      (
        write(
          .person, .update, ["email": .text("n@x"), "other-emails": .list(["c@x"])],
          current: customer(mainPoint, otherPoint)),
        #"PATCH customers/5.json {"customer":{},"included":{"contacts":[{"isMain":true,"type":"email","value":"n@x"},{"delete":false,"id":91,"isMain":false,"type":"email","value":"c@x"},{"delete":true,"id":92,"isMain":false,"type":"email","value":"a@x"}]}}"#
      ),
      (
        write(.person, .update, ["other-emails": .list([])], current: customer(mainPoint, otherPoint)),
        #"PATCH customers/5.json {"customer":{},"included":{"contacts":[{"delete":false,"id":91,"isMain":true,"type":"email","value":"c@x"},{"delete":true,"id":92,"isMain":false,"type":"email","value":"a@x"}]}}"#
      ),
      (
        write(.person, .update, ["email": .text("c@x")], current: customer(parent: nil)),
        #"PATCH customers/5.json {"customer":{},"included":{"contacts":[{"isMain":true,"type":"email","value":"c@x"}]}}"#
      ),
      (
        write(
          .person, .update, ["twitter": .null, "facebook": .text("f"), "linkedin": .null],
          current: customer(mainPoint, tweets)),
        #"PATCH customers/5.json {"customer":{"linkedinURL":""},"included":{"contacts":[{"delete":false,"id":91,"isMain":true,"type":"email","value":"c@x"},{"delete":true,"id":93,"isMain":false,"type":"twitter","value":"@t"},{"isMain":false,"type":"facebook","value":"f"}]}}"#
      ),
      (
        write(.person, .update, [:], current: customer(mainPoint, parent: "12"), parent: "16"),
        #"PATCH customers/5.json {"customer":{},"included":{"companies":[{"delete":false,"id":16},{"delete":true,"id":12}]}}"#
      ),
      (
        write(.person, .update, [:], current: customer(mainPoint, parent: nil), parent: "16"),
        #"PATCH customers/5.json {"customer":{},"included":{"companies":[{"delete":false,"id":16}]}}"#
      ),
    ] as [(Write, String)])
  func requests(_ write: Write, _ line: String) async throws {
    let transport = Self.willing()
    let connector = try TeamworkDeskSite.connector(transport)
    let outcomes = await connector.write([write], in: ReadScope())
    guard case .done? = outcomes.first else {
      Issue.record("not done: \(outcomes)")
      return
    }
    let single = write.kind == .company ? "GET companies/16.json?includes=all" : "GET customers/5.json?includes=all"
    #expect(TeamworkDeskSite.lines(transport) == [line, single])
    #expect(connector.smallestRequestCount(.write(write)) == 2)
  }

  @Test("a write of nothing asks nothing")
  func nothing() async throws {
    let transport = Self.willing()
    let connector = try TeamworkDeskSite.connector(transport)
    let same = Self.write(.person, .update, [:], current: Self.customer(Self.mainPoint), parent: "16")
    guard case .done? = await connector.write([same], in: ReadScope()).first else {
      Issue.record("not done")
      return
    }
    #expect(transport.requests.isEmpty)
    #expect(connector.smallestRequestCount(.write(same)) == 0)
  }

  @Test("contact points that are not known are read before they are touched")
  func unknownPoints() async throws {
    let transport = Self.willing()
    let bare = Record(id: "5", kind: .person, state: .active, fields: [:], parent: "16")
    let outcomes = await (try TeamworkDeskSite.connector(transport)).write(
      [Self.write(.person, .update, ["email": .text("c5@x.example")], current: bare)], in: ReadScope())
    guard case .done? = outcomes.first else {
      Issue.record("not done: \(outcomes)")
      return
    }
    #expect(
      TeamworkDeskSite.lines(transport) == [
        "GET customers/5.json?includes=all",
        #"PATCH customers/5.json {"customer":{},"included":{"contacts":[{"delete":false,"id":51,"isMain":true,"type":"email","value":"c5@x.example"},{"delete":false,"id":52,"isMain":false,"type":"email","value":"a5@x.example"}]}}"#,
        "GET customers/5.json?includes=all",
      ])
    // Without their ids nothing is written: each would be added a second time.
    let silent = ScriptedTransport { _, _ in .json(#"{"customer":{"id":5,"contacts":[{"id":1}]},"included":{}}"#) }
    let held = await (try TeamworkDeskSite.connector(silent)).write(
      [Self.write(.person, .update, ["email": .text("n@x")], current: bare)], in: ReadScope())
    guard case .notSent(let error)? = held.first else {
      Issue.record("sent: \(held)")
      return
    }
    #expect(error.kind == .malformed)
    #expect(silent.requests.map(\.method) == [.get])
  }

  @Test("a customer whom the e-mail domain holds in its company is told of, and what else arrived")
  func notMoved() async throws {
    let transport = Self.willing(company: #"{"id":12}"#, addMethod: "auto")
    let connector = try TeamworkDeskSite.connector(transport)
    for (values, isPartial) in [([:], false), (["last-name": .text("K")], true)] as [(FieldValues, Bool)] {
      let write = Self.write(.person, .update, values, current: Self.customer(parent: "12"), parent: "16")
      guard case .rejected(let rejection)? = await connector.write([write], in: ReadScope()).first else {
        Issue.record("not rejected")
        return
      }
      #expect(rejection.reason == .recordForbidden)
      #expect(rejection.field == "company-id")
      #expect(rejection.isPartial == isPartial)
      #expect(rejection.message.contains("12") && rejection.message.contains("domain"))
    }
    // A new customer is there all the same: calling it refused would make it twice.
    let create = Self.write(.person, .create, ["email": .text("c@x")], parent: "16")
    guard case .done(let record)? = await connector.write([create], in: ReadScope()).first else {
      Issue.record("not done")
      return
    }
    #expect(record.parent == "12")
  }

  @Test(
    "what an answer to a write means",
    arguments: [
      (.company, .create, 400, #"{"Errors":{"name":["must be unique"]}}"#, "duplicate-at-target name"),
      (.company, .create, 409, "", "duplicate-at-target name"),
      (.company, .create, 400, #"{"Errors":{"website":["is no address"]}}"#, "value-refused website"),
      (.company, .create, 201, "{}", "unknown"), (.company, .update, 404, "", "target-gone -"),
      (.company, .update, 403, #"{"error":"no"}"#, "record-forbidden -"), (.company, .create, 401, "", "not sent"),
      (.person, .create, 400, #"{"Errors":{"contacts":["address already taken"]}}"#, "duplicate-at-target email"),
      (.person, .create, 422, #"{"errors":[{"detail":"no"}]}"#, "value-refused -"),
      (.person, .create, 500, "<html>", "unknown"), (.person, .update, 503, "", "unknown"),
      (.person, .update, 400, #"{"Errors":{"firstName":"is too long"}}"#, "value-refused first-name"),
      (.person, .delete, 200, "{}", "record-forbidden -"), (.company, .delete, 200, "{}", "record-forbidden -"),
      (.person, .deactivate, 200, "{}", "record-forbidden -"),
    ] as [(RecordKind, WriteKind, Int, String, String)])
  func answers(_ kind: RecordKind, _ action: WriteKind, _ status: Int, _ body: String, _ word: String) async throws {
    let transport = ScriptedTransport { _, _ in .json(body, status: status) }
    let values: FieldValues = kind == .company ? ["name": .text("A")] : ["first-name": .text("A")]
    let current = action == .create ? nil : Self.customer(Self.mainPoint)
    let outcomes = await (try TeamworkDeskSite.connector(transport)).write(
      [Self.write(kind, action, values, current: current)], in: ReadScope())
    #expect(outcomes.word == word)
    if action == .delete || action == .deactivate { #expect(transport.requests.isEmpty) }
  }

  @Test("what would leave a record without what it must have is refused before anything is sent")
  func faults() async throws {
    let transport = Self.willing()
    let writes = [
      Self.write(.company, .create, ["website": .text("w")]),
      Self.write(
        .company, .update, ["name": .null], current: Record(id: "16", kind: .company, state: .active, fields: [:])),
      Self.write(.person, .update, ["email": .null], current: Self.customer(Self.mainPoint)),
      Self.write(
        .person, .update, ["title": .text("x")], current: Record(id: "x", kind: .person, state: .active, fields: [:])),
    ]
    let outcomes = await (try TeamworkDeskSite.connector(transport)).write(writes, in: ReadScope())
    #expect(
      outcomes.map { [$0].word } == [
        "value-refused name", "value-refused name", "value-refused email", "target-gone -",
      ])
    #expect(transport.requests.isEmpty)
  }

  @Test("no answer to a write, or none to its reading back, is unknown; what never left is not sent")
  func lostAnswers() async throws {
    func outcome(_ answer: @escaping ScriptedTransport.Answer) async throws -> String {
      let outcomes = await (try TeamworkDeskSite.connector(ScriptedTransport(answer))).write(
        [Self.write(.person, .create, ["email": .text("c@x")])], in: ReadScope())
      return outcomes.word
    }
    #expect(try await outcome { _, _ in throw ConnectorError.dropped } == "unknown")
    #expect(try await outcome { _, _ in throw ConnectorError.refused } == "not sent")
    let made = try await outcome { request, _ in
      guard request.method == .post else { throw ConnectorError.refused }
      return .json(#"{"customer":{"id":5},"included":{}}"#, status: 201)
    }
    #expect(made == "unknown")
  }
}
