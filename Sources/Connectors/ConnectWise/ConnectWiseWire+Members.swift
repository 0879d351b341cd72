/// Members as they stand on the wire.
import Foundation

/// The document that is a member's photo.
struct ConnectWisePhoto: Decodable, Sendable, Equatable {
  struct Info: Decodable, Sendable, Equatable {
    var download: String?
    private enum CodingKeys: String, CodingKey { case download = "documentDownload_href" }
  }
  var id: Int?
  var info: Info?

  private enum CodingKeys: String, CodingKey {
    case id
    case info = "_info"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = container.said(Int.self, .id).value
    info = container.said(Info.self, .info).value
  }
}

struct ConnectWiseMember: Decodable, Sendable {
  var id: Int
  var identifier: Said<String>
  var firstName: Said<String>
  var lastName: Said<String>
  var primaryEmail: Said<String>
  var officeEmail: Said<String>
  var mobileEmail: Said<String>
  var homeEmail: Said<String>
  /// `Office`, `Mobile` or `Home`.
  var defaultEmail: Said<String>
  var inactiveFlag: Said<Bool>
  var type: Said<ConnectWiseReference>
  /// `F` full, `A` API, `C` StreamlineIT, `X` subcontractor.
  var licenseClass: Said<String>
  var hireDate: Said<String>
  var defaultLocation: Said<ConnectWiseReference>
  var defaultDepartment: Said<ConnectWiseReference>
  var workRole: Said<ConnectWiseReference>
  var photo: Said<ConnectWisePhoto>
  var info: ConnectWiseInfo?

  static let selection =
    "id,identifier,firstName,lastName,primaryEmail,officeEmail,mobileEmail,homeEmail,defaultEmail,inactiveFlag,type,"
    + "licenseClass,hireDate,defaultLocation,defaultDepartment,workRole,photo,_info"

  private enum CodingKeys: String, CodingKey {
    case id, identifier, firstName, lastName, primaryEmail, officeEmail, mobileEmail, homeEmail, defaultEmail
    case inactiveFlag, type, licenseClass, hireDate, defaultLocation, defaultDepartment, workRole, photo
    case info = "_info"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(Int.self, forKey: .id)
    identifier = container.said(String.self, .identifier)
    firstName = container.said(String.self, .firstName)
    lastName = container.said(String.self, .lastName)
    primaryEmail = container.said(String.self, .primaryEmail)
    officeEmail = container.said(String.self, .officeEmail)
    mobileEmail = container.said(String.self, .mobileEmail)
    homeEmail = container.said(String.self, .homeEmail)
    defaultEmail = container.said(String.self, .defaultEmail)
    inactiveFlag = container.said(Bool.self, .inactiveFlag)
    type = container.said(ConnectWiseReference.self, .type)
    licenseClass = container.said(String.self, .licenseClass)
    hireDate = container.said(String.self, .hireDate)
    defaultLocation = container.said(ConnectWiseReference.self, .defaultLocation)
    defaultDepartment = container.said(ConnectWiseReference.self, .defaultDepartment)
    workRole = container.said(ConnectWiseReference.self, .workRole)
    photo = container.said(ConnectWisePhoto.self, .photo)
    info = container.said(ConnectWiseInfo.self, .info).value
  }
}
