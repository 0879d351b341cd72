// The randomness of the emulated world: the same seed gives the same people, ids and faults.

/// SplitMix64, which is small, quick, and the same everywhere.
struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from zero up to, not including, the bound.
  mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "a bound must be positive")
    return Int(next() % UInt64(bound))
  }

  /// One of the elements, each as likely.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// True that many times in a hundred.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// A GUID of version 4 in lower case.
  mutating func guid() -> String {
    let high = next() & ~0xF000 | 0x4000
    let low = next() & ~(0xC000 << 48) | (0x8000 << 48)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for index in 0..<32 {
      if index == 8 || index == 12 || index == 16 || index == 20 { text.append(0x2D) }
      let half = index < 16 ? high : low
      let digit = UInt8(truncatingIfNeeded: half >> UInt64((15 - index % 16) * 4)) & 0xF
      text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A secret-looking text of letters and digits.
  mutating func key(length: Int) -> String {
    let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789".utf8)
    return String(decoding: (0..<length).map { _ in pick(alphabet) }, as: UTF8.self)
  }
}
