// What Tab does, decided from the line and the candidates alone.

/// What one press of Tab does to the line.
package enum CompletionStep: Equatable {
  /// Replaces a range of the line, counted in UTF-8, and leaves the cursor behind the text.
  case replace(Range<Int>, with: String)
  /// Shows the candidates below the line.
  case list([Candidate])
  /// There is nothing to offer.
  case nothing

  /// Decides: a single candidate is put in, then what all have in common, and only then are they listed.
  ///
  /// Candidates that begin with what is typed go before those that only have it inside a word: these are listed with the
  /// rest, and put in only where no other begins so.
  ///
  /// A range outside the line, or one that cuts a character in two, counts as nothing.
  package init(line: String, result: CompletionResult) {
    let bytes = line.utf8
    guard let typed = line.slice(result.replacing), !result.candidates.isEmpty else {
      self = .nothing
      return
    }
    let leading = result.candidates.filter { $0.text.lowercased().hasPrefix(typed.lowercased()) }
    let meant = leading.isEmpty ? result.candidates : leading
    if meant.count == 1, let first = meant.first {
      let rest = bytes.dropFirst(result.replacing.upperBound)
      let swallowsSpace = first.appendsSpace && rest.first == UInt8(ascii: " ")
      let range = result.replacing.lowerBound..<result.replacing.upperBound + (swallowsSpace ? 1 : 0)
      self = .replace(range, with: first.text + (first.appendsSpace ? " " : ""))
      return
    }
    let common = CompletionLayout.commonPrefix(of: meant.map(\.text))
    let extends = common.count > typed.count && common.lowercased().hasPrefix(typed.lowercased())
    self = extends ? .replace(result.replacing, with: common) : .list(result.candidates)
  }
}

extension String {
  /// The text between two UTF-8 offsets; `nil` when they lie outside or inside a scalar.
  func slice(_ range: Range<Int>) -> String? {
    guard range.lowerBound >= 0, range.upperBound <= utf8.count else { return nil }
    let start = utf8.index(startIndex, offsetBy: range.lowerBound)
    let end = utf8.index(startIndex, offsetBy: range.upperBound)
    guard start.samePosition(in: unicodeScalars) != nil, end.samePosition(in: unicodeScalars) != nil else { return nil }
    return String(self[start..<end])
  }
}
