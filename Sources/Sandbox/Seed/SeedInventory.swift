// Which devices a company has, story by story; from a generator of its own, so that people stay as they are.

/// Fills companies with devices; ids run on from company to company.
struct SeedInventory: Sendable {
  private var random: SeededGenerator
  private var nextID = 300

  init(random: SeededGenerator) { self.random = random }

  /// Gives a company its devices: one for two people, and a few where there are no people.
  ///
  /// Its contacts must stand, since some own a device.
  /// - Parameter isFirst: the first company has every story once, as soon as it has 25 people.
  /// - Parameter hasAny: false where nobody was wanted anywhere.
  mutating func fill(_ company: inout SeedCompany, people: Int, isFirst: Bool, hasAny: Bool) {
    guard hasAny else { return }
    let hasAll = isFirst && people >= 25
    var stories = hasAll ? DeviceStory.special : []
    var planned = stories.map(\.count).reduce(0, +)
    let count = hasAll ? max(people / 2, planned + 8) : max(people / 2, 3)
    while planned < count {
      let story = hasAll && stories.count < DeviceStory.special.count + 5 ? .ordinary : drawnStory()
      stories.append(story)
      planned += story.count
    }
    stories.shuffle(using: &random)
    for story in stories { add(story, to: &company) }
  }

  private mutating func drawnStory() -> DeviceStory {
    var mark = random.below(100)
    for (story, share) in DeviceStory.shares {
      if mark < share { return story }
      mark -= share
    }
    return .ordinary
  }

  private mutating func add(_ story: DeviceStory, to company: inout SeedCompany) {
    let first = device(story, of: company)
    company.devices.append(first)
    guard story.count == 2 else { return }
    var second = device(story, of: company)
    second.name = first.name
    second.type = first.type
    second.hostname = first.hostname
    company.devices.append(second)
  }

  private mutating func device(_ story: DeviceStory, of company: SeedCompany) -> SeedDevice {
    nextID += 1 + random.below(2)
    let kind = drawnKind()
    let make = random.pick(kind.models)
    let number = company.devices.count + 1
    let prefix = String(company.identifier.uppercased().prefix(6))
    let net = "10.\(company.id / 250 % 250).\(company.id % 250)"
    let year = 2019 + random.below(6)
    let day = "\(twoDigits(1 + random.below(12)))-\(twoDigits(1 + random.below(28)))"
    let name = "\(prefix)-\(kind.code)-\(twoDigits(number))"
    var device = SeedDevice(
      id: nextID, story: story, name: name, type: kind.type, status: "Active", serialNumber: random.key(length: 9),
      macAddress: address(separator: ":"), manufacturer: make.manufacturer, model: make.model,
      assetTag: random.chance(60) ? "A\(10_000 + nextID)" : nil, primaryIP: "\(net).\(10 + number % 240)",
      defaultGateway: "\(net).1", hostname: name.lowercased(),
      operatingSystem: kind.systems.isEmpty ? nil : random.pick(kind.systems),
      notes: random.chance(25) ? "Checked in \(year + 1)." : nil,
      installedBy: random.chance(40) ? "Kestrel" : nil, installedOn: "\(year)-\(day)",
      purchasedOn: random.chance(70) ? "\(year)-01-\(twoDigits(1 + random.below(28)))" : nil,
      warrantyExpiresOn: random.chance(70) ? "\(year + 3)-\(day)" : nil)
    if kind.hasOwner, random.chance(60), !company.contacts.isEmpty {
      device.ownerContactID = random.pick(company.contacts).id
    }
    tell(story, of: &device)
    return device
  }

  private mutating func tell(_ story: DeviceStory, of device: inout SeedDevice) {
    switch story {
    case .ordinary, .nameTwice, .valuesDiffer, .caseDiffers, .serialAtOneSide, .onlyInPSA, .onlyInDocumentation: break
    case .withoutSerial: device.serialNumber = nil
    case .withoutMAC: device.macAddress = nil
    case .withoutSerialAndMAC, .twins:
      device.serialNumber = nil
      device.macAddress = nil
    case .withoutManufacturer:
      device.manufacturer = nil
      device.model = nil
    case .withoutModel: device.model = nil
    case .withoutType: device.type = nil
    case .withoutStatus: device.status = nil
    case .longMAC: device.macAddress = address(separator: ":") + ":00:01"
    case .severalMACs: device.macAddress = address(separator: "") + "," + address(separator: "")
    case .retired: device.status = "Retired"
    case .spare:
      device.status = "Spare"
      device.ownerContactID = nil
    case .cjk: device.name = "受付パソコン\(device.id)"
    case .terminalEscapes:
      device.name = "\u{1b}[31m\(device.name)\u{1b}[0m"
      device.notes = "\u{1b}]0;owned\u{7}\u{1b}[2J"
    }
  }

  private mutating func drawnKind() -> DeviceCatalogue {
    var mark = random.below(100)
    for kind in DeviceCatalogue.all {
      if mark < kind.share { return kind }
      mark -= kind.share
    }
    return DeviceCatalogue.all[0]
  }

  private mutating func address(separator: String) -> String {
    let digits = Array("0123456789ABCDEF")
    let pairs = (0..<5).map { _ in String([random.pick(digits), random.pick(digits)]) }
    return (["00"] + pairs).joined(separator: separator)
  }

  private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
