/// Which column is what: by its heading, or as the connection names it; who is active; whose people they are.
import Connectors
import Foundation
import Model
import Testing

@Suite struct FileColumnTests {
  @Test(
    "headings are known in the usual forms",
    arguments: [
      ("E-Mail", "email"), ("email address", "email"), ("Mail", "email"), ("Given Name", "first-name"),
      ("FIRST_NAME", "first-name"), ("surname", "last-name"), ("Family name", "last-name"), ("Job Title", "title"),
      ("jobTitle", "title"), ("Work phone", "phone"), ("Phone", "phone"), ("Cell phone", "mobile"),
      ("Mobile", "mobile"), ("Department", "department"), ("Full name", "display-name"), ("Company", "company-name"),
      ("Tenant ID", "tenant"), ("UPN", "user-principal-name"),
    ] as [(String, FieldName)])
  func headings(_ heading: String, _ field: FieldName) async throws {
    let file = try FileFixture("id,\(heading)\n7,value@x.example\n")
    let record = try #require(try await file.people().records.first)
    #expect(record.id == "7")
    #expect(record.fields.text(field) == "value@x.example")
  }

  @Test("a column that is named is taken, and one that is not wanted is left")
  func named() async throws {
    let file = try FileFixture("Nr,Vorname,Mail privat,Mail,Title\n7,Zoë,zoe@home.example,zoe@acme.example,Chefin\n")
    let parameters = ["id": "nr", "first-name": "Vorname", "email": "mail PRIVAT", "title": "none"]
    let record = try #require(try await file.people(parameters).records.first)
    #expect(record.id == "7")
    #expect(record.fields.text("first-name") == "Zoë" && record.fields.text("email") == "zoe@home.example")
    #expect(record.fields["title"] == nil)
    let check = try await file.check(parameters)
    #expect(check["columns"]?.detail == "Nr as id, Vorname as first-name, Mail privat as email")
    #expect(check["columns not used"]?.detail == "Mail, Title")
    #expect(check["e-mail"]?.detail == "from the column Mail privat")

    let wrong = try #require(try await file.check(["email": "Post"])["file"])
    #expect(wrong.outcome == .failed && wrong.detail.hasSuffix("has no column Post, which email= names"))
    #expect(wrong.fix == "its columns are Nr, Vorname, Mail privat, Mail, Title")
  }

