/// Completion and listing: what the language expects, as the editor shows it.
import CommandLanguage
package import LineEditing

package struct Completing: Sendable {
  private let vocabulary: ShellVocabulary
  /// How long may be spent on looking for live facts.
  private let time: Duration
  /// So many rows are worth looking at; the editor says how many more there are.
  private static let limit = 200

  package init(_ session: Session, within time: Duration = .milliseconds(4)) {
    vocabulary = ShellVocabulary(session: session)
    self.time = time
  }

  /// What Tab may put at a UTF-8 offset.
  package func result(_ line: String, at cursor: Int) -> CompletionResult {
    let found = completions(in: line, at: cursor, vocabulary: vocabulary.atKey(within: time), limit: Self.limit)
    return CompletionResult(replacing: found.replacing, candidates: found.entries.map(candidate))
  }

  /// What may follow there, for `?`: first the kinds of text that cannot be listed.
  package func listing(_ line: String, at cursor: Int) -> [Candidate] {
    let found = completions(in: line, at: cursor, vocabulary: vocabulary.atKey(within: time), limit: Self.limit)
    return (found.placeholders + found.entries).map(candidate)
  }

  private func candidate(_ entry: Completion) -> Candidate {
    Candidate(
      text: entry.insertion, label: entry.text, description: entry.description, detail: entry.detail,
      appendsSpace: !entry.isOpen)
  }
}
