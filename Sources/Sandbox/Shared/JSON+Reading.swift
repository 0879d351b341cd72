// Reading JSON text from outside: bounded in depth, and refusing instead of trapping.

import Foundation

/// Why a text is not JSON, with the byte at which that showed.
struct JSONProblem: Error, Equatable {
  var message: String
  var offset: Int
}

extension JSON {
  /// The deepest nesting that is read; a client that sends more is refused.
  static let deepestNesting = 64

  /// Reads one JSON value, with nothing but blanks around it.
  init(reading bytes: [UInt8]) throws(JSONProblem) {
    var reader = JSONReader(bytes: bytes)
    self = try reader.wholeValue()
  }

  /// Reads one JSON value from a text.
  init(reading text: String) throws(JSONProblem) {
    try self.init(reading: Array(text.utf8))
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  func problem(_ message: String) -> JSONProblem { JSONProblem(message: message, offset: position) }

  mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func wholeValue() throws(JSONProblem) -> JSON {
    let value = try value(depth: 0)
    skipBlanks()
    guard next == nil else { throw problem("there is more text after the value") }
    return value
  }

  mutating func value(depth: Int) throws(JSONProblem) -> JSON {
    guard depth <= JSON.deepestNesting else { throw problem("the value is nested too deeply") }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some: return try number()
    case nil: throw problem("the text ends where a value should begin")
    }
  }

  mutating func word(_ text: String, _ value: JSON) throws(JSONProblem) -> JSON {
    guard bytes[position...].starts(with: text.utf8) else { throw problem("a value was expected") }
    position += text.utf8.count
    return value
  }

  mutating func number() throws(JSONProblem) -> JSON {
    let start = position
    while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let whole = Int(text) { return .int(whole) }
    guard let number = Double(text), number.isFinite else {
      position = start
      throw problem("a value was expected")
    }
    return .double(number)
  }

  mutating func array(depth: Int) throws(JSONProblem) -> JSON {
    position += 1
    var values: [JSON] = []
    skipBlanks()
    if next == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    while true {
      values.append(try value(depth: depth + 1))
      skipBlanks()
      switch next {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "]"):
        position += 1
        return .array(values)
      default: throw problem("a comma or a closing bracket was expected")
      }
    }
  }

  mutating func object(depth: Int) throws(JSONProblem) -> JSON {
    position += 1
    var members: [JSON.Member] = []
    skipBlanks()
    if next == UInt8(ascii: "}") {
      position += 1
      return .object([])
    }
    while true {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw problem("a member's name was expected") }
      let name = try string()
      skipBlanks()
      guard next == UInt8(ascii: ":") else { throw problem("a colon was expected") }
      position += 1
      members.append(.init(name: name, value: try value(depth: depth + 1)))
      skipBlanks()
      switch next {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "}"):
        position += 1
        return .object(members)
      default: throw problem("a comma or a closing brace was expected")
      }
    }
  }

  mutating func string() throws(JSONProblem) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw problem("a string is not UTF-8") }
        return string
      case UInt8(ascii: "\\"): try text.append(contentsOf: escape())
      case 0..<0x20: throw problem("a control character stands in a string")
      default: text.append(byte)
      }
    }
    throw problem("a string is not closed")
  }

  mutating func escape() throws(JSONProblem) -> [UInt8] {
    guard let byte = next else { throw problem("a string is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "u"):
      var unit = try hexUnit()
      if (0xD800..<0xDC00).contains(unit), bytes[position...].starts(with: [0x5C, 0x75]) {
        position += 2
        let low = try hexUnit()
        guard (0xDC00..<0xE000).contains(low) else { throw problem("half a character was escaped") }
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw problem("half a character was escaped") }
      return Array(String(Character(scalar)).utf8)
    default: throw problem("an unknown escape stands in a string")
    }
  }

  mutating func hexUnit() throws(JSONProblem) -> UInt32 {
    guard position + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw problem("four hexadecimal digits were expected") }
    position += 4
    return unit
  }
}
