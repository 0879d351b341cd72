// Patterns with stars, as fault rules and the operator `like` use them.

/// Whether a text fits a pattern in which `*` stands for any text, compared without regard to case.
func glob(_ pattern: String, matches text: String) -> Bool {
  let pattern = Array(pattern.lowercased().utf8)
  let text = Array(text.lowercased().utf8)
  var inPattern = 0
  var inText = 0
  var lastStar: Int?
  var afterStar = 0
  while inText < text.count {
    if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
      lastStar = inPattern
      afterStar = inText
      inPattern += 1
    } else if inPattern < pattern.count, pattern[inPattern] == text[inText] {
      inPattern += 1
      inText += 1
    } else if let star = lastStar {
      afterStar += 1
      inText = afterStar
      inPattern = star + 1
    } else {
      return false
    }
  }
  return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
}
