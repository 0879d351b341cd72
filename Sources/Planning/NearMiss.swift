/// Keys that nearly match, with the difference marked letter by letter.
package import Model

/// A record of the other side whose key or name nearly is the record's own.
package struct NearMiss: Hashable, Sendable {
  /// Its id: at the target, or at the source for a record that only the target has.
  package var target: RecordID
  package var field: FieldName
  /// What the difference is, in words: "one letter", "only dots and dashes", "an alias", "same name, other address".
  package var difference: String
  /// What the record that is asked about has; empty where it is blank.
  package var sourceText: String
  /// What the other one has; empty where it is blank.
  package var targetText: String
  /// A line to stand under ``targetText``: a caret under each letter that differs.
  package var marks: String
  package init(
    target: RecordID, field: FieldName, difference: String, sourceText: String, targetText: String, marks: String
  ) {
    self.target = target
    self.field = field
    self.difference = difference
    self.sourceText = sourceText
    self.targetText = targetText
    self.marks = marks
  }

  init(target: RecordID, field: FieldName, difference: String, sourceText: String, targetText: String) {
    self.init(
      target: target, field: field, difference: difference, sourceText: sourceText, targetText: targetText,
      marks: Self.marks(sourceText, targetText))
  }

  /// An address without the signs that people mistype: `.`, `-`, `_`, `+` and spaces, in lower case.
  static func skeleton(_ key: String) -> String {
    String(key.lowercased().filter { !".-_+ \u{a0}".contains($0) })
  }

  /// What two texts of one skeleton differ in.
  static func signs(_ left: String, _ right: String) -> String {
    if left.lowercased() == right.lowercased() { return "only capital and small letters" }
    let blanks = [left, right].map { $0.lowercased().filter { !" \u{a0}".contains($0) } }
    return blanks[0] == blanks[1] ? "only spaces" : "only signs such as . - _"
  }

  /// Whether two texts are one edit apart: a letter put in, left out, changed, or two neighbours swapped.
  static func isOneEdit(_ left: String, _ right: String) -> Bool {
    let a = Array(left)
    let b = Array(right)
    guard a != b, abs(a.count - b.count) <= 1 else { return false }
    var head = 0
    while head < min(a.count, b.count), a[head] == b[head] { head += 1 }
    var tail = 0
    while tail < min(a.count, b.count) - head, a[a.count - 1 - tail] == b[b.count - 1 - tail] { tail += 1 }
    let middleA = a[head..<(a.count - tail)]
    let middleB = b[head..<(b.count - tail)]
    if middleA.count <= 1 && middleB.count <= 1 { return true }
    return middleA.count == 2 && Array(middleA.reversed()) == Array(middleB)
  }

  /// A caret under each letter of the second text that the first does not have there.
  static func marks(_ source: String, _ target: String) -> String {
    let a = Array(source)
    let b = Array(target)
    if source.lowercased() == target.lowercased(), a.count == b.count {
      return String(zip(a, b).map { $0 == $1 ? " " : "^" })
    }
    var head = 0
    while head < min(a.count, b.count), a[head] == b[head] { head += 1 }
    var tail = 0
    while tail < min(a.count, b.count) - head, a[a.count - 1 - tail] == b[b.count - 1 - tail] { tail += 1 }
    // A letter that is missing in the target is marked at the place where it would stand.
    let width = max(1, b.count - tail - head)
    return String(repeating: " ", count: head) + String(repeating: "^", count: width)
  }
}
