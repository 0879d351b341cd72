/// The template of Crewhu's upload page: its heads are copied sign by sign, since they have to match exactly, and each of
/// them that is understood is filled.
import Foundation
import Model
import SwiftCSV

struct CrewhuTemplate: Sendable, Equatable {
  struct Column: Sendable, Equatable {
    /// As it stands in the template.
    var head: String
    var content: Content
    /// Whether the template marks it as one that has to be filled: with a star, or with the word.
    var isRequired: Bool
  }

  enum Content: Sendable, Equatable {
    case field(FieldName)
    /// Whether the employee is an inactive one.
    case inactive
    /// Not understood, or not ours to fill (a birthday): it stays empty.
    case nothing
  }

  var columns: [Column]
  var delimiter: Character
  /// Whether the template begins with a byte order mark; then the file does too.
  var hasMark: Bool

  var filled: Set<FieldName> {
    Set(columns.compactMap { if case .field(let name) = $0.content { name } else { nil } })
  }

  /// - Parameter name: what a refusal calls the template.
  /// - Throws: `.misconfigured`, with what is missing in it.
  init(_ text: String, named name: String) throws(ConnectorError) {
    let heads: [String]
    do {
      let delimiter = CSVDelimiter.guessed(string: text)
      self.delimiter = delimiter.rawValue
      heads = try EnumeratedCSV(string: text, delimiter: delimiter, loadColumns: false, rowLimit: 1).header
    } catch {
      throw Self.unusable("\(name) is no CSV file that can be read")
    }
    hasMark = text.unicodeScalars.first == "\u{feff}"
    columns = heads.map { Column(head: $0, content: Self.content(of: $0), isRequired: Self.isRequired($0)) }
    let filled = filled
    let there = heads.filter { !$0.isBlank }
    guard !there.isEmpty else { throw Self.unusable("\(name) names no columns in its first line") }
    for (field, what) in [("email", "the e-mail address"), ("employee-ids", "the employee ids")]
      as [(FieldName, String)]
    where !filled.contains(field) {
      throw Self.unusable("\(name) has no column for \(what); it has \(there.joined(separator: ", "))")
    }
    if let column = columns.first(where: { $0.isRequired && $0.content == .nothing }) {
      throw Self.unusable("\(name) demands the column \"\(column.head)\", and kith has nothing to fill it with")
    }
  }

  private static func unusable(_ words: String) -> ConnectorError {
    ConnectorError(
      .misconfigured, "the template \(words)",
      hint: "download it again from Crewhu, Settings > Organization > Employees > CSV Upload", delivery: .notSent)
  }

  private static func content(of head: String) -> Content {
    let key = key(head)
    if key == CrewhuFields.inactive { return .inactive }
    return CrewhuFields.all.first { $0.columns.contains(key) }.map { .field($0.name) } ?? .nothing
  }

  /// A head without case, blanks, signs, what stands in parentheses, and the words that only mark it.
  static func key(_ head: String) -> String {
    var key = ""
    var depth = 0
    for scalar in head.lowercased().unicodeScalars {
      if scalar == "(" { depth += 1 }
      if depth == 0, scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        key.unicodeScalars.append(scalar)
      }
      if scalar == ")" { depth = max(0, depth - 1) }
    }
    for word in ["required", "optional"] where key.hasSuffix(word) && key != word { key.removeLast(word.count) }
    return key
  }

  static func isRequired(_ head: String) -> Bool {
    head.contains("*") || head.lowercased().contains("required")
  }
}
