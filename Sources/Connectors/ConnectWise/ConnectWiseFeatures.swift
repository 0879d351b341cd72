/// ConnectWise PSA as declared data: its fields, what it asks for, what it can do.
import Model

enum ConnectWiseFeatures {
  static let description = SystemDescription(
    id: "connectwise", name: "ConnectWise", kinds: [.company, .person, .configuration, .member],
    nouns: [.company: "company", .person: "contact", .configuration: "configuration", .member: "member"],
    fields: [
      .company: companyFields, .person: personFields, .configuration: configurationFields, .member: memberFields,
    ],
    parameters: parameters,
    permissions: [
      PermissionDeclaration(
        "Companies > Company Maintenance: Inquire", purpose: "read companies and their statuses", whereGranted: role),
      PermissionDeclaration(
        "Companies > Company Maintenance: Add, Edit", purpose: "create and change companies (itglue-psa)",
        whereGranted: role),
      PermissionDeclaration(
        "Companies > Configurations: Inquire, Add, Edit",
        purpose: "read, create and change configurations (itglue-psa)", whereGranted: role),
      PermissionDeclaration(
        "Companies > Contacts: Inquire, Add, Edit", purpose: "read, create and change contacts", whereGranted: role),
      PermissionDeclaration(
        "System > Member Maintenance: Inquire, level All", purpose: "read members (crewhu-employees)",
        whereGranted: role),
      PermissionDeclaration(
        "Companies > Manage Documents: Inquire, level All", purpose: "download members' photos", whereGranted: role),
      PermissionDeclaration(
        "System > Table Setup: Inquire", purpose: "read the communication types", whereGranted: role),
    ],
    partitionName: "company",
    features: Features(
      // A company is never deleted, and has no flag of its own: whether it is active is a matter of its status.
      writes: [
        .company: [.create, .update], .person: [.create, .update, .deactivate, .reactivate],
        .configuration: [.create, .update, .deactivate, .reactivate],
      ],
      pageSize: [.company: pageSize, .person: pageSize, .configuration: pageSize, .member: pageSize],
      deltaTellsDeletions: false, hasVersions: true, timestampStepSeconds: 1, concurrentWrites: 4, moves: [.person]))

  /// The largest page of a list.
  static let pageSize = 1000
  /// The vendor limits at about 1,000 requests a minute; a short sync may use its share at once.
  static let pace = Pace(concurrency: 4, perSecond: 15, burst: 100)
  /// How far before a mark the next reading begins, in seconds: the filter on dates is a coarse one.
  static let overlap = 15.0 * 60
  /// The longest address that the vendor recommends is 2,000 characters.
  static let longestAddress = 1_900

  private static let role = "ConnectWise, System > Security Roles, the role of the API member"

  private static let companyFields: [FieldDeclaration] = [
    FieldDeclaration(
      "name", vendorName: "name", summary: "Name", maximumLength: 50, isWritable: true, isRequired: true),
    FieldDeclaration(
      "identifier", vendorName: "identifier",
      summary: "Company id, unique; given when the company is made, from its name where none is named",
      maximumLength: ConnectWiseIdentifier.longest, isWritable: true),
    FieldDeclaration("website", vendorName: "website", summary: "Web site", maximumLength: 255, isWritable: true),
    FieldDeclaration(
      "phone", vendorName: "phoneNumber", summary: "Phone", rule: .phone, maximumLength: 30, isWritable: true),
    FieldDeclaration(
      "type", vendorName: "types", summary: "Name of the type; of several the one with the lowest id",
      isWritable: true),
    FieldDeclaration("status", vendorName: "status", summary: "Name of the status", isWritable: true),
    FieldDeclaration("city", vendorName: "city", summary: "City", maximumLength: 50),
    FieldDeclaration(
      "status-active", vendorName: "status.inactiveFlag", summary: "Whether the status counts as active", isFact: true),
    FieldDeclaration("types", vendorName: "types", summary: "Names of the company's types", isFact: true),
    FieldDeclaration("type-id", vendorName: "types.id", summary: "Id of the type", isFact: true),
    FieldDeclaration("status-id", vendorName: "status.id", summary: "Id of the status", isFact: true),
  ]

