/// IT Glue: organizations, contacts and configurations.
import Model

extension Subject {
  private static let home = Home.made("/itglue/organizations", body: #"{"name":"Suite Home"}"#)

  static let itGlue = Subject(
    system: "itglue", listing: "*/contacts", creation: "*/contacts",
    outside: Outside(
      records: "/itglue/contacts",
      words: [
        "first-name": "first-name", "last-name": "last-name", "title": "title", "email": "email", "phone": "phone",
        "mobile": "mobile",
      ], company: "organization",
      bulk: ("/itglue/import", #"{"kind":"contacts","count":{count},"organization":"{company}"}"#)),
    home: home,
    values: [
      "first-name": .text("Una"), "last-name": .text("Byrne-Ćwikła"), "title": .text("Buyer \"A\""),
      "email": .text("una@quay.example"), "other-emails": .list(["u.byrne@mail.example"]),
      "phone": .text("35315550142"), "mobile": .text("353865550199"), "fax": .text("35315550143"),
    ],
    others: [
      "first-name": .text("Eleonora"), "last-name": .text("王"), "title": .text("Clerk"),
      "email": .text("new@quay.example"), "other-emails": .list(["b@mail.example", "c@mail.example"]),
      "phone": .text("1"), "mobile": .text("2"), "fax": .text("3"),
    ],
    texts: ["first-name", "last-name", "title"],
    rewrites: ["phone": .digitsOnly, "mobile": .digitsOnly, "fax": .digitsOnly],
    // Without a primary address the first of the others is taken for it.
    entangled: ["email": ["other-emails"]], keys: ["email", "addresses", "first-name", "last-name"])

  static let itGlueOrganizations = Subject(
    system: "itglue", kind: .company, listing: "*/organizations", creation: "*/organizations",
    outside: Outside(
      records: "/itglue/organizations", words: ["name": "name", "identifier": "short-name"],
      bulk: ("/itglue/import", #"{"kind":"organizations","count":{count}}"#), deletionTakes: 60),
    values: [
      "name": .text("Quay & Söhne 王"), "identifier": .text("quay"), "type": .text("Client"),
      "status": .text("Active"),
    ],
    others: [
      "name": .text("Quay 2"), "identifier": .text("q2"), "type": .text("Prospect"), "status": .text("Inactive"),
    ],
    texts: ["name", "identifier"], keys: ["name"])

  static let itGlueConfigurations = Subject(
    system: "itglue", kind: .configuration, listing: "*/configurations", creation: "*/configurations",
    outside: Outside(
      records: "/itglue/configurations",
      words: [
        "name": "name", "serial-number": "serial-number", "asset-tag": "asset-tag", "notes": "notes",
        "installed-by": "installed-by",
      ], always: #""type":"Workstation","status":"Active""#, company: "organization",
      bulk: ("/itglue/import", #"{"kind":"configurations","count":{count},"organization":"{company}"}"#)),
    home: home,
    values: .till.merging(["installed-by": .text("Kestrel")]),
    // A manufacturer and a model that are not there yet are made.
    others: .laptop.merging([
      "manufacturer": .text("Brand New Ltd"), "model": .text("Never Seen 1"), "notes": .text("In\nthe cellar"),
      "installed-by": .text("Nobody"),
    ]),
    texts: ["name", "serial-number", "asset-tag", "notes", "installed-by"],
    // A model belongs to one manufacturer.
    entangled: ["manufacturer": ["model"]], keys: ["name", "serial-number"])

  static let itGlueSubjects = [itGlue, itGlueOrganizations, itGlueConfigurations]
}
