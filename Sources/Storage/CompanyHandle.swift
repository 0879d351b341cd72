/// How a company gets its handle.
import Foundation

extension Store {
  /// The handle of a new company: the identifier in lower case, else the name as a slug, with a number behind it where
  /// that is taken.
  ///
  /// A handle holds small letters, digits, `-`, `_` and `.`, so that it is typed without quotes; accents are dropped.
  package static func handle(forIdentifier identifier: String?, name: String, taken: Set<String>) -> String {
    let fromIdentifier = identifier.map(slug) ?? ""
    let fromName = fromIdentifier.isEmpty ? slug(name) : fromIdentifier
    let base = fromName.isEmpty ? "company" : fromName
    var handle = base
    var number = 2
    while taken.contains(handle) {
      handle = "\(base)-\(number)"
      number += 1
    }
    return handle
  }

  private static func slug(_ text: String) -> String {
    var slug = ""
    var isGap = false
    for scalar in text.decomposedStringWithCanonicalMapping.lowercased().unicodeScalars {
      if let plain = letters[scalar] ?? plain(scalar) {
        // The gap before the first letter and after the last one leaves nothing.
        if isGap, !slug.isEmpty { slug += "-" }
        isGap = false
        slug += plain
      } else if scalar.properties.generalCategory != .nonspacingMark {
        isGap = true
      }
    }
    while let first = slug.first, "-_.".contains(first) { slug.removeFirst() }
    while let last = slug.last, "-_.".contains(last) { slug.removeLast() }
    return slug.precomposedStringWithCanonicalMapping
  }

  private static func plain(_ scalar: Unicode.Scalar) -> String? {
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .otherLetter, .decimalNumber: String(scalar)
    default: scalar == "_" || scalar == "." ? String(scalar) : nil
    }
  }

  /// Letters that have no accent to drop and yet a plain spelling.
  private static let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
  ]
}
