/// Google Workspace as declared data: its fields, what it asks for, what it can do.
import Model

enum GoogleFeatures {
  static let description = SystemDescription(
    id: "google", name: "Google Workspace", kinds: [.person], nouns: [.person: "contact"], fields: [.person: fields],
    parameters: parameters,
    permissions: [
      permission(GoogleScope.contacts, "read and write the contacts of users (People API)"),
      permission(GoogleScope.users, "find users, follow their renaming, see who is suspended (Admin SDK API)"),
      permission(GoogleScope.groups, "expand destinations that are groups (Admin SDK API)"),
      permission(GoogleScope.units, "expand destinations that are organisational units (Admin SDK API)"),
      permission(GoogleScope.domains, "expand destinations that are domains (Admin SDK API)"),
    ],
    partitionName: "user",
    features: Features(
      writes: [.person: [.create, .update, .delete]], pageSize: [.person: pageSize], deltaTellsDeletions: false,
      hasVersions: true, timestampStepSeconds: 1,
      // All changes to one user's contacts are sent one after another (google.md §5).
      concurrentWrites: 1,
      writeBatch: [.create: createsAtOnce, .update: updatesAtOnce, .delete: deletesAtOnce]))

  /// The largest page of `connections` and of `contactGroups`.
  static let pageSize = 1000
  /// The most names in one `people:batchGet`.
  static let idsAtOnce = 200
  static let createsAtOnce = 200
  static let updatesAtOnce = 200
  static let deletesAtOnce = 500
  /// Added and removed together in one `members:modify`.
  static let membersAtOnce = 1000
  /// The largest pages of the directory.
  static let usersPage = 500
  static let membersPage = 200
  /// From so many unknown users on, all users of the tenant are the smaller piece of work.
  static let singleUsers = 20
  /// 2,400 queries a minute are allowed to the administrator; what limits contacts is ``GoogleQuota``.
  static let pace = Pace(concurrency: 8, perSecond: 30, burst: 30)
  /// How long, in seconds, what the directory said of a user is believed: a renaming takes 10 minutes to spread.
  static let userMemory = 600.0
  /// A token is renewed so many seconds before its end, as Google's own libraries do (google.md §2.4).
  static let tokenMargin = 225.0

  private static func permission(_ scope: String, _ purpose: String) -> PermissionDeclaration {
    PermissionDeclaration(
      scope, purpose: purpose,
      whereGranted:
        "Google Admin console, Security > Access and data control > API controls > Manage domain-wide delegation: add "
        + "the service account's numeric client_id with this scope")
  }

  private static let parameters: [ConnectionParameter] = [
    ConnectionParameter("key", summary: "The service account's key: the JSON file's whole text", isSecret: true),
    ConnectionParameter("admin", summary: "Address of an administrator, in whose name the directory is read"),
    ConnectionParameter("url", summary: "Another place for sign-in, People and Directory", isRequired: false),
    ConnectionParameter(
      GoogleQuota.Bucket.reads.rawValue, summary: "Contact reads a minute and user", isRequired: false,
      defaultValue: "60"),
    ConnectionParameter(
      GoogleQuota.Bucket.writes.rawValue, summary: "Contact writes a minute and user", isRequired: false,
      defaultValue: "30"),
    ConnectionParameter(
      GoogleQuota.Bucket.labelReads.rawValue, summary: "Label reads a minute and user", isRequired: false,
      defaultValue: "90"),
    ConnectionParameter(
      GoogleQuota.Bucket.deletes.rawValue, summary: "Contact deletes and label writes a minute and user",
      isRequired: false, defaultValue: "30"),
  ]

  /// The longest text of a field but notes (google.md §5.7).
  private static let longest = 1024

  private static func text(_ name: FieldName, _ vendorName: String, _ summary: String) -> FieldDeclaration {
    FieldDeclaration(
      name, vendorName: vendorName, summary: summary, maximumLength: longest, isWritable: true)
  }

  private static func list(_ name: FieldName, _ vendorName: String, _ summary: String) -> FieldDeclaration {
    FieldDeclaration(name, vendorName: vendorName, summary: summary, isWritable: true)
  }

  private static let fields: [FieldDeclaration] = [
    text("first-name", "names.givenName", "First name"),
    text("middle-name", "names.middleName", "Middle name"),
    text("last-name", "names.familyName", "Last name"),
    text("prefix", "names.honorificPrefix", "Title before the name"),
    text("suffix", "names.honorificSuffix", "Letters after the name"),
    text("nickname", "nicknames", "Nickname"),
    text("company-name", "organizations.name", "Company, as free text"),
    text("title", "organizations.title", "Job title"),
    text("department", "organizations.department", "Department"),
    list("emails", "emailAddresses", "E-mail addresses, each as TYPE: ADDRESS"),
    list("phones", "phoneNumbers", "Phone numbers, each as TYPE: NUMBER"),
    list("addresses", "addresses", "Postal addresses, each as TYPE: street=…; city=…"),
    list("urls", "urls", "Web addresses, each as TYPE: ADDRESS"),
    FieldDeclaration("birthday", vendorName: "birthdays", summary: "Birthday, YYYY-MM-DD or --MM-DD", isWritable: true),
    FieldDeclaration("notes", vendorName: "biographies", summary: "Notes", isWritable: true),
    list("relations", "relations", "Related people, each as TYPE: NAME"),
    list("events", "events", "Days to remember, each as TYPE: YYYY-MM-DD"),
    list("im", "imClients", "Chat names, each as TYPE: protocol=…; username=…"),
    list("custom-fields", "userDefined", "Custom fields, each as NAME: VALUE"),
    list("external-ids", "externalIds", "Ids in other systems, each as TYPE: ID"),
    FieldDeclaration("display-name", vendorName: "names.displayName", summary: "Name as shown", isFact: true),
    FieldDeclaration(
      "origin", vendorName: "clientData \(GoogleMarker.key)", summary: "Id of the contact that it is a copy of",
      isWritable: true),
    FieldDeclaration(
      "in-group", vendorName: "memberships", summary: "Whether it has the label of the sync", isWritable: true),
    FieldDeclaration(
      "among-own", vendorName: "memberships myContacts", summary: "Whether it stands in My Contacts",
      isWritable: true),
  ]
}

/// The scopes asked for, each in a token of its own: one that was not delegated would spoil a token for all
/// (google.md §2.5).
enum GoogleScope {
  static let contacts = "https://www.googleapis.com/auth/contacts"
  static let users = "https://www.googleapis.com/auth/admin.directory.user.readonly"
  static let groups = "https://www.googleapis.com/auth/admin.directory.group.readonly"
  static let units = "https://www.googleapis.com/auth/admin.directory.orgunit.readonly"
  static let domains = "https://www.googleapis.com/auth/admin.directory.domain.readonly"
}

/// What contacts and labels carry so that they are known again though the store is lost.
enum GoogleMarker {
  /// On a copy: the sync's marker, a colon and the id of the contact that it is a copy of.
  static let key = "kith.origin"
  /// On a label: the sync's marker.
  static let labelKey = "kith.label"

  static func value(_ marker: String, origin: String) -> String { "\(marker):\(origin)" }

  /// The origin in a marker of this sync; `nil` for a marker of another one.
  static func origin(in value: String, marker: String) -> String? {
    let prefix = "\(marker):"
    guard value.hasPrefix(prefix), value.count > prefix.count else { return nil }
    return String(value.dropFirst(prefix.count))
  }
}
