/// What a column of a file may be, and by which headings it is known without being named.

/// The part that a column plays. Its raw value is the key by which `connect file` names the column.
enum FileColumn: String, CaseIterable, Sendable {
  case id, email
  case firstName = "first-name"
  case lastName = "last-name"
  case title, phone, mobile
  case displayName = "display-name"
  case userPrincipalName = "user-principal-name"
  case addresses, state, blocked, licences, department, company, tenant
  case name, identifier, status
  case userType = "user-type"
  case created, deleted

  /// What the column holds, in the help of its key; `nil` for a column that is only taken by its heading.
  var summary: String? {
    switch self {
    case .id: "Column of the stable id; without one the user principal name or the address is the key"
    case .email: "Column of the e-mail address"
    case .firstName: "Column of the first name"
    case .lastName: "Column of the last name"
    case .title: "Column of the job title"
    case .phone: "Column of the business phone"
    case .mobile: "Column of the mobile phone"
    case .displayName: "Column of the whole name"
    case .userPrincipalName: "Column of the sign-in name"
    case .addresses: "Column of further addresses, with + , or ; between them"
    case .state: "Column that says who is active; active= has the words"
    case .blocked: "Column that says whose sign-in is blocked"
    case .licences: "Column of licences, with + between them"
    case .department: "Column of the department"
    case .company: "Column of the company"
    case .tenant: "Column of the company's tenant"
    case .name: "Column of the company's name, in a list of companies"
    case .identifier: "Column of the company's identifier, in a list of companies"
    case .status: "Column of the company's status, in a list of companies"
    case .userType, .created, .deleted: nil
    }
  }

  static let ofPeople: [FileColumn] = [
    .id, .email, .firstName, .lastName, .title, .phone, .mobile, .displayName, .userPrincipalName, .addresses, .state,
    .blocked, .licences, .department, .company, .tenant, .userType, .created, .deleted,
  ]
  static let ofCompanies: [FileColumn] = [.name, .identifier, .tenant, .status]

  /// Headings as ``normalised(_:)`` makes them, the likeliest first.
  ///
  /// A column `State` is none of them: in most lists of people it is a part of the address.
  func headings(in format: FileFormat) -> [String] {
    if format == .adminCentre { return [adminCentreHeading].compactMap(\.self) + further }
    switch self {
    case .id: return ["id", "objectid", "userid", "employeeid", "employeenumber", "personid", "personnelnumber"]
    case .email:
      return [
        "email", "emailaddress", "mail", "primaryemail", "primaryemailaddress", "primarysmtpaddress", "workemail",
      ]
    case .firstName: return ["firstname", "givenname", "forename"]
    case .lastName: return ["lastname", "surname", "familyname"]
    case .title: return ["title", "jobtitle", "position"]
    case .phone:
      return ["phone", "phonenumber", "businessphone", "officephone", "workphone", "telephone", "telephonenumber"]
    case .mobile: return ["mobile", "mobilephone", "mobilenumber", "cellphone", "cell"]
    case .displayName: return ["displayname", "fullname", "name"]
    case .userPrincipalName: return ["userprincipalname", "upn"]
    case .addresses: return ["addresses", "proxyaddresses", "emailaddresses", "aliases", "emailaliases"]
    case .state:
      return ["accountenabled", "enabled", "active", "isactive", "accountstatus", "employmentstatus", "status"]
    case .blocked: return ["blocked", "blockcredential", "signinblocked", "accountdisabled", "disabled"]
    case .licences: return ["licences", "licenses", "licencenames", "licensenames", "assignedlicenses"]
    case .department: return ["department"]
    case .company: return ["company", "companyname", "organisation", "organization", "client", "customer"]
    case .tenant: return ["tenant", "tenantid", "microsofttenant", "microsofttenantid", "directoryid"]
    case .name: return []
    case .identifier:
      return ["identifier", "companyidentifier", "companyid", "handle", "shortname", "companycode", "code"]
    case .status: return ["status", "companystatus"]
    case .userType: return ["usertype"]
    case .created: return ["created", "whencreated", "createddatetime"]
    case .deleted: return ["softdeletiontimestamp", "deleteddatetime"]
    }
  }

  /// The headings in a list of companies.
  var headingsOfCompanies: [String] {
    switch self {
    case .name:
      [
        "name", "companyname", "company", "customer", "customername", "client", "clientname", "account", "accountname",
        "organisation", "organization", "organisationname", "organizationname", "displayname",
      ]
    case .tenant:
      headings(in: .general) + [
        "microsoftid", "tenantdomain", "primarydomainname", "primarydomain", "defaultdomainname", "defaultdomain",
        "domain",
      ]
    default: headings(in: .general)
    }
  }

  /// The heading in the export of users of the Microsoft 365 admin centre (Users, Active users, Export users): 32
  /// columns in alphabetical order, of which these are used.
  private var adminCentreHeading: String? {
    switch self {
    case .id: "objectid"
    case .firstName: "firstname"
    case .lastName: "lastname"
    case .title: "title"
    case .phone: "phonenumber"
    case .mobile: "mobilephone"
    case .displayName: "displayname"
    case .userPrincipalName: "userprincipalname"
    case .addresses: "proxyaddresses"
    case .blocked: "blockcredential"
    case .licences: "licenses"
    case .department: "department"
    case .created: "whencreated"
    case .deleted: "softdeletiontimestamp"
    case .email, .state, .company, .tenant, .name, .identifier, .status, .userType: nil
    }
  }

  /// Columns that people add to the export.
  private var further: [String] {
    switch self {
    case .email: ["email", "mail", "primarysmtpaddress"]
    case .company: ["company", "companyname"]
    case .tenant: ["tenant", "tenantid"]
    case .userType: ["usertype"]
    default: []
    }
  }

  /// A heading with nothing but its letters and digits, in small letters.
  static func normalised(_ heading: String) -> String {
    String(
      String.UnicodeScalarView(
        heading.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }))
  }
}

enum FileFormat: String, CaseIterable, Sendable {
  case adminCentre = "admin-centre"
  case general

  /// As `check` calls it.
  var name: String {
    switch self {
    case .adminCentre: "the Microsoft 365 admin centre's export of users"
    case .general: "a list with a header"
    }
  }

  /// The sign-in names and one of the columns that no other list has.
  init(header: [String]) {
    let headings = Set(header.map(FileColumn.normalised))
    let isExport =
      headings.contains("userprincipalname") && !headings.isDisjoint(with: ["blockcredential", "licenses"])
    self = isExport ? .adminCentre : .general
  }
}
