// What a bare word says by its form alone: a number, a duration, a reference, or just a word.

enum Literals {
  /// Whether a word is a number, a duration or neither.
  static func kind(of word: String) -> Token.Kind {
    if let duration = duration(word) { return .duration(duration) }
    if let number = number(word) { return .number(number) }
    return .word
  }

  /// `[-]digits[.digits]`; nil for anything else and for what no Double holds.
  static func number(_ word: String) -> Double? {
    let digits = word.utf8.first == UInt8(ascii: "-") ? word.utf8.dropFirst() : word.utf8[...]
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), digits.count <= 300,
      parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) })
    else { return nil }
    return Double(word)
  }

  /// `digits` and one of `s m h d`; at most nine digits.
  static func duration(_ word: String) -> Duration? {
    let digits = word.utf8.dropLast()
    guard let unit = word.utf8.last, (1...9).contains(digits.count), digits.allSatisfy(isDigit),
      let count = Int64(String(Substring(digits)))
    else { return nil }
    switch unit {
    case UInt8(ascii: "s"): return .seconds(count)
    case UInt8(ascii: "m"): return .seconds(count * 60)
    case UInt8(ascii: "h"): return .seconds(count * 3600)
    case UInt8(ascii: "d"): return .seconds(count * 86400)
    default: return nil
    }
  }

  /// Digits only, as a count that an Int holds.
  static func count(_ word: String) -> Int? {
    word.utf8.allSatisfy(isDigit) ? Int(word) : nil
  }

  /// `on` `yes` `true`, `off` `no` `false`.
  static func flag(_ word: String) -> Bool? {
    switch word.lowercased() {
    case "on", "yes", "true": true
    case "off", "no", "false": false
    default: nil
    }
  }

  /// `p12` for the prefix `p`.
  static func isReference(_ word: String, prefix: String) -> Bool {
    guard word.hasPrefix(prefix) else { return false }
    return isCounted(word.utf8.dropFirst(prefix.utf8.count))
  }

  /// `p12/7` for the prefix `p`.
  static func isPart(_ word: String, prefix: String) -> Bool {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, isReference(String(parts[0]), prefix: prefix) else { return false }
    return isCounted(parts[1].utf8[...])
  }

  private static func isCounted(_ digits: some Collection<UInt8>) -> Bool {
    (1...15).contains(digits.count) && digits.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
