import Foundation
import Testing

@testable import Sandbox

@Suite("Seed: devices")
struct SeedDeviceTests {
  private func companies(seed: UInt64 = 1, companies: Int = 3, people: Int = 40) -> [SeedCompany] {
    SeedWorld(SandboxOptions(seed: seed, companies: companies, people: people), now: .now).companies
  }

  @Test("the first company has a device of every story, from 25 people on", arguments: [25, 40, 300])
  func stories(_ people: Int) {
    for seed in UInt64(1)...8 {
      let first = companies(seed: seed, people: people)[0]
      #expect(Set(first.devices.map(\.story)) == Set(DeviceStory.allCases))
      for story in DeviceStory.special {
        #expect(first.devices.filter { $0.story == story }.count >= story.count, "\(story)")
      }
    }
  }

  @Test("every company has devices, unless nobody was wanted") func present() {
    #expect(companies(companies: 30).allSatisfy { $0.devices.count >= 3 })
    #expect(companies(companies: 30, people: 0).allSatisfy { $0.devices.isEmpty })
    #expect(companies(people: 5000).map(\.devices.count).prefix(2).allSatisfy { $0 >= 1250 })
  }

  @Test("the stories are what they say") func told() throws {
    let devices = companies(companies: 20, people: 200).flatMap(\.devices)
    func all(_ story: DeviceStory, _ holds: (SeedDevice) -> Bool) {
      let meant = devices.filter { $0.story == story }
      #expect(!meant.isEmpty && meant.allSatisfy(holds), "\(story)")
    }
    all(.withoutSerial) { $0.serialNumber == nil && $0.macAddress != nil }
    all(.withoutMAC) { $0.macAddress == nil && $0.serialNumber != nil }
    all(.twins) { $0.macAddress == nil && $0.serialNumber == nil }
    all(.withoutManufacturer) { $0.manufacturer == nil && $0.model == nil }
    all(.withoutModel) { $0.manufacturer != nil && $0.model == nil }
    all(.withoutType) { $0.type == nil }
    all(.withoutStatus) { $0.status == nil }
    all(.longMAC) { (18...25).contains($0.macAddress?.count ?? 0) }
    all(.severalMACs) { $0.macAddress?.split(separator: ",").count == 2 && $0.macAddress?.count == 25 }
    all(.retired) { $0.status == "Retired" }
    let names = Dictionary(grouping: devices.filter { $0.story == .nameTwice }, by: \.name)
    #expect(names.values.contains { $0.count == 2 && $0[0].serialNumber != $0[1].serialNumber })
  }

  @Test("ids are given once, and owners are contacts of the same company") func consistent() {
    let all = companies(companies: 40, people: 120)
    let ids = all.flatMap(\.devices).map(\.id)
    #expect(Set(ids).count == ids.count && ids == ids.sorted())
    for company in all {
      let contacts = Set(company.contacts.map(\.id))
      #expect(company.devices.compactMap(\.ownerContactID).allSatisfy { contacts.contains($0) })
      let kinds = Set(DeviceCatalogue.types)
      #expect(company.devices.compactMap(\.type).allSatisfy { kinds.contains($0) })
      #expect(company.devices.compactMap(\.status).allSatisfy { DeviceCatalogue.statuses.contains($0) })
      for device in company.devices where device.model != nil {
        #expect(device.manufacturer.map { DeviceCatalogue.models(of: $0).contains(device.model ?? "") } == true)
      }
    }
    #expect(all.flatMap(\.devices).contains { $0.ownerContactID != nil })
  }

  @Test("the same seed gives the same devices, another seed others") func deterministic() {
    #expect(companies(seed: 3).map { "\($0.devices)" } == companies(seed: 3).map { "\($0.devices)" })
    #expect(companies(seed: 3)[0].devices.map(\.serialNumber) != companies(seed: 4)[0].devices.map(\.serialNumber))
  }
}
