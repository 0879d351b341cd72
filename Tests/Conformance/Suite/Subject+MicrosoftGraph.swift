/// Microsoft 365, whose users are read and never written.
import Model

extension Subject {
  static let microsoft = Subject(
    system: "m365", listing: "/v1.0/users",
    outside: Outside(
      records: "/m365/Acme/users",
      words: [
        "first-name": "givenName", "last-name": "surname", "title": "jobTitle", "mobile": "mobilePhone",
        "email": "mail",
      ], deletion: .post("delete")),
    home: .tenant("Acme"), texts: ["first-name", "last-name", "title"], keys: ["email"])
}
