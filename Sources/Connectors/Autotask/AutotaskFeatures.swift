/// Autotask PSA as declared data: its fields, what it asks for, what it can do.
import Model

enum AutotaskFeatures {
  static let description = SystemDescription(
    id: "autotask", name: "Autotask", kinds: [.company, .person, .configuration],
    nouns: [.company: "company", .person: "contact", .configuration: "configuration item"],
    fields: [.company: companyFields, .person: personFields, .configuration: configurationFields],
    parameters: parameters,
    permissions: [
      PermissionDeclaration(
        "CRM > Companies: View All, Add, Edit", purpose: "read, create and change companies", whereGranted: role),
      PermissionDeclaration(
        "CRM > Contacts: View All, Add, Edit", purpose: "read, create and change contacts", whereGranted: role),
      PermissionDeclaration(
        "CRM > Configuration Items: View All, Add, Edit", purpose: "read, create and change configuration items",
        whereGranted: role),
      PermissionDeclaration(
        "Inventory > Products: View All, Add", purpose: "find and add the products of configuration items",
        whereGranted: role),
    ],
    partitionName: "company",
    features: Features(
      writes: [.company: changes, .person: changes, .configuration: changes],
      pageSize: [.company: pageSize, .person: pageSize, .configuration: pageSize], deltaTellsDeletions: false,
      hasVersions: true, timestampStepSeconds: 1, concurrentWrites: threads, budget: budget))

  /// Companies and configuration items cannot be deleted, and contacts in use neither: all of them are made inactive.
  private static let changes: Set<WriteKind> = [.create, .update, .deactivate, .reactivate]

  /// The largest page of a query, and the longest list of ids that one takes.
  static let pageSize = 500
  /// A reading of more pages than this has gone wrong.
  static let mostPages = 4_000
  /// Three are allowed for each entity, and the server lets go of one a little after its answer has arrived.
  static let threads = 2
  /// Of the customer's whole database, by every integration together.
  static let budget = RequestBudget(requests: 10_000, windowSeconds: 3_600)
  /// Each entity by itself: the vendor limits threads and the hour, not the second.
  static let pace = Pace(concurrency: threads, perSecond: 50, burst: 100, patience: 300)
  /// From 1 s doubling to 60 s, about five minutes in all at the most.
  static let retries: RetryTable = {
    var table = RetryTable()
    table.attempts = 8
    table.base = 1
    table.cap = 60
    table.patience = 300
    return table
  }()
  /// How far before a mark the next reading begins, in seconds.
  static let overlap = 15.0 * 60
  /// How long the descriptions of fields are believed, in seconds.
  static let metadataLifetime = 24.0 * 3_600

  private static let role = "Autotask, Admin > Security Levels, the level of the API user"

  private static let companyFields: [FieldDeclaration] = [
    FieldDeclaration("name", vendorName: "companyName", summary: "Name", isWritable: true, isRequired: true),
    FieldDeclaration("identifier", vendorName: "companyNumber", summary: "Number, a free text", isWritable: true),
    FieldDeclaration("website", vendorName: "webAddress", summary: "Web site", isWritable: true),
    FieldDeclaration(
      "phone", vendorName: "phone", summary: "Phone", rule: .phone, isWritable: true, isRequired: true),
    FieldDeclaration(
      "type", vendorName: "companyType", summary: "Name of the type", isWritable: true, isRequired: true),
    FieldDeclaration("type-id", vendorName: "companyType", summary: "Number of the type", isFact: true),
    FieldDeclaration("status", vendorName: "isActive", summary: "Active or Inactive", isFact: true),
    FieldDeclaration("is-owner", vendorName: "id 0", summary: "Whether it is the provider's own company", isFact: true),
  ]

