/// From Teamwork.com's records to ours and back: pure.
import Foundation
import Model

enum TeamworkMapping {
  // MARK: Reading

  static func record(_ company: TeamworkCompany) -> Record {
    var fields: FieldValues = [:]
    fields["name"] = company.name.filled
    fields["website"] = company.website.filled
    fields["email"] = company.emailOne.filled
    fields["phone"] = company.phone.filled
    if let isOwner = company.isOwner { fields["is-owner"] = .flag(isOwner) }
    let created = date(company.createdAt)
    return Record(
      id: id(company.id), kind: .company, state: company.status?.lowercased() == "deleted" ? .gone : .active,
      // A company that nobody ever edited has no time of its last change.
      fields: fields, modified: date(company.updatedAt) ?? created, created: created)
  }

  /// A person with all that v1 says; what the list said comes in where v1 is silent.
  static func record(_ person: TeamworkPerson, listed: TeamworkListedPerson? = nil) -> Record {
    var fields: FieldValues = [:]
    for (field, names) in readNames {
      if let said = names.lazy.compactMap({ person.texts[$0] }).first { fields[field] = said.filled }
    }
    let others = otherNames.compactMap { person.texts[$0] }
    let filled = others.compactMap(\.value).filter { !$0.isBlank }
    if !others.isEmpty {
      fields["other-emails"] = .list(filled)
      fields["addresses"] = .list([fields.text("email")].compactMap { $0 } + filled)
    }
    let company = person.companyID.flatMap { $0 > 0 ? $0 : nil } ?? listed?.companyID
    fields["company-id"] = company.map { .text(String($0)) } ?? .null
    let created = date(person.createdAt) ?? date(listed?.createdAt)
    return Record(
      id: id(person.id), kind: .person, state: person.isDeleted ? .gone : .active, fields: fields,
      modified: date(person.changedAt) ?? date(listed?.updatedAt) ?? created, created: created,
      parent: company.map(id))
  }

  /// Somebody who was deleted, or is none of the clients' people any more.
  static func gone(_ listed: TeamworkListedPerson) -> Record {
    var fields: FieldValues = [:]
    fields["first-name"] = listed.firstName.filled
    fields["last-name"] = listed.lastName.filled
    fields["email"] = listed.email.filled
    return Record(
      id: id(listed.id), kind: .person, state: .gone, fields: fields, modified: stamp(listed),
      created: date(listed.createdAt), parent: listed.companyID.map(id))
  }

  static func id(_ number: Int) -> RecordID { RecordID(String(number)) }

  static func stamp(_ person: TeamworkListedPerson) -> Date? { date(person.updatedAt) ?? date(person.createdAt) }
  static func stamp(_ company: TeamworkCompany) -> Date? { date(company.updatedAt) ?? date(company.createdAt) }

  static func date(_ text: String?) -> Date? { text.flatMap(WireDate.read) }

  /// Our fields and the names under which v1 gives them, the usual one first: some are documented for writing only.
  private static let readNames: [(field: FieldName, names: [String])] = [
    ("first-name", ["first-name"]), ("last-name", ["last-name"]), ("title", ["title"]), ("email", ["email-address"]),
    ("phone", ["phone-number-office"]), ("mobile", ["phone-number-mobile"]), ("fax", ["phone-number-fax"]),
    ("photo", ["avatar-url"]), ("twitter", ["twitter", "userTwitterName"]),
    ("facebook", ["userFacebook", "facebook"]), ("linkedin", ["userLinkedin", "linkedin"]),
    ("user-type", ["user-type"]),
  ]

  private static let otherNames = ["email-alt-1", "email-alt-2", "email-alt-3"]

  // MARK: Writing

  private static let companyNames: [(field: FieldName, name: String)] = [
    ("name", "name"), ("website", "website"), ("email", "emailOne"), ("phone", "phone"),
  ]

  private static let personNames: [(field: FieldName, name: String)] = [
    ("first-name", "first-name"), ("last-name", "last-name"), ("title", "title"), ("email", "email-address"),
    ("phone", "phone-number-office"), ("mobile", "phone-number-mobile"), ("fax", "phone-number-fax"),
    ("twitter", "userTwitterName"), ("facebook", "userFacebook"), ("linkedin", "userLinkedin"),
  ]

  /// The keys of a company's body; an empty text clears. A create leaves out what is blank.
  static func company(_ values: FieldValues, isNew: Bool) -> [String: JSONValue] {
    values.body(companyNames, isNew: isNew)
  }

  /// The keys of a person's body; an empty text clears. A create leaves out what is blank.
  static func person(_ values: FieldValues, isNew: Bool) -> [String: JSONValue] {
    var body = values.body(personNames, isNew: isNew)
    if let value = values["other-emails"] {
      let addresses = addresses(value)
      for (index, name) in otherNames.enumerated() {
        if index < addresses.count {
          body[name] = .text(addresses[index])
        } else if !isNew {
          body[name] = ""
        }
      }
    }
    return body
  }

  /// A new person of a company: reference data that cannot log in, costs no seat and is sent no invitation.
  static func newContact(_ values: FieldValues, company: Int) -> JSONValue {
    var body = person(values, isNew: true)
    body["company-id"] = .number(company)
    body["user-type"] = "contact"
    body["sendInvite"] = false
    body["continueIfUserExists"] = false
    return ["person": .object(body)]
  }

  /// What cannot be written, whatever the server would say; `nil` where all can.
  static func fault(_ values: FieldValues, of kind: RecordKind) -> WriteRejection? {
    if kind == .company, let name = values["name"], name.isBlank {
      return WriteRejection(reason: .valueRefused, field: "name", message: "a client needs a name")
    }
    if kind == .person, let value = values["other-emails"], addresses(value).count > TeamworkFeatures.otherEmails {
      return WriteRejection(
        reason: .valueRefused, field: "other-emails",
        message: "Teamwork.com keeps three other addresses of a person, and these are \(addresses(value).count)")
    }
    return nil
  }

  /// Our name of a field that a server speaks of by its own.
  static func field(namedIn words: String, of kind: RecordKind) -> FieldName? {
    let names = kind == .company ? companyNames : personNames + otherNames.map { ("other-emails", $0) }
    let words = words.lowercased()
    // "phone-number-mobile" before "phone".
    return names.sorted { $0.name.count > $1.name.count }.first { words.contains($0.name.lowercased()) }?.field
  }

  /// The addresses of a list, in their order, blank ones left out.
  private static func addresses(_ value: FieldValue) -> [String] {
    (value.items ?? [value.text].compactMap { $0 }).filter { !$0.isBlank }
  }
}