  private static let configurationFields: [FieldDeclaration] = [
    FieldDeclaration(
      "name", vendorName: "name", summary: "Name", maximumLength: 100, isWritable: true, isRequired: true),
    FieldDeclaration("type", vendorName: "type", summary: "Name of the type", isWritable: true, isRequired: true),
    FieldDeclaration("status", vendorName: "status", summary: "Name of the status", isWritable: true, isRequired: true),
    FieldDeclaration(
      "serial-number", vendorName: "serialNumber", summary: "Serial number", maximumLength: 250, isWritable: true),
    FieldDeclaration("model", vendorName: "modelNumber", summary: "Model number", maximumLength: 50, isWritable: true),
    FieldDeclaration(
      "manufacturer", vendorName: "manufacturer", summary: "Name of a manufacturer that ConnectWise has",
      isWritable: true),
    FieldDeclaration(
      "mac-address", vendorName: "macAddress", summary: "MAC address", maximumLength: 25, isWritable: true),
    FieldDeclaration("asset-tag", vendorName: "tagNumber", summary: "Tag number", maximumLength: 50, isWritable: true),
    FieldDeclaration("notes", vendorName: "notes", summary: "Notes; line ends become blanks", isWritable: true),
    FieldDeclaration("installed-at", vendorName: "installationDate", summary: "Installed on", isWritable: true),
    FieldDeclaration("purchased-at", vendorName: "purchaseDate", summary: "Purchased on", isWritable: true),
    FieldDeclaration(
      "warranty-expires-at", vendorName: "warrantyExpirationDate", summary: "Warranty until", isWritable: true),
    FieldDeclaration(
      "primary-ip", vendorName: "ipAddress", summary: "IP address", maximumLength: 50, isWritable: true),
    FieldDeclaration(
      "default-gateway", vendorName: "defaultGateway", summary: "Default gateway", isWritable: true),
    FieldDeclaration("installed-by", vendorName: "installedBy", summary: "The member who installed it"),
    FieldDeclaration("type-id", vendorName: "type.id", summary: "Id of the type", isFact: true),
    FieldDeclaration("status-id", vendorName: "status.id", summary: "Id of the status", isFact: true),
    FieldDeclaration("company-id", vendorName: "company.id", summary: "Id of the company", isFact: true),
  ]

  private static let personFields: [FieldDeclaration] = [
    FieldDeclaration(
      "first-name", vendorName: "firstName", summary: "First name", maximumLength: 30, isWritable: true,
      isRequired: true),
    FieldDeclaration("last-name", vendorName: "lastName", summary: "Last name", maximumLength: 30, isWritable: true),
    FieldDeclaration("title", vendorName: "title", summary: "Title", maximumLength: 100, isWritable: true),
    FieldDeclaration(
      "phone", vendorName: "communicationItems (phone-type)", summary: "Phone of the connection's phone-type",
      rule: .phone, maximumLength: 250, isWritable: true),
    FieldDeclaration(
      "mobile", vendorName: "communicationItems (mobile-type)", summary: "Phone of the connection's mobile-type",
      rule: .phone, maximumLength: 250, isWritable: true),
    FieldDeclaration(
      "email", vendorName: "communicationItems (default e-mail)", summary: "Default e-mail address", rule: .email,
      maximumLength: 250, isWritable: true),
    FieldDeclaration(
      "addresses", vendorName: "communicationItems (e-mails)", summary: "Every e-mail address", rule: .emailSet,
      isFact: true),
    FieldDeclaration("company-id", vendorName: "company.id", summary: "Id of the company", isFact: true),
    FieldDeclaration("updated-by", vendorName: "_info.updatedBy", summary: "Who changed it last", isFact: true),
  ]

