// The fields of a Person: which can be written, what stands in each, and what the server adds.

/// One field of a Person, by its name in masks.
///
/// Source: People API discovery document, revision 20251117.
enum GooglePersonField: String, CaseIterable, Sendable {
  case addresses, ageRanges, biographies, birthdays
  case calendarURLs = "calendarUrls"
  case clientData, coverPhotos, emailAddresses, events
  case externalIDs = "externalIds"
  case genders, imClients, interests, locales, locations, memberships, metadata, miscKeywords, names, nicknames
  case occupations, organizations, phoneNumbers, photos, relations, sipAddresses, skills, urls, userDefined

  /// "photos, coverPhotos, ageRanges, skills, metadata: not in the update mask".
  var isUpdatable: Bool {
    switch self {
    case .photos, .coverPhotos, .ageRanges, .skills, .metadata: false
    default: true
    }
  }

  /// "SINGLETON: two entries = 400".
  var isSingleton: Bool {
    switch self {
    case .names, .biographies, .birthdays, .genders: true
    default: false
    }
  }

  /// The members of an entry that are kept as they were sent.
  var settable: [String] {
    switch self {
    case .names:
      [
        "givenName", "familyName", "middleName", "honorificPrefix", "honorificSuffix", "phoneticFullName",
        "phoneticGivenName", "phoneticFamilyName", "phoneticMiddleName", "phoneticHonorificPrefix",
        "phoneticHonorificSuffix", "unstructuredName",
      ]
    case .nicknames, .phoneNumbers, .urls, .sipAddresses, .miscKeywords, .externalIDs: ["value", "type"]
    case .emailAddresses: ["value", "type", "displayName"]
    case .organizations:
      [
        "name", "title", "department", "jobDescription", "location", "domain", "symbol", "costCenter", "type",
        "current",
        "startDate", "endDate", "phoneticName", "fullTimeEquivalentMillipercent",
      ]
    case .addresses:
      [
        "streetAddress", "extendedAddress", "poBox", "city", "region", "postalCode", "country", "countryCode",
        "formattedValue", "type",
      ]
    case .biographies: ["value", "contentType"]
    case .birthdays: ["date", "text"]
    case .genders: ["value", "addressMeAs"]
    case .relations: ["person", "type"]
    case .events: ["date", "type"]
    case .imClients: ["username", "type", "protocol"]
    case .calendarURLs: ["url", "type"]
    case .interests, .locales, .occupations: ["value"]
    case .locations: ["value", "type", "current", "buildingId", "floorId", "floorSection", "deskCode"]
    case .userDefined, .clientData: ["key", "value"]
    case .memberships: ["contactGroupMembership"]
    case .ageRanges, .coverPhotos, .metadata, .photos, .skills: []
    }
  }

  /// The members of an entry that the server makes; what a client sends of them is passed over.
  static let derived: Set<String> = [
    "metadata", "displayName", "displayNameLastFirst", "formattedType", "formattedProtocol", "formattedValue",
    "canonicalForm", "domainMembership",
  ]

  /// An entry as it is shown: what was sent, and what the server adds.
  func shown(_ entry: JSON) -> [JSON.Member] {
    var members = entry.members ?? []
    func text(_ name: String) -> String { entry[name]?.text ?? "" }
    func add(_ name: String, _ value: String) {
      guard !value.isEmpty, entry[name] == nil else { return }
      members.append(.init(name: name, value: .string(value)))
    }
    switch self {
    case .names:
      let whole = ["honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix"]
        .map(text).filter { !$0.isEmpty }.joined(separator: " ")
      add("displayName", whole.isEmpty ? text("unstructuredName") : whole)
      let rest = [text("givenName"), text("middleName")].filter { !$0.isEmpty }.joined(separator: " ")
      add(
        "displayNameLastFirst",
        text("familyName").isEmpty || rest.isEmpty ? whole : "\(text("familyName")), \(rest)")
    case .phoneNumbers:
      add("canonicalForm", Self.canonical(text("value")))
    case .addresses:
      let town = [text("city"), [text("region"), text("postalCode")].filter { !$0.isEmpty }.joined(separator: " ")]
        .filter { !$0.isEmpty }.joined(separator: ", ")
      add(
        "formattedValue",
        [text("streetAddress"), text("extendedAddress"), text("poBox"), town, text("country")]
          .filter { !$0.isEmpty }.joined(separator: "\n"))
    case .imClients: add("formattedProtocol", Self.spaced(text("protocol")))
    case .genders: add("formattedValue", Self.spaced(text("value")))
    default: break
    }
    if settable.contains("type") { add("formattedType", Self.spaced(text("type"))) }
    return members
  }

  /// A number written with its country, in digits; any other has no canonical form.
  private static func canonical(_ number: String) -> String {
    guard number.hasPrefix("+"), number.allSatisfy({ $0.isNumber || "+ -().".contains($0) }) else { return "" }
    let digits = number.filter { $0.isASCII && $0.isNumber }
    return (7...15).contains(digits.count) ? "+\(digits)" : ""
  }

