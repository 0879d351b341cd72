/// Teamwork.com as declared data: its fields, what it asks for, what it can do.
import Model

enum TeamworkFeatures {
  static let description = SystemDescription(
    id: "teamwork", name: "Teamwork.com", kinds: [.company, .person],
    nouns: [.company: "client", .person: "person"],
    fields: [.company: companyFields, .person: personFields], parameters: parameters,
    permissions: [
      PermissionDeclaration(
        "Manage people and companies", purpose: "read, create and change clients and their contacts",
        whereGranted: rights),
      PermissionDeclaration(
        "Membership of the owner company, better site administrator", purpose: "see every client and every person",
        whereGranted: rights),
    ],
    partitionName: "company",
    features: Features(
      // Nobody is deleted: a company takes its people along, and a person may be more than a contact.
      writes: [.company: [.create, .update], .person: [.create, .update]],
      pageSize: [.company: pageSize, .person: pageSize],
      // Deleted people are told of, deleted companies are not.
      deltaTellsDeletions: false, hasVersions: false, timestampStepSeconds: 1, concurrentWrites: 1, moves: [.person]))

  /// The largest page of a v3 list; a larger one is answered with 400.
  static let pageSize = 500
  /// The page of a v1 list.
  static let detailPageSize = 250
  /// The vendor gives no more than this many records for one query, however many pages are asked for.
  static let longestList = 50_000
  /// The vendor allows 150 requests a minute; the page recommends two a second.
  static let pace = Pace(concurrency: 4, perSecond: 2, burst: 25)
  /// How far before a mark the next reading begins, in seconds.
  static let overlap = 120.0
  /// Ids in one query, in characters, so that no address grows too long.
  static let longestIDs = 1_400
  /// Other e-mail addresses that a person can have.
  static let otherEmails = 3

  private static let rights = "Teamwork.com, People, the owner of the API key, Permissions"

  private static let companyFields: [FieldDeclaration] = [
    FieldDeclaration("name", vendorName: "name", summary: "Name, unique", isWritable: true, isRequired: true),
    FieldDeclaration("website", vendorName: "website", summary: "Web site", isWritable: true),
    FieldDeclaration(
      "email", vendorName: "emailOne", summary: "Company e-mail address, the first of three", rule: .email,
      isWritable: true),
    FieldDeclaration("phone", vendorName: "phone", summary: "Phone", rule: .phone, isWritable: true),
    FieldDeclaration("is-owner", vendorName: "isOwner", summary: "Whether it is the site's own company", isFact: true),
  ]

  private static let personFields: [FieldDeclaration] = [
    FieldDeclaration(
      "first-name", vendorName: "first-name", summary: "First name", isWritable: true, isRequired: true),
    FieldDeclaration("last-name", vendorName: "last-name", summary: "Last name", isWritable: true, isRequired: true),
    FieldDeclaration("title", vendorName: "title", summary: "Job title", isWritable: true),
    FieldDeclaration(
      "email", vendorName: "email-address", summary: "Primary e-mail address", rule: .email, isWritable: true,
      isRequired: true),
    FieldDeclaration(
      "other-emails", vendorName: "email-alt-1, -2, -3", summary: "Up to three further e-mail addresses",
      rule: .emailSet, isWritable: true),
    FieldDeclaration(
      "phone", vendorName: "phone-number-office", summary: "Office phone", rule: .phone, isWritable: true),
    FieldDeclaration("mobile", vendorName: "phone-number-mobile", summary: "Mobile", rule: .phone, isWritable: true),
    FieldDeclaration("fax", vendorName: "phone-number-fax", summary: "Fax", rule: .phone, isWritable: true),
    // A picture is written by uploading its bytes, which kith does not have.
    FieldDeclaration("photo", vendorName: "avatar-url", summary: "Address of the picture; read only"),
    FieldDeclaration("twitter", vendorName: "twitter (userTwitterName)", summary: "Twitter/X name", isWritable: true),
    FieldDeclaration("facebook", vendorName: "userFacebook", summary: "Facebook", isWritable: true),
    FieldDeclaration("linkedin", vendorName: "userLinkedin", summary: "LinkedIn", isWritable: true),
    FieldDeclaration(
      "addresses", vendorName: "email-address, email-alt-…", summary: "Every e-mail address", rule: .emailSet,
      isFact: true),
    FieldDeclaration("company-id", vendorName: "company-id", summary: "Id of the company", isFact: true),
    FieldDeclaration(
      "user-type", vendorName: "user-type", summary: "account, collaborator or contact; only contacts are changed",
      isFact: true),
  ]

  private static let parameters: [ConnectionParameter] = [
    ConnectionParameter(
      "site", summary: "Name of the site, such as acme or acme.eu (or url=)", isRequired: false),
    ConnectionParameter("url", summary: "Address of the site, where it has its own", isRequired: false),
    ConnectionParameter("api-key", summary: "API key of a person who may manage people and companies", isSecret: true),
  ]

  /// The address of a site: `acme` and `acme.eu` stand below `teamwork.com`; `nil` for what cannot be one.
  static func host(ofSite site: String) -> WebAddress? {
    let name = site.lowercased()
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = labels.allSatisfy { label in
      !label.isEmpty && label.utf8.allSatisfy { $0 == UInt8(ascii: "-") || isLetterOrDigit($0) }
    }
    guard isPlain else { return nil }
    return WebAddress("https://\(name.hasSuffix(".teamwork.com") ? name : "\(name).teamwork.com")")
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}
