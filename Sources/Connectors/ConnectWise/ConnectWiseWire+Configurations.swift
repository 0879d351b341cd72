/// Configurations as they stand on the wire.
import Foundation

struct ConnectWiseConfiguration: Decodable, Sendable {
  var id: Int
  var type: Said<ConnectWiseReference>
  var status: Said<ConnectWiseReference>
  var company: Said<ConnectWiseReference>
  var manufacturer: Said<ConnectWiseReference>
  var installedBy: Said<ConnectWiseReference>
  /// Positive here; a contact's flag is negative.
  var activeFlag: Said<Bool>
  /// The texts and dates by their names on the wire.
  var texts: [String: Said<String>]
  var info: ConnectWiseInfo?

  /// What every reading asks for; pages of whole configurations would carry all their questions.
  static let selection =
    "id,name,type,status,company/id,manufacturer,activeFlag,serialNumber,modelNumber,tagNumber,macAddress,ipAddress,"
    + "defaultGateway,installedBy,notes,purchaseDate,installationDate,warrantyExpirationDate,_info"

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    id = try container.decode(Int.self, forKey: WireKey("id"))
    type = container.said(ConnectWiseReference.self, WireKey("type"))
    status = container.said(ConnectWiseReference.self, WireKey("status"))
    company = container.said(ConnectWiseReference.self, WireKey("company"))
    manufacturer = container.said(ConnectWiseReference.self, WireKey("manufacturer"))
    installedBy = container.said(ConnectWiseReference.self, WireKey("installedBy"))
    activeFlag = container.said(Bool.self, WireKey("activeFlag"))
    let names = (ConnectWiseMapping.configurationTexts + ConnectWiseMapping.configurationDates).map(\.property)
    texts = Dictionary(names.map { ($0, container.said(String.self, WireKey($0))) }) { first, _ in first }
    info = container.said(ConnectWiseInfo.self, WireKey("_info")).value
  }
}

/// A row of `/company/companies/{id}/typeAssociations`.
struct ConnectWiseTypeAssociation: Decodable, Sendable {
  var id: Int
  var type: ConnectWiseReference?
}

struct ConnectWiseCompanyIdentifier: Decodable, Sendable {
  var identifier: String?
}
