/// Facts into words: evidence, values and changes as gate lines and headlines show them.
import Foundation
import Model

enum Wording {
  /// The evidence in one line: "licences: none (Microsoft 365); wanted: any licence · …".
  static func detail(_ cause: Cause) -> String {
    guard !cause.evidence.isEmpty else { return cause.reason.sentence }
    // Candidates speak for themselves.
    let isList = cause.reason == .ambiguousTarget || cause.reason == .ambiguousSource
    return cause.evidence.map { isList ? $0.found : phrase($0) }.joined(separator: " · ")
  }

  static func phrase(_ evidence: Evidence) -> String {
    let place = evidence.place.map { " (\($0))" } ?? ""
    guard let wanted = evidence.wanted, wanted != evidence.found else {
      return "\(evidence.attribute) \(evidence.relation) \(evidence.found)\(place)"
    }
    let list = evidence.relation == "is one of" ? "one of " : ""
    return "\(evidence.attribute): \(evidence.found)\(place); wanted: \(list)\(wanted)"
  }

  /// `"Clerk"`, or ‹blank›, or ‹not given›.
  static func value(_ value: FieldValue?) -> String {
    guard let value else { return "‹not given›" }
    return value.isBlank ? "‹blank›" : "\"\(value.displayed)\""
  }

  /// `title   "Clerk" → "Office manager"`.
  static func values(of change: FieldChange) -> String {
    guard let old = change.shownOld else { return "\(change.field)   \(value(change.shownNew))" }
    return "\(change.field)   \(value(old)) → \(value(change.shownNew))"
  }

  /// "contacts", "companies".
  static func plural(_ noun: String) -> String {
    noun.hasSuffix("y") && !noun.hasSuffix("ey") ? noun.dropLast() + "ies" : noun + "s"
  }

  /// "a", "a and b", "a, b and c".
  static func list(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// "1 record", "2 records".
  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(number == 1 ? noun : plural(noun))" }

  static func values(of note: FieldNote, _ situation: Situation) -> String {
    let (source, target) = (situation.sourceSystem.name, situation.targetSystem.name)
    var text = "\(source) \(value(note.source)), \(target) \(value(note.target))"
    if let other = note.otherBaseline, let baseline = note.baseline {
      if !(baseline.isBlank && other.isBlank) {
        text += ", settled as " + (baseline == other ? value(other) : "\(value(baseline)) and \(value(other))")
      }
    } else if let baseline = note.baseline, !baseline.isBlank {
      text += ", settled as \(value(baseline))"
    }
    return text
  }

  /// What is different in a pair that is plainly in step, and why it may be: one clause a kind of difference; `nil` where
  /// nothing differs.
  static func resting(_ notes: [FieldNote], _ situation: Situation) -> String? {
    let (source, target) = (situation.sourceSystem.name, situation.targetSystem.name)
    let order: [(reason: Reason, text: String)] = [
      (.blankAtSource, "what \(source) leaves blank is left to \(target)"),
      (.blankAtTarget, "what \(target) leaves blank is left to \(source)"),
      (.readOnlySide, "what \(target) does not take stays different"),
      (.equalAfterNormalising, "only the form differs"),
    ]
    let clauses = order.compactMap { reason, text -> String? in
      let fields = notes.filter { $0.reason == reason }.map(\.field.rawValue)
      return fields.isEmpty ? nil : "\(text) (\(fields.joined(separator: ", ")))"
    }
    return clauses.isEmpty ? nil : clauses.joined(separator: "; ")
  }

  static func evidence(of change: FieldChange, at place: String) -> Evidence {
    Evidence(
      change.field.rawValue, "is", wanted: change.new.isBlank ? "‹blank›" : change.shownNew.displayed,
      found: change.old?.isBlank == false ? change.shownOld?.displayed ?? "" : "‹blank›", at: place)
  }

  static func evidence(of note: FieldNote, at place: String) -> Evidence {
    Evidence(
      note.field.rawValue, "is", wanted: note.source?.isBlank == false ? note.source?.displayed : "‹blank›",
      found: note.target?.isBlank == false ? note.target?.displayed ?? "" : "‹blank›", at: place)
  }
}

extension String {
  /// As it is typed in a command: itself when it is one word of the language, else in double quotes.
  var typed: String {
    let first = unicodeScalars.first.map {
      $0.properties.isAlphabetic || Self.digits.contains($0) || "@/~*".unicodeScalars.contains($0)
    }
    let isWord =
      first == true
      && unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || Self.digits.contains($0) || "@/~*_.+-:%".unicodeScalars.contains($0)
      }
    guard !isWord else { return self }
    return "\"" + replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
  }

  private static let digits: ClosedRange<Unicode.Scalar> = "0"..."9"
}
