/// From a contact of the People API to a record: pure, and the same for every order of its entries.
import Foundation
import Model

enum GoogleMapping {
  /// - Parameters:
  ///   - label: the label of the sync, as a resource name; `nil` where there is none.
  ///   - marker: what copies of the sync carry.
  static func record(_ person: GooglePerson, label: String?, marker: String?) -> Record {
    guard !person.isDeleted else {
      return Record(id: RecordID(person.id), kind: .person, state: .gone, fields: [:])
    }
    var fields: FieldValues = [:]
    names(person, &fields)
    fields["nickname"] = text(nickname(person.fields[.nicknames] ?? [])?.text("value"))
    let organization = person.fields[.organizations]?.first
    fields["company-name"] = text(organization?.text("name"))
    fields["title"] = text(organization?.text("title"))
    fields["department"] = text(organization?.text("department"))
    fields["notes"] = text(person.fields[.biographies]?.first?.text("value"))
    fields["birthday"] = text(GoogleItems.date(person.fields[.birthdays]?.first?["date"]))
    for list in GoogleList.all {
      fields[list.field] = .list(list.items(person.fields[list.member] ?? []))
    }
    let groups = Set(person.groups)
    fields["among-own"] = .flag(groups.contains(GoogleLabel.own))
    if let label { fields["in-group"] = .flag(groups.contains(label)) }
    if let marker {
      fields["in-group"] = .flag(label.map(groups.contains) ?? false)
      fields["origin"] = text(origin(of: person.fields[.clientData] ?? [], marker: marker))
    }
    return Record(
      id: RecordID(person.id), kind: .person, state: .active, fields: fields,
      version: person.etag.map { RecordVersion($0) },
      modified: person.source?.text("updateTime").flatMap(moment), native: GoogleNative(person).text)
  }

  static func origin(of clientData: [JSONValue], marker: String) -> String? {
    clientData.lazy.filter { $0.text("key") == GoogleMarker.key }
      .compactMap { $0.text("value").flatMap { GoogleMarker.origin(in: $0, marker: marker) } }.min()
  }

  private static func names(_ person: GooglePerson, _ fields: inout FieldValues) {
    let name = person.fields[.names]?.first
    for (field, member) in nameMembers { fields[field] = text(name?.text(member)) }
    // A name that was never taken apart stands where a first name would.
    if let whole = name?.text("unstructuredName"), !nameMembers.contains(where: { name?.text($0.member) != nil }) {
      fields["first-name"] = .text(whole.trimmedNFC)
    }
    fields["display-name"] = text(person.displayName ?? name?.text("unstructuredName"))
  }

  static let nameMembers: [(field: FieldName, member: String)] = [
    ("first-name", "givenName"), ("middle-name", "middleName"), ("last-name", "familyName"),
    ("prefix", "honorificPrefix"), ("suffix", "honorificSuffix"),
  ]
  static let organizationMembers: [(field: FieldName, member: String)] = [
    ("company-name", "name"), ("title", "title"), ("department", "department"),
  ]

  /// The nickname proper: maiden names, initials and the like are entries of the same list.
  static func nickname(_ entries: [JSONValue]) -> JSONValue? { nicknameIndex(entries).map { entries[$0] } }
  static func nicknameIndex(_ entries: [JSONValue]) -> Int? {
    entries.firstIndex { ($0.text("type") ?? "DEFAULT") == "DEFAULT" }
  }

  /// What was asked for and is not there is blank; nothing of a contact is unsaid.
  private static func text(_ text: String?) -> FieldValue {
    guard let text, !text.isBlank else { return .null }
    return .text(text.trimmedNFC)
  }

  /// `2026-03-02T09:15:00.123Z`, with or without the fraction.
  private static func moment(_ text: String) -> Date? {
    (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
      ?? (try? Date(text, strategy: .iso8601))
  }
}

/// A field that is a list of entries with a type.
struct GoogleList: Sendable {
  var field: FieldName
  var member: GooglePersonField
  /// The entry's value as the text behind the type; `nil` for an entry that says nothing.
  var value: @Sendable (JSONValue) -> String?
  /// What a text gives the entry; `nil` for a text that cannot be one.
  var members: @Sendable (String) -> [String: JSONValue]?
  /// Under which name the type stands.
  var type = "type"
  /// What the text is made of, so that the rest of an entry can be kept.
  var own: Set<String>

