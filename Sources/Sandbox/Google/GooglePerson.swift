// One contact of a user's book.

import Foundation

/// A contact: what its owner wrote, and the public profile that it may be linked with.
struct GooglePerson: Sendable {
  /// The part of the resource name after `people/`.
  var id: String
  /// Of the CONTACT source, which stays.
  let sourceID: String
  /// Ids that it had before it was linked with a profile or parted from one.
  var formerIDs: [String] = []
  var fields: [GooglePersonField: [JSON]]
  /// Fields of the linked profile.
  var profile: [GooglePersonField: [JSON]] = [:]
  /// Ids of labels, in the order in which they were given.
  var groups: [String]
  /// Moves with every write, and the etags with it.
  var version = 1
  /// The number of the book's change that last showed in deltas.
  var change = 0
  /// Seconds since 1970.
  var updatedAt: Int
  var deletedAt: Int?

  var resourceName: String { "people/\(id)" }
  var etag: String { "%Eg" + GooglePerson.opaque("\(sourceID).\(version)") }
  var sourceEtag: String { "#" + GooglePerson.opaque("\(version)/\(sourceID)") }

  private static func opaque(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  func first(_ field: GooglePersonField, _ member: String) -> String? { fields[field]?.first?[member]?.text }

  /// How people call it: its name, else its company, else an address.
  var displayName: String {
    let name = fields[.names]?.first.map { GooglePersonField.names.shown($0) } ?? []
    return name.first { $0.name == "displayName" }?.value.text ?? first(.organizations, "name")
      ?? first(.emailAddresses, "value") ?? id
  }

  /// Whether a name that somebody typed means this contact.
  func answers(to name: String) -> Bool {
    let wanted = name.lowercased()
    return id == wanted || formerIDs.contains(wanted) || displayName.lowercased() == wanted
      || (fields[.emailAddresses] ?? []).contains { $0["value"]?.text?.lowercased() == wanted }
  }

  // MARK: - Showing

  /// The Person, with the fields of a mask.
  ///
  /// - Parameter longest: how many addresses and numbers are shown at most; "cut at 100 entries each" in listings.
  func json(_ mask: GoogleFieldMask, _ sources: GoogleSources, longest: Int = .max, sendsFormer: Bool = false) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "resourceName", value: .string(resourceName)), .init(name: "etag", value: .string(etag)),
    ]
    if mask.fields.contains(.metadata) {
      members.append(.init(name: "metadata", value: metadata(sources, sendsFormer: sendsFormer)))
    }
    guard deletedAt == nil else { return .object(members) }
    for field in GooglePersonField.allCases where mask.fields.contains(field) && field != .metadata {
      var entries = entries(field, sources)
      if longest < entries.count, field == .emailAddresses || field == .phoneNumbers {
        entries = Array(entries.prefix(longest))
      }
      if !entries.isEmpty { members.append(.init(name: field.rawValue, value: .array(entries))) }
    }
    return .object(members)
  }

  private func metadata(_ sources: GoogleSources, sendsFormer: Bool) -> JSON {
    var shown: [JSON] = []
    if sources.contact {
      shown.append([
        "type": "CONTACT", "id": .string(sourceID), "etag": .string(sourceEtag),
        "updateTime": .string(GooglePerson.instant(updatedAt)),
      ])
    }
    if sources.profile, !profile.isEmpty {
      shown.append([
        "type": "PROFILE", "id": .string(profileID), "etag": .string("#" + GooglePerson.opaque(profileID)),
        "profileMetadata": ["objectType": "PERSON", "userTypes": ["GOOGLE_USER"]],
      ])
    }
    var members: [JSON.Member] = [.init(name: "sources", value: .array(shown))]
    if sendsFormer, !formerIDs.isEmpty {
      members.append(
        .init(name: "previousResourceNames", value: .array(formerIDs.map { .string("people/\($0)") })))
    }
    if deletedAt != nil { members.append(.init(name: "deleted", value: true)) }
    members.append(.init(name: "objectType", value: "PERSON"))
    return .object(members)
  }

  /// The entries of one field: those of the linked profile first, since an own name there counts as the better one.
  private func entries(_ field: GooglePersonField, _ sources: GoogleSources) -> [JSON] {
    var found: [(source: JSON, members: [JSON.Member])] = []
    if sources.profile {
      let source: JSON = ["type": "PROFILE", "id": .string(profileID)]
      found += (profile[field] ?? []).map { (source, field.shown($0)) }
    }
    if sources.contact {
      let source: JSON = ["type": "CONTACT", "id": .string(sourceID)]
      found += contactEntries(field).map { (source, $0) }
    }
    return found.enumerated().map { place, entry in
      let metadata: JSON = place == 0 ? ["primary": true, "source": entry.source] : ["source": entry.source]
      return .object([.init(name: "metadata", value: metadata)] + entry.members)
    }
  }

  private func contactEntries(_ field: GooglePersonField) -> [[JSON.Member]] {
    switch field {
    case .memberships:
      return groups.map { group in
        [
          .init(
            name: "contactGroupMembership",
            value: [
              "contactGroupId": .string(group), "contactGroupResourceName": .string("contactGroups/\(group)"),
            ])
        ]
      }
    case .photos:
      return [
        [
          .init(name: "url", value: .string("https://lh3.googleusercontent.com/cm/\(sourceID)=s100")),
          .init(name: "default", value: true),
        ]
      ]
    default: return (fields[field] ?? []).map { field.shown($0) }
    }
  }

  private var profileID: String { "1\(id.filter(\.isNumber))" }

  /// `2026-03-02T09:15:00.000Z`.
  static func instant(_ seconds: Int) -> String { Instant.text(seconds).dropLast() + ".000Z" }

  /// Everything that the book keeps, for control.
  func controlJSON(labels: [String]) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "resourceName", value: .string(resourceName)), .init(name: "etag", value: .string(etag)),
      .init(name: "sourceEtag", value: .string(sourceEtag)), .init(name: "displayName", value: .string(displayName)),
      .init(name: "updated", value: .string(Instant.text(updatedAt))),
      .init(name: "labels", value: .array(labels.map { .string($0) })),
    ]
    for field in GooglePersonField.allCases {
      if let entries = fields[field], !entries.isEmpty {
        members.append(.init(name: field.rawValue, value: .array(entries)))
      }
    }
    if !profile.isEmpty {
      members.append(
        .init(
          name: "profile",
          value: .object(profile.map { .init(name: $0.key.rawValue, value: .array($0.value)) })))
    }
    if let deletedAt { members.append(.init(name: "deleted", value: .string(Instant.text(deletedAt)))) }
    return JSON.object(members).sorted
  }
}

/// A label, which the API calls a contact group.
struct GoogleLabel: Sendable {
  /// The part of the resource name after `contactGroups/`.
  let id: String
  var name: String
  var isSystem = false
  var clientData: [JSON] = []
  var version = 1
  var change = 0
  var updatedAt: Int
  var isDeleted = false

  var resourceName: String { "contactGroups/\(id)" }
  var etag: String { Data("\(id).\(version)".utf8).base64EncodedString() }

  /// "System groups that accept members: only myContacts and starred".
  var takesMembers: Bool { !isSystem || GoogleLabel.open.contains(id) }

  static let myContacts = "myContacts"
  private static let open: Set<String> = [myContacts, "starred"]

  /// The groups that every account has, with the names under which people see them.
  static let system: [(id: String, formatted: String)] = [
    (myContacts, "My Contacts"), ("starred", "Starred"), ("chatBuddies", "Chat contacts"), ("friends", "Friends"),
    ("family", "Family"), ("coworkers", "Coworkers"), ("blocked", "Blocked"), ("all", "All contacts"),
  ]

  var formattedName: String { GoogleLabel.system.first { $0.id == id }?.formatted ?? name }
}
