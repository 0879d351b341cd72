/// The addresses and numbers of a contact: which entry is which field, and the whole lists that a change sends.
import Foundation
import Model

extension ITGlueMapping {
  /// What a number is for, told by its kind and its label.
  enum PhoneUse: CaseIterable, Sendable {
    case phone, mobile, fax

    var field: FieldName {
      switch self {
      case .phone: "phone"
      case .mobile: "mobile"
      case .fax: "fax"
      }
    }

    /// The label of an entry that is made new.
    var label: String {
      switch self {
      case .phone: "Work"
      case .mobile: "Mobile"
      case .fax: "Fax"
      }
    }

    /// What accounts call their mobiles: the vendor's sample says Cell, its Autotask sync Mobile.
    static let mobileLabels: Set<String> = [
      "mobile", "mobile phone", "mobile number", "cell", "cell phone", "cellphone", "cellular", "handy", "gsm",
    ]

    init(_ phone: ITGluePhone) {
      let label = ComparisonRule.email.key(phone.label)
      let kind = ComparisonRule.email.key(phone.kind)
      self =
        kind == "fax" || label == "fax" || label.hasSuffix(" fax")
        ? .fax : kind == "mobile" || Self.mobileLabels.contains(label) ? .mobile : .phone
    }
  }

  /// The lists of a contact as they were read: kept with the record, since a change sends them whole.
  struct ContactLists: Codable, Sendable, Equatable {
    var emails: [ITGlueEmail]?
    var phones: [ITGluePhone]?

    var native: String? {
      guard emails != nil || phones != nil else { return nil }
      return JSONWire.text(self)
    }

    /// The lists that a record remembers; `nil` where it remembers none.
    init?(of record: Record?) {
      guard let native = record?.native,
        let lists = JSONWire.read(Self.self, from: native)
      else { return nil }
      self = lists
    }

    init(emails: [ITGlueEmail]?, phones: [ITGluePhone]?) {
      self.emails = emails
      self.phones = phones
    }
  }

  static let emailFields: [FieldName] = ["email", "other-emails"]

  /// The lists among the attributes: each is sent whole, and only where it becomes another.
  static func attributes(_ values: FieldValues, lists: ContactLists) -> [String: JSONValue] {
    var attributes: [String: JSONValue] = [:]
    let (emails, phones) = (lists.emails ?? [], lists.phones ?? [])
    let newEmails = self.emails(values, now: emails)
    if newEmails != emails { attributes["contact-emails"] = .list(newEmails.map(json)) }
    let newPhones = self.phones(values, now: phones)
    if newPhones != phones { attributes["contact-phones"] = .list(newPhones.map(json)) }
    return attributes
  }

  // MARK: E-mail addresses

  /// The entry flagged as primary; where none is, the first.
  static func primaryEmail(_ emails: [ITGlueEmail]) -> Int? {
    let filled = emails.indices.filter { !emails[$0].value.isBlank }
    return filled.first { emails[$0].isPrimary } ?? filled.first
  }

  /// The addresses as they are to be.
  ///
  /// A new primary address takes the place of the old one, label and all; one that is among the others already changes
  /// places with it, so that no address is lost. Addresses that stay keep their entries.
  static func emails(_ values: FieldValues, now: [ITGlueEmail]) -> [ITGlueEmail] {
    guard emailFields.contains(where: { values[$0] != nil }) else { return now }
    var emails = now
    if let value = values["email"] { setPrimary(value.text, in: &emails) }
    if let others = values["other-emails"] { setOthers(others, in: &emails) }
    return emails
  }

  private static func setPrimary(_ address: String?, in emails: inout [ITGlueEmail]) {
    let key: (String) -> String = ComparisonRule.email.key
    let current = primaryEmail(emails)
    guard let address, !address.isBlank else {
      if let current { emails.remove(at: current) }
      return
    }
    if let current, key(emails[current].value) == key(address) {
      // The same address; its spelling may be another, and it may never have been flagged.
      emails[current].value = address
      markPrimary(current, in: &emails)
    } else if let other = emails.firstIndex(where: { key($0.value) == key(address) }) {
      emails[other].value = address
      markPrimary(other, in: &emails)
    } else if let current {
      emails[current].value = address
      markPrimary(current, in: &emails)
    } else {
      emails.insert(ITGlueEmail(value: address, label: "Work", isPrimary: true), at: 0)
      markPrimary(0, in: &emails)
    }
  }

  private static func markPrimary(_ index: Int, in emails: inout [ITGlueEmail]) {
    for other in emails.indices { emails[other].isPrimary = other == index }
  }

  private static func setOthers(_ value: FieldValue, in emails: inout [ITGlueEmail]) {
    let key: (String) -> String = ComparisonRule.email.key
    let primary = primaryEmail(emails).map { emails[$0] }
    var taken = Set([primary.map { key($0.value) }].compactMap { $0 })
    let wanted = value.items ?? [value.text].compactMap { $0 }
    let others: [ITGlueEmail] = wanted.filter { !$0.isBlank && taken.insert(key($0)).inserted }.map { address in
      var entry =
        emails.first { key($0.value) == key(address) } ?? ITGlueEmail(value: address, label: "Home", isPrimary: false)
      entry.value = address
      entry.isPrimary = false
      return entry
    }
    emails = [primary].compactMap { $0 } + others
  }

  // MARK: Numbers

  /// Of several numbers for one use the primary one, then that labelled Work, then the first.
  static func chosen(_ phones: [ITGluePhone], _ use: PhoneUse) -> Int? {
    let those = phones.indices.filter { phones[$0].number != nil && PhoneUse(phones[$0]) == use }
    return those.first { phones[$0].isPrimary }
      ?? those.first { ComparisonRule.email.key(phones[$0].label) == "work" } ?? those.first
  }

  /// The numbers as they are to be: one that has the same digits stays as it is.
  static func phones(_ values: FieldValues, now: [ITGluePhone]) -> [ITGluePhone] {
    var phones = now
    let key: (String) -> String = ComparisonRule.phoneDigits.key
    for use in PhoneUse.allCases {
      guard let value = values[use.field] else { continue }
      let current = chosen(phones, use)
      guard let number = value.text, !number.isBlank else {
        if let current { phones.remove(at: current) }
        continue
      }
      if let current {
        if key(phones[current].value) != key(number) { phones[current].value = number }
      } else {
        // A lone entry that is not flagged leaves the contact without a primary number.
        let isPrimary = use != .fax && !phones.contains(where: \.isPrimary)
        phones.append(
          ITGluePhone(value: number, label: use.label, kind: use == .fax ? "fax" : "phone", isPrimary: isPrimary))
      }
    }
    return phones
  }

  // MARK: JSON

  private static func json(_ email: ITGlueEmail) -> JSONValue {
    ["value": .text(email.value), "label-name": .text(label(email.label)), "primary": .flag(email.isPrimary)]
  }

  private static func json(_ phone: ITGluePhone) -> JSONValue {
    var entry: [String: JSONValue] = [
      "value": .text(phone.value), "label-name": .text(label(phone.label)), "label-type": .text(phone.kind),
      "primary": .flag(phone.isPrimary),
    ]
    if let ext = phone.ext, !ext.isBlank { entry["extension"] = .text(ext) }
    return .object(entry)
  }

  /// Each entry needs a label.
  private static func label(_ label: String) -> String { label.isBlank ? "Work" : label }
}
