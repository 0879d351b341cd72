// What `$select` asks for, and users written accordingly.

/// The properties that a client asked for, in their order.
struct GraphSelection: Sendable {
  let properties: [GraphProperty]
  /// `"name":` for each, written once for a whole page.
  private let keys: [String]
  private let isSelected: [Bool]

  init(_ properties: [GraphProperty]) {
    self.properties = properties
    keys = properties.map { "\"\($0.name)\":" }
    var isSelected = Array(repeating: false, count: GraphProperty.allCases.count)
    for property in properties { isSelected[property.rawValue] = true }
    self.isSelected = isSelected
  }

  func contains(_ property: GraphProperty) -> Bool { isSelected[property.rawValue] }

  /// One row of a listing: what was never set reads as null or `[]`.
  func write(_ user: GraphUser, into out: inout String) {
    var separator = "{"
    for index in properties.indices {
      out += separator
      out += keys[index]
      (user[properties[index]] ?? properties[index].unset).write(into: &out)
      separator = ","
    }
    out += "}"
  }

  /// One object of a delta page: what was never set is left out, and with a number only what changed after it.
  func writeDelta(_ user: GraphUser, onlyAfter number: Int?, into out: inout String) {
    out += "{\"id\":\"\(user.id)\""
    for index in properties.indices where properties[index] != .id {
      guard let value = user[properties[index]] else { continue }
      if let number, user.createdAt <= number, (user.changes[properties[index]] ?? 0) <= number { continue }
      out += ","
      out += keys[index]
      value.write(into: &out)
    }
    out += "}"
  }
}
