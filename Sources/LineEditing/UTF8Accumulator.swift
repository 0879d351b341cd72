// Bytes as they are typed, put together to Unicode scalars without ever waiting for one more than needed.

/// Decodes UTF-8 byte by byte.
struct UTF8Accumulator {
  private var value: UInt32 = 0
  private var missing = 0
  private var least: UInt32 = 0

  /// Takes one byte and returns the scalar that it completes.
  ///
  /// Bytes that can be no part of UTF-8 are dropped, and so are overlong forms and surrogates.
  mutating func take(_ byte: UInt8) -> Unicode.Scalar? {
    switch byte {
    case 0..<0x80:
      missing = 0
      return Unicode.Scalar(byte)
    case 0x80..<0xC0:
      guard missing > 0 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
      missing -= 1
      return missing == 0 && value >= least ? Unicode.Scalar(value) : nil
    case 0xC2..<0xE0: start(byte & 0x1F, missing: 1, least: 0x80)
    case 0xE0..<0xF0: start(byte & 0x0F, missing: 2, least: 0x800)
    case 0xF0..<0xF5: start(byte & 0x07, missing: 3, least: 0x10000)
    default: missing = 0
    }
    return nil
  }

  private mutating func start(_ bits: UInt8, missing: Int, least: UInt32) {
    value = UInt32(bits)
    self.missing = missing
    self.least = least
  }
}