  private static let personFields: [FieldDeclaration] = [
    FieldDeclaration(
      "first-name", vendorName: "firstName", summary: "First name", maximumLength: 50, isWritable: true,
      isRequired: true),
    FieldDeclaration(
      "last-name", vendorName: "lastName", summary: "Last name", maximumLength: 50, isWritable: true,
      isRequired: true),
    FieldDeclaration("title", vendorName: "title", summary: "Title", maximumLength: 50, isWritable: true),
    FieldDeclaration(
      "email", vendorName: "emailAddress", summary: "First e-mail address", rule: .email, maximumLength: 254,
      isWritable: true),
    FieldDeclaration(
      "other-emails", vendorName: "emailAddress2, emailAddress3", summary: "The second and third address",
      rule: .emailSet, maximumLength: 254, isWritable: true),
    FieldDeclaration(
      "phone", vendorName: "phone", summary: "Phone", rule: .phone, maximumLength: 25, isWritable: true),
    FieldDeclaration(
      "mobile", vendorName: "mobilePhone", summary: "Mobile", rule: .phone, maximumLength: 25, isWritable: true),
    FieldDeclaration("fax", vendorName: "faxNumber", summary: "Fax", rule: .phone, maximumLength: 25, isWritable: true),
    FieldDeclaration("twitter", vendorName: "twitterUrl", summary: "Twitter", isWritable: true),
    FieldDeclaration("facebook", vendorName: "facebookUrl", summary: "Facebook", isWritable: true),
    FieldDeclaration("linkedin", vendorName: "linkedInUrl", summary: "LinkedIn", isWritable: true),
    FieldDeclaration(
      "external-id", vendorName: "externalID", summary: "Key of an integration; see id-field", isWritable: true),
    FieldDeclaration(
      "addresses", vendorName: "emailAddress, emailAddress2, emailAddress3", summary: "Every e-mail address",
      rule: .emailSet, isFact: true),
    FieldDeclaration("company-id", vendorName: "companyID", summary: "Id of the company", isFact: true),
  ]

  private static let configurationFields: [FieldDeclaration] = [
    FieldDeclaration(
      "name", vendorName: "referenceTitle", summary: "Reference title, else the product's name", isWritable: true,
      isRequired: true),
    FieldDeclaration("type", vendorName: "configurationItemType", summary: "Name of the type", isWritable: true),
    FieldDeclaration("type-id", vendorName: "configurationItemType", summary: "Number of the type", isFact: true),
    FieldDeclaration("status", vendorName: "isActive", summary: "Active or Inactive", isFact: true),
    FieldDeclaration("serial-number", vendorName: "serialNumber", summary: "Serial number", isWritable: true),
    FieldDeclaration(
      "manufacturer", vendorName: "product's manufacturerName", summary: "Manufacturer of its product",
      isWritable: true, isRequired: true),
    FieldDeclaration(
      "model", vendorName: "product's manufacturerProductName", summary: "Model of its product", isWritable: true,
      isRequired: true),
    FieldDeclaration("asset-tag", vendorName: "referenceNumber", summary: "Reference number", isWritable: true),
    FieldDeclaration("notes", vendorName: "notes", summary: "Notes", isWritable: true),
    FieldDeclaration("installed-at", vendorName: "installDate", summary: "Day of installation", isWritable: true),
    FieldDeclaration(
      "warranty-expires-at", vendorName: "warrantyExpirationDate", summary: "Day on which the warranty ends",
      isWritable: true),
    FieldDeclaration("company-id", vendorName: "companyID", summary: "Id of the company", isFact: true),
  ]

  private static let parameters: [ConnectionParameter] = [
    ConnectionParameter("user", summary: "User name of an API user (API-only)"),
    ConnectionParameter("secret", summary: "Secret of the API user", isSecret: true),
    ConnectionParameter("integration-code", summary: "Tracking identifier of the integration"),
    ConnectionParameter("url", summary: "Address of the server, instead of the vendor's zones", isRequired: false),
    ConnectionParameter(
      "id-field", summary: "external-id: keep the source's id in the contact's external id", isRequired: false),
    ConnectionParameter(
      "account-manager",
      summary: "Who looks after new companies: a resource's id, user name or e-mail (as of the own company)",
      isRequired: false),
    ConnectionParameter(
      "billing-code", summary: "Id of the billing code of new products (as most products have)", isRequired: false),
  ]
}
