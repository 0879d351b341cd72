/// In what two records differ of which one key is equal and the other is not.
import Model

/// The values of the key that is not equal, and the two of them that are most alike.
struct KeyDifference {
  /// The field that differs, at the target and at the source.
  let field: FieldName
  let sourceField: FieldName
  /// `nil` where one side has no value at all.
  let nearest: (source: String, target: String)?

  /// - Parameter isByKey: the rule's own key is equal, and the list is not.
  init(_ source: Record, _ target: Record, _ rule: MatchRule, _ meeting: MatchRule.Meeting, isByKey: Bool) {
    sourceField = isByKey ? meeting.source : rule.source
    field = isByKey ? meeting.target : rule.targets.first ?? rule.source
    nearest = Self.nearest(Self.texts(source.fields[sourceField]), Self.texts(target.fields[field]))
  }

  /// "only capital and small letters", "only spaces", "one letter", "another value".
  var words: String {
    guard let nearest else { return "not given" }
    if NearMiss.skeleton(nearest.source) == NearMiss.skeleton(nearest.target) {
      return NearMiss.signs(nearest.source, nearest.target)
    }
    return NearMiss.isOneEdit(nearest.source, nearest.target) ? "one letter" : "another value"
  }

  /// Values as evidence shows them: in quotes, so that a blank at an end is seen.
  static func quoted(_ value: FieldValue?) -> String {
    let texts = texts(value)
    return texts.isEmpty ? "‹blank›" : texts.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  private static func texts(_ value: FieldValue?) -> [String] {
    (value?.items ?? value?.text.map { [$0] } ?? []).filter { !$0.isBlank }
  }

  private static func nearest(_ left: [String], _ right: [String]) -> (source: String, target: String)? {
    let pairs = left.flatMap { one in right.map { (source: one, target: $0) } }
    return pairs.min { distance($0) < distance($1) }
  }

  /// What a person mistypes counts less than any other letter.
  private static func distance(_ pair: (source: String, target: String)) -> Int {
    if NearMiss.skeleton(pair.source) == NearMiss.skeleton(pair.target) { return 0 }
    let longest = max(pair.source.unicodeScalars.count, pair.target.unicodeScalars.count)
    return EditDistance.between(pair.source, pair.target, atMost: longest) ?? longest
  }
}
