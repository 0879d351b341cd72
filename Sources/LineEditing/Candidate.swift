// What completion offers: the values that the language's side hands to the editor.

/// One thing that may stand at the cursor.
package struct Candidate: Sendable, Equatable {
  /// What is put into the line, quoted already where the language asks for it.
  package var text: String
  /// What is listed.
  package var label: String
  /// What it is, in a few words.
  package var description: String
  /// Live facts about it, shown dim; empty where there are none.
  package var detail: String
  /// Whether a space follows once it is the only one left.
  package var appendsSpace: Bool

  /// Makes a candidate; without a label its text is listed.
  package init(
    text: String, label: String? = nil, description: String = "", detail: String = "", appendsSpace: Bool = true
  ) {
    self.text = text
    self.label = label ?? text
    self.description = description
    self.detail = detail
    self.appendsSpace = appendsSpace
  }
}

/// The candidates for one place in a line, best first.
package struct CompletionResult: Sendable, Equatable {
  /// What a candidate replaces: UTF-8 offsets in the line, from the start of the word to the cursor or past it.
  package var replacing: Range<Int>
  /// In the order in which they are listed.
  package var candidates: [Candidate]

  package init(replacing: Range<Int>, candidates: [Candidate]) {
    self.replacing = replacing
    self.candidates = candidates
  }

  /// Nothing to offer at an offset.
  package static func nothing(at cursor: Int) -> CompletionResult {
    CompletionResult(replacing: cursor..<cursor, candidates: [])
  }
}
