/// Teamwork Desk as declared data: its fields, what it asks for, what it can do.
import Model

enum TeamworkDeskFeatures {
  static let description = SystemDescription(
    id: "desk", name: "Teamwork Desk", kinds: [.company, .person], nouns: [.company: "company", .person: "customer"],
    fields: [.company: companyFields, .person: personFields], parameters: parameters,
    permissions: [
      PermissionDeclaration("Customers", purpose: "read, create and change customers", whereGranted: profile),
      PermissionDeclaration("Manage companies", purpose: "read, create and change companies", whereGranted: profile),
    ],
    partitionName: "company",
    features: Features(
      writes: [.company: [.create, .update], .person: [.create, .update]],
      pageSize: [.company: pageSize, .person: pageSize],
      // Deleted records are asked for, but whether the vendor lists them all is not documented: the number of all shows
      // what it does not tell.
      deltaTellsDeletions: false, hasVersions: false, timestampStepSeconds: 1, concurrentWrites: 1, moves: [.person]))

  /// The largest page of a list; a larger one is cut to this without a word.
  static let pageSize = 100
  /// The vendor allows 120 requests a minute.
  static let pace = Pace(concurrency: 4, perSecond: 1.5, burst: 25)
  /// How far before a mark the next reading begins, in seconds.
  static let overlap = 120.0

  private static let profile = "Teamwork Desk, the profile of the API key's owner, Permissions"

  private static let companyFields: [FieldDeclaration] = [
    FieldDeclaration("name", vendorName: "name", summary: "Name, unique", isWritable: true, isRequired: true),
    FieldDeclaration("website", vendorName: "website", summary: "Web site", isWritable: true),
    FieldDeclaration(
      "email", vendorName: "email", summary: "Company e-mail address", rule: .email, isWritable: true),
    FieldDeclaration(
      "domains", vendorName: "domains", summary: "E-mail domains whose customers join by themselves", rule: .emailSet,
      isFact: true),
  ]

  private static let personFields: [FieldDeclaration] = [
    FieldDeclaration("first-name", vendorName: "firstName", summary: "First name", isWritable: true),
    FieldDeclaration("last-name", vendorName: "lastName", summary: "Last name", isWritable: true),
    FieldDeclaration("title", vendorName: "jobTitle", summary: "Job title", isWritable: true),
    FieldDeclaration(
      "email", vendorName: "contacts (main e-mail)", summary: "Main e-mail address", rule: .email, isWritable: true),
    FieldDeclaration(
      "other-emails", vendorName: "contacts (e-mails)", summary: "Further e-mail addresses", rule: .emailSet,
      isWritable: true),
    FieldDeclaration("phone", vendorName: "phone", summary: "Phone", rule: .phone, isWritable: true),
    FieldDeclaration("mobile", vendorName: "mobile", summary: "Mobile", rule: .phone, isWritable: true),
    FieldDeclaration(
      "photo", vendorName: "avatarURL", summary: "Address of the picture; the stock animals count as none",
      isWritable: true),
    FieldDeclaration("twitter", vendorName: "contacts (twitter)", summary: "Twitter/X name", isWritable: true),
    FieldDeclaration("facebook", vendorName: "contacts (facebook)", summary: "Facebook", isWritable: true),
    FieldDeclaration("linkedin", vendorName: "contacts (linkedin)", summary: "LinkedIn", isWritable: true),
    FieldDeclaration(
      "addresses", vendorName: "contacts (e-mails)", summary: "Every e-mail address", rule: .emailSet, isFact: true),
    FieldDeclaration("company-id", vendorName: "company.id", summary: "Id of the company", isFact: true),
    FieldDeclaration(
      "add-method", vendorName: "addMethod", summary: "How it joined the company: auto (e-mail domain) or manual",
      isFact: true),
  ]

  private static let parameters: [ConnectionParameter] = [
    ConnectionParameter(
      "site", summary: "Name of the site, such as acme or acme.eu (or url=)", isRequired: false),
    ConnectionParameter("url", summary: "Address of the site, where it has its own", isRequired: false),
    ConnectionParameter("api-key", summary: "API key of a Desk agent, from the agent's profile", isSecret: true),
  ]

  /// The address of a site's API: `acme` and `acme.eu` stand below `teamwork.com`; `nil` for what cannot be a site.
  static func api(ofSite site: String) -> WebAddress? {
    let name = site.lowercased()
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = labels.allSatisfy { label in
      !label.isEmpty && label.utf8.allSatisfy { $0 == UInt8(ascii: "-") || isLetterOrDigit($0) }
    }
    guard isPlain else { return nil }
    return WebAddress("https://\(name.hasSuffix(".teamwork.com") ? name : "\(name).teamwork.com")").map {
      api(below: $0)
    }
  }

  /// The API below an address of the site, of the product (`…/desk`) or of the API itself.
  static func api(below address: WebAddress) -> WebAddress {
    if address.path.hasSuffix("/desk/api/v2") { return address }
    return address.appending(address.path.hasSuffix("/desk") ? ["api", "v2"] : ["desk", "api", "v2"])
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}
