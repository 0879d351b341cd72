/// Crewhu as declared data: its fields, what it asks for, what it can do.
import Model

enum CrewhuFeatures {
  static let description = SystemDescription(
    id: "crewhu", name: "Crewhu", kinds: [.member], nouns: [.member: "employee"], fields: [.member: fields],
    parameters: parameters,
    permissions: [
      PermissionDeclaration(
        "API token", purpose: "read employees", whereGranted: "Crewhu, Settings > Integrations, add"),
      PermissionDeclaration(
        "Profile Admin", purpose: "upload the CSV files that kith writes",
        whereGranted: "Crewhu, the profile of whoever uploads, at Settings > Organization > Employees > CSV Upload"),
    ],
    partitionName: "account",
    // Only new employees can be uploaded, and one file holds them all.
    features: features([.create], writeBatch: [.create: batch]),
    variants: [
      FeatureVariant(
        parameter: "experimental-writes", value: "on",
        features: features([.create, .update, .deactivate, .reactivate], writeBatch: [:]))
    ])

  private static func features(_ writes: Set<WriteKind>, writeBatch: [WriteKind: Int]) -> Features {
    Features(
      writes: [.member: writes], pageSize: [.member: pageSize], deltaTellsDeletions: false, hasVersions: false,
      timestampStepSeconds: nil, concurrentWrites: 1, writeBatch: writeBatch)
  }

  /// The largest page of a list, by the later of two clients that are known.
  static let pageSize = 100
  /// The most pages that are believed: a million employees.
  static let mostPages = 10_000
  static let batch = 5000
  /// No limit is documented: one request at a time, about two a second ("Errors, limits").
  static let pace = Pace(concurrency: 1, perSecond: 2, burst: 2)
  static let retries: RetryTable = {
    var table = RetryTable()
    table.base = 1
    return table
  }()

  /// No regional hosts are documented.
  static let host = WebAddress(origin: Origin(scheme: .https, host: "api.crewhu.com", port: 443), path: "/api")
  /// Where the files go until `uploads=` names another folder: the same wherever kith is started from.
  static let uploads = "~/crewhu-uploads"

  private static let fields: [FieldDeclaration] = [
    FieldDeclaration(
      "email", vendorName: "email", summary: "E-mail address; the Open API may hide it, as check tells", rule: .email,
      isWritable: true, isRequired: true),
    FieldDeclaration(
      "employee-ids", vendorName: "employee ids", summary: "Ids by which other systems know the employee, exactly",
      isWritable: true, isRequired: true),
    FieldDeclaration("first-name", vendorName: "firstname", summary: "First name", isWritable: true),
    FieldDeclaration("last-name", vendorName: "lastname", summary: "Last name", isWritable: true),
    FieldDeclaration("location", vendorName: "location", summary: "Name of the location", isWritable: true),
    FieldDeclaration("team", vendorName: "department", summary: "Name of the team", isWritable: true),
    FieldDeclaration("position", vendorName: "position", summary: "Name of the position", isWritable: true),
    FieldDeclaration("hire-date", vendorName: "hiredate", summary: "Hired on", isWritable: true),
    FieldDeclaration(
      "profile", vendorName: "profile", summary: "Given to a new employee, and never changed afterwards",
      isWritable: true),
    FieldDeclaration(
      "photo", vendorName: "picture, avatar", summary: "Picture; neither the upload nor the assumed API takes one"),
    FieldDeclaration(
      "managed-teams", vendorName: "managed_departments", summary: "Teams that the employee manages", isFact: true),
    FieldDeclaration(
      "managed-locations", vendorName: "managed_locations", summary: "Locations that the employee manages",
      isFact: true),
  ]

  private static let parameters: [ConnectionParameter] = [
    ConnectionParameter("token", summary: "API token, from Settings > Integrations", isSecret: true),
    ConnectionParameter("url", summary: "Address of the API, when it is not Crewhu's own", isRequired: false),
    ConnectionParameter(
      "template", summary: "Path of the template that Crewhu's CSV Upload offers; its heads name the columns",
      isRequired: false),
    ConnectionParameter(
      "uploads", summary: "Folder for the CSV files to upload; \(uploads) in the current folder where none is named",
      isRequired: false),
    ConnectionParameter(
      "experimental-writes",
      summary: "on: write by an API that Crewhu does not publish and kith only assumes; off: CSV files",
      isRequired: false, defaultValue: "off"),
  ]

  /// The API below an address of the host, of `/api` or of `/api/v1`.
  static func api(below address: WebAddress) -> WebAddress {
    let base = address.asBase
    if base.path.hasSuffix("/api/v1") { return base }
    return base.appending(base.path.hasSuffix("/api") ? ["v1"] : ["api", "v1"])
  }
}