  @Test(
    "who is active, by the words of a state, of a flag, or by being listed",
    arguments: [
      ("Status", "Active", [:], true), ("status", "LEFT", [:], false), ("Enabled", "yes", [:], true),
      ("Account enabled", "False", [:], false), ("Blocked", "yes", [:], false), ("Disabled", "0", [:], true),
      ("Status", "Pending", [:], nil), ("Status", "", [:], nil), ("Blocked", "", [:], nil),
      ("Status", "Pending", ["active": "active, PENDING"], true), ("Status", "Away", ["active": "active"], false),
      ("Status", "", ["active": "active"], nil), ("Zustand", "aktiv", ["state": "Zustand", "active": "aktiv"], true),
      // A part of the address, not a state of the person.
      ("State", "WA", [:], true), ("Note", "left", [:], true),
      ("Status", "left", ["state": "none"], true),
    ] as [(String, String, [String: String], Bool?)])
  func states(_ heading: String, _ word: String, _ parameters: [String: String], _ isActive: Bool?) async throws {
    let file = try FileFixture("email,\(heading)\na@x.example,\(word)\nb@x.example,\(word)\n")
    let records = try await file.people(parameters).records
    #expect(records.map { $0.fields.flag("account-enabled") } == [isActive, isActive])
    #expect(records.allSatisfy { $0.fields.flag("licensed") == true && $0.state == .active })
    let remarks = try await file.remarks(parameters)
    #expect(remarks.isEmpty == (isActive != nil || word.isEmpty))
    if let first = remarks.first { #expect(first.contains("neither active nor inactive") && first.contains("active=")) }
  }

  @Test("an apostrophe that keeps a spreadsheet from running a cell is no part of it; any other is")
  func apostrophes() async throws {
    let file = try FileFixture("email,phone,last name\na@x.example,'+49 30 1,'t Hooft\n")
    let record = try #require(try await file.people().records.first)
    #expect(record.fields.text("phone") == "+49 30 1" && record.fields.text("last-name") == "'t Hooft")
  }

  static let tenants = """
    email,tenant,company
    a@acme.example,acme.example,Acme
    b@birch.example,BIRCH.example,Birch
    c@acme.example,ACME.EXAMPLE,Acme
    a@acme.example,birch.example,Birch
    d@acme.example,,Acme

    """

  @Test("the lines of one tenant, without regard to case; of several tenants nobody is taken for another's")
  func partitions() async throws {
    let file = try FileFixture(Self.tenants)
    #expect(try await file.people(of: "acme.example").records.map(\.id) == ["a@acme.example", "c@acme.example"])
    // The same key in two tenants is two records.
    #expect(try await file.people(of: "Birch.Example").records.map(\.id) == ["b@birch.example", "a@acme.example"])
    #expect(try await file.people(of: "cedar.example").records.isEmpty)
    let byCompany = ["tenant": "none"]
    #expect(try await file.people(byCompany, of: "acme").records.count == 3)
    let whole = await failure { try await file.people() }
    #expect(whole?.kind == .misconfigured)
    #expect(whole?.message.contains("people of 2 companies (its column tenant: acme.example, BIRCH.example)") == true)
    #expect(whole?.hint?.contains("set tenant to one of them") == true)
    let everybody = try await file.people(["tenant": "none", "company": "none"])
    #expect(everybody.records.count == 4 && everybody.remark == "1 line left out: 5")

    let check = try await file.check([:], ["acme.example", "cedar.example"])
    #expect(check.first { $0.partition == "acme.example" }?.detail == "2 lines")
    let missing = try #require(check.first { $0.partition == "cedar.example" })
    #expect(missing.outcome == .failed && missing.fix == "the file has acme.example, BIRCH.example")
    #expect(try await file.check()["tenants"]?.detail == "2: acme.example, BIRCH.example")
  }

  @Test("a tenant that is asked of a file without tenants is nobody's")
  func noTenants() async throws {
    let file = try FileFixture("email\na@acme.example\n")
    let error = await failure { try await file.people(of: "acme.example") }
    #expect(error?.kind == .misconfigured && error?.message.contains("no column of tenants") == true)
    #expect(error?.hint?.contains("unset tenant") == true)
    #expect(try await file.check([:], ["acme.example"]).last?.outcome == .failed)
    #expect(try await file.people().records.count == 1)
  }

  @Test("an empty list is read to its end, and fails the check")
  func empty() async throws {
    let file = try FileFixture("email,first name\n")
    #expect(try await file.people().records.isEmpty)
    let lines = try #require(try await file.check()["lines"])
    #expect(lines.outcome == .failed && lines.detail == "1 line: 0 people" && lines.fix != nil)
  }

  @Test("a list of companies: names, identifiers, tenants, ids at connections, and its wrong lines")
  func companies() throws {
    let file = try FileFixture(
      "Customer;Code;Tenant ID;CW;glue id;Notes\nAcme Dental;AcmeDental;acme.example;19300;77;x\nBirch;;;;;\n"
        + ";;t.example;;;\nShort\n")
    let list = try FileConnector(path: file.path).listCompanies(connections: ["cw", "glue", "ms"])
    #expect(
      list.companies == [
        ListedCompany(
          line: 2, name: "Acme Dental", identifier: "AcmeDental", tenant: "acme.example",
          ids: ["cw": "19300", "glue": "77"]),
        ListedCompany(line: 3, name: "Birch"),
      ])
    #expect(
      list.faults == [
        LineRemark(line: 4, text: "it has no name"), LineRemark(line: 5, text: "it has 1 of 6 columns"),
      ])
    #expect(list.unused == ["Notes"])
  }

  @Test("a list of companies passes the check of its connection, unless a sync wants people of it")
  func companiesChecked() async throws {
    let file = try FileFixture("Name,Tenant\nAcme,acme.example\n")
    let check = try await file.check()
    #expect(check.allSatisfy { $0.outcome == .passed })
    #expect(check["lines"]?.detail == "2 lines: 1 company")
    #expect(try await file.check([:], ["acme.example"])["file"]?.outcome == .failed)
    #expect(try await FileFixture.records(of: try file.connector(), .company, nil).records.map(\.id) == ["Acme"])
  }
}
