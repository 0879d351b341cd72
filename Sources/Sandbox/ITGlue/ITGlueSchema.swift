// What each kind of record at IT Glue consists of: its attributes, filters, sort keys and rules, as tables.

/// A kind of record that the API serves.
enum ITGlueKind: String, CaseIterable, Sendable {
  case organizations
  case contacts
  case configurations
  case locations
  case organizationTypes = "organization-types"
  case organizationStatuses = "organization-statuses"
  case configurationTypes = "configuration-types"
  case configurationStatuses = "configuration-statuses"
  case contactTypes = "contact-types"
  case manufacturers
  case models
  case operatingSystems = "operating-systems"
  case regions

  /// The collection in a path, which is written with underscores.
  var path: String { rawValue.replacing("-", with: "_") }

  init?(path: String) {
    guard let kind = ITGlueKind.allCases.first(where: { $0.path == path }) else { return nil }
    self = kind
  }

  /// The place of the kind's table, in the order of the cases.
  var place: Int {
    switch self {
    case .organizations: 0
    case .contacts: 1
    case .configurations: 2
    case .locations: 3
    case .organizationTypes: 4
    case .organizationStatuses: 5
    case .configurationTypes: 6
    case .configurationStatuses: 7
    case .contactTypes: 8
    case .manufacturers: 9
    case .models: 10
    case .operatingSystems: 11
    case .regions: 12
    }
  }

  /// Whether the kind belongs to an organization, and disappears with it.
  var isContents: Bool { [.contacts, .configurations, .locations].contains(self) }

  /// Whether the kind is only a name that others refer to.
  var isList: Bool { !isContents && self != .organizations }

  /// Nobody writes the vendor's own lists.
  var isReadOnly: Bool { self == .operatingSystems || self == .regions }

  /// "Organizations, contacts, configurations, locations: delete is bulk only"; for all other kinds there is none.
  var canBeDeleted: Bool { isContents || self == .organizations }

  /// The attribute that names the record above it, which a nested route stands for.
  var parentAttribute: String? {
    switch self {
    case .contacts, .configurations, .locations: "organization-id"
    case .models: "manufacturer-id"
    default: nil
    }
  }

  /// What of a record that the built-in sync owns the API still changes.
  var writableWhenSynced: Set<String> {
    switch self {
    case .organizations: ["alert", "description", "quick-notes"]
    case .configurations:
      [
        "archived", "asset-tag", "notes", "purchased-at", "restricted", "serial-number", "warranty-expires-at",
        "mitp-device-expiration-date", "mitp-end-of-life-date",
      ]
    default: []
    }
  }

  /// What may be included with a listing.
  var includes: Set<String> {
    switch self {
    case .organizations: ["adapters_resources", "attachments", "rmm_companies"]
    case .contacts: ["adapters_resources", "location", "distinct_remote_contacts", "attachments", "tickets"]
    case .configurations:
      ["adapters_resources", "configuration_interfaces", "rmm_records", "attachments", "tickets"]
    case .locations: ["adapters_resources"]
    default: []
    }
  }
}

/// What an attribute may hold, and where its value comes from.
enum ITGlueForm: Sendable, Equatable {
  case text
  /// Text of so many characters at most.
  case shortText(Int)
  case flag
  /// A date without a time.
  case day
  /// The id of a record of that kind, as a number.
  case lookup(ITGlueKind)
  /// The id of another organization, as text.
  case parent
  case emails
  case phones
  /// Digits of a phone number.
  case digits
  /// The name of the record that another attribute refers to; filled by the server.
  case nameOf(attribute: String, ITGlueKind)
  /// Filled by the server in a way of its own.
  case derived

  var isWritable: Bool {
    switch self {
    case .nameOf, .derived: false
    default: true
    }
  }
}

/// One attribute.
struct ITGlueAttribute: Sendable {
  var name: String
  var form: ITGlueForm
  /// Taken, but not shown.
  var isHidden = false
  /// The name as a key of a JSON object, with its colon.
  let key: String

  init(_ name: String, _ form: ITGlueForm, isHidden: Bool = false) {
    self.name = name
    self.form = form
    self.isHidden = isHidden
    key = "\"\(name)\":"
  }
}

/// How a filter compares.
enum ITGlueFilterForm: Sendable {
  case identity
  /// The name, in the way that the account is set to.
  case name
  /// The whole text of an attribute.
  case text(String)
  case number(String)
  case flag(String)
  case createdAt
  case updatedAt
  case primaryEmail
  case psaID
  case psaType
  /// For features that nothing here has.
  case nothing
}

/// All attributes of a kind, in the order in which they are sent.
struct ITGlueSchema: Sendable {
  let attributes: [ITGlueAttribute]
  let filters: [String: ITGlueFilterForm]
  let sorts: Set<String>
  /// Where an attribute's value stands, by its name.
  let places: [String: Int]

