// A device as the seed gives it to every system that keeps an inventory.

/// One device of a company, as the PSA and the documentation of the provider know it.
struct SeedDevice: Sendable {
  /// At ConnectWise; unique over all companies.
  var id: Int
  var story: DeviceStory
  var name: String
  /// `Server`, `Workstation`, `Laptop`, `Switch`, `Firewall`, `Access Point` or `Printer`; where a system demands a type,
  /// a device without one is of its type for all the rest.
  var type: String?
  /// `Active`, `Spare` or `Retired`.
  var status: String?
  var serialNumber: String?
  /// At most 25 characters; usually six pairs with colons, see ``DeviceStory/longMAC`` and ``DeviceStory/severalMACs``.
  var macAddress: String?
  var manufacturer: String?
  /// A model of the manufacturer; may stand without one.
  var model: String?
  var assetTag: String?
  var primaryIP: String?
  var defaultGateway: String?
  var hostname: String?
  var operatingSystem: String?
  var notes: String?
  var installedBy: String?
  /// Days as in `2024-05-31`.
  var installedOn: String?
  var purchasedOn: String?
  var warrantyExpiresOn: String?
  /// The ``SeedContact/id`` of a contact of the same company.
  var ownerContactID: Int?
}

/// Why a device of the seed is worth having.
enum DeviceStory: String, Sendable, CaseIterable {
  case ordinary
  case withoutSerial = "without-serial"
  case withoutMAC = "without-mac"
  /// Neither a serial number nor a MAC address.
  case withoutSerialAndMAC = "without-serial-and-mac"
  case withoutManufacturer = "without-manufacturer"
  case withoutModel = "without-model"
  case withoutType = "without-type"
  case withoutStatus = "without-status"
  /// Two devices of one name whose serial numbers differ.
  case nameTwice = "name-twice"
  /// Two devices that no key tells apart: the same name and type, neither serial number nor MAC address.
  case twins
  /// A MAC field of more than 17 characters.
  case longMAC = "long-mac"
  /// A MAC field with two addresses.
  case severalMACs = "several-macs"
  case retired
  case spare
  /// Tag, notes and address are not the same in PSA and documentation.
  case valuesDiffer = "values-differ"
  /// The name is spelt with other letter case in the documentation.
  case caseDiffers = "case-differs"
  /// The serial number is missing in the documentation alone.
  case serialAtOneSide = "serial-at-one-side"
  /// Only the PSA knows it.
  case onlyInPSA = "only-in-psa"
  /// Only the documentation knows it.
  case onlyInDocumentation = "only-in-documentation"
  /// A name in another script.
  case cjk
  /// Escape sequences for a terminal in name and notes.
  case terminalEscapes = "terminal-escapes"

  var isInPSA: Bool { self != .onlyInDocumentation }
  var isInDocumentation: Bool { self != .onlyInPSA }

  /// How many devices the story makes.
  var count: Int { self == .nameTwice || self == .twins ? 2 : 1 }

  /// The stories that the first company has one of each, once it has devices enough.
  static let special = allCases.filter { $0 != .ordinary }

  /// How many in a hundred devices of a company have which story; all others are ordinary.
  static let shares: [(DeviceStory, Int)] = [
    (.withoutSerial, 4), (.withoutMAC, 4), (.withoutSerialAndMAC, 2), (.withoutManufacturer, 3), (.withoutModel, 3),
    (.withoutType, 1), (.withoutStatus, 3), (.nameTwice, 1), (.twins, 1), (.longMAC, 1), (.severalMACs, 1),
    (.retired, 8), (.spare, 6), (.valuesDiffer, 6), (.caseDiffers, 1), (.serialAtOneSide, 2), (.onlyInPSA, 6),
    (.onlyInDocumentation, 5),
  ]
}
