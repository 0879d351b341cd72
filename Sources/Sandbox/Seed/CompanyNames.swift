// Names of companies: three fixed, some that strain encodings, and any number of plausible ones.

/// Gives each company a name and an identifier that no other has.
struct CompanyNames: Sendable {
  private static let fixed: [(String, String)] = [
    ("Acme Dental", "Acme"), ("Acorn Freight", "Acorn"), ("Birch & Rowe Legal", "BirchRowe"),
  ]

  private static let unusual: [(String, String)] = [
    ("Café Lumière Catering", "CafeLumiere"), ("Müller & Söhne Logistik", "MuellerSoehne"),
    ("東京デザイン株式会社", "TokyoDesign"), ("Żółw Apteki", "ZolwApteki"), ("O’Hara & Daughters", "OHara"),
    ("Ærø Ferries", "AeroFerries"), ("Peña Hermanos Construcción", "PenaHermanos"), ("北京春天贸易", "BeijingSpring"),
    ("Smith, Smith & Smith \"Partners\"", "SmithSmithSmith"), ("Łódź Optics", "LodzOptics"),
  ]

  private static let first = [
    "Harbor", "Cedar", "Summit", "Riverside", "Granite", "Maple", "Northgate", "Bluebird", "Copper", "Evergreen",
    "Falcon", "Golden Oak", "Highland", "Ironwood", "Juniper", "Keystone", "Lakeshore", "Meadow", "Oakridge", "Pioneer",
    "Quarry", "Redwood", "Silverline", "Timber", "Union", "Valley", "Westbrook", "Yarrow", "Zephyr", "Ashford",
    "Bramble", "Coral", "Dunmore", "Elmwood", "Foxglove", "Greystone", "Hawthorn", "Ivory", "Kingsley", "Linden",
  ]

  private static let second = [
    "Veterinary", "Accounting", "Roofing", "Pharmacy", "Architects", "Plumbing", "Insurance", "Bakery", "Physiotherapy",
    "Auto Parts", "Orthopedics", "Brewing", "Engineering", "Landscaping", "Property", "Textiles", "Printing", "Optics",
    "Consulting", "Marine", "Florists", "Montessori", "Dental Group", "Robotics", "Furniture", "Packaging", "Security",
    "Seeds", "Travel", "Wealth",
  ]

  private var given = 0
  private var taken: Set<String> = []

  /// The next company's name and identifier.
  mutating func next(_ random: inout SeededGenerator) -> (name: String, identifier: String) {
    defer { given += 1 }
    if given < CompanyNames.fixed.count {
      taken.insert(CompanyNames.fixed[given].1)
      return CompanyNames.fixed[given]
    }
    let beyond = given - CompanyNames.fixed.count
    if beyond % 6 == 2, beyond / 6 < CompanyNames.unusual.count { return CompanyNames.unusual[beyond / 6] }
    let start = random.below(CompanyNames.first.count * CompanyNames.second.count)
    for step in 0..<(CompanyNames.first.count * CompanyNames.second.count) {
      let place = (start + step * 7) % (CompanyNames.first.count * CompanyNames.second.count)
      let name =
        CompanyNames.first[place / CompanyNames.second.count] + " "
        + CompanyNames.second[place % CompanyNames.second.count]
      let identifier = String(name.filter { $0 != " " }.prefix(25))
      if taken.insert(identifier).inserted { return (name, identifier) }
    }
    return ("Customer \(given + 1)", "Customer\(given + 1)")
  }
}