  /// Members are read and never written: they are the provider's own staff.
  private static let memberFields: [FieldDeclaration] = [
    FieldDeclaration("identifier", vendorName: "identifier", summary: "Member id, typed at sign-in; unique"),
    FieldDeclaration("first-name", vendorName: "firstName", summary: "First name"),
    FieldDeclaration("last-name", vendorName: "lastName", summary: "Last name"),
    FieldDeclaration(
      "email", vendorName: "primaryEmail", summary: "Primary e-mail address; where there is none, the default one",
      rule: .email),
    FieldDeclaration("location", vendorName: "defaultLocation", summary: "Name of the default location"),
    FieldDeclaration("team", vendorName: "defaultDepartment", summary: "Name of the default department"),
    FieldDeclaration("position", vendorName: "workRole", summary: "Name of the work role"),
    FieldDeclaration("hire-date", vendorName: "hireDate", summary: "Hired on"),
    FieldDeclaration(
      "employee-ids", vendorName: "identifier, primaryEmail",
      summary: "Identifier and e-mail address exactly as they are: what an employee is known by at Crewhu"),
    FieldDeclaration("member-type", vendorName: "type", summary: "Name of the member type", isFact: true),
    FieldDeclaration("member-type-id", vendorName: "type.id", summary: "Id of the member type", isFact: true),
    FieldDeclaration("location-id", vendorName: "defaultLocation.id", summary: "Id of the location", isFact: true),
    FieldDeclaration("team-id", vendorName: "defaultDepartment.id", summary: "Id of the department", isFact: true),
    FieldDeclaration("position-id", vendorName: "workRole.id", summary: "Id of the work role", isFact: true),
    FieldDeclaration("photo", vendorName: "photo.id", summary: "Id of the document that is the photo"),
    FieldDeclaration(
      "photo-download", vendorName: "photo._info.documentDownload_href",
      summary: "Where the photo is downloaded, below the API's address and signed in", isFact: true),
    FieldDeclaration(
      "licence-class", vendorName: "licenseClass", summary: "F full, C StreamlineIT, X subcontractor", isFact: true),
    FieldDeclaration("updated-by", vendorName: "_info.updatedBy", summary: "Who changed it last", isFact: true),
  ]

  private static let parameters: [ConnectionParameter] = [
    ConnectionParameter("company", summary: "Login company id (not the id of a company record)"),
    ConnectionParameter("public-key", summary: "Public key of an API member"),
    ConnectionParameter("private-key", summary: "Private key of the API member", isSecret: true),
    ConnectionParameter("client-id", summary: "Client id of the integration, from developer.connectwise.com"),
    ConnectionParameter("region", summary: "na, eu, au, za or staging (or url=)", isRequired: false),
    ConnectionParameter("url", summary: "Address of the server, when it is not in a region", isRequired: false),
    ConnectionParameter("email-type", summary: "Communication type of e-mails: id or name", isRequired: false),
    ConnectionParameter("phone-type", summary: "Communication type of desk phones: id or name", isRequired: false),
    ConnectionParameter("mobile-type", summary: "Communication type of mobiles: id or name", isRequired: false),
  ]

  /// The API host of a region ("Base URL, hosts, code base"); `nil` for a name that is none.
  static func host(ofRegion region: String) -> WebAddress? {
    switch region.lowercased() {
    case "na", "eu", "au", "za": WebAddress("https://api-\(region.lowercased()).myconnectwise.net")
    case "staging": WebAddress("https://api-staging.connectwisedev.com")
    default: nil
    }
  }

  /// The API answers under `api-…` only; what a browser shows is the host without it.
  static func apiHost(_ address: WebAddress) -> WebAddress {
    let host = address.origin.host
    let isCloud = host.hasSuffix(".myconnectwise.net") || host == "staging.connectwisedev.com"
    guard isCloud, !host.hasPrefix("api-") else { return address }
    let origin = Origin(scheme: address.origin.scheme, host: "api-\(host)", port: address.origin.port)
    return WebAddress(origin: origin, path: address.path)
  }
}
