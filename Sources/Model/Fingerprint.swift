/// A stable 128-bit hash of values, the same in every process and on every machine.
///
/// It tells equal from changed; it is not a defence against somebody who wants two values to collide.
package struct Fingerprint: TextID {
  package let rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package init(rawValue: String) { self.rawValue = rawValue }
}

/// Feeds values into a ``Fingerprint``; the order of the calls matters, and each value is delimited.
package struct FingerprintHasher: Sendable {
  // Two FNV-1a streams with different offsets: one pass, no dependency, 128 bits.
  private var low: UInt64 = 0xcbf2_9ce4_8422_2325
  private var high: UInt64 = 0x6c62_272e_07bb_0142

  package init() {}

  package mutating func combine(_ text: String) {
    for byte in text.utf8 { mix(byte) }
    mix(0xff)
  }

  package mutating func combine(_ number: Int) { combine(String(number)) }

  package mutating func combine(_ fields: FieldValues) {
    for (name, value) in fields.sorted {
      combine(name.rawValue)
      combine(value)
    }
    mix(0xfe)
  }

  package mutating func combine(_ value: FieldValue) {
    switch value {
    case .null: mix(1)
    case .text(let text):
      mix(2)
      combine(text)
    case .flag(let flag):
      mix(3)
      mix(flag ? 1 : 0)
    case .list(let items):
      mix(4)
      for item in items { combine(item) }
      mix(0xfd)
    }
  }

  package func finalize() -> Fingerprint {
    func hex(_ word: UInt64) -> String {
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return Fingerprint(rawValue: hex(high) + hex(low))
  }

  private mutating func mix(_ byte: UInt8) {
    low = (low ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    high = (high ^ UInt64(byte) ^ (low >> 32)) &* 0x0000_0100_0000_01b3
  }
}
