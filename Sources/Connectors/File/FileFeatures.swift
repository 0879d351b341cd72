/// Files as declared data: what a list may say, what `connect file` asks for, what a list can never do.
import Model

enum FileFeatures {
  static let description = SystemDescription(
    id: "file", name: "File", kinds: [.person, .company], nouns: [.person: "person", .company: "company"],
    fields: [.person: people, .company: companies], parameters: parameters, permissions: [],
    partitionName: "tenant",
    features: Features(
      writes: [:], pageSize: [.person: pageSize, .company: pageSize], deltaTellsDeletions: false, hasVersions: false,
      timestampStepSeconds: nil, concurrentWrites: 1, readsEverything: false, partitionIsOptional: true))

  /// How many records are handed on at a time.
  static let pageSize = 1_000
  /// In bytes: far above any list of people, and small enough to be held in memory twice.
  static let largestFile = 256 << 20

  // The names are those that the recipes read, so that a file can stand where a directory stands.
  private static let people: [FieldDeclaration] = [
    FieldDeclaration("first-name", vendorName: "First name", summary: "First name"),
    FieldDeclaration("last-name", vendorName: "Last name", summary: "Last name"),
    FieldDeclaration("title", vendorName: "Title", summary: "Job title"),
    FieldDeclaration("phone", vendorName: "Phone number", summary: "Business phone", rule: .phone),
    FieldDeclaration("mobile", vendorName: "Mobile Phone", summary: "Mobile phone", rule: .phone),
    FieldDeclaration(
      "email", vendorName: "Email",
      summary: "A column of addresses, else the proxy address marked SMTP:, else a routable user principal name",
      rule: .email),
    FieldDeclaration("display-name", vendorName: "Display name", summary: "Display name", isFact: true),
    FieldDeclaration(
      "user-principal-name", vendorName: "User principal name", summary: "Sign-in name", rule: .email, isFact: true),
    FieldDeclaration(
      "addresses", vendorName: "Proxy addresses", summary: "Every e-mail address, aliases too", rule: .emailSet,
      isFact: true),
    FieldDeclaration(
      "account-enabled", vendorName: "Block credential",
      summary: "Whether the person is there: not blocked, or a state that means active; yes where no column says",
      isFact: true),
    FieldDeclaration("licences", vendorName: "Licenses", summary: "Names of the assigned licences", isFact: true),
    FieldDeclaration(
      "licence-names", vendorName: "Licenses", summary: "The same: a file has names and no ids", isFact: true),
    FieldDeclaration(
      "licensed", vendorName: "(the file)",
      summary: "Yes for everybody in a file that has no column of licences", isFact: true),
    FieldDeclaration("user-type", vendorName: "User type", summary: "Member or Guest", isFact: true),
    FieldDeclaration("department", vendorName: "Department", summary: "Department", isFact: true),
    FieldDeclaration("company-name", vendorName: "Company", summary: "Company name, free text", isFact: true),
    FieldDeclaration("tenant", vendorName: "Tenant", summary: "The tenant that the line belongs to", isFact: true),
    FieldDeclaration("created", vendorName: "When created", summary: "When the account was made", isFact: true),
  ]

  private static let companies: [FieldDeclaration] = [
    FieldDeclaration("name", vendorName: "Name", summary: "Company name"),
    FieldDeclaration("identifier", vendorName: "Identifier", summary: "The short name that the PSA uses", isFact: true),
    FieldDeclaration("tenant", vendorName: "Tenant", summary: "The company's tenant: its id or a domain", isFact: true),
    FieldDeclaration("status", vendorName: "Status", summary: "The words of its status", isFact: true),
  ]

  private static let parameters: [ConnectionParameter] =
    [
      ConnectionParameter("path", summary: "The CSV file", isPath: true),
      ConnectionParameter(
        "format", summary: "auto, admin-centre (the Microsoft 365 admin centre's export of users) or general",
        isRequired: false, defaultValue: "auto"),
      ConnectionParameter(
        "encoding", summary: "auto, utf-8, utf-16, utf-16le, utf-16be or windows-1252", isRequired: false,
        defaultValue: "auto"),
      ConnectionParameter(
        "separator", summary: "auto, comma, semicolon, tab, pipe, or the sign itself", isRequired: false,
        defaultValue: "auto"),
    ]
    + FileColumn.allCases.compactMap { column in
      column.summary.map { ConnectionParameter(column.rawValue, summary: $0, isRequired: false) }
    } + [
      ConnectionParameter(
        "active", summary: "Words of the column state that mean active, with commas; every other word means inactive",
        isRequired: false)
    ]
}
