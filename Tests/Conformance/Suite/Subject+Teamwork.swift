/// Teamwork.com and Teamwork Desk: clients and people, companies and customers.
import Model

extension Subject {
  static let teamworkPeople = Subject(
    system: "teamwork", listing: "/projects/api/v3/people.json", creation: "/people.json",
    outside: Outside(
      records: "/teamwork/people",
      words: [
        "first-name": "firstName", "last-name": "lastName", "title": "title", "phone": "phone", "mobile": "mobile",
        "email": "email",
      ], company: "company",
      bulk: ("/teamwork/import", #"{"company":"{company}","people":{count}}"#),
      // Where the site keeps them to itself they are never read, and so never compared.
      setting: ("/teamwork/options", #"{"reads-social-networks":true}"#)),
    home: .made("/teamwork/companies", body: #"{"name":"Suite Home"}"#),
    values: [
      "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .text("Buyer"),
      "email": .text("nora@suite.example"), "other-emails": .list(["n2@suite.example", "n3@suite.example"]),
      "phone": .text("+353 21 555 0101"), "mobile": .text("+353 87 555 0101"), "fax": .text("+353 21 555 0109"),
      "twitter": .text("@nora"), "facebook": .text("https://facebook.example/nora"),
      "linkedin": .text("https://linkedin.example/in/nora"),
    ],
    others: [
      "first-name": .text("Eleonora"), "last-name": .text("Ćwikła"), "title": .text("王 & \"Sons\""),
      "email": .text("new@suite.example"), "other-emails": .list(["n4@suite.example"]), "phone": .text("+353 1"),
      "mobile": .text("+353 2"), "fax": .text("+353 3"), "twitter": .text("@n"),
      "facebook": .text("https://facebook.example/n"), "linkedin": .text("https://linkedin.example/in/n"),
    ],
    texts: ["first-name", "last-name", "title"], keys: ["email", "addresses", "last-name"],
    demandedByRule: ["last-name"])

  static let teamworkClients = Subject(
    system: "teamwork", kind: .company, listing: "/projects/api/v3/companies.json",
    creation: "/projects/api/v3/companies.json",
    outside: Outside(
      records: "/teamwork/companies",
      words: ["name": "name", "website": "website", "email": "emailOne", "phone": "phone"],
      bulk: ("/teamwork/import", #"{"companies":{count}}"#)),
    values: [
      "name": .text("Harbour Bakery"), "website": .text("https://harbour.example"),
      "email": .text("hello@harbour.example"), "phone": .text("+353 21 555 0100"),
    ],
    others: [
      "name": .text("Harbour Bakery & Söhne"), "website": .text("https://bakery.example"),
      "email": .text("hello@bakery.example"), "phone": .text("+353 1"),
    ],
    texts: ["name", "website"], keys: ["name"])

  static let teamworkSubjects = [teamworkPeople, teamworkClients]

  static let deskCustomers = Subject(
    system: "desk", listing: "/customers.json", creation: "/customers.json",
    outside: Outside(
      records: "/desk/customers",
      words: [
        "first-name": "firstName", "last-name": "lastName", "title": "jobTitle", "phone": "phone", "mobile": "mobile",
        "email": "email",
      ], company: "company",
      bulk: ("/desk/import", #"{"company":"{company}","customers":{count}}"#)),
    home: .made("/desk/companies", body: #"{"name":"Suite Home"}"#),
    values: [
      "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .text("Buyer"),
      "email": .text("nora@new.example"), "other-emails": .list(["nora.l@new.example", "n@new.example"]),
      "phone": .text("+353 21 555 0101"), "mobile": .text("+353 87 555 0101"),
      "photo": .text("https://cdn.example/nora.png"), "twitter": .text("@nora"),
      "facebook": .text("https://facebook.example/nora"), "linkedin": .text("https://linkedin.example/in/nora"),
    ],
    others: [
      "first-name": .text("Eleonora"), "last-name": .text("Ćwikła"), "title": .text("王 & \"Sons\""),
      "email": .text("new@new.example"), "other-emails": .list(["n4@new.example"]), "phone": .text("+353 1"),
      "mobile": .text("+353 2"), "photo": .text("https://cdn.example/e.png"), "twitter": .text("@n"),
      "facebook": .text("https://facebook.example/n"), "linkedin": .text("https://linkedin.example/in/n"),
    ],
    texts: ["first-name", "last-name", "title"],
    // Exactly one main address is expected while there are others.
    kept: ["email"], keys: ["email", "addresses", "last-name"], alsoDemanded: ["email"], secondPage: #""skip":1"#)

  static let deskCompanies = Subject(
    system: "desk", kind: .company, listing: "/companies.json", creation: "/companies.json",
    outside: Outside(
      records: "/desk/companies", words: ["name": "name", "website": "website", "email": "email"],
      bulk: ("/desk/import", #"{"companies":{count}}"#)),
    values: [
      "name": .text("Harbour Bakery"), "website": .text("https://harbour.example"),
      "email": .text("hello@harbour.example"),
    ],
    others: [
      "name": .text("Harbour Bakery & Söhne"), "website": .text("https://bakery.example"),
      "email": .text("hello@bakery.example"),
    ],
    texts: ["name", "website"], keys: ["name"], secondPage: #""skip":1"#)

  static let deskSubjects = [deskCustomers, deskCompanies]
}
