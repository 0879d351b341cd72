/// The two devices that every system with configurations is asked to keep.
import Model

extension FieldValues {
  static let till: FieldValues = [
    "name": .text("TILL-1"), "type": .text("Workstation"), "status": .text("Active"), "serial-number": .text("SN-1"),
    "manufacturer": .text("Dell"), "model": .text("OptiPlex 7010"), "mac-address": .text("00:00:5E:00:53:01"),
    "asset-tag": .text("T1"), "notes": .text("On the counter"), "installed-at": .text("2025-01-31"),
    "purchased-at": .text("2025-01-02"), "warranty-expires-at": .text("2028-01-31"), "primary-ip": .text("10.0.0.9"),
    "default-gateway": .text("10.0.0.1"),
  ]

  /// Differs from the till in every field.
  static let laptop: FieldValues = [
    "name": .text("TILL-2"), "type": .text("Laptop"), "status": .text("Retired"), "serial-number": .text("SN-2"),
    "manufacturer": .text("Lenovo"), "model": .text("Latitude 5440"), "mac-address": .text("00:00:5E:00:53:02"),
    "asset-tag": .text("T2"), "notes": .text("In the cellar"), "installed-at": .text("2025-02-28"),
    "purchased-at": .text("2025-02-01"), "warranty-expires-at": .text("2029-02-28"), "primary-ip": .text("10.0.0.8"),
    "default-gateway": .text("10.0.0.2"),
  ]
}
