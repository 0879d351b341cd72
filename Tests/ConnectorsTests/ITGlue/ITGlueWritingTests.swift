import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct ITGlueWritingTests {
  /// An account with lists of names, and whose records are given as the attributes that a single answer holds.
  private static func account(
    _ attributes: String = "", status: Int = 200, answer: String? = nil
  ) -> ScriptedTransport {
    let manufacturers = Mutex(["Dell"])
    return ScriptedTransport { request, _ in
      let name = request.address.path.split(separator: "/").last.map(String.init) ?? ""
      func list(_ names: [String]) -> HTTPResponse {
        let rows = names.enumerated().map { #"{"id":"\#(60 + $0)","attributes":{"name":"\#($1)"}}"# }
        return .json(
          #"{"data":[\#(rows.joined(separator: ","))],"meta":{"next-page":null,"total-count":\#(names.count)}}"#)
      }
      switch (request.method, name) {
      case (.get, "organization_types"): return list(["Customer", "Vendor"])
      case (.get, "organization_statuses"), (.get, "configuration_statuses"): return list(["Active", "Inactive"])
      case (.get, "configuration_types"): return list(["Workstation", "Server"])
      case (.get, "manufacturers"): return list(manufacturers.withLock { $0 })
      case (.get, "models"): return list(["X1"])
      case (.post, "manufacturers"):
        let count = manufacturers.withLock { names in
          names.append("New")
          return names.count
        }
        return .json(#"{"data":{"id":"\#(60 + count - 1)","attributes":{"name":"New"}}}"#, status: 201)
      case (.post, "models"): return .json(#"{"data":{"id":"99","attributes":{"name":"New"}}}"#, status: 201)
      default:
        if status >= 300 { return .json(answer ?? "", status: status) }
        return .json(answer ?? #"{"data":{"id":"5200","attributes":{\#(attributes)}}}"#, status: status)
      }
    }
  }

  private static func current(_ kind: RecordKind, _ attributes: String) async throws -> Record {
    let transport = ScriptedTransport { _, _ in
      .json(#"{"data":[{"id":"5200","attributes":{\#(attributes)}}],"meta":{"total-count":1}}"#)
    }
    let read = try await pages(ITGlueConnector(.itGlue(transport)).read(kind, in: ReadScope(), since: nil))
    return try #require(read.last?.records.first)
  }

  private static func sent(_ transport: ScriptedTransport) -> [String] {
    transport.requests.filter { $0.method != .get }.map { request in
      let body = request.body.map { String(decoding: $0, as: UTF8.self) } ?? ""
      return "\(request.method.rawValue) \(request.address.path) \(body)"
    }
  }

  private static let una = #"""
    "organization-id":4100,"first-name":"Una","contact-emails":[{"value":"una@x","primary":true,"label-name":"Office"},{"value":"una@home","primary":false,"label-name":"Home"}],"contact-phones":[{"value":"35315550142","extension":"7","primary":true,"label-name":"Work","label-type":"phone","formatted-value":"+353 1 555 0142"},{"value":"353861","primary":false,"label-name":"Cell","label-type":"phone"}]
    """#

  @Test(
    "what is sent for a change of a contact: texts, and lists only whole",
    arguments: [
      (["title": .text("Buyer"), "last-name": .null], #"{"last-name":null,"title":"Buyer"}"#),
      (
        ["email": .text("new@x")],
        #"{"contact-emails":[{"label-name":"Office","primary":true,"value":"new@x"},{"label-name":"Home","primary":false,"value":"una@home"}]}"#
      ),
      (
        ["email": .text("Una@Home")],
        #"{"contact-emails":[{"label-name":"Office","primary":false,"value":"una@x"},{"label-name":"Home","primary":true,"value":"Una@Home"}]}"#
      ),
      (
        ["email": .null], #"{"contact-emails":[{"label-name":"Home","primary":false,"value":"una@home"}]}"#
      ),
      (
        ["other-emails": .list(["b@x", "una@home", "UNA@x", " ", "b@X"])],
        #"{"contact-emails":[{"label-name":"Office","primary":true,"value":"una@x"},{"label-name":"Home","primary":false,"value":"b@x"},{"label-name":"Home","primary":false,"value":"una@home"}]}"#
      ),
      (
        ["other-emails": .list([])],
        #"{"contact-emails":[{"label-name":"Office","primary":true,"value":"una@x"}]}"#
      ),
      (
        ["phone": .text("+353 1 555 0143"), "fax": .text("99")],
        #"{"contact-phones":[{"extension":"7","label-name":"Work","label-type":"phone","primary":true,"value":"+353 1 555 0143"},{"label-name":"Cell","label-type":"phone","primary":false,"value":"353861"},{"label-name":"Fax","label-type":"fax","primary":false,"value":"99"}]}"#
      ),
      (
        ["mobile": .null],
        #"{"contact-phones":[{"extension":"7","label-name":"Work","label-type":"phone","primary":true,"value":"35315550142"}]}"#
      ),
      // The same digits, the same address, the same others: nothing to send.
      (["phone": .text("+353 (1) 555-0142"), "email": .text("una@x"), "other-emails": .list(["una@home"])], nil),
    ] as [(FieldValues, String?)])
  func contactChanges(_ values: FieldValues, _ attributes: String?) async throws {
    let current = try await Self.current(.person, Self.una)
    let transport = Self.account(Self.una)
    let connector = try ITGlueConnector(.itGlue(transport))
    let write = Write(kind: .person, action: .update, target: "5200", values: values, current: current, token: "t")
    let outcomes = await connector.write([write], in: ReadScope(partition: "4100"))
    guard case .done(let record)? = outcomes.first else {
      Issue.record("not done: \(outcomes)")
      return
    }
    #expect(record.fields["psa-id"] == current.fields["psa-id"])
    let bodies = attributes.map { [#"PATCH /itglue/contacts/5200 {"data":{"attributes":\#($0),"type":"contacts"}}"#] }
    #expect(Self.sent(transport) == bodies ?? [])
    #expect(connector.smallestRequestCount(.write(write)) == transport.requests.count)
    let contentType = transport.requests.first { $0.method == .patch }?.headers.first { $0.name == "Content-Type" }
    #expect(attributes == nil || contentType?.value == "application/vnd.api+json")
  }

  @Test(
    "what is sent for a new record",
    arguments: [
      (
        .company, ["name": .text("Harbour"), "identifier": .text("hb"), "type": .text("vendor"), "status": .null],
        #"POST /itglue/organizations {"data":{"attributes":{"name":"Harbour","organization-type-id":61,"short-name":"hb"},"type":"organizations"}}"#
      ),
      (
        .person,
        [
          "first-name": .text("Una"), "last-name": .text(" "), "email": .text("a@x"), "other-emails": .list(["b@x"]),
          "mobile": .text("1"),
        ],
        #"POST /itglue/contacts {"data":{"attributes":{"contact-emails":[{"label-name":"Work","primary":true,"value":"a@x"},{"label-name":"Home","primary":false,"value":"b@x"}],"contact-phones":[{"label-name":"Mobile","label-type":"phone","primary":true,"value":"1"}],"first-name":"Una","organization-id":4100},"type":"contacts"}}"#
      ),
      (
        .configuration,
        [
          "name": .text("TILL"), "type": .text("Server"), "status": .text("Active"), "manufacturer": .text("DELL"),
          "model": .text("x1"), "notes": .text("a\r\nb \u{0} 😀"),
        ],
        #"POST /itglue/configurations {"data":{"attributes":{"configuration-status-id":60,"configuration-type-id":61,"manufacturer-id":60,"model-id":60,"name":"TILL","notes":"a\r\nb \u0000 😀","organization-id":4100},"type":"configurations"}}"#
      ),
    ] as [(RecordKind, FieldValues, String)])
  func creations(_ kind: RecordKind, _ values: FieldValues, _ request: String) async throws {
    let transport = Self.account(#""organization-id":4100,"contact-emails":[],"contact-phones":[]"#, status: 201)
    let write = Write(
      kind: kind, action: .create, target: nil, parent: "4100", values: values, current: nil, token: "t")
    let outcomes = try await ITGlueConnector(.itGlue(transport)).write([write], in: ReadScope())
    guard case .done(let record)? = outcomes.first else {
      Issue.record("not done: \(outcomes)")
      return
    }
    #expect(record.id == "5200")
    #expect(record.fields["psa-id"] == .null)
    #expect(Self.sent(transport) == [request])
  }

  private static let till = #"""
    "organization-id":4100,"name":"TILL","configuration-type-id":60,"configuration-type-name":"Workstation","manufacturer-id":61,"manufacturer-name":"Lenovo","model-id":7,"model-name":"T9"
    """#

  @Test(
    "what is sent for a change of a configuration",
    arguments: [
      (
        .update, ["serial-number": .text("S"), "asset-tag": .null], nil,
        [#"PATCH {"asset-tag":null,"serial-number":"S"}"#]
      ),
      (.update, ["type": .text("Server")], nil, [#"PATCH {"configuration-type-id":61}"#]),
      (.update, ["status": .null], nil, [#"PATCH {"configuration-status-id":null}"#]),
      // The model stays what it is called, at its new manufacturer.
      (
        .update, ["manufacturer": .text("Dell")], nil,
        [#"POST models {"manufacturer-id":60,"name":"T9"}"#, #"PATCH {"manufacturer-id":60,"model-id":99}"#]
      ),
      (.update, ["model": .text("X1")], nil, [#"PATCH {"model-id":60}"#]),
      (
        .update, ["manufacturer": .text("New"), "model": .text("X1")], nil,
        [#"POST manufacturers {"name":"New"}"#, #"PATCH {"manufacturer-id":61,"model-id":60}"#]
      ),
      (.update, ["manufacturer": .null, "model": .null], nil, [#"PATCH {"manufacturer-id":null,"model-id":null}"#]),
      (.update, ["name": .text("N")], "4101", [#"PATCH {"name":"N","organization-id":4101}"#]),
      (.update, [:], "4100", []),
      (.deactivate, [:], nil, [#"PATCH {"archived":true}"#]),
      (.reactivate, ["notes": .text("back")], nil, [#"PATCH {"archived":false,"notes":"back"}"#]),
    ] as [(WriteKind, FieldValues, RecordID?, [String])])
  func configurationChanges(
    _ action: WriteKind, _ values: FieldValues, _ parent: RecordID?, _ requests: [String]
  ) async throws {
    let current = try await Self.current(.configuration, Self.till)
    let organization = parent == nil ? "4100" : parent?.rawValue ?? ""
    let transport = Self.account(Self.till.replacingOccurrences(of: "4100", with: organization))
    let write = Write(
      kind: .configuration, action: action, target: "5200", parent: parent, values: values, current: current, token: "t"
    )
    let outcomes = try await ITGlueConnector(.itGlue(transport)).write([write], in: ReadScope())
    guard case .done? = outcomes.first else {
      Issue.record("not done: \(outcomes)")
      return
    }
    let short = Self.sent(transport).map { line in
      let attributes = line.components(separatedBy: #""attributes":"#).last?.components(separatedBy: #","type":"#).first
      let verb = line.hasPrefix("POST") ? "POST \(line.contains("/models") ? "models" : "manufacturers")" : "PATCH"
      return "\(verb) \(attributes ?? "")"
    }
    #expect(short == requests)
  }

  @Test(
    "what cannot be written is refused with its field, and nothing is sent",
    arguments: [
      (.company, .create, [:], "name", "IT Glue takes no organization without a name"),
      (.company, .update, ["name": .null], "name", "IT Glue takes no organization without a name"),
      (
        .company, .create, ["name": .text("N"), "type": .text("Pigeon")], "type",
        "IT Glue has no organization type \"Pigeon\"; it has Customer, Vendor"
      ),
      (
        .company, .update, ["status": .text("Gone")], "status",
        "IT Glue has no organization status \"Gone\"; it has Active, Inactive"
      ),
      (.configuration, .create, ["name": .text("N")], "type", "IT Glue takes no configuration without a type"),
      (
        .configuration, .create, ["name": .text("N"), "type": .text("Server"), "model": .text("X1")], "model",
        "at IT Glue a model belongs to a manufacturer, and none is given"
      ),
    ] as [(RecordKind, WriteKind, FieldValues, FieldName, String)])
  func refusals(
    _ kind: RecordKind, _ action: WriteKind, _ values: FieldValues, _ field: FieldName, _ message: String
  ) async throws {
    let transport = Self.account()
    let current = action == .create ? nil : try await Self.current(kind, #""name":"x""#)
    let write = Write(
      kind: kind, action: action, target: current?.id, parent: "4100", values: values, current: current, token: "t")
    let outcomes = try await ITGlueConnector(.itGlue(transport)).write([write], in: ReadScope())
    guard case .rejected(let rejection)? = outcomes.first else {
      Issue.record("not refused: \(outcomes)")
      return
    }
    #expect(rejection == WriteRejection(reason: .valueRefused, field: field, message: message))
    #expect(Self.sent(transport).isEmpty)
  }

  @Test(
    "organizations are never deleted, and nothing else is either",
    arguments: [RecordKind.company, .person, .configuration])
  func deletions(_ kind: RecordKind) async throws {
    let transport = Self.account()
    let current = try await Self.current(kind, #""name":"x""#)
    let actions: [WriteKind] = kind == .configuration ? [.delete] : [.delete, .deactivate, .reactivate]
    for action in actions {
      let write = Write(kind: kind, action: action, target: current.id, values: [:], current: current, token: "t")
      guard
        case .rejected(let rejection)? = try await ITGlueConnector(.itGlue(transport)).write([write], in: ReadScope())
          .first
      else {
        Issue.record("\(action.rawValue) was not refused")
        continue
      }
      #expect(rejection.reason == .recordForbidden)
    }
    #expect(transport.requests.isEmpty)
  }

  private static func linked(_ kind: RecordKind) async throws -> Record {
    let transport = ScriptedTransport { _, _ in
      .json(
        """
        {"data":[{"id":"5200","attributes":{"name":"x","contact-emails":[],"contact-phones":[]},
         "relationships":{"adapters-resources":{"data":[{"id":"88","type":"adapters-resources"}]}}}],
         "included":[{"id":"88","type":"adapters-resources","attributes":{"remote-id":217}}],"meta":{"total-count":1}}
        """)
    }
    let read = try await pages(ITGlueConnector(.itGlue(transport)).read(kind, in: ReadScope(), since: nil))
    return try #require(read.last?.records.first)
  }

  @Test(
    "a refusal is told by its reason, its field and the server's words",
    arguments: [
      (422, #"{"errors":[{"status":422,"title":"Unprocessable Entity"}]}"#, true, Reason.recordForbidden, nil),
      (422, "", true, .recordForbidden, nil),
      (422, #"{"errors":[{"title":"x","detail":"Synced records cannot be edited"}]}"#, false, .recordForbidden, nil),
      (
        422,
        #"{"errors":[{"status":422,"title":"Unprocessable Entity","detail":"must be valid","source":{"pointer":"/data/attributes/contact_emails/0"}}]}"#,
        true, .valueRefused, "email"
      ),
      (
        422, #"{"errors":[{"title":"is invalid","source":{"pointer":"data/attributes/first-name"}}]}"#, false,
        .valueRefused, "first-name"
      ),
      (422, #"{"errors":[{"title":"Name has already been taken"}]}"#, false, .duplicateAtTarget, nil),
      (422, #"{"errors":[{"title":"Unprocessable Entity"}]}"#, false, .valueRefused, nil),
      (400, "<html>", true, .valueRefused, nil), (415, "", false, .valueRefused, nil),
      (404, "", false, .targetGone, nil), (409, "", false, .versionConflict, nil),
    ] as [(Int, String, Bool, Reason, FieldName?)])
  func rejections(_ status: Int, _ answer: String, _ isLinked: Bool, _ reason: Reason, _ field: FieldName?) async throws
  {
    let unlinked = #""contact-emails":[],"contact-phones":[]"#
    let current = isLinked ? try await Self.linked(.person) : try await Self.current(.person, unlinked)
    let connector = try ITGlueConnector(
      .itGlue(Self.account(status: status, answer: answer), findings: ["psa-integration": "manage"]))
    let write = Write(
      kind: .person, action: .update, target: "5200", values: ["title": .text("B")], current: current, token: "t")
    guard case .rejected(let rejection)? = await connector.write([write], in: ReadScope()).first else {
      Issue.record("not refused")
      return
    }
    #expect(rejection.reason == reason)
    #expect(rejection.field == field)
    #expect(!rejection.isPartial && !rejection.message.isEmpty)
    if reason == .recordForbidden {
      #expect(rejection.message.hasPrefix("IT Glue's own ConnectWise sync still owns this contact"))
      #expect(rejection.message.contains("switch that integration off"))
      #expect(rejection.message.contains("PSA record 217") == isLinked)
    }
  }

  @Test(
    "what became of a create that failed",
    arguments: [
      (401, "not sent"), (403, "not sent"), (404, "not sent"), (500, "unknown"), (502, "unknown"), (422, "refused"),
      (200, "unknown"),
    ])
  func failedCreate(_ status: Int, _ word: String) async throws {
    let transport = Self.account(status: status, answer: "<html>")
    let write = Write(
      kind: .company, action: .create, target: nil, values: ["name": .text("N")], current: nil, token: "t")
    let outcome = try await ITGlueConnector(.itGlue(transport)).write([write], in: ReadScope()).first
    switch (outcome, word) {
    case (.notSent, "not sent"), (.unknown, "unknown"), (.rejected, "refused"): break
    default: Issue.record("\(status): \(String(describing: outcome))")
    }
    #expect(transport.requests.count == 1)
  }

  @Test("G8 an answer that is lost leaves a create unknown, and a change that was carried out halfway too")
  func lostAnswers() async throws {
    let dropping = ScriptedTransport { _, _ in throw ConnectorError.dropped }
    let create = Write(
      kind: .company, action: .create, target: nil, values: ["name": .text("N")], current: nil, token: "t")
    guard case .unknown? = try await ITGlueConnector(.itGlue(dropping)).write([create], in: ReadScope()).first else {
      Issue.record("a lost create is known")
      return
    }
    #expect(dropping.requests.count == 1)
    let current = try await Self.current(.person, Self.una)
    let halfway = ScriptedTransport { request, _ in
      request.method == .get ? .json("", status: 404) : .json(#"{"data":{"id":"5200","attributes":{}}}"#)
    }
    let change = Write(
      kind: .person, action: .update, target: "5200", values: ["email": .text("n@x")], current: current, token: "t")
    guard case .unknown? = try await ITGlueConnector(.itGlue(halfway)).write([change], in: ReadScope()).first else {
      Issue.record("a change that could not be read back is known")
      return
    }
  }

  @Test("trouble with a list of names leaves a write unsent")
  func listTrouble() async throws {
    let transport = ScriptedTransport { request, _ in
      request.method == .get ? .json("", status: 500) : .json("", status: 200)
    }
    let write = Write(
      kind: .company, action: .create, target: nil, values: ["name": .text("N"), "type": .text("T")], current: nil,
      token: "t")
    guard
      case .notSent(let error)? = try await ITGlueConnector(.itGlue(transport)).write([write], in: ReadScope()).first
    else {
      Issue.record("it was sent")
      return
    }
    #expect(error.kind == .unreachable)
    #expect(!transport.requests.contains { $0.method == .post })
  }

  @Test("a new manufacturer that many writes name at once is made once")
  func manufacturers() async throws {
    let transport = Self.account(#""organization-id":4100"#, status: 201)
    let writes = (1...12).map { number in
      Write(
        kind: .configuration, action: .create, target: nil, parent: "4100",
        values: ["name": .text("PC \(number)"), "type": .text("Server"), "manufacturer": .text("New")], current: nil,
        token: "t")
    }
    let outcomes = try await ITGlueConnector(.itGlue(transport)).write(writes, in: ReadScope())
    #expect(outcomes.allSatisfy { if case .done = $0 { true } else { false } })
    #expect(Self.sent(transport).count { $0.hasPrefix("POST /itglue/manufacturers ") } == 1)
    // Once, and once more since the name was missing.
    #expect(transport.lines.count { $0.hasPrefix("GET /itglue/manufacturers?") } <= 2)
    #expect(transport.lines.count { $0.hasPrefix("GET /itglue/configuration_types?") } == 1)
  }

  @Test("a record that stays where it was has not moved")
  func stays() async throws {
    let current = try await Self.current(.person, #""organization-id":4100,"contact-emails":[],"contact-phones":[]"#)
    let write = Write(
      kind: .person, action: .update, target: "5200", parent: "4101", values: ["title": .text("B")], current: current,
      token: "t")
    let transport = Self.account(#""organization-id":4100,"title":"B""#)
    guard
      case .rejected(let rejection)? = try await ITGlueConnector(.itGlue(transport)).write([write], in: ReadScope())
        .first
    else {
      Issue.record("it is said to have moved")
      return
    }
    #expect(rejection.isPartial)
  }

  @Test("a contact whose lists are not known is read before they are sent")
  func unknownLists() async throws {
    let transport = ScriptedTransport { request, _ in
      if request.method == .get, request.address.path.hasSuffix("/contacts") {
        return .json(#"{"data":[{"id":"5200","attributes":{\#(Self.una)}}],"meta":{"total-count":1}}"#)
      }
      return .json(#"{"data":{"id":"5200","attributes":{\#(Self.una)}}}"#)
    }
    let write = Write(
      kind: .person, action: .update, target: "5200", values: ["fax": .text("99")], current: nil, token: "t")
    guard case .done? = try await ITGlueConnector(.itGlue(transport)).write([write], in: ReadScope()).first else {
      Issue.record("not done")
      return
    }
    #expect(Self.sent(transport).first?.contains("353861") == true)
    let gone = ITGlueTable([]).transport
    guard
      case .rejected(let rejection)? = try await ITGlueConnector(.itGlue(gone)).write([write], in: ReadScope()).first
    else {
      Issue.record("nobody was changed")
      return
    }
    #expect(rejection.reason == .targetGone)
  }
}
