// What the editor asks of the language's side while a line is edited.

/// The questions of the editor, each a closure that is called on the thread that reads the line.
///
/// Offsets are counted in UTF-8. The closures for keys must answer from memory or one look-up: a person waits for them.
package struct LineAssistant {
  /// What may stand at an offset of a text; asked when Tab is pressed.
  package var complete: (String, Int) -> CompletionResult
  /// What may follow at an offset, with what it means; asked when `?` is pressed.
  package var list: (String, Int) -> [Candidate]
  /// What becomes of a text when Enter is pressed at its end: the text, indented, and whether it goes on in a further row
  /// instead of being run.
  package var continuation: (String) -> (text: String, goesOn: Bool)
  /// What is shown with a text, asked after each key, with how the newest earlier line goes on that begins with it where
  /// the cursor is at its end; `nil`: nothing is ever shown.
  package var annotate: ((String, Int, String?) -> LineAnnotation)?
  /// What Ctrl-R finds; `nil`: there is nothing to search.
  package var search: ((HistoryQuery) -> [HistoryMatch])?
  /// What has happened since it was asked last, a row each, to be printed above the prompt; asked once a second.
  package var news: (() -> [String])?

  package init(
    complete: @escaping (String, Int) -> CompletionResult = { CompletionResult.nothing(at: $1) },
    list: @escaping (String, Int) -> [Candidate] = { _, _ in [] },
    continuation: @escaping (String) -> (text: String, goesOn: Bool) = { ($0, false) },
    annotate: ((String, Int, String?) -> LineAnnotation)? = nil,
    search: ((HistoryQuery) -> [HistoryMatch])? = nil,
    news: (() -> [String])? = nil
  ) {
    self.complete = complete
    self.list = list
    self.continuation = continuation
    self.annotate = annotate
    self.search = search
    self.news = news
  }
}
