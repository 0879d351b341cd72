// All faults that are arranged, and which of them meets a request.

/// The rules in force, in the order in which they were given.
struct Faults: Sendable {
  private(set) var rules: [FaultRule] = []
  private var lastID = 0

  mutating func add(_ json: JSON) throws(ControlProblem) -> FaultRule {
    let rule = try FaultRule(reading: json, id: lastID + 1)
    lastID += 1
    rules.append(rule)
    return rule
  }

  mutating func removeAll() { rules = [] }

  /// Removes one rule; false when there is none of that id.
  mutating func remove(id: Int) -> Bool {
    let count = rules.count
    rules.removeAll { $0.id == id }
    return rules.count < count
  }

  /// The rule that applies to this request, counted as applied. Rules that only let it pass count down their `skip`.
  mutating func rule(
    for request: EmulatedRequest, resourcePath: String, page: Int, random: inout SeededGenerator
  ) -> FaultRule? {
    for index in rules.indices where rules[index].meets(request, resourcePath: resourcePath, page: page) {
      if let times = rules[index].times, rules[index].applied >= times { continue }
      if rules[index].skip > 0 {
        rules[index].skip -= 1
        continue
      }
      if let probability = rules[index].probability, Double(random.below(1_000_000)) >= probability * 1_000_000 {
        continue
      }
      rules[index].applied += 1
      return rules[index]
    }
    return nil
  }
}
