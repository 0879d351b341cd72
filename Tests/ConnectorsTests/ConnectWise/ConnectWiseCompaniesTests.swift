import Connectors
import Foundation
import Model
import Testing

@Suite struct ConnectWiseCompaniesTests {
  private static let findings = ["code-base": "v1/", "email-type": "1", "phone-type": "2", "mobile-type": "4"]

  /// A ConnectWise with tables of names; the record that a write is about is given as JSON.
  private static func server(_ record: String = #"{"id":250}"#, status: Int = 200) -> ScriptedTransport {
    ScriptedTransport { request, _ in
      let path = request.address.path.replacingOccurrences(of: "/cw/v1/apis/3.0/", with: "")
      switch (request.method, path) {
      case (.get, "company/companies/statuses"):
        return .json(#"[{"id":1,"name":"Active"},{"id":2,"name":"Gone","inactiveFlag":true}]"#)
      case (.get, "company/companies/types"): return .json(#"[{"id":1,"name":"Client"},{"id":3,"name":"Vendor"}]"#)
      case (.get, "company/configurations/types"): return .json(#"[{"id":10,"name":"Workstation"}]"#)
      case (.get, "company/configurations/statuses"):
        return .json(#"[{"id":6,"description":"Active"},{"id":7,"description":"Retired"}]"#)
      case (.get, "procurement/manufacturers"):
        return .json(#"[{"id":8,"name":"DELL","inactiveFlag":true},{"id":9,"name":"Dell"}]"#)
      case (.get, "company/companies"): return .json(#"[{"id":1,"identifier":"acme"},{"id":2,"identifier":"Acme2"}]"#)
      case (.get, "company/companies/250/typeAssociations"):
        return .json(#"[{"id":70,"type":{"id":1}},{"id":71,"type":{"id":3}}]"#)
      case (.delete, _): return .json("", status: 204)
      default: return .json(record, status: status)
      }
    }
  }

  private static func connector(_ transport: ScriptedTransport) throws -> ConnectWiseConnector {
    try ConnectWiseConnector(.test("connectwise", transport, findings: findings))
  }

  /// The writes sent, below the API's base.
  private static func sent(_ transport: ScriptedTransport) -> [String] {
    transport.requests.filter { $0.method != .get }.map { request in
      let path = request.address.path.replacingOccurrences(of: "/cw/v1/apis/3.0/", with: "")
      let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
      return "\(request.method.rawValue) \(path)\(body)"
    }
  }

  private static func company(_ types: String = #"[{"id":1,"name":"Client"}]"#) async throws -> Record {
    let json = #"{"id":250,"identifier":"Acme","name":"Acme","status":{"id":1,"name":"Active"},"types":\#(types)}"#
    let transport = ScriptedTransport { request, _ in
      request.address.path.hasSuffix("/count")
        ? .json(#"{"count":1}"#) : .json(request.address.path.hasSuffix("statuses") ? "[]" : "[\(json)]")
    }
    let read = try await pages(connector(transport).read(.company, in: ReadScope(), since: nil))
    return try #require(read.last?.records.first)
  }

  @Test(
    "a company's type is its one type; of several the one with the lowest id",
    arguments: [
      ("[]", FieldValue.null, FieldValue.null, []),
      (#"[{"id":3,"name":"Vendor"}]"#, .text("Vendor"), .text("3"), ["Vendor"]),
      (#"[{"id":3,"name":"Vendor"},{"id":1,"name":"Client"}]"#, .text("Client"), .text("1"), ["Client", "Vendor"]),
    ] as [(String, FieldValue, FieldValue, [String])])
  func types(_ types: String, _ type: FieldValue, _ id: FieldValue, _ all: [String]) async throws {
    let company = try await Self.company(types)
    #expect(company.fields["type"] == type)
    #expect(company.fields["type-id"] == id)
    #expect(company.fields["types"] == .list(all))
    #expect(company.fields["status-id"] == .text("1"))
  }

  @Test(
    "what is sent for a new company",
    arguments: [
      (
        ["name": .text("Acme"), "type": .text("Vendor"), "status": .text("active"), "phone": .null],
        #"{"addressLine1":"Address not known","identifier":"Acme3","name":"Acme","site":{"name":"Main"},"status":{"id":1},"types":[{"id":3}]}"#
      ),
      (
        ["name": .text("Acme"), "identifier": .text(" Own-1 "), "website": .text("https://a.example")],
        #"{"addressLine1":"Address not known","identifier":"Own-1","name":"Acme","site":{"name":"Main"},"website":"https://a.example"}"#
      ),
    ] as [(FieldValues, String)])
  func creation(_ values: FieldValues, _ body: String) async throws {
    let transport = Self.server(status: 201)
    let write = Write(kind: .company, action: .create, target: nil, values: values, current: nil, token: "t")
    guard case .done? = try await Self.connector(transport).write([write], in: ReadScope()).first else {
      Issue.record("not done")
      return
    }
    #expect(Self.sent(transport) == ["POST company/companies \(body)"])
  }

  @Test(
    "what is sent for a change of a company: its one type is exchanged, several are kept",
    arguments: [
      (
        ["name": .text("N"), "status": .text("Gone"), "website": .null], #"[{"id":1}]"#,
        [
          #"PATCH company/companies/250 [{"op":"replace","path":"name","value":"N"},{"op":"replace","path":"website","value":""},{"op":"replace","path":"status","value":{"id":2}}]"#
        ]
      ),
      (["type": .text("Client")], #"[{"id":1}]"#, []),
      (
        ["type": .text("Vendor")], #"[{"id":1}]"#,
        [
          #"POST company/companies/250/typeAssociations {"company":{"id":250},"type":{"id":3}}"#,
          "DELETE company/companies/250/typeAssociations/70",
        ]
      ),
      (
        ["type": .text("Vendor")], "[]",
        [#"POST company/companies/250/typeAssociations {"company":{"id":250},"type":{"id":3}}"#]
      ),
      (
        ["type": .text("Vendor")], #"[{"id":1},{"id":2}]"#,
        [#"POST company/companies/250/typeAssociations {"company":{"id":250},"type":{"id":3}}"#]
      ),
      (["type": .text("Vendor")], #"[{"id":1},{"id":3}]"#, []),
      (["type": .null], #"[{"id":1}]"#, ["DELETE company/companies/250/typeAssociations/70"]),
      (["identifier": .text("Acme")], #"[{"id":1}]"#, []),
    ] as [(FieldValues, String, [String])])
  func changes(_ values: FieldValues, _ types: String, _ requests: [String]) async throws {
    let transport = Self.server()
    let current = try await Self.company(types)
    let write = Write(kind: .company, action: .update, target: "250", values: values, current: current, token: "t")
    guard case .done? = try await Self.connector(transport).write([write], in: ReadScope()).first else {
      Issue.record("not done")
      return
    }
    #expect(Self.sent(transport) == requests)
  }

  @Test("a company with several types does not lose them all for a blank")
  func severalTypes() async throws {
    let transport = Self.server()
    let write = Write(
      kind: .company, action: .update, target: "250", values: ["type": .null],
      current: try await Self.company(#"[{"id":1},{"id":3}]"#), token: "t")
    guard case .rejected(let rejection)? = try await Self.connector(transport).write([write], in: ReadScope()).first
    else {
      Issue.record("not refused")
      return
    }
    #expect(rejection.field == "type")
    #expect(Self.sent(transport).isEmpty)
  }

  @Test(
    "what is sent for a configuration",
    arguments: [
      (
        .create,
        [
          "name": .text("PC"), "type": .text("workstation"), "status": .text("Active"), "manufacturer": .text("Dell"),
          "installed-at": .text("2026-01-31"), "notes": .null,
        ],
        #"POST company/configurations {"company":{"id":250},"installationDate":"2026-01-31T00:00:00Z","manufacturer":{"id":9},"name":"PC","status":{"id":6},"type":{"id":10}}"#
      ),
      (
        .update,
        ["serial-number": .text("S"), "manufacturer": .null, "purchased-at": .null, "status": .text("Retired")],
        #"PATCH company/configurations/5 [{"op":"replace","path":"serialNumber","value":"S"},{"op":"remove","path":"purchaseDate"},{"op":"replace","path":"status","value":{"id":7}},{"op":"remove","path":"manufacturer"}]"#
      ),
      (
        .deactivate, ["asset-tag": .null],
        #"PATCH company/configurations/5 [{"op":"replace","path":"tagNumber","value":""},{"op":"replace","path":"activeFlag","value":false}]"#
      ),
      (
        .reactivate, [:],
        #"PATCH company/configurations/5 [{"op":"replace","path":"activeFlag","value":true}]"#
      ),
    ] as [(WriteKind, FieldValues, String)])
  func configurations(_ action: WriteKind, _ values: FieldValues, _ request: String) async throws {
    let transport = Self.server(
      #"{"id":5,"name":"PC","company":{"id":250},"installationDate":"2026-01-31T05:00:00Z","warrantyExpirationDate":"soon","activeFlag":false}"#
    )
    let write = Write(
      kind: .configuration, action: action, target: action == .create ? nil : "5", parent: "250", values: values,
      current: nil, token: "t")
    guard case .done(let record)? = try await Self.connector(transport).write([write], in: ReadScope()).first else {
      Issue.record("not done")
      return
    }
    #expect(record.parent == "250")
    #expect(record.state == .inactive)
    #expect(record.fields.text("installed-at") == "2026-01-31")
    #expect(record.fields["warranty-expires-at"] == .null)
    #expect(Self.sent(transport) == [request])
  }

  @Test("a configuration is not moved, and not made without what it needs")
  func configurationRefusals() async throws {
    let transport = Self.server()
    let current = Record(id: "5", kind: .configuration, state: .active, fields: [:], parent: "250")
    let cases: [(WriteKind, FieldValues, Reason)] = [
      (.update, ["name": .text("N")], .recordForbidden), (.create, ["name": .text("N")], .valueRefused),
      (.create, ["name": .text("N"), "type": .text("Pigeon")], .valueRefused),
    ]
    for (action, values, reason) in cases {
      let write = Write(
        kind: .configuration, action: action, target: action == .create ? nil : "5", parent: "251", values: values,
        current: action == .create ? nil : current, token: "t")
      guard case .rejected(let rejection)? = try await Self.connector(transport).write([write], in: ReadScope()).first
      else {
        Issue.record("not refused")
        return
      }
      #expect(rejection.reason == reason)
    }
    #expect(Self.sent(transport).isEmpty)
  }

  @Test("a contact that a 200 left at its company has not moved", arguments: [250, 251])
  func move(_ company: Int) async throws {
    let transport = Self.server(#"{"id":8,"firstName":"N","company":{"id":\#(company)},"communicationItems":[]}"#)
    let current = Record(id: "8", kind: .person, state: .active, fields: [:], parent: "250", native: "[]")
    let write = Write(
      kind: .person, action: .update, target: "8", parent: "251", values: [:], current: current, token: "t")
    let connector = try Self.connector(transport)
    let outcome = await connector.write([write], in: ReadScope()).first
    #expect(
      Self.sent(transport) == [#"PATCH company/contacts/8 [{"op":"replace","path":"company","value":{"id":251}}]"#])
    #expect(connector.smallestRequestCount(.write(write)) == 1)
    switch outcome {
    case .done(let record): #expect(company == 251 && record.parent == "251")
    case .rejected(let rejection): #expect(company == 250 && rejection.reason == .valueRefused)
    default: Issue.record("\(String(describing: outcome))")
    }
  }

  @Test(
    "an error names our field, whatever kind of record it speaks of",
    arguments: [
      (RecordKind.company, "phoneNumber", "phone"), (.company, "status/id", "status"), (.company, "Types", "type"),
      (.configuration, "tagNumber", "asset-tag"), (.configuration, "manufacturer.id", "manufacturer"),
    ] as [(RecordKind, String, FieldName)])
  func errorFields(_ kind: RecordKind, _ property: String, _ field: FieldName) async throws {
    let transport = Self.server(
      #"{"code":"InvalidObject","message":"no","errors":[{"code":"X","message":"bad","field":"\#(property)"}]}"#,
      status: 400)
    let write = Write(
      kind: kind, action: .update, target: "250", values: ["name": .text("N")],
      current: kind == .company ? try await Self.company() : nil, token: "t")
    guard case .rejected(let rejection)? = try await Self.connector(transport).write([write], in: ReadScope()).first
    else {
      Issue.record("not refused")
      return
    }
    #expect(rejection == WriteRejection(reason: .valueRefused, field: field, message: "bad"))
  }
}
