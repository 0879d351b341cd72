/// What the editor is told while a person types: colours, hints, usage, errors, what was typed before.
import CommandLanguage
import Foundation
import LineEditing
import Model
import Storage

/// The language's side of the line editor, for one line at a time.
///
/// Names are read from the store once for a line, as the store does not change while one person types.
final class Typing {
  private let session: Session
  private var vocabulary: ShellVocabulary
  private var shown = Shown()

  init(session: Session) {
    self.session = session
    vocabulary = ShellVocabulary(session: session)
  }

  /// What is shown at all, as the settings say when a line begins.
  private struct Shown {
    var hints = false
    var colors = false
    var usage = false
    var isNothing: Bool { !hints && !colors && !usage }
  }

  /// A new line is read.
  func begin() {
    shown = Shown(
      hints: session.flag(of: .shellHints), colors: session.flag(of: .shellColors), usage: session.flag(of: .shellUsage)
    )
    vocabulary = ShellVocabulary(session: session)
    vocabulary.held = HeldLookups()
  }

  /// What the editor asks, as it asks it.
  var assistant: LineAssistant {
    let completing = Completing(session)
    return LineAssistant(
      complete: completing.result, list: completing.listing,
      continuation: { line in
        let entered = entered(line)
        return (entered.text, entered.goesOn)
      },
      annotate: { line, cursor, remembered in self.annotation(line, at: cursor, remembered: remembered) },
      search: { query in self.matches(query) },
      news: News(session: session).take)
  }

  /// A longer text was pasted, and is not worth the wait after each key.
  private static let longestLine = 4_096

  /// - Parameter remembered: how an earlier line goes on from this one.
  private func annotation(_ line: String, at cursor: Int, remembered: String?) -> LineAnnotation {
    guard !line.isEmpty, line.utf8.count <= Self.longestLine, !shown.isNothing else { return .none }
    // No facts, and nothing inside words: the next key may come at once.
    vocabulary.deadline = ContinuousClock.now
    let checked = session.check(line, isTyped: true, variables: session.typedNames.shapes, knowing: vocabulary)
    let live = liveLine(checked.script, findings: checked.findings, at: cursor, vocabulary: checked.vocabulary)
    return LineAnnotation(
      spans: shown.colors ? live.highlights.map { .init($0.range, $0.kind.ink) } : [],
      hint: shown.hints ? remembered.map { .rest($0) } ?? live.hint.map(\.shown) : nil,
      notes: shown.usage ? live.note.map { [$0.shown] } ?? [] : [])
  }

  private func matches(_ query: HistoryQuery) -> [HistoryMatch] {
    let company = query.scope == .company ? session.context?.name : nil
    let found = try? session.store.history(
      matching: query.text, company: company, onlySucceeded: query.scope == .succeeded, limit: Self.mostMatches)
    return (found ?? []).map { entry in
      HistoryMatch(
        line: entry.line, age: relative(entry.at, to: session.now), company: entry.company ?? "",
        succeeded: entry.exitCode == ExitCode.done.rawValue)
    }
  }

  private static let mostMatches = 100
}

extension LiveLine.Note {
  fileprivate var shown: LineAnnotation.Note {
    switch self {
    case .usage(let text): LineAnnotation.Note(text)
    case .error(let text): LineAnnotation.Note(text, .wrong)
    }
  }
}

extension LiveLine.Hint {
  fileprivate var shown: LineAnnotation.Hint {
    switch self {
    case .rest(let text): .rest(text)
    case .wanted(let text): .wanted(text)
    }
  }
}

extension Highlight.Kind {
  fileprivate var ink: LineAnnotation.Ink {
    switch self {
    case .verb: .verb
    case .keyword: .keyword
    case .name: .name
    case .field: .field
    case .text: .text
    case .number: .number
    case .variable: .variable
    case .mark: .plain
    case .comment: .comment
    case .wrong: .wrong
    }
  }
}
