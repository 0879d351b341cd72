/// The fields of a record as JSON text, written and read without a general decoder: snapshots hold many.
import Model

/// One flat JSON object: each value is `null`, a string, a boolean, or an array of strings; keys are sorted.
enum FieldText {
  static func encode(_ fields: FieldValues) -> String {
    var bytes: [UInt8] = [UInt8(ascii: "{")]
    for (name, value) in fields.sorted {
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      append(name.rawValue, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      switch value {
      case .null: bytes.append(contentsOf: "null".utf8)
      case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
      case .text(let text): append(text, to: &bytes)
      case .list(let items):
        bytes.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
          if index > 0 { bytes.append(UInt8(ascii: ",")) }
          append(item, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
      }
    }
    bytes.append(UInt8(ascii: "}"))
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
      // Below the blank everything is escaped, zero too: SQLite's own text functions would end there.
      case 0..<0x20: bytes.append(contentsOf: [0x5c, 0x75, 0x30, 0x30, hex(byte >> 4), hex(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }

  /// The fields in a text; `nil` when it is not such an object.
  static func decode(_ text: String) -> FieldValues? {
    var scanner = FieldTextScanner(text)
    return scanner.object()
  }
}

/// Reads what ``FieldText`` writes; any other text gives `nil`, never a trap.
private struct FieldTextScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func object() -> FieldValues? {
    guard take("{") else { return nil }
    var fields: [FieldName: FieldValue] = [:]
    if take("}") { return position == bytes.count ? FieldValues(fields) : nil }
    repeat {
      guard let name = string(), take(":"), let value = value() else { return nil }
      fields[FieldName(name)] = value
    } while take(",")
    guard take("}"), position == bytes.count else { return nil }
    return FieldValues(fields)
  }

  private mutating func value() -> FieldValue? {
    guard position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "["): return list().map { .list($0) }
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    case UInt8(ascii: "t"): return take("true") ? .flag(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .flag(false) : nil
    default: return nil
    }
  }

  private mutating func list() -> [String]? {
    guard take("[") else { return nil }
    if take("]") { return [] }
    var items: [String] = []
    repeat {
      guard let item = string() else { return nil }
      items.append(item)
    } while take(",")
    return take("]") ? items : nil
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var start = position
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        text.append(contentsOf: bytes[start..<position])
        position += 1
        return String(validating: text, as: UTF8.self)
      }
      position += 1
      guard byte == UInt8(ascii: "\\") else { continue }
      text.append(contentsOf: bytes[start..<(position - 1)])
      guard let escaped = escape() else { return nil }
      text.append(escaped)
      start = position
    }
    return nil
  }

  /// After a backslash: a quote, a backslash, or `u00xx` below the blank.
  private mutating func escape() -> UInt8? {
    if take("\"") { return UInt8(ascii: "\"") }
    if take("\\") { return UInt8(ascii: "\\") }
    guard take("u00"), position + 2 <= bytes.count, let high = digit(bytes[position]),
      let low = digit(bytes[position + 1])
    else { return nil }
    position += 2
    let value = high << 4 | low
    return value < 0x20 ? value : nil
  }

  private func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  private mutating func take(_ expected: StaticString) -> Bool {
    let count = expected.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[position + offset] != expected.utf8Start[offset] { return false }
    position += count
    return true
  }
}
