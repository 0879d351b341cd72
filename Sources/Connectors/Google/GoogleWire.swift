/// The JSON of the People API as it stands on the wire (google.md §4).
import Foundation
import Model

/// A part of an answer that is kept as it is; what a request could not say again (null, fractions) is left out.
extension JSONValue: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else if let items = try? container.decode([Lenient].self) {
      self = .list(items.compactMap(\.value))
    } else {
      self = .object(try container.decode([String: Lenient].self).compactMapValues(\.value))
    }
  }

  private struct Lenient: Decodable {
    var value: JSONValue?
    init(from decoder: any Decoder) throws { value = try? JSONValue(from: decoder) }
  }

  subscript(key: String) -> JSONValue? {
    get { if case .object(let members) = self { members[key] } else { nil } }
    set {
      guard case .object(var members) = self else { return }
      members[key] = newValue
      self = .object(members)
    }
  }

  /// The text of a member, where it is one and is not blank.
  func text(_ key: String) -> String? {
    guard case .text(let text)? = self[key], !text.isBlank else { return nil }
    return text
  }

  func number(_ key: String) -> Int? {
    if case .number(let number)? = self[key] { number } else { nil }
  }

  var items: [JSONValue] { if case .list(let items) = self { items } else { [] } }
}

/// One contact, with the entries of its own source only: by default Google merges the profile of the person into it,
/// which is nobody's to copy.
struct GooglePerson: Sendable, Equatable {
  var resourceName: String
  var etag: String?
  /// The contact's own source: its id, etag and time of change.
  var source: JSONValue?
  var isDeleted = false
  /// The entries of each field that was asked for and is not empty, the primary one first, without what can only be read.
  var fields: [GooglePersonField: [JSONValue]] = [:]
  /// As Google shows the name.
  var displayName: String?

  var id: String { resourceName.hasPrefix("people/") ? String(resourceName.dropFirst(7)) : resourceName }

  /// The labels that it has, as resource names.
  var groups: [String] {
    (fields[.memberships] ?? []).compactMap { $0["contactGroupMembership"]?.text("contactGroupResourceName") }
  }
}

/// The fields of a person that are read; all but the last three are written under their own names.
enum GooglePersonField: String, Sendable, CaseIterable {
  case names, nicknames, emailAddresses, phoneNumbers, organizations, addresses, urls, birthdays, biographies, relations
  case events, imClients, userDefined, externalIds, memberships, clientData

  /// What every reading asks for.
  static let mask = (allCases.map(\.rawValue) + ["metadata"]).joined(separator: ",")

  /// Members that the server makes and that are not sent back (google.md §4.5).
  var readOnly: Set<String> {
    switch self {
    case .names: ["metadata", "displayName", "displayNameLastFirst"]
    case .phoneNumbers: ["metadata", "canonicalForm", "formattedType"]
    case .imClients: ["metadata", "formattedType", "formattedProtocol"]
    default: ["metadata", "formattedType"]
    }
  }
}

extension GooglePerson: Decodable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    resourceName = try container.decode(String.self, forKey: Key(stringValue: "resourceName"))
    etag = try? container.decode(String.self, forKey: Key(stringValue: "etag"))
    let metadata = try? container.decode(JSONValue.self, forKey: Key(stringValue: "metadata"))
    source = metadata?["sources"]?.items.first { $0.text("type") == "CONTACT" }
    isDeleted = metadata?["deleted"] == .flag(true)
    for field in GooglePersonField.allCases {
      let said = (try? container.decode(JSONValue.self, forKey: Key(stringValue: field.rawValue)))?.items ?? []
      let own = said.filter { entry in
        entry["metadata"]?["source"]?.text("type").map { $0 == "CONTACT" } ?? true
      }
      guard !own.isEmpty else { continue }
      if field == .names { displayName = own.first?.text("displayName") }
      let primary = own.filter { $0["metadata"]?["primary"] == .flag(true) }
      let others = own.filter { $0["metadata"]?["primary"] != .flag(true) }
      fields[field] = (primary + others).map { entry in
        guard case .object(let members) = entry else { return entry }
        return .object(members.filter { !field.readOnly.contains($0.key) })
      }
    }
  }
}

struct GoogleConnections: Decodable {
  /// Absent when there are none.
  var connections: [GooglePerson]?
  var nextPageToken: String?
  var totalItems: Int?
}

/// One person of an answer about several.
struct GooglePersonResponse: Decodable {
  struct Status: Decodable {
    var code: Int?
    var message: String?
  }
  var requestedResourceName: String?
  var person: GooglePerson?
  var status: Status?
  var httpStatusCode: Int?

  /// What failed for this one; `nil` when nothing did.
  var fault: GoogleContactFault? {
    if let code = status?.code, code != 0 { return GoogleContactFault(code: code, message: status?.message) }
    guard let http = httpStatusCode, !(200..<300).contains(http), http != 0 else { return nil }
    return GoogleContactFault(code: http == 404 ? 5 : 2, message: status?.message ?? "status \(http)")
  }
}

struct GoogleCreated: Decodable {
  var createdPeople: [GooglePersonResponse]?
}

struct GoogleUpdated: Decodable {
  var updateResult: [String: GooglePersonResponse]?
}

/// A label.
struct GoogleLabel: Decodable, Sendable, Equatable {
  struct Datum: Decodable, Sendable, Equatable {
    var key: String?
    var value: String?
  }
  var resourceName: String
  var etag: String?
  var name: String?
  var formattedName: String?
  var groupType: String?
  var memberCount: Int?
  var memberResourceNames: [String]?
  var clientData: [Datum]?

  /// `contactGroups/7f01` without its beginning.
  var id: String { Self.id(resourceName) }
  var isSystem: Bool { groupType == "SYSTEM_CONTACT_GROUP" }

  func isMarked(_ marker: String?) -> Bool {
    guard let marker else { return false }
    return (clientData ?? []).contains { $0.key == GoogleMarker.labelKey && $0.value == marker }
  }

  /// What is asked of every label.
  static let fields = "clientData,groupType,memberCount,metadata,name"
  static let own = "contactGroups/myContacts"
  static func resourceName(_ id: String) -> String { id.hasPrefix("contactGroups/") ? id : "contactGroups/\(id)" }
  static func id(_ resourceName: String) -> String {
    resourceName.hasPrefix("contactGroups/") ? String(resourceName.dropFirst(14)) : resourceName
  }
}

struct GoogleLabels: Decodable {
  var contactGroups: [GoogleLabel]?
  var nextPageToken: String?
}

/// The answer of `members:modify`: a 200 may hide what was not done (google.md §5.5).
struct GoogleMembersModified: Decodable {
  var notFoundResourceNames: [String]?
  var canNotRemoveLastContactGroupResourceNames: [String]?
}

struct GoogleToken: Decodable {
  var accessToken: String
  /// Seconds.
  var lifetime: Double?

  enum CodingKeys: String, CodingKey {
    case accessToken = "access_token"
    case lifetime = "expires_in"
  }
}