  /// In alphabetical order and each once: Google promises no order.
  func items(_ entries: [JSONValue]) -> [String] {
    let all = entries.compactMap { entry in
      value(entry).map { GoogleItems.item(type: entry.text(type), value: $0.trimmedNFC).trimmedNFC }
    }
    return Set(all).sorted()
  }

  private static func plain(
    _ field: FieldName, _ member: GooglePersonField, _ name: String = "value", type: String = "type"
  ) -> GoogleList {
    GoogleList(
      field: field, member: member, value: { $0.text(name) }, members: { [name: .text($0)] }, type: type, own: [name])
  }

  private static func structured(
    _ field: FieldName, _ member: GooglePersonField, _ parts: [(key: String, name: String)],
    otherwise: (key: String, name: String)? = nil
  ) -> GoogleList {
    GoogleList(
      field: field, member: member,
      value: { entry in
        var text = GoogleItems.parts(parts.map { ($0.key, entry.text($0.name)) })
        // What the server puts together from the parts would be said twice.
        if text.isEmpty, let otherwise { text = GoogleItems.parts([(otherwise.key, entry.text(otherwise.name))]) }
        return text.isEmpty ? nil : text
      },
      members: { text in
        guard let pairs = GoogleItems.parsedParts(text), !pairs.isEmpty else { return nil }
        var members: [String: JSONValue] = [:]
        let known = parts + (otherwise.map { [$0] } ?? [])
        for (key, value) in pairs {
          guard let part = known.first(where: { $0.key == key }) else { return nil }
          members[part.name] = .text(value)
        }
        return members
      },
      own: Set(parts.map(\.name) + (otherwise.map { [$0.name] } ?? [])))
  }

  static let all: [GoogleList] = [
    plain("emails", .emailAddresses), plain("phones", .phoneNumbers),
    structured(
      "addresses", .addresses,
      [
        ("street", "streetAddress"), ("extended", "extendedAddress"), ("po-box", "poBox"), ("city", "city"),
        ("region", "region"), ("postal-code", "postalCode"), ("country", "country"), ("country-code", "countryCode"),
      ], otherwise: ("formatted", "formattedValue")),
    plain("urls", .urls), plain("relations", .relations, "person"),
    GoogleList(
      field: "events", member: .events, value: { GoogleItems.date($0["date"]) },
      members: { GoogleItems.parsedDate($0).map { ["date": $0] } }, own: ["date"]),
    structured("im", .imClients, [("protocol", "protocol"), ("username", "username")]),
    plain("custom-fields", .userDefined, type: "key"), plain("external-ids", .externalIds),
  ]
}

/// What a later write needs of a contact, kept with its record.
struct GoogleNative: Sendable, Equatable {
  var resourceName: String
  var etag: String?
  /// The contact's source, with its id and its etag.
  var source: JSONValue?
  /// All that was read, also what no field of ours carries: a field that is written is replaced as a whole
  /// (google.md §5.2).
  var fields: [GooglePersonField: [JSONValue]]

  init(_ person: GooglePerson) {
    resourceName = person.resourceName
    etag = person.etag
    source = person.source
    fields = person.fields
  }

  /// - Returns: `nil` for a record that carries none, or one of an older kith.
  init?(of record: Record?) {
    guard let text = record?.native,
      let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)),
      let resourceName = value.text("resourceName")
    else { return nil }
    self.resourceName = resourceName
    etag = value.text("etag")
    source = value["source"]
    fields = [:]
    for field in GooglePersonField.allCases {
      if let entries = value["fields"]?[field.rawValue]?.items, !entries.isEmpty { fields[field] = entries }
    }
  }

  var text: String {
    let entries = fields.map { ($0.key.rawValue, JSONValue.list($0.value)) }
    var value: [String: JSONValue] = [
      "resourceName": .text(resourceName), "fields": .object(Dictionary(entries) { first, _ in first }),
    ]
    if let etag { value["etag"] = .text(etag) }
    if let source { value["source"] = source }
    return String(decoding: JSONWire.encode(.object(value)), as: UTF8.self)
  }

  var groups: Set<String> {
    Set(
      (fields[.memberships] ?? []).compactMap {
        $0["contactGroupMembership"]?.text("contactGroupResourceName")
      })
  }
}
