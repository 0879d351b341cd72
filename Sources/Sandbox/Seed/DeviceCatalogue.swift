// What devices of the seed are made of: kinds, manufacturers and their models.

/// A kind of device, with the models that companies have of it.
struct DeviceCatalogue: Sendable {
  var type: String
  /// The short word in the names of devices.
  var code: String
  var models: [(manufacturer: String, model: String)]
  var systems: [String]
  /// How many in a hundred devices are of this kind.
  var share: Int
  /// Whether devices of this kind belong to somebody.
  var hasOwner: Bool

  static let all = [
    DeviceCatalogue(
      type: "Workstation", code: "PC",
      models: [
        ("Dell", "OptiPlex 7010"), ("HP", "EliteDesk 800 G9"), ("Lenovo", "ThinkCentre M70q"),
        ("Dell", "Precision 3660"),
      ], systems: ["Windows 11 Pro", "Windows 10 Pro"], share: 38, hasOwner: true),
    DeviceCatalogue(
      type: "Laptop", code: "LT",
      models: [
        ("Lenovo", "ThinkPad T14"), ("Dell", "Latitude 5440"), ("Apple", "MacBook Pro 14"), ("HP", "EliteBook 840"),
      ], systems: ["Windows 11 Pro", "macOS"], share: 26, hasOwner: true),
    DeviceCatalogue(
      type: "Server", code: "SRV",
      models: [("Dell", "PowerEdge R650"), ("HP", "ProLiant DL380"), ("Lenovo", "ThinkSystem SR630")],
      systems: ["Windows Server 2022", "Windows Server 2019", "Ubuntu Server"], share: 10, hasOwner: false),
    DeviceCatalogue(
      type: "Switch", code: "SW",
      models: [("Cisco", "Catalyst 9200L"), ("Ubiquiti", "USW-Pro-48"), ("HP", "Aruba 2930F")], systems: [], share: 8,
      hasOwner: false),
    DeviceCatalogue(
      type: "Printer", code: "PRN",
      models: [("HP", "LaserJet Pro M404"), ("Brother", "HL-L6400DW"), ("Canon", "imageRUNNER 2630")], systems: [],
      share: 9, hasOwner: false),
    DeviceCatalogue(
      type: "Firewall", code: "FW", models: [("Fortinet", "FortiGate 60F"), ("Cisco", "Meraki MX68")], systems: [],
      share: 4, hasOwner: false),
    DeviceCatalogue(
      type: "Access Point", code: "AP", models: [("Ubiquiti", "U6-Pro"), ("Cisco", "Meraki MR36")], systems: [],
      share: 5, hasOwner: false),
  ]

  /// The names of all kinds.
  static let types = all.map(\.type)

  /// The states that a device of the seed may be in.
  static let statuses = ["Active", "Spare", "Retired"]

  /// Every manufacturer once, by name.
  static let manufacturers = Set(all.flatMap(\.models).map(\.manufacturer)).sorted()

  /// The models of a manufacturer, by name.
  static func models(of manufacturer: String) -> [String] {
    Set(all.flatMap(\.models).filter { $0.manufacturer == manufacturer }.map(\.model)).sorted()
  }
}
