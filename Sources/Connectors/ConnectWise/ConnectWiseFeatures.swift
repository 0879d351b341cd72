/// ConnectWise PSA as declared data: its fields, what it asks for, what it can do.
import Model

enum ConnectWiseFeatures {
  static let description = SystemDescription(
    id: "connectwise", name: "ConnectWise", kinds: [.company, .person],
    nouns: [.company: "company", .person: "contact"],
    fields: [.company: companyFields, .person: personFields], parameters: parameters,
    permissions: [
      PermissionDeclaration(
        "Companies > Company Maintenance: Inquire", purpose: "read companies and their statuses", whereGranted: role),
      PermissionDeclaration(
        "Companies > Contacts: Inquire, Add, Edit", purpose: "read, create and change contacts", whereGranted: role),
      PermissionDeclaration(
        "System > Table Setup: Inquire", purpose: "read the communication types", whereGranted: role),
    ],
    partitionName: "company",
    features: Features(
      writes: [.person: [.create, .update, .deactivate, .reactivate]],
      pageSize: [.company: pageSize, .person: pageSize], deltaTellsDeletions: false, hasVersions: true,
      timestampStepSeconds: 1, concurrentWrites: 4))

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
    FieldDeclaration("name", vendorName: "name", summary: "Name", maximumLength: 50),
    FieldDeclaration("identifier", vendorName: "identifier", summary: "Company id, unique", maximumLength: 30),
    FieldDeclaration("website", vendorName: "website", summary: "Web site", maximumLength: 255),
    FieldDeclaration("status", vendorName: "status", summary: "Name of the status"),
    FieldDeclaration(
      "status-active", vendorName: "status.inactiveFlag", summary: "Whether the status counts as active", isFact: true),
    FieldDeclaration("types", vendorName: "types", summary: "Names of the company's types", isFact: true),
    FieldDeclaration("phone", vendorName: "phoneNumber", summary: "Phone", rule: .phone, maximumLength: 30),
    FieldDeclaration("city", vendorName: "city", summary: "City", maximumLength: 50),
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
