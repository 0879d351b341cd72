// What control can set about an instance: ways that are not documented, and limits.

/// A way of the instance that is either so or not.
protocol TeamworkFlag: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  var isOnAtFirst: Bool { get }
}

/// A way of the instance that has a number.
protocol TeamworkNumber: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  var valueAtFirst: Int { get }
}

/// All flags and numbers of one instance.
struct TeamworkSwitches<Flag: TeamworkFlag, Number: TeamworkNumber>: Sendable {
  private var flags: [Flag: Bool] = [:]
  private var numbers: [Number: Int] = [:]

  subscript(flag: Flag) -> Bool { flags[flag] ?? flag.isOnAtFirst }
  subscript(number: Number) -> Int { numbers[number] ?? number.valueAtFirst }

  mutating func set(_ flag: Flag, to value: Bool) { flags[flag] = value }

  /// Sets what a body names; an unknown name or a wrong value is refused.
  mutating func change(_ body: JSON) throws(ControlProblem) {
    for member in body.members ?? [] {
      if let flag = Flag(rawValue: member.name), let value = member.value.flag {
        flags[flag] = value
      } else if let number = Number(rawValue: member.name), let value = member.value.whole, value >= 0 {
        numbers[number] = value
      } else {
        throw ControlProblem(
          400, "\"\(member.name)\" cannot be \(member.value.encoded).",
          fix: "Flags: \(Flag.allCases.map(\.rawValue).sorted().joined(separator: ", ")). "
            + "Numbers: \(Number.allCases.map(\.rawValue).sorted().joined(separator: ", ")).")
      }
    }
  }

  var json: JSON {
    .object(
      Flag.allCases.map { .init(name: $0.rawValue, value: .bool(self[$0])) }
        + Number.allCases.map { .init(name: $0.rawValue, value: .int(self[$0])) })
  }

  /// The words of `GET /control`.
  static var summary: String {
    "Flags: \(Flag.allCases.map(\.rawValue).joined(separator: ", ")). "
      + "Numbers: \(Number.allCases.map(\.rawValue).joined(separator: ", "))."
  }
}
