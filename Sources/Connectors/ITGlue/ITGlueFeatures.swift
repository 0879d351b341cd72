/// IT Glue as declared data: its fields, what it asks for, what it can do.
import Model

enum ITGlueFeatures {
  static let description = SystemDescription(
    id: "itglue", name: "IT Glue", kinds: [.company, .person, .configuration],
    nouns: [.company: "organization", .person: "contact", .configuration: "configuration"],
    fields: [.company: companyFields, .person: personFields, .configuration: configurationFields],
    parameters: [
      ConnectionParameter(
        "region", summary: "us, eu or au: where the account is", isRequired: false, defaultValue: "us"),
      ConnectionParameter("api-key", summary: "API key (ITG.…), made by an Administrator", isSecret: true),
      ConnectionParameter("url", summary: "Address of the API, when it is not in a region", isRequired: false),
    ],
    permissions: [
      PermissionDeclaration(
        "API access", purpose: "read and write organizations, contacts and configurations",
        whereGranted: "IT Glue, Account > Settings > API Keys (an Administrator, and a plan with API access)")
    ],
    partitionName: "organization",
    features: Features(
      // Organizations are never deleted, since all that they hold would go with them; contacts have no state.
      writes: [
        .company: [.create, .update], .person: [.create, .update],
        .configuration: [.create, .update, .deactivate, .reactivate],
      ],
      pageSize: [.company: pageSize, .person: pageSize, .configuration: pageSize], deltaTellsDeletions: false,
      hasVersions: true, timestampStepSeconds: 1, concurrentWrites: 4,
      budget: RequestBudget(requests: 3000, windowSeconds: 300), moves: [.person, .configuration]))

  /// The largest page of a list.
  static let pageSize = 1000
  /// The page of a reading of changes, which stops at the first record that is old enough: mostly one page is enough.
  static let changesPageSize = 250
  /// 3,000 requests in 5 minutes are 10 a second for all integrations of the account together.
  static let pace = Pace(concurrency: 4, perSecond: 8, burst: 8)
  /// How far before a mark the next reading begins, in seconds.
  static let overlap = 5.0 * 60
  /// Ranges of dates that are longer than a week may be refused.
  static let longestRange = 7.0 * 86_400
  /// From so many ranges on a complete reading is the smaller piece of work.
  static let mostRanges = 8
  /// Ids in one address.
  static let idsAtOnce = 100

  /// The PSA products that IT Glue has an own sync with, by what `filter[psa_integration_type]` calls them.
  static let integrations: [(type: String, name: String)] = [
    ("manage", "ConnectWise"), ("autotask", "Autotask"), ("kaseya-bms", "Kaseya BMS"), ("tigerpaw", "Tigerpaw"),
    ("pulseway-psa", "Pulseway PSA"), ("vorex", "Vorex"),
  ]

  /// The API host of a region; `nil` for a name that is none.
  static func host(ofRegion region: String) -> WebAddress? {
    switch region.lowercased() {
    case "us": WebAddress("https://api.itglue.com")
    case "eu": WebAddress("https://api.eu.itglue.com")
    case "au": WebAddress("https://api.au.itglue.com")
    default: nil
    }
  }

  private static let psa = FieldDeclaration(
    "psa-id", vendorName: "adapters-resources remote-id", summary: "Id at the PSA that IT Glue's own sync links it to",
    isFact: true)

  private static let companyFields: [FieldDeclaration] = [
    FieldDeclaration("name", vendorName: "name", summary: "Name", isWritable: true, isRequired: true),
    FieldDeclaration("identifier", vendorName: "short-name", summary: "Short name", isWritable: true),
    FieldDeclaration("type", vendorName: "organization-type-name", summary: "Name of the type", isWritable: true),
    FieldDeclaration("status", vendorName: "organization-status-name", summary: "Name of the status", isWritable: true),
    FieldDeclaration("type-id", vendorName: "organization-type-id", summary: "Id of the type", isFact: true),
    FieldDeclaration("status-id", vendorName: "organization-status-id", summary: "Id of the status", isFact: true),
    FieldDeclaration(
      "is-owner", vendorName: "primary", summary: "Whether it is the provider's own organization", isFact: true),
    psa,
  ]

