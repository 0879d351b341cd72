/// Autotask: companies, contacts and configuration items.
import Model

extension Subject {
  private static let home = Home.made("/autotask/companies", body: #"{"companyName":"Suite Home"}"#)

  static let autotask = Subject(
    system: "autotask", listing: "*/Contacts/query*", creation: "*/Companies/*/Contacts",
    outside: Outside(
      records: "/autotask/contacts",
      words: [
        "first-name": "firstName", "last-name": "lastName", "title": "title", "phone": "phone", "mobile": "mobile",
        "email": "email", "external-id": "externalID", "twitter": "twitterUrl",
      ], company: "company",
      bulk: ("/autotask/contacts/import", #"{"company":"{company}","count":{count}}"#)),
    home: home,
    values: [
      "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .text("Buyer"),
      "email": .text("nora@suite.example"), "other-emails": .list(["n2@suite.example", "n3@suite.example"]),
      "phone": .text("813-555-0100"), "mobile": .text("+48 813 555 01 00"), "fax": .text("1"), "twitter": .text("@n"),
      "facebook": .text("fb/n"), "linkedin": .text("in/n"), "external-id": .text("u-1"),
    ],
    others: [
      "first-name": .text("Eleonora"), "last-name": .text("Ćwikła"), "title": .text("王 & \"Sons\""),
      "email": .text("new@suite.example"), "other-emails": .list(["n4@suite.example"]), "phone": .text("2"),
      "mobile": .text("3"), "fax": .text("4"), "twitter": .text("@m"), "facebook": .text("fb/m"),
      "linkedin": .text("in/m"), "external-id": .text("u-2"),
    ],
    texts: ["first-name", "last-name", "title", "external-id", "twitter"],
    // A changed address keeps the one before in a free place.
    entangled: ["email": ["other-emails"]], keys: ["email", "addresses", "phone", "last-name"])

  static let autotaskCompanies = Subject(
    system: "autotask", kind: .company, listing: "*/Companies/query*", creation: "*/Companies",
    outside: Outside(
      records: "/autotask/companies",
      words: ["name": "companyName", "identifier": "companyNumber", "website": "webAddress", "phone": "phone"]),
    values: [
      "name": .text("Newcomer"), "identifier": .text("NEW"), "website": .text("new.example"), "phone": .text("1 2"),
      "type": .text("Customer"),
    ],
    others: [
      "name": .text("Newcomer & Söhne"), "identifier": .text("NEW2"), "website": .text("new2.example"),
      "phone": .text("3 4"), "type": .text("Vendor"),
    ],
    texts: ["name", "identifier", "website"], keys: ["name"])

  static let autotaskItems = Subject(
    system: "autotask", kind: .configuration, listing: "*/ConfigurationItems/query*",
    creation: "*/ConfigurationItems",
    outside: Outside(
      records: "/autotask/configuration-items",
      words: [
        "name": "referenceTitle", "serial-number": "serialNumber", "asset-tag": "referenceNumber", "notes": "notes",
      ], always: #""productID":{prepared}"#, company: "company",
      preparation: (
        "/autotask/products", #"{"name":"Suite S1","manufacturerName":"Suite","manufacturerProductName":"S1"}"#
      )),
    home: home,
    values: [
      "name": .text("SRV-9"), "type": .text("Server"), "serial-number": .text("S9"), "asset-tag": .text("A9"),
      "notes": .text("by hand"), "manufacturer": .text("Dell"), "model": .text("OptiPlex 7010"),
      "installed-at": .text("2026-01-05"), "warranty-expires-at": .text("2029-01-05"),
    ],
    others: [
      "name": .text("SRV-10"), "type": .text("Workstation"), "serial-number": .text("S10"), "asset-tag": .text("A10"),
      "notes": .text("by machine"), "manufacturer": .text("Suite"), "model": .text("S1"),
      "installed-at": .text("2026-01-06"), "warranty-expires-at": .text("2029-01-06"),
    ],
    texts: ["name", "serial-number", "asset-tag", "notes"], keys: ["name", "serial-number"])

  static let autotaskSubjects = [autotask, autotaskCompanies, autotaskItems]
}
