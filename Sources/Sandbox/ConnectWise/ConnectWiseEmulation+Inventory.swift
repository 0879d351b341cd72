// The configurations that ConnectWise begins with, and their types, statuses and manufacturers.

import Foundation

extension ConnectWiseEmulation {
  mutating func fillInventory(from seed: SeedWorld) {
    // "Other" is what a device without a type is given here, since the vendor demands one.
    configurationTypes = (DeviceCatalogue.types + ["Other"]).enumerated().map { index, name in
      ConfigurationType(id: 10 + index, name: name)
    }
    configurationTypes.append(ConfigurationType(id: 40, name: "Legacy Modem", isInactive: true))
    configurationStatuses = DeviceCatalogue.statuses.enumerated().map { index, name in
      ConfigurationStatus(id: index + 1, description: name, isClosed: name == "Retired", isDefault: index == 0)
    }
    manufacturers = DeviceCatalogue.manufacturers.enumerated().map { index, name in
      Manufacturer(id: 60 + index, name: name)
    }
    let start = Instant.seconds(seed.startsAt)
    var days: [String: Int] = [:]
    for company in seed.companies {
      for device in company.devices.sorted(by: { $0.id < $1.id }) where device.story.isInPSA {
        add(device, of: company, start: start, days: &days)
      }
    }
  }

  private mutating func add(
    _ device: SeedDevice, of company: SeedCompany, start: Int, days: inout [String: Int]
  ) {
    let entered = start - 80 * 86_400 + device.id % 86_400
    var record = ConnectWiseConfiguration(
      id: device.id, name: String(device.name.prefix(ConnectWiseConfiguration.longestName)),
      typeID: configurationTypes.first { $0.name == device.type ?? "Other" }?.id ?? 0,
      statusID: configurationStatuses.first { $0.description == device.status }?.id, companyID: company.id,
      contactID: device.ownerContactID,
      manufacturerID: manufacturers.first { $0.name == device.manufacturer }?.id,
      isActive: device.status != "Retired",
      stamp: RecordStamp(entered: entered, updated: entered, updatedBy: "admin1"))
    for (field, text) in [
      ("serialNumber", device.serialNumber), ("modelNumber", device.model), ("tagNumber", device.assetTag),
      ("macAddress", device.macAddress), ("ipAddress", device.primaryIP), ("defaultGateway", device.defaultGateway),
      ("osType", device.operatingSystem), ("notes", device.notes),
    ] { record.texts[field] = text }
    for (field, day) in [
      ("purchaseDate", device.purchasedOn), ("installationDate", device.installedOn),
      ("warrantyExpirationDate", device.warrantyExpiresOn),
    ] {
      guard let day else { continue }
      let seconds = days[day] ?? Instant.date(day).map { Instant.seconds($0) }
      days[day] = seconds
      record.dates[field] = seconds
    }
    add(record)
  }

  /// Adds a configuration; its id must be above all others.
  mutating func add(_ configuration: ConnectWiseConfiguration) {
    configurationPlaces[configuration.id] = configurations.count
    configurationsOfCompany[configuration.companyID, default: []].append(configurations.count)
    configurations.append(configuration)
    nextConfigurationID = max(nextConfigurationID, configuration.id + 1)
  }
}
