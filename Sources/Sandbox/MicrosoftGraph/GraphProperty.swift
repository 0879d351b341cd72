// The properties of a user that the emulated Graph knows, and how each behaves when nothing was ever set.

/// A property of the user resource, by its name on the wire.
///
/// Source: Microsoft Graph v1.0 reference, "user resource type", and the metadata document.
enum GraphProperty: Int, CaseIterable, Sendable {
  case id, givenName, surname, displayName, jobTitle, businessPhones, mobilePhone, faxNumber, mail, userPrincipalName
  case proxyAddresses, otherMails, officeLocation, companyName, department, streetAddress, city, state, postalCode
  case country, accountEnabled, assignedLicenses, userType, externalUserState, creationType, onPremisesSyncEnabled
  case onPremisesImmutableId, employeeId, employeeType, employeeHireDate, isResourceAccount, showInAddressList
  case createdDateTime, deletedDateTime, preferredLanguage, usageLocation, mailNickname

  static let names = allCases.map { String(describing: $0) }

  static let byName = Dictionary(zip(names, allCases), uniquingKeysWith: { first, _ in first })

  var name: String { GraphProperty.names[rawValue] }

  /// What a listing holds without `$select`.
  static let defaults: [GraphProperty] = [
    .businessPhones, .displayName, .givenName, .id, .jobTitle, .mail, .mobilePhone, .officeLocation,
    .preferredLanguage, .surname, .userPrincipalName,
  ]

  /// A collection reads as `[]` where nothing is set, a single value as null.
  var unset: JSON {
    switch self {
    case .businessPhones, .proxyAddresses, .otherMails, .assignedLicenses: []
    default: .null
    }
  }

  /// Profile properties that live outside the directory: selecting one on the collection is answered with 501.
  static let outsideTheDirectory: Set<String> = [
    "aboutMe", "birthday", "hireDate", "interests", "mySite", "pastProjects", "preferredName", "responsibilities",
    "schools", "skills",
  ]
}
