/// A checksum in each row: SQLite notices damage to its own structure, but not a changed byte inside a value.
import Foundation
import GRDB

/// A 64-bit checksum of one row's values; every single changed byte changes it.
enum Seal {
  /// - Parameter later: how many of the last columns a migration added; while these are null they are left out, so that
  ///   rows written before it keep their seals.
  static func of(_ table: String, _ values: [DatabaseValue], later: Int) -> Int64 {
    var count = values.count
    while count > values.count - later, count > 0, values[count - 1].isNull { count -= 1 }
    return of(table, Array(values.prefix(count)))
  }

  static func of(_ table: String, _ values: [DatabaseValue]) -> Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    mix(table, into: &hash)
    for value in values {
      switch value.storage {
      case .null: mix(byte: 0, into: &hash)
      case .int64(let number):
        mix(byte: 1, into: &hash)
        mix(number, into: &hash)
      case .double(let number):
        mix(byte: 2, into: &hash)
        mix(Int64(bitPattern: number.bitPattern), into: &hash)
      case .string(let text):
        mix(byte: 3, into: &hash)
        mix(text, into: &hash)
      case .blob(let data):
        mix(byte: 4, into: &hash)
        for byte in data { mix(byte: byte, into: &hash) }
      }
    }
    return Int64(bitPattern: hash)
  }

  private static func mix(byte: UInt8, into hash: inout UInt64) {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }

  private static func mix(_ number: Int64, into hash: inout UInt64) {
    var rest = UInt64(bitPattern: number)
    for _ in 0..<8 {
      mix(byte: UInt8(truncatingIfNeeded: rest), into: &hash)
      rest >>= 8
    }
  }

  private static func mix(_ text: String, into hash: inout UInt64) {
    for byte in text.utf8 { mix(byte: byte, into: &hash) }
    mix(byte: 0xff, into: &hash)
  }
}
