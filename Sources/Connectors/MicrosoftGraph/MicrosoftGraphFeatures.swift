/// Microsoft 365 as declared data: its fields, what it asks for, what it can do.
import Model

enum MicrosoftGraphFeatures {
  static let description = SystemDescription(
    id: "m365", name: "Microsoft 365", kinds: [.person], nouns: [.person: "user"], fields: [.person: fields],
    parameters: parameters,
    permissions: [
      PermissionDeclaration(
        "User.Read.All", purpose: "read the users of a tenant",
        whereGranted:
          "Entra admin centre, App registrations, API permissions (application), then admin consent in each tenant"),
      PermissionDeclaration(
        "Organization.Read.All", purpose: "call licences by their names",
        whereGranted:
          "Entra admin centre, App registrations, API permissions (application), then admin consent in each tenant"),
    ],
    partitionName: "tenant",
    features: Features(
      writes: [:], pageSize: [.person: pageSize], deltaTellsDeletions: true, hasVersions: false,
      timestampStepSeconds: nil, concurrentWrites: 1))

  /// The largest page of `/users`.
  static let pageSize = 999
  /// The most requests in one `$batch`.
  static let batchSize = 20
  /// The documented budget of the smallest tenants is 3,500 resource units in 10 seconds, a reading of users costs 1.
  static let pace = Pace(concurrency: 8, perSecond: 100, burst: 100)

  private static let fields: [FieldDeclaration] = [
    FieldDeclaration("first-name", vendorName: "givenName", summary: "First name"),
    FieldDeclaration("last-name", vendorName: "surname", summary: "Last name"),
    FieldDeclaration("title", vendorName: "jobTitle", summary: "Job title"),
    FieldDeclaration("phone", vendorName: "businessPhones", summary: "Business phone, the first of them", rule: .phone),
    FieldDeclaration("mobile", vendorName: "mobilePhone", summary: "Mobile phone", rule: .phone),
    FieldDeclaration(
      "email", vendorName: "mail",
      summary: "Primary address: mail, else the primary proxy address, else a routable sign-in name", rule: .email),
    FieldDeclaration("display-name", vendorName: "displayName", summary: "Display name", isFact: true),
    FieldDeclaration(
      "user-principal-name", vendorName: "userPrincipalName", summary: "Sign-in name", rule: .email, isFact: true),
    FieldDeclaration(
      "addresses", vendorName: "proxyAddresses", summary: "Every e-mail address, aliases too", rule: .emailSet,
      isFact: true),
    FieldDeclaration(
      "account-enabled", vendorName: "accountEnabled", summary: "Whether sign-in is enabled", isFact: true),
    FieldDeclaration("licences", vendorName: "assignedLicenses", summary: "Ids of the assigned licences", isFact: true),
    FieldDeclaration(
      "licence-names", vendorName: "skuPartNumber", summary: "Part numbers of the assigned licences", isFact: true),
    FieldDeclaration("user-type", vendorName: "userType", summary: "Member or Guest", isFact: true),
    FieldDeclaration("department", vendorName: "department", summary: "Department", isFact: true),
    FieldDeclaration("company-name", vendorName: "companyName", summary: "Company name, free text", isFact: true),
    FieldDeclaration("created", vendorName: "createdDateTime", summary: "When the account was made", isFact: true),
  ]

  private static let parameters: [ConnectionParameter] = [
    ConnectionParameter("client-id", summary: "Application (client) id of the multi-tenant app registration"),
    ConnectionParameter("client-secret", summary: "The client secret's value (not its id)", isSecret: true),
    ConnectionParameter(
      "cloud", summary: "global, us-gov, us-dod or china", isRequired: false, defaultValue: "global"),
    ConnectionParameter("url", summary: "Another place for both sign-in and Graph", isRequired: false),
  ]
}

/// A national cloud: its sign-in host and its Graph root belong together (Microsoft Graph, "National clouds").
struct MicrosoftCloud: Equatable {
  var signIn: WebAddress
  var graph: WebAddress
  var scope: String

  /// - Returns: `nil` for a name that is none of the four.
  init?(named name: String) {
    let hosts: (signIn: String, graph: String)? =
      switch name {
      case "global": ("https://login.microsoftonline.com", "https://graph.microsoft.com")
      case "us-gov": ("https://login.microsoftonline.us", "https://graph.microsoft.us")
      case "us-dod": ("https://login.microsoftonline.us", "https://dod-graph.microsoft.us")
      case "china": ("https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn")
      default: nil
      }
    guard let hosts, let signIn = WebAddress(hosts.signIn), let graph = WebAddress(hosts.graph) else { return nil }
    self.signIn = signIn
    self.graph = graph
    scope = "\(hosts.graph)/.default"
  }
}
