/// The export of users of the Microsoft 365 admin centre, column by column and person by person.
import Connectors
import Foundation
import Model
import Testing

@Suite struct AdminCentreExportTests {
  /// As the admin centre writes it (Users, Active users, Export users): its 32 columns in their order, a mark of UTF-8,
  /// licences and proxy addresses joined by `+`.
  static let export =
    "\u{FEFF}Block credential,City,Country/Region,Department,DirSyncEnabled,Display name,Fax,First name,"
    + "Last dirsync time,Last name,Last password change time stamp,License assignment details,Licenses,Mobile Phone,"
    + "Oath token metadata,Object Id,Office,Password never expires,Phone number,Postal code,Preferred data location,"
    + "Preferred language,Proxy addresses,Release track,Soft deletion time stamp,State,Street address,"
    + "Strong password required,Title,Usage location,User principal name,When created\r\n"
    + "False,Seattle,United States,Retail,True,Ada Vance,,Ada,2026-02-27 23:19:44Z,Vance,2026-01-05 08:00:00Z,,"
    + "Microsoft 365 Business Premium+Power BI (free),+1 425 555 0110,,96ca293c-29dd-4668-a763-ee407bd935d7,18/2111,"
    + "False,+1 425 555 0109,98004,,en-US,smtp:ada@acme.onmicrosoft.com+SMTP:ada.v+hr@acme.example+SIP:ada@acme.example,"
    + ",,WA,\"205 108th Ave. NE, Suite 400\",True,Retail Manager,US,ada@acme.onmicrosoft.com,2024-03-18 19:49:35Z\r\n"
    + "True,,,,False,Bo Left,,Bo,,Left,,,Unlicensed,,,0a1b2c3d-0000-4000-8000-000000000002,,True,,,,,,,,,,,,DE,"
    + "bo.left@acme.example,2022-03-18 19:49:35Z\r\n"
    + "False,,,,,Guest Person,,,,,,,Unlicensed,,,0a1b2c3d-0000-4000-8000-000000000003,,,,,,,"
    + "SMTP:guest@partner.example,,,,,,,,guest_partner.example#EXT#@acme.onmicrosoft.com,2025-01-01 00:00:00Z\r\n"
    + "False,,,,,Only Name,,Only,,Name,,,Microsoft 365 E3,,,,,,,,,,,,,,,,,,Only.Name@acme.example,\r\n"
    + ",,,,,No Word,,No,,Word,,,,,,0a1b2c3d-0000-4000-8000-000000000005,,,,,,,,,,,,,,,noword@acme.onmicrosoft.com,\r\n"
    + "False,,,,,Long Gone,,Long,,Gone,,,Unlicensed,,,0a1b2c3d-0000-4000-8000-000000000006,,,,,,,,,"
    + "2026-02-01 10:00:00Z,,,,,,gone@acme.example,\r\n"

  @Test("every person as the export says, and nothing that it does not say")
  func people() async throws {
    let (records, remark) = try await FileFixture(Self.export).people()
    #expect(remark == nil)
    #expect(
      records.map(\.id.rawValue) == [
        "96ca293c-29dd-4668-a763-ee407bd935d7", "0a1b2c3d-0000-4000-8000-000000000002",
        "0a1b2c3d-0000-4000-8000-000000000003", "only.name@acme.example", "0a1b2c3d-0000-4000-8000-000000000005",
        "0a1b2c3d-0000-4000-8000-000000000006",
      ])
    let ada: FieldValues = [
      "first-name": .text("Ada"), "last-name": .text("Vance"), "title": .text("Retail Manager"),
      "phone": .text("+1 425 555 0109"), "mobile": .text("+1 425 555 0110"), "email": .text("ada.v+hr@acme.example"),
      "display-name": .text("Ada Vance"), "user-principal-name": .text("ada@acme.onmicrosoft.com"),
      "addresses": .list(["ada.v+hr@acme.example", "ada@acme.onmicrosoft.com"]), "account-enabled": .flag(true),
      "licences": .list(["Microsoft 365 Business Premium", "Power BI (free)"]),
      "licence-names": .list(["Microsoft 365 Business Premium", "Power BI (free)"]), "user-type": .text("Member"),
      "department": .text("Retail"), "created": .text("2024-03-18 19:49:35Z"),
    ]
    #expect(records[0].fields == ada)
    #expect(records[0].state == .active && records[0].native == "line 2")

