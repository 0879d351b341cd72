/// Lists whose items carry a type, as texts that can be read, compared and turned back: "work: rui@example.org".
import Foundation
import Model

enum GoogleItems {
  /// `TYPE: VALUE`; a value without a type stands alone, unless it could be taken for one that has one.
  static func item(type: String?, value: String) -> String {
    guard let type, !type.isBlank else { return split(value) == nil ? value : ": \(value)" }
    let head = type.trimmedNFC.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: ":", with: "\\:")
    return "\(head): \(value)"
  }

  static func parsed(_ item: String) -> (type: String?, value: String) {
    guard let (head, value) = split(item) else { return (nil, item) }
    return (head.isEmpty ? nil : head, value)
  }

  /// The head and what follows the first ": " that is not escaped.
  private static func split(_ item: String) -> (head: String, value: String)? {
    var head = ""
    var index = item.startIndex
    while index < item.endIndex {
      let next = item.index(after: index)
      switch item[index] {
      case "\\" where next < item.endIndex:
        head.append(item[next])
        index = item.index(after: next)
        continue
      case ":" where next < item.endIndex && item[next] == " ":
        return (head, String(item[item.index(after: next)...]))
      case let character: head.append(character)
      }
      index = next
    }
    return nil
  }

  /// `key=value; key=value`, in the order given; blank values are left out.
  static func parts(_ pairs: [(key: String, value: String?)]) -> String {
    pairs.compactMap { key, value -> String? in
      guard let value, !value.isBlank else { return nil }
      let escaped = value.trimmedNFC.replacingOccurrences(of: "\\", with: "\\\\")
        .replacingOccurrences(of: ";", with: "\\;")
      return "\(key)=\(escaped)"
    }.joined(separator: "; ")
  }

  /// The pairs of a text of parts; `nil` when it is none.
  static func parsedParts(_ text: String) -> [String: String]? {
    var parts = [""]
    var index = text.startIndex
    while index < text.endIndex {
      let next = text.index(after: index)
      switch text[index] {
      case "\\" where next < text.endIndex:
        parts[parts.count - 1].append(text[next])
        index = text.index(after: next)
        continue
      case ";": parts.append("")
      case let character: parts[parts.count - 1].append(character)
      }
      index = next
    }
    var pairs: [String: String] = [:]
    for part in parts where !part.isBlank {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { return nil }
      pairs[String(pair[0]).trimmedNFC] = String(pair[1]).trimmedNFC
    }
    return pairs
  }

  /// `2001-02-03`, or `--02-03` without a year; `nil` for what names no day. Years and months alone are left out.
  static func date(_ date: JSONValue?) -> String? {
    guard let date, let month = date.number("month"), let day = date.number("day"), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    guard let year = date.number("year"), year > 0 else { return "--\(two(month))-\(two(day))" }
    return "\(String(repeating: "0", count: max(0, 4 - String(year).count)))\(year)-\(two(month))-\(two(day))"
  }

  static func parsedDate(_ text: String) -> JSONValue? {
    let hasYear = !text.hasPrefix("--")
    let numbers = (hasYear ? text : String(text.dropFirst(2))).split(separator: "-", omittingEmptySubsequences: false)
      .map { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0) : nil }
    let parts = numbers.compactMap { $0 }
    guard parts.count == numbers.count, parts.count == (hasYear ? 3 : 2), let day = parts.last, (1...31).contains(day)
    else { return nil }
    let month = parts[parts.count - 2]
    guard (1...12).contains(month) else { return nil }
    var members: [String: JSONValue] = ["month": .number(month), "day": .number(day)]
    if hasYear {
      guard parts[0] > 0, parts[0] < 10_000 else { return nil }
      members["year"] = .number(parts[0])
    }
    return .object(members)
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