  init(_ attributes: [ITGlueAttribute], filters: [String: ITGlueFilterForm], sorts: Set<String>) {
    self.attributes = attributes
    self.filters = filters
    self.sorts = sorts
    places = Dictionary(
      attributes.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  static func of(_ kind: ITGlueKind) -> ITGlueSchema { all[kind.place] }

  private static let all = ITGlueKind.allCases.map(make)

  private static func make(_ kind: ITGlueKind) -> ITGlueSchema {
    switch kind {
    case .organizations: organizations
    case .contacts: contacts
    case .configurations: configurations
    case .locations: locations
    case .models:
      ITGlueSchema(
        [.init("name", .text), .init("manufacturer-id", .lookup(.manufacturers), isHidden: true)] + stamps,
        filters: ["id": .identity], sorts: ["id", "name", "manufacturer_id", "created_at", "updated_at"])
    case .configurationTypes:
      ITGlueSchema(
        [.init("name", .text), .init("configurations-count", .derived)] + stamps, filters: ["name": .text("name")],
        sorts: listSorts)
    case .regions:
      ITGlueSchema([.init("name", .text), .init("iso", .text)], filters: ["name": .text("name")], sorts: listSorts)
    case .organizationTypes, .organizationStatuses, .configurationStatuses, .contactTypes, .manufacturers,
      .operatingSystems:
      ITGlueSchema([.init("name", .text)] + stamps, filters: ["name": .text("name")], sorts: listSorts)
    }
  }

  private static let listSorts: Set<String> = ["name", "id", "created_at", "updated_at"]
  private static let stamps = [ITGlueAttribute("created-at", .derived), ITGlueAttribute("updated-at", .derived)]

  /// An id and the name beside it.
  private static func reference(_ name: String, _ kind: ITGlueKind) -> [ITGlueAttribute] {
    [.init("\(name)-id", .lookup(kind)), .init("\(name)-name", .nameOf(attribute: "\(name)-id", kind))]
  }

  private static let psaFilters: [String: ITGlueFilterForm] = ["psa_id": .psaID, "psa_integration_type": .psaType]

  private static let organizations = ITGlueSchema(
    [.init("name", .text), .init("alert", .text), .init("description", .text)]
      + reference("organization-type", .organizationTypes) + reference("organization-status", .organizationStatuses) + [
        .init("primary", .derived), .init("logo", .derived), .init("quick-notes", .text), .init("short-name", .text),
        .init("parent-id", .parent), .init("ancestor-ids", .derived), .init("my-glue", .derived),
      ] + stamps,
    filters: psaFilters.merging([
      "id": .identity, "name": .name, "organization_type_id": .number("organization-type-id"),
      "organization_status_id": .number("organization-status-id"), "created_at": .createdAt, "updated_at": .updatedAt,
      "my_glue_account_id": .nothing, "group_id": .nothing, "primary": .flag("primary"),
    ]) { first, _ in first },
    sorts: [
      "name", "id", "updated_at", "created_at", "short_name", "organization_status_name", "organization_type_name",
      "my_glue_account_id",
    ])

  private static let contacts = ITGlueSchema(
    reference("organization", .organizations) + [
      .init("name", .derived), .init("first-name", .text), .init("last-name", .text), .init("title", .text),
    ] + reference("contact-type", .contactTypes) + reference("location", .locations) + [
      .init("important", .flag), .init("notes", .text), .init("restricted", .flag, isHidden: true),
      .init("contact-emails", .emails), .init("contact-phones", .phones),
    ] + stamps,
    filters: psaFilters.merging([
      "id": .identity, "first_name": .text("first-name"), "last_name": .text("last-name"), "title": .text("title"),
      "contact_type_id": .number("contact-type-id"), "important": .flag("important"), "primary_email": .primaryEmail,
      "organization_id": .number("organization-id"),
    ]) { first, _ in first },
    sorts: ["first_name", "last_name", "id", "created_at", "updated_at"])

  private static let configurations = ITGlueSchema(
    reference("organization", .organizations) + [
      .init("organization-short-name", .derived), .init("resource-url", .derived), .init("restricted", .flag),
      .init("name", .text), .init("hostname", .text), .init("primary-ip", .text),
      .init("mac-address", .shortText(17)), .init("default-gateway", .text), .init("serial-number", .text),
      .init("asset-tag", .text), .init("position", .text), .init("installed-by", .text), .init("purchased-by", .text),
      .init("notes", .text), .init("operating-system-notes", .text), .init("warranty-expires-at", .day),
      .init("installed-at", .day), .init("purchased-at", .day),
    ] + reference("configuration-type", .configurationTypes) + [.init("configuration-type-kind", .derived)]
      + reference("configuration-status", .configurationStatuses) + reference("manufacturer", .manufacturers)
      + reference("model", .models) + reference("operating-system", .operatingSystems)
      + reference("location", .locations) + reference("contact", .contacts) + [
        .init("archived", .flag), .init("mitp-device-expiration-date", .day), .init("mitp-end-of-life-date", .day),
        .init("psa-integration", .derived), .init("my-glue", .derived),
      ] + stamps,
    filters: psaFilters.merging([
      "id": .identity, "name": .name, "organization_id": .number("organization-id"),
      "configuration_type_id": .number("configuration-type-id"),
      "configuration_status_id": .number("configuration-status-id"), "contact_id": .number("contact-id"),
      "serial_number": .text("serial-number"), "mac_address": .text("mac-address"), "asset_tag": .text("asset-tag"),
      "rmm_id": .nothing, "rmm_integration_type": .nothing, "archived": .flag("archived"),
    ]) { first, _ in first },
    sorts: ["name", "id", "created_at", "updated_at"])

  private static let locations = ITGlueSchema(
    reference("organization", .organizations) + [
      .init("name", .text), .init("primary", .flag), .init("address-1", .text), .init("address-2", .text),
      .init("city", .text), .init("postal-code", .text),
    ] + reference("region", .regions) + [
      .init("country-id", .derived), .init("country-name", .derived), .init("phone", .digits), .init("fax", .digits),
      .init("notes", .text), .init("formatted-phone", .derived), .init("formatted-fax", .derived),
    ] + stamps,
    filters: psaFilters.merging([
      "id": .identity, "name": .text("name"), "city": .text("city"), "region_id": .number("region-id"),
      "country_id": .nothing, "organization_id": .number("organization-id"),
    ]) { first, _ in first },
    sorts: ["name", "id", "primary", "created_at", "updated_at"])
}
