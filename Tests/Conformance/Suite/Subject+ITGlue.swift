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
    values: [
      "name": .text("QUAY-TILL-1"), "type": .text("Workstation"), "status": .text("Active"),
      "serial-number": .text("SN-1"), "manufacturer": .text("Dell"), "model": .text("OptiPlex 7010"),
      "mac-address": .text("00:00:5E:00:53:01"), "asset-tag": .text("T1"), "notes": .text("On the counter"),
      "installed-at": .text("2025-01-31"), "purchased-at": .text("2025-01-02"),
      "warranty-expires-at": .text("2028-01-31"), "primary-ip": .text("10.0.0.9"),
      "default-gateway": .text("10.0.0.1"), "installed-by": .text("Kestrel"),
    ],
    others: [
      "name": .text("QUAY-2"), "type": .text("Laptop"), "status": .text("Retired"),
      "serial-number": .text("SN-2"), "manufacturer": .text("Brand New Ltd"), "model": .text("Never Seen 1"),
      "mac-address": .text("00:00:5E:00:53:02"), "asset-tag": .text("T2"), "notes": .text("In\nthe cellar"),
      "installed-at": .text("2025-02-28"), "purchased-at": .text("2025-02-01"),
      "warranty-expires-at": .text("2029-02-28"), "primary-ip": .text("10.0.0.8"),
      "default-gateway": .text("10.0.0.2"), "installed-by": .text("Nobody"),
    ],
    texts: ["name", "serial-number", "asset-tag", "notes", "installed-by"],
    // A model belongs to one manufacturer.
    entangled: ["manufacturer": ["model"]], keys: ["name", "serial-number"])

  static let itGlueSubjects = [itGlue, itGlueOrganizations, itGlueConfigurations]
}
