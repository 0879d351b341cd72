/// Fixed moments, styles and small results that the rendering tests share.
import CommandLanguage
import Foundation
import Model
import Shell

/// 1 March 2026, 05:14 UTC.
let morning = Date(timeIntervalSince1970: 1_772_342_040)
let utc = TimeZone(secondsFromGMT: 0) ?? .gmt

extension RenderStyle {
  /// As in a pipe or a file.
  static let plain = RenderStyle(now: morning, timeZone: utc)

  static func terminal(_ width: Int, color: Bool = false, ascii: Bool = false) -> RenderStyle {
    RenderStyle(width: width, color: color, now: morning, timeZone: utc, isTerminal: true, ascii: ascii)
  }
}

/// Rows of texts, a column for each name.
func texts(_ subject: String, _ columns: [Column], _ rows: [[String]]) -> Rows {
  Rows(subject: subject, columns: columns, rows: rows.map { $0.map(Value.text) })
}

/// One row, one column.
func cell(_ value: Value, type: ValueType = .text) -> Rows {
  Rows(subject: "things", columns: [Column("value", type: type)], rows: [[value]])
}

/// Whether a text holds anything that a terminal would act upon, line ends apart.
func steersTerminal(_ text: String) -> Bool {
  text.unicodeScalars.contains { scalar in
    scalar != "\n" && scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }
}

/// Texts that a vendor could send and that must never reach a terminal as they are.
let hostileTexts = [
  "\u{1B}[2J\u{1B}[1;1Hgone", "\u{1B}]0;title\u{07}", "\u{9B}31mred", "a\rb", "a\u{08}\u{08}b", "\u{7F}",
  "\u{202E}txt.exe",
  "\u{2066}x\u{2069}", "line\nbreak", "nul\0", "\u{1B}[2J\nnext\u{9D}\tend",
  "\u{1B}]8;;http://evil.example\u{1B}\\click", "tab\there",
]

/// A seeded generator, so that a failing case can be had again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Any scalars at all, those that steer a terminal or a format more often than others.
func randomText(_ generator: inout SeededGenerator) -> String {
  let biting: [Unicode.Scalar] = [
    "\u{1B}", "\u{9B}", "\r", "\n", "\t", "\0", "\u{202E}", "=", "-", "\"", ",", "|", "<", "\\", " ",
  ]
  let length = Int.random(in: 0...24, using: &generator)
  return String(
    String.UnicodeScalarView(
      (0..<length).map { _ in
        if Bool.random(using: &generator), let scalar = biting.randomElement(using: &generator) { return scalar }
        let ranges: [ClosedRange<UInt32>] = [
          0...0x2FF, 0x300...0x36F, 0x1F000...0x1FAFF, 0x2000...0x2FFF, 0x4E00...0x9FFF,
        ]
        let range = ranges.randomElement(using: &generator) ?? 0...0x7F
        return Unicode.Scalar(UInt32.random(in: range, using: &generator)) ?? "x"
      }))
}