    let bo = records[1].fields
    #expect(bo.flag("account-enabled") == false && bo.items("licences") == [])
    #expect(bo["phone"] == .null && bo["title"] == .null)
    // No proxy addresses: the sign-in name, which mail can reach.
    #expect(bo["email"] == .text("bo.left@acme.example") && bo.items("addresses") == ["bo.left@acme.example"])

    #expect(records[2].fields.text("user-type") == "Guest")
    #expect(records[2].fields.text("email") == "guest@partner.example")

    // No id: the sign-in name is the key, without regard to case.
    #expect(records[3].fields.text("email") == "Only.Name@acme.example")

    // Nothing was said of sign-in and licences, and mail reaches no such address.
    let unsaid = records[4].fields
    #expect(unsaid["account-enabled"] == nil && unsaid["licences"] == nil && unsaid["licensed"] == nil)
    #expect(unsaid["email"] == .null)

    #expect(records[5].state == .gone)
  }

  @Test("check says what was found, what is used and what is not")
  func check() async throws {
    let check = try await FileFixture(Self.export).check()
    #expect(check.allSatisfy { $0.outcome == .passed }, "\(check)")
    #expect(check["file"]?.detail.hasSuffix("users.csv, the Microsoft 365 admin centre's export of users") == true)
    #expect(check["encoding"]?.detail == "UTF-8, with its mark")
    #expect(check["separator"]?.detail == "comma")
    #expect(check["e-mail"]?.detail == "from Proxy addresses, the one marked SMTP:, else User principal name")
    #expect(
      check["columns"]?.detail
        == "Block credential as blocked, Department, Display name, First name, Last name, Licenses as licences, "
        + "Mobile Phone as mobile, Object Id as id, Phone number as phone, Proxy addresses as addresses, "
        + "Soft deletion time stamp as deleted, Title, User principal name, When created as created")
    #expect(check["columns not used"]?.detail.hasPrefix("City, Country/Region, DirSyncEnabled, Fax, ") == true)
    #expect(check["columns not used"]?.detail.contains("State") == true)
    #expect(check["lines"]?.detail == "7 lines: 6 people")
  }

  @Test("words of Block credential that are none are told, and nothing is made of them")
  func oddBlock() async throws {
    let file = try FileFixture(
      "User principal name,Block credential,Licenses\na@x.example,maybe,Unlicensed\nb@x.example,TRUE,A + B\n")
    let (records, remark) = try await file.people()
    #expect(remark == nil && records.count == 2)
    #expect(records[0].fields["account-enabled"] == nil)
    #expect(records[1].fields.flag("account-enabled") == false)
    #expect(records[1].fields.items("licences") == ["A", "B"])
    #expect(try await file.remarks() == ["line 2 odd: Block credential is “maybe”, neither true nor false"])
  }

  @Test("older exports without an id, without licences, with other columns in between")
  func olderExports() async throws {
    let file = try FileFixture("Display name;User principal name;Block credential\nAnn Lee;ann@acme.example;False\n")
    let record = try #require(try await file.people().records.first)
    #expect(record.id == "ann@acme.example")
    // The admin centre knows licences: an export without them does not say that everybody has one.
    #expect(record.fields["licences"] == nil && record.fields["licensed"] == nil)
    #expect(try await file.check()["file"]?.detail.hasSuffix("export of users") == true)
    let general = try #require(try await file.people(["format": "general"]).records.first)
    #expect(general.fields.flag("licensed") == true && general.fields.flag("account-enabled") == true)
  }
}
