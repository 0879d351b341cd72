/// Texts and values as they may stand in a page: nothing in them is markup, and nothing of them is invisible.
import CommandLanguage
import Foundation
import LineEditing

enum HTMLText {
  /// A text between tags or in quotes.
  static func escaped(_ text: String) -> String {
    let text = visible(text)
    guard text.utf8.contains(where: needsLook) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case _ where isNoncharacter(scalar): result += "‹U+\(String(scalar.value, radix: 16, uppercase: true))›"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a UTF-8 byte is, or begins, something that is replaced.
  private static func needsLook(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x26, 0x27, 0x3C, 0x3E, 0xEF, 0xF0...0xF4: true
    default: false
    }
  }

  /// What no page may hold (HTML, "noncharacter-in-input-stream").
  private static func isNoncharacter(_ scalar: Unicode.Scalar) -> Bool {
    (0xFDD0...0xFDEF).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE
  }

  /// A moment, exact for people and for programs: with its distance from UTC, since pages travel.
  static func time(_ date: Date, in timeZone: TimeZone) -> String {
    "<time datetime=\"\(exact(date))\">\(exact(date, in: timeZone)) \(offset(of: timeZone, at: date))</time>"
  }

  /// "UTC", "+02:00".
  private static func offset(of timeZone: TimeZone, at date: Date) -> String {
    let minutes = timeZone.secondsFromGMT(for: date) / 60
    guard minutes != 0 else { return "UTC" }
    let (hours, rest) = (abs(minutes) / 60, abs(minutes) % 60)
    return (minutes < 0 ? "−" : "+") + (hours < 10 ? "0" : "") + "\(hours):" + (rest < 10 ? "0" : "") + "\(rest)"
  }

  /// What would change: each field in a block, the old value struck and the new one marked, and both in words for whoever
  /// cannot see that.
  static func differences(_ differences: [Difference]) -> String {
    differences.map { difference in
      let field = difference.field.isEmpty ? "" : "<span class=\"f\">\(escaped(difference.field))</span> "
      guard let old = difference.old else { return "<div>\(field)\(side(difference.new))</div>" }
      return "<div>\(field)<span class=\"sr\">was </span><del>\(side(old))</del> <span aria-hidden=\"true\">→</span> "
        + "<span class=\"sr\">becomes </span><ins>\(side(difference.new))</ins></div>"
    }.joined()
  }

  private static func side(_ side: Difference.Side) -> String {
    switch side {
    case .blank: "<i>blank</i>"
    case .word(let word): escaped(word)
    case .text(let text): "“\(escaped(text.withBlanksSpelledOut))”"
    }
  }
}
