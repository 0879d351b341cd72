/// The short unique text by which ConnectWise knows a company, made from its name.
import Foundation

enum ConnectWiseIdentifier {
  /// Older servers take 25 characters, newer ones 30.
  static let longest = 25
  /// The common beginning of an identifier and its numbered variants.
  static let stem = 21

  /// Letters and digits of the name, accents taken off; a name that has none of them becomes `Company`.
  static func base(_ name: String) -> String {
    let plain = name.folding(options: [.diacriticInsensitive, .widthInsensitive], locale: Locale(identifier: "en"))
    let letters = plain.unicodeScalars.filter { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": true
      default: false
      }
    }
    let text = String(String.UnicodeScalarView(letters.prefix(longest)))
    return text.isEmpty ? "Company" : text
  }

  /// The first of `Base`, `Base2`, `Base3`… that nobody has; `taken` holds them in lower case.
  static func free(_ base: String, taken: Set<String>) -> String {
    if !taken.contains(base.lowercased()) { return base }
    var number = 2
    while true {
      let suffix = String(number)
      let candidate = base.prefix(min(stem, longest - suffix.count)) + suffix
      if !taken.contains(candidate.lowercased()) { return String(candidate) }
      number += 1
    }
  }
}
