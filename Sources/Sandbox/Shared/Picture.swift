// Pictures that the emulated vendors give out: real PNG files, made from a number.

/// A plain grey square as a PNG file.
enum Picture {
  /// - Parameters:
  ///   - side: in pixels; the file has a little more than `side * side` bytes, since nothing is compressed.
  ///   - shade: which grey.
  static func png(side: Int, shade: Int) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // Eight bits of grey for a pixel, no filter, no interlacing.
    append("IHDR", fourBytes(side) + fourBytes(side) + [8, 0, 0, 0, 0], to: &file)
    let row = [0] + [UInt8](repeating: UInt8(truncatingIfNeeded: shade), count: side)
    append("IDAT", stored([[UInt8]](repeating: row, count: side).flatMap(\.self)), to: &file)
    append("IEND", [], to: &file)
    return file
  }

  private static func append(_ type: String, _ content: [UInt8], to file: inout [UInt8]) {
    let chunk = Array(type.utf8) + content
    file += fourBytes(content.count) + chunk + fourBytes(Int(~checksum(chunk)))
  }

  private static func fourBytes(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// A zlib stream of blocks that are stored as they are (RFC 1951, 3.2.4).
  private static func stored(_ content: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 0xFFFF, content.count)
      let length = end - start
      stream.append(end == content.count ? 1 : 0)
      for number in [length, ~length] {
        stream += [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
      }
      stream += content[start..<end]
      start = end
    } while start < content.count
    var (a, b) = (1, 0)
    for byte in content {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return stream + fourBytes(b << 16 | a)
  }

  /// The CRC of PNG, before its last inversion.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.reduce(0xFFFF_FFFF) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  }

  private static let table: [UInt32] = (0..<256).map { number in
    (0..<8).reduce(UInt32(number)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }
}
