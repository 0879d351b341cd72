import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct AutotaskWritingTests {
  private static let nowhere = ReadScope()

  /// Takes every write, and gives back contact 8 of company 174.
  private static func taking(_ contact: String = ScriptedAutotask.contact(8)) -> ScriptedAutotask {
    ScriptedAutotask { line, _, _ in
      switch line {
      case "GET Contacts/8": .json(#"{"item":\#(contact)}"#)
      case "GET Companies/5": .json(#"{"item":{"id":5,"companyName":"B","companyType":1,"isActive":true}}"#)
      case "GET ConfigurationItems/3":
        .json(#"{"item":{"id":3,"companyID":174,"productID":50,"isActive":true,"referenceTitle":"srv"}}"#)
      case "POST Companies": .json(#"{"itemId":5}"#)
      case "POST ConfigurationItems": .json(#"{"itemId":3}"#)
      case let line where line.hasPrefix("PATCH ") || line == "POST Companies/174/Contacts": .json(#"{"itemId":8}"#)
      default: nil
      }
    }
  }

  private static func current(_ slots: [String] = ["old@x", "", ""], parent: RecordID? = "174") -> Record {
    let others = slots.dropFirst().filter { !$0.isEmpty }
    let native = "[\(slots.map { "\"\($0)\"" }.joined(separator: ","))]"
    return Record(
      id: "8", kind: .person, state: .active,
      fields: ["email": .text(slots[0]), "other-emails": .list(Array(others))], parent: parent, native: native)
  }

  private static func write(
    _ action: WriteKind = .update, _ values: FieldValues = [:], kind: RecordKind = .person, target: RecordID? = "8",
    parent: RecordID? = nil, current: Record? = current()
  ) -> Write {
    Write(
      kind: kind, action: action, target: action == .create ? nil : target, parent: parent, values: values,
      current: action == .create ? nil : current, token: "t")
  }

  @Test(
    "what is sent for a change, below the contact's real company, and nothing more",
    arguments: [
      ([:], .deactivate, ["old@x", "", ""], #"{"id":8,"isActive":0}"#),
      (["title": .text("A")], .reactivate, ["old@x", "", ""], #"{"id":8,"isActive":1,"title":"A"}"#),
      (
        ["title": .text("A\u{0}\r\n\"😀"), "last-name": .null, "phone": .text(" ")], .update, ["old@x", "", ""],
        #"{"id":8,"lastName":null,"phone":null,"title":"A\r\n\"😀"}"#
      ),
      (["email": .text("new@x")], .update, ["", "", ""], #"{"emailAddress":"new@x","id":8}"#),
      (
        ["email": .text("new@x")], .update, ["old@x", "", ""],
        #"{"emailAddress":"new@x","emailAddress2":"old@x","id":8}"#
      ),
      (
        ["email": .text("new@x")], .update, ["old@x", "b@x", ""],
        #"{"emailAddress":"new@x","emailAddress3":"old@x","id":8}"#
      ),
      (["email": .text("new@x")], .update, ["old@x", "b@x", "c@x"], #"{"emailAddress":"new@x","id":8}"#),
      (["email": .text("new@x")], .update, ["old@x", "OLD@x", ""], #"{"emailAddress":"new@x","id":8}"#),
      (
        ["email": .text("B@x")], .update, ["old@x", "b@x", ""],
        #"{"emailAddress":"B@x","emailAddress2":"old@x","id":8}"#
      ),
      (["email": .text("OLD@x")], .update, ["old@x", "", ""], #"{"emailAddress":"OLD@x","id":8}"#),
      (["email": .null], .update, ["old@x", "b@x", ""], #"{"emailAddress":null,"id":8}"#),
      (
        ["other-emails": .list(["b@x", "c@x"])], .update, ["old@x", "", ""],
        #"{"emailAddress2":"b@x","emailAddress3":"c@x","id":8}"#
      ),
      (["other-emails": .list([])], .update, ["old@x", "", "c@x"], #"{"emailAddress3":null,"id":8}"#),
      (
        ["email": .text("new@x"), "other-emails": .list(["b@x"])], .update, ["old@x", "b@x", "c@x"],
        #"{"emailAddress":"new@x","emailAddress3":null,"id":8}"#
      ),
    ] as [(FieldValues, WriteKind, [String], String)])
  func changes(_ values: FieldValues, _ action: WriteKind, _ slots: [String], _ body: String) async throws {
    let autotask = Self.taking()
    // The scope's company is not the contact's.
    let outcome = try await autotask.connector().write(
      [Self.write(action, values, current: Self.current(slots))], in: ReadScope(partition: "999"))
    #expect(outcome.map(\.told) == ["done 8"])
    #expect(autotask.asked == ["PATCH Companies/174/Contacts \(body)", "GET Contacts/8"])
  }

  @Test("a write that changes nothing sends nothing, and gives the record as it is")
  func nothing() async throws {
    let autotask = Self.taking()
    #expect(try await autotask.connector().write([Self.write()], in: Self.nowhere).map(\.told) == ["done 8"])
    #expect(autotask.asked == ["GET Contacts/8"])
  }

  @Test("a contact whose company or addresses are not known is read before it is written")
  func unknownCompany() async throws {
    let autotask = Self.taking()
    let bare = Record(id: "8", kind: .person, state: .active, fields: [:])
    let writes = [
      Self.write(.update, ["title": .text("A")], current: nil),
      Self.write(.update, ["email": .text("z@x")], current: bare),
    ]
    let connector = try autotask.connector()
    for write in writes { _ = await connector.write([write], in: Self.nowhere) }
    #expect(
      autotask.asked == [
        "GET Contacts/8", #"PATCH Companies/174/Contacts {"id":8,"title":"A"}"#, "GET Contacts/8", "GET Contacts/8",
        #"PATCH Companies/174/Contacts {"emailAddress":"z@x","emailAddress2":"n@x.example","id":8}"#, "GET Contacts/8",
      ])
    // The scope's company will do where the record does not say.
    let fallback = Self.taking()
    _ = try await fallback.connector().write(
      [Self.write(.update, ["title": .text("A")], current: nil)], in: ReadScope(partition: "0"))
    #expect(fallback.asked.first == #"PATCH Companies/0/Contacts {"id":8,"title":"A"}"#)
  }

  @Test("a new contact is made in the write's company, with what is filled and no more, and read back")
  func create() async throws {
    let autotask = Self.taking()
    let values: FieldValues = [
      "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .null, "email": .text("n@x"),
      "other-emails": .list([]), "external-id": .text("42"),
    ]
    let outcome = try await autotask.connector().write(
      [Self.write(.create, values, parent: "174")], in: ReadScope(partition: "999"))
    #expect(outcome.map(\.told) == ["done 8"])
    #expect(
      autotask.asked == [
        #"POST Companies/174/Contacts {"companyID":174,"emailAddress":"n@x","externalID":"42","firstName":"Nora","isActive":1,"lastName":"Lind"}"#,
        "GET Contacts/8",
      ])
    #expect(autotask.transport.requests.allSatisfy { $0.method != .put && $0.method != .delete })
  }

  @Test(
    "what is certain to be refused is not sent",
    arguments: [
      (write(.delete), "rejected record-forbidden -"), (write(target: "x"), "rejected target-gone -"),
      (write(.update, ["title": .text("A")], parent: "5"), "rejected record-forbidden -"),
      (write(.create, ["first-name": .text("N")], parent: "174"), "rejected value-refused last-name"),
      (
        write(.update, ["title": .text(String(repeating: "x", count: 51))]),
        "rejected value-refused title"
      ),
      (write(.update, ["company-id": .text("5")]), "rejected record-forbidden company-id"),
      (write(.update, ["title": .flag(true)]), "rejected value-refused title"),
      (write(.update, ["title": .list(["a", "b"])]), "rejected value-refused title"),
      (write(.update, ["other-emails": .list(["a@x", "b@x", "c@x"])]), "rejected value-refused other-emails"),
      (
        write(.create, ["first-name": .text("N"), "last-name": .text("L")]),
        "not sent misconfigured"
      ),
      (write(.update, ["type": .null], kind: .company, target: "5"), "rejected value-refused type"),
      (write(.update, ["type": .text("Old")], kind: .company, target: "5"), "rejected value-refused type"),
      (write(.update, ["status": .text("Active")], kind: .company, target: "5"), "rejected record-forbidden status"),
      (
        write(.update, ["installed-at": .text("5.1.2026")], kind: .configuration, target: "3"),
        "rejected value-refused installed-at"
      ),
      (write(.update, ["model": .null], kind: .configuration, target: "3"), "rejected value-refused model"),
    ])
  func refused(_ write: Write, _ told: String) async throws {
    let autotask = Self.taking()
    #expect(try await autotask.connector().write([write], in: Self.nowhere).map(\.told) == [told])
    #expect(autotask.asked.allSatisfy { $0.hasPrefix("GET ") })
  }

  @Test("a type that there is not is told with those that there are, after asking once more")
  func types() async throws {
    let autotask = Self.taking()
    let connector = try autotask.connector()
    let known = await connector.write(
      [Self.write(.update, ["type": .text("vendor")], kind: .company, target: "5")], in: Self.nowhere)
    #expect(known.map(\.told) == ["done 5"])
    #expect(autotask.asked.first == #"PATCH Companies {"companyType":7,"id":5}"#)
    let unknown = await connector.write(
      [Self.write(.update, ["type": .text("Pigeon")], kind: .company, target: "5")], in: Self.nowhere)
    #expect(unknown.first?.words == #"Autotask has no company type "Pigeon"; it has Customer, Vendor"#)
    #expect(autotask.count(of: "entityInformation/fields") == 2)
  }

  @Test("a new company takes the account manager of the own one, or the one that was named")
  func newCompany() async throws {
    let values: FieldValues = ["name": .text("B"), "type": .text("Customer"), "phone": .text("1")]
    let create = Self.write(.create, values, kind: .company)
    let taking = Self.taking()
    let autotask = ScriptedAutotask { line, body, number in
      line == "POST Companies/query"
        ? .json(ScriptedAutotask.page([#"{"id":0,"ownerResourceID":77}"#]))
        : line == "POST Companies" ? .json(#"{"itemId":5}"#) : try taking.script(line, body, number)
    }
    #expect(try await autotask.connector().write([create], in: Self.nowhere).map(\.told) == ["done 5"])
    let body = #"{"companyName":"B","companyType":1,"isActive":true,"ownerResourceID":77,"phone":"1"}"#
    #expect(autotask.asked.contains("POST Companies \(body)"))
    #expect(
      try await taking.connector(parameters: ["account-manager": "77"]).write([create], in: Self.nowhere).map(\.told)
        == ["done 5"])
    #expect(taking.asked.first == "POST Companies \(body)")
    // Nobody to take over: nothing is sent.
    let without = ScriptedAutotask { _, _, _ in nil }
    let outcome = try await without.connector().write([create], in: Self.nowhere)
    #expect(outcome.map(\.told) == ["rejected value-refused -"])
    #expect(without.asked.count == 1)
  }

  // MARK: Products

  private static let item: FieldValues = [
    "name": .text("srv"), "type": .text("Server"), "manufacturer": .text("Dell"), "model": .text("R740"),
    "installed-at": .text("2026-01-05"),
  ]
  private static let newItem = write(.create, item, kind: .configuration, parent: "174")

  private static func stock(_ products: String..., creates: Bool = true) -> ScriptedAutotask {
    ScriptedAutotask { line, body, number in
      switch line {
      case "POST Products/query" where body.contains("manufacturerName\",\"op"): .json(ScriptedAutotask.page(products))
      case "POST Products/query" where body.contains(#""value":[60]"#):
        .json(
          ScriptedAutotask.page([
            #"{"id":60,"name":"Dell R740","manufacturerName":"Dell","manufacturerProductName":"R740","isActive":true}"#
          ]))
      case "POST Products/query":
        .json(
          ScriptedAutotask.page([
            #"{"id":1,"productBillingCodeID":9}"#, #"{"id":2,"productBillingCodeID":7}"#,
            #"{"id":3,"productBillingCodeID":7}"#,
          ]))
      case "POST Products":
        creates ? .json(#"{"itemId":60}"#) : .json(#"{"errors":["Required field vendor is missing."]}"#, status: 500)
      default: try taking().script(line, body, number)
      }
    }
  }

  @Test("a configuration item refers to the product of its manufacturer and model")
  func productFound() async throws {
    let autotask = Self.stock(
      #"{"id":51,"manufacturerName":"dell","manufacturerProductName":"r740","isActive":true}"#,
      #"{"id":52,"manufacturerName":"Dell","manufacturerProductName":"R740","isActive":false}"#,
      #"{"id":50,"manufacturerName":"Dell","manufacturerProductName":"R740","isActive":true}"#)
    let connector = try autotask.connector()
    let outcomes = await connector.write([Self.newItem, Self.newItem], in: Self.nowhere)
    #expect(outcomes.map(\.told) == ["done 3", "done 3"])
    let body =
      #"{"companyID":174,"configurationItemType":3,"installDate":"2026-01-05T00:00:00Z","isActive":true,"productID":50,"referenceTitle":"srv"}"#
    #expect(autotask.asked.filter { $0 == "POST ConfigurationItems \(body)" }.count == 2)
    // Looked for once.
    #expect(autotask.asked.filter { $0.contains(#"manufacturerName","op"#) }.count == 1)
    #expect(!autotask.asked.contains { $0.hasPrefix("POST Products {") })
  }

  @Test("a product that there is not is made once, under the billing code that most have")
  func productMade() async throws {
    let autotask = Self.stock()
    let outcomes = try await autotask.connector().write([Self.newItem, Self.newItem], in: Self.nowhere)
    #expect(outcomes.map(\.told) == ["done 3", "done 3"])
    #expect(
      autotask.asked.filter { $0.hasPrefix("POST Products {") } == [
        #"POST Products {"isActive":true,"isSerialized":false,"manufacturerName":"Dell","manufacturerProductName":"R740","name":"Dell R740","productBillingCodeID":7}"#
      ])
    #expect(autotask.asked.filter { $0.contains(#""productID":60"#) }.count == 2)
  }

  @Test("an inactive product, or one that cannot be made, stops the write before anything is sent")
  func productRefused() async throws {
    let inactive = Self.stock(
      #"{"id":52,"manufacturerName":"Dell","manufacturerProductName":"R740","isActive":false}"#)
    let impossible = Self.stock(creates: false)
    for autotask in [inactive, impossible] {
      let outcome = try await autotask.connector().write([Self.newItem], in: Self.nowhere)
      #expect(outcome.map(\.told) == ["rejected value-refused model"])
      #expect(!autotask.asked.contains { $0.hasPrefix("POST ConfigurationItems {") })
    }
  }

  @Test("half of a product's name is completed from what the item has; an item refused after its product is so partly")
  func halfAndPartly() async throws {
    let current = Record(
      id: "3", kind: .configuration, state: .active, fields: ["manufacturer": .text("Dell"), "model": .text("R1")],
      parent: "174")
    let autotask = Self.stock()
    let change = Self.write(.update, ["model": .text("R740")], kind: .configuration, target: "3", current: current)
    #expect(try await autotask.connector().write([change], in: Self.nowhere).map(\.told) == ["done 3"])
    #expect(autotask.asked.contains(#"PATCH ConfigurationItems {"id":3,"productID":60}"#))
    let stock = Self.stock()
    let refusing = ScriptedAutotask { line, body, number in
      line == "POST ConfigurationItems"
        ? .json(#"{"errors":["Value too long for field: referenceTitle."]}"#, status: 500)
        : try stock.script(line, body, number)
    }
    #expect(
      try await refusing.connector().write([Self.newItem], in: Self.nowhere).map(\.told)
        == ["rejected value-refused name partly"])
  }

  // MARK: Answers

  @Test(
    "a 500 is a refusal by its words; only what may have been done is unknown",
    arguments: [
      (500, #"{"errors":["Required field firstName is missing."]}"#, "rejected value-refused first-name"),
      (500, #"{"errors":[{"message":"Value too long on field: title"}]}"#, "rejected value-refused title"),
      (500, #"{"errors":["Unable to find shoeSize in the Contact Entity."]}"#, "rejected value-refused -"),
      (
        500,
        #"{"errors":["Reference value on field: companyID of type: Company does not exist or is invalid."]}"#,
        "rejected value-refused -"
      ),
      (500, #"{"errors":["The contact already exists."]}"#, "rejected duplicate-at-target -"),
      (
        500, #"{"errors":["The logged in Resource does not have the adequate permissions"]}"#,
        "rejected record-forbidden -"
      ),
      (500, "", "unknown"), (500, #"{"errors":[]}"#, "unknown"), (500, "<html>fault</html>", "unknown"),
      (500, #"{"errors":["Execution Timeout Expired."]}"#, "unknown"), (503, "", "unknown"),
      (400, #"{"errors":["Malformed."]}"#, "rejected value-refused -"), (403, "", "rejected record-forbidden -"),
      (404, #"{"errors":["none"]}"#, "rejected target-gone -"), (404, "<!DOCTYPE html><html>", "not sent notFound"),
      (405, #"{"Message":"The requested resource does not support http method 'PATCH'."}"#, "rejected value-refused -"),
      (409, "", "rejected version-conflict -"), (401, "", "not sent unauthorized"),
      (500, #"{"errors":["Invalid credentials"]}"#, "not sent unauthorized"),
      (429, "", "not sent throttled(retryAfterSeconds: nil)"), (200, "{}", "done 8"), (200, "no json", "unknown"),
      (200, #"{"errors":["No."]}"#, "rejected value-refused -"), (200, #"{"itemId":8,"errors":["No."]}"#, "unknown"),
    ])
  func answers(_ status: Int, _ body: String, _ told: String) async throws {
    let taking = Self.taking()
    let autotask = ScriptedAutotask { line, sent, number in
      line.hasPrefix("PATCH ") ? .json(body, status: status) : try taking.script(line, sent, number)
    }
    let outcome = try await autotask.connector().write(
      [Self.write(.update, ["title": .text("A"), "first-name": .text("N")])], in: Self.nowhere)
    #expect(outcome.map(\.told) == [told])
    if told.hasPrefix("rejected") { #expect(autotask.asked.filter { $0.hasPrefix("PATCH") }.count == 1) }
  }

  @Test("a refusal that may mean a record that has gone is looked into")
  func gone() async throws {
    for (found, told) in [
      ("null", "rejected target-gone -"), (ScriptedAutotask.contact(8), "rejected value-refused -"),
    ] {
      let autotask = ScriptedAutotask { line, _, _ in
        line.hasPrefix("PATCH ")
          ? .json(#"{"errors":["The record does not exist."]}"#, status: 500)
          : line == "GET Contacts/8" ? .json(#"{"item":\#(found)}"#) : nil
      }
      let outcome = try await autotask.connector().write([Self.write(.deactivate)], in: Self.nowhere)
      #expect(outcome.map(\.told) == [told])
    }
  }

  @Test("a create whose answer is lost is unknown and sent once; one whose answer holds no id too")
  func lost() async throws {
    let create = Self.write(.create, ["first-name": .text("N"), "last-name": .text("L")], parent: "174")
    for answer in [nil, "{}"] as [String?] {
      let autotask = ScriptedAutotask { line, _, _ in
        guard line == "POST Companies/174/Contacts" else { return nil }
        guard let answer else { throw ConnectorError.dropped }
        return .json(answer)
      }
      #expect(try await autotask.connector().write([create], in: Self.nowhere).map(\.told) == ["unknown"])
      #expect(autotask.count(of: "POST Companies/174/Contacts") == 1)
    }
  }

  @Test("a change that may have arrived stays unknown, whatever became of sending it again")
  func unknownThenRefused() async throws {
    let attempts = Atomic<Int>(0)
    let autotask = ScriptedAutotask { line, _, _ in
      guard line.hasPrefix("PATCH ") else { return nil }
      throw attempts.add(1, ordering: .relaxed).newValue == 1 ? ConnectorError.dropped : ConnectorError.refused
    }
    #expect(
      try await autotask.connector().write([Self.write(.deactivate)], in: Self.nowhere).map(\.told) == ["unknown"])
  }

  @Test("a write that was taken and cannot be read back is unknown, and its secret is in no words")
  func readBack() async throws {
    let autotask = ScriptedAutotask { line, _, _ in
      line.hasPrefix("PATCH ")
        ? .json(#"{"itemId":8}"#) : .json(#"{"errors":["no secret p#ss%rd$ here"]}"#, status: 500)
    }
    let connector = try autotask.connector(findings: ["zone": "http://127.0.0.1:9/autotask/ATServicesRest"])
    let outcome = await connector.write([Self.write(.deactivate)], in: Self.nowhere)
    #expect(outcome.map(\.told) == ["unknown"])
    #expect(outcome.first?.words.contains("‹secret›") == true)
  }
}