  private static let personFields: [FieldDeclaration] = [
    FieldDeclaration("first-name", vendorName: "first-name", summary: "First name", isWritable: true),
    FieldDeclaration("last-name", vendorName: "last-name", summary: "Last name", isWritable: true),
    FieldDeclaration("title", vendorName: "title", summary: "Title", isWritable: true),
    FieldDeclaration(
      "email", vendorName: "contact-emails (primary)", summary: "Primary e-mail address", rule: .email,
      isWritable: true),
    FieldDeclaration(
      "other-emails", vendorName: "contact-emails (others)", summary: "Further e-mail addresses", rule: .emailSet,
      isWritable: true),
    FieldDeclaration(
      "phone", vendorName: "contact-phones (phone)", summary: "Phone: the primary one, or that labelled Work",
      rule: .phoneDigits, isWritable: true),
    FieldDeclaration(
      "mobile", vendorName: "contact-phones (Mobile, Cell)", summary: "Mobile phone", rule: .phoneDigits,
      isWritable: true),
    FieldDeclaration("fax", vendorName: "contact-phones (fax)", summary: "Fax", rule: .phoneDigits, isWritable: true),
    FieldDeclaration(
      "addresses", vendorName: "contact-emails", summary: "Every e-mail address", rule: .emailSet, isFact: true),
    FieldDeclaration("company-id", vendorName: "organization-id", summary: "Id of the organization", isFact: true),
    psa,
  ]

  private static let configurationFields: [FieldDeclaration] = [
    FieldDeclaration("name", vendorName: "name", summary: "Name", isWritable: true, isRequired: true),
    FieldDeclaration(
      "type", vendorName: "configuration-type-name", summary: "Name of the type", isWritable: true, isRequired: true),
    FieldDeclaration(
      "status", vendorName: "configuration-status-name", summary: "Name of the status", isWritable: true),
    FieldDeclaration("serial-number", vendorName: "serial-number", summary: "Serial number", isWritable: true),
    FieldDeclaration(
      "manufacturer", vendorName: "manufacturer-name", summary: "Manufacturer; made at IT Glue when it is new",
      isWritable: true),
    FieldDeclaration(
      "model", vendorName: "model-name", summary: "Model of the manufacturer; made at IT Glue when it is new",
      isWritable: true),
    FieldDeclaration(
      "mac-address", vendorName: "mac-address", summary: "MAC address of the primary interface", maximumLength: 17,
      isWritable: true),
    FieldDeclaration("asset-tag", vendorName: "asset-tag", summary: "Asset tag", isWritable: true),
    FieldDeclaration("notes", vendorName: "notes", summary: "Notes", isWritable: true),
    FieldDeclaration("installed-at", vendorName: "installed-at", summary: "Installed on", isWritable: true),
    FieldDeclaration("purchased-at", vendorName: "purchased-at", summary: "Purchased on", isWritable: true),
    FieldDeclaration(
      "warranty-expires-at", vendorName: "warranty-expires-at", summary: "Warranty until", isWritable: true),
    FieldDeclaration(
      "primary-ip", vendorName: "primary-ip", summary: "Address of the primary interface", isWritable: true),
    FieldDeclaration("default-gateway", vendorName: "default-gateway", summary: "Default gateway", isWritable: true),
    FieldDeclaration("installed-by", vendorName: "installed-by", summary: "Installed by", isWritable: true),
    FieldDeclaration("type-id", vendorName: "configuration-type-id", summary: "Id of the type", isFact: true),
    FieldDeclaration("status-id", vendorName: "configuration-status-id", summary: "Id of the status", isFact: true),
    FieldDeclaration("company-id", vendorName: "organization-id", summary: "Id of the organization", isFact: true),
    psa,
  ]
}
