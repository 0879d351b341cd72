/// ConnectWise: companies, contacts and configurations.
import Model

extension Subject {
  private static let home = Home.made(
    "/connectwise/companies", body: #"{"identifier":"SuiteHome","name":"Suite Home"}"#)

  static let connectWise = Subject(
    system: "connectwise", listing: "*/company/contacts", creation: "*/company/contacts",
    outside: Outside(
      records: "/connectwise/contacts",
      words: [
        "first-name": "firstName", "last-name": "lastName", "title": "title", "phone": "phone", "mobile": "mobile",
        "email": "email",
      ], company: "company",
      bulk: ("/connectwise/import", #"{"kind":"contacts","count":{count},"company":"{company}"}"#)),
    home: home,
    values: [
      "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .text("Buyer"),
      "phone": .text("+48 813 555 01 00"), "mobile": .text("813-555-0199"), "email": .text("nora.lind@suite.example"),
    ],
    others: [
      "first-name": .text("Eleonora"), "last-name": .text("Lind-Ćwikła"), "title": .text("王 & \"Sons\""),
      "phone": .text("1"), "mobile": .text("2"), "email": .text("new@suite.example"),
    ],
    texts: ["first-name", "last-name", "title"],
    rewrites: ["first-name": .flattensLines, "last-name": .flattensLines, "title": .flattensLines],
    // An address is never taken away: the one before stays among the addresses.
    kept: ["email"], keys: ["email", "addresses", "phone", "mobile", "first-name", "last-name"])

  static let connectWiseCompanies = Subject(
    system: "connectwise", kind: .company, listing: "*/company/companies", creation: "*/company/companies",
    outside: Outside(
      records: "/connectwise/companies",
      words: ["name": "name", "identifier": "identifier", "website": "website", "phone": "phoneNumber"],
      always: #""identifier":"Suite{n}""#,
      bulk: ("/connectwise/import", #"{"kind":"companies","count":{count}}"#)),
    values: [
      "name": .text("Harbour Bakery"), "identifier": .text("Harbour"), "website": .text("https://harbour.example"),
      "phone": .text("8135550177"), "type": .text("Client"), "status": .text("Active"),
    ],
    // The identifier is given once, when the company is made.
    others: [
      "name": .text("Harbour Bakery & Söhne"), "website": .text("https://bakery.example"), "phone": .text("1"),
      "status": .text("Inactive"), "type": .text("Vendor"),
    ],
    texts: ["name", "website"], rewrites: ["name": .flattensLines, "website": .flattensLines],
    kept: ["identifier", "type", "status"], keys: ["name", "identifier"])

  static let connectWiseConfigurations = Subject(
    system: "connectwise", kind: .configuration, listing: "*/company/configurations",
    creation: "*/company/configurations",
    outside: Outside(
      records: "/connectwise/configurations",
      words: [
        "name": "name", "serial-number": "serialNumber", "asset-tag": "tagNumber", "notes": "notes",
        "model": "modelNumber",
      ], always: #""type":"Workstation","status":"Active""#, company: "company",
      bulk: ("/connectwise/import", #"{"kind":"configurations","count":{count},"company":"{company}"}"#)),
    home: home,
    values: .till, others: .laptop,
    texts: ["name", "serial-number", "asset-tag", "notes", "model"],
    rewrites: [
      "name": .flattensLines, "serial-number": .flattensLines, "asset-tag": .flattensLines, "notes": .flattensLines,
      "model": .flattensLines,
    ], keys: ["name", "serial-number"], demandedByRule: ["status"])

  static let connectWiseMembers = Subject(
    system: "connectwise", kind: .member, listing: "*/system/members",
    outside: Outside(
      records: "/connectwise/members",
      words: ["identifier": "identifier", "first-name": "firstName", "last-name": "lastName", "email": "email"],
      bulk: ("/connectwise/import", #"{"kind":"members","count":{count}}"#)),
    texts: ["first-name", "last-name"], keys: ["email", "first-name", "last-name"])

  static let connectWiseSubjects = [
    connectWise, connectWiseCompanies, connectWiseConfigurations, connectWiseMembers,
  ]
}
