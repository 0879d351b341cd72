// What is sent, in the form in which it is kept: lookups that exist, digits of numbers, days without a time.

extension ITGlueEmulation {
  /// The record with the attributes changed; what it does not know or may not change is passed over and counted.
  mutating func applied(
    _ attributes: [JSON.Member], to record: ITGlueRecord, _ kind: ITGlueKind, by author: Author
  ) throws(ITGlueRefusal) -> ITGlueRecord {
    let schema = ITGlueSchema.of(kind)
    var record = record
    for member in attributes where member.name != "id" {
      guard let place = schema.places[member.name] else {
        count("unknown attributes ignored")
        continue
      }
      let attribute = schema.attributes[place]
      guard attribute.form.isWritable else {
        count("read-only attributes ignored")
        if options.refusesReadOnly { throw .invalid(member.name, "cannot be changed") }
        continue
      }
      record.values[place] = try converted(member.value, attribute, former: record.values[place])
    }
    return record
  }

  /// A value in the form in which it is kept; an empty text is null.
  private func converted(
    _ value: JSON, _ attribute: ITGlueAttribute, former: JSON
  ) throws(ITGlueRefusal) -> JSON {
    switch attribute.form {
    case .emails, .phones:
      return try entries(value, attribute, former: former)
    case _ where value == .null: return .null
    case .text, .shortText:
      let text = value.text ?? value.whole?.description
      guard let text else { throw .invalid(attribute.name, "is invalid") }
      if case .shortText(let most) = attribute.form, text.count > most {
        throw .invalid(attribute.name, "is too long (maximum is \(most) characters)")
      }
      return text.isEmpty ? .null : .string(text)
    case .flag:
      switch value {
      case true, 1, "true", "1": return true
      case false, 0, "false", "0": return false
      default: throw .invalid(attribute.name, "is invalid")
      }
    case .day:
      // A time is cut off.
      guard let text = value.text, !text.isEmpty else { return .null }
      guard Instant.date(text) != nil else { throw .invalid(attribute.name, "is invalid") }
      return .string(String(text.prefix(10)))
    case .digits:
      return .string(digits(value.text ?? value.encoded))
    case .lookup(let list):
      let name = String(attribute.name.dropLast("-id".count))
      guard let id = value.whole ?? value.text.flatMap({ Int($0) }), self[list].place(id) != nil else {
        throw attribute.name == "organization-id" ? .required(attribute.name) : .invalid(name, "must exist")
      }
      return .int(id)
    case .parent:
      guard !options.refusesParents else { throw .invalid(attribute.name, "cannot be changed") }
      guard let id = value.text.flatMap({ Int($0) }) ?? value.whole, self[.organizations].place(id) != nil else {
        throw .invalid("parent", "must exist")
      }
      return .string(id.description)
    case .nameOf, .derived: return former
    }
  }

  /// "Phone and extension lose all separators on write."
  private func digits(_ text: String) -> String {
    let digits = text.filter { $0.isASCII && $0.isNumber }
    return options.keepsPlus && text.hasPrefix("+") ? "+" + digits : digits
  }

  static let knownLabels: Set<String> = ["Work", "Home", "Mobile", "Cell", "Fax", "Main", "Direct", "Other"]

  /// E-mails or phones: `value` and `label-name` are required, `primary` is false unless it is said.
  private func entries(
    _ value: JSON, _ attribute: ITGlueAttribute, former: JSON
  ) throws(ITGlueRefusal) -> JSON {
    if value == .null { return [] }
    guard let rows = value.elements else { throw .invalid(attribute.name, "is invalid") }
    var made: [JSON] = options.mergesLists ? former.elements ?? [] : []
    for row in rows {
      func member(_ name: String) -> JSON? {
        let found = row[name] ?? row[name.replacing("-", with: "_")]
        return found == .null ? nil : found
      }
      guard let text = member("value")?.text ?? member("value")?.whole?.description, !text.isEmpty else {
        throw .invalid(attribute.name, "value can't be blank")
      }
      guard let label = member("label-name")?.text, !label.isEmpty else {
        throw .invalid(attribute.name, "label-name can't be blank")
      }
      if options.refusesUnknownLabels, !ITGlueEmulation.knownLabels.contains(label) {
        throw .invalid(attribute.name, "label-name is not included in the list")
      }
      let isPrimary = [true, 1, "true", "1"].contains(member("primary"))
      let entry =
        attribute.form == .emails
        ? try email(text, label, isPrimary: isPrimary)
        : try phone(text, label, isPrimary: isPrimary, type: member("label-type"), member("extension"))
      if isPrimary { made = made.map { ITGlueEmulation.secondary($0) } }
      made.removeAll { $0["value"] == entry["value"] }
      made.append(entry)
    }
    return .array(made)
  }

  private func email(_ text: String, _ label: String, isPrimary: Bool) throws(ITGlueRefusal) -> JSON {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), !parts[1].hasPrefix("."),
      !parts[1].hasSuffix("."), !text.contains(where: \.isWhitespace)
    else { throw .invalid("contact-emails", "value is not a valid email") }
    return ["value": .string(text), "primary": .bool(isPrimary), "label-name": .string(label)]
  }

  private func phone(
    _ text: String, _ label: String, isPrimary: Bool, type: JSON?, _ extension: JSON?
  ) throws(ITGlueRefusal) -> JSON {
    let type = type?.text ?? "phone"
    guard type == "phone" || type == "fax" else { throw .invalid("contact-phones", "label-type is invalid") }
    let number = digits(text)
    guard !number.isEmpty else { throw .invalid("contact-phones", "value is invalid") }
    let suffix = (`extension`?.text ?? `extension`?.whole?.description).map { $0.filter { $0.isASCII && $0.isNumber } }
    return [
      "value": .string(number), "extension": suffix.flatMap { $0.isEmpty ? nil : .string($0) } ?? .null,
      "primary": .bool(isPrimary), "label-name": .string(label), "label-type": .string(type),
      "formatted-value": .string(ITGlueEmulation.formatted(number)),
    ]
  }

  /// The same entry, not the primary one.
  private static func secondary(_ entry: JSON) -> JSON {
    .object(
      (entry.members ?? []).map { $0.name == "primary" ? JSON.Member(name: "primary", value: false) : $0 })
  }
}