  /// `homeFax` as `Home Fax`.
  private static func spaced(_ type: String) -> String {
    var words = ""
    for letter in type {
      if letter.isUppercase, let last = words.last, last.isLowercase { words.append(" ") }
      words.append(contentsOf: words.isEmpty ? letter.uppercased() : String(letter))
    }
    return words
  }
}

// MARK: - Reading what a client sends

extension GooglePersonField {
  /// "1 024 characters per field (notes excepted)".
  static let longestText = 1024
  /// "500 fields" per contact.
  static let mostEntries = 500
  /// "128 KB" per contact.
  static let largestContact = 131_072

  /// Reads the fields of a Person body; memberships are left to the book, which knows the labels.
  static func values(of body: JSON) throws(GoogleRefusal) -> [GooglePersonField: [JSON]] {
    guard let members = body.members else { throw .invalid("A person is required.", field: "person") }
    var values: [GooglePersonField: [JSON]] = [:]
    for member in members where !["resourceName", "etag", "metadata"].contains(member.name) {
      guard let field = GooglePersonField(rawValue: member.name) else {
        throw .invalid(
          "Invalid JSON payload received. Unknown name \"\(member.name)\": Cannot find field.", field: "person")
      }
      guard member.value != .null else { continue }
      guard let entries = member.value.elements else {
        throw .invalid("Invalid value at 'person.\(field.rawValue)': a list is required.", field: field.rawValue)
      }
      guard field.isUpdatable else { continue }
      var kept: [JSON] = []
      for entry in entries {
        let entry = try field.kept(entry)
        if entry.members?.isEmpty == false { kept.append(entry) }
      }
      if field.isSingleton, kept.count > 1 {
        throw .invalid("\(field.rawValue) is a singleton field: at most one may be set.", field: field.rawValue)
      }
      values[field] = kept
    }
    return values
  }

  /// An entry with the members that are kept.
  private func kept(_ entry: JSON) throws(GoogleRefusal) -> JSON {
    guard let members = entry.members else {
      throw .invalid("Invalid value at 'person.\(rawValue)': an object is required.", field: rawValue)
    }
    var kept: [JSON.Member] = []
    for member in members {
      guard settable.contains(member.name) else {
        guard Self.derived.contains(member.name) else {
          throw .invalid(
            "Invalid JSON payload received. Unknown name \"\(member.name)\" at 'person.\(rawValue)': Cannot find field.",
            field: rawValue)
        }
        continue
      }
      switch member.value {
      case .null: continue
      case .string(let text):
        guard !text.isEmpty else { continue }
        if self != .biographies, text.count > Self.longestText {
          throw .invalid("\(rawValue).\(member.name) is longer than \(Self.longestText) characters.", field: rawValue)
        }
      default: break
      }
      kept.append(member)
    }
    return .object(kept)
  }

  /// Refuses a contact that is too large as a whole.
  static func check(_ values: [GooglePersonField: [JSON]]) throws(GoogleRefusal) {
    guard values.values.reduce(0, { $0 + $1.count }) <= mostEntries else {
      throw .invalid("A contact has at most \(mostEntries) fields.")
    }
    let size = values.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.encoded.utf8.count } }
    guard size <= largestContact else { throw .invalid("A contact has at most 128 KB.") }
  }
}

// MARK: - Masks

/// The fields that a mask names.
struct GoogleFieldMask: Sendable, Equatable {
  var fields: Set<GooglePersonField>

  /// Reads `names,emailAddresses`: "the mask is NAMES, comma separated, not JSON".
  ///
  /// - Parameter parameter: how refusals call it, as in `personFields`.
  init(_ text: String, parameter: String, updating: Bool = false) throws(GoogleRefusal) {
    fields = []
    for name in text.split(separator: ",").map(String.init) {
      guard let field = GooglePersonField(rawValue: name), !updating || field.isUpdatable else {
        throw .invalid(
          "Invalid \(parameter) mask path: \"\(name)\". Valid paths are documented at the method's reference.",
          field: parameter)
      }
      fields.insert(field)
    }
  }

  static let all = GoogleFieldMask(Set(GooglePersonField.allCases))

  init(_ fields: Set<GooglePersonField>) { self.fields = fields }

  static func missing(_ parameter: String) -> GoogleRefusal {
    .invalid(
      "\(parameter) mask is required. Please specify one or more valid paths. Valid paths are documented at the method's "
        + "reference.", field: parameter)
  }
}

/// Where the values of a Person may come from.
struct GoogleSources: Sendable, Equatable {
  var contact = true
  var profile = true

  init() {}

  /// Reads the values of `sources`: "default CONTACT + PROFILE".
  init(_ names: [String]) throws(GoogleRefusal) {
    guard !names.isEmpty else { return }
    (contact, profile) = (false, false)
    for name in names {
      switch name {
      case "READ_SOURCE_TYPE_CONTACT": contact = true
      case "READ_SOURCE_TYPE_PROFILE": profile = true
      case "READ_SOURCE_TYPE_DOMAIN_CONTACT", "READ_SOURCE_TYPE_OTHER_CONTACT": break
      case "READ_SOURCE_TYPE_UNSPECIFIED": (contact, profile) = (true, true)
      default: throw .invalid("Invalid value at 'sources': \"\(name)\".", field: "sources")
      }
    }
  }
}
