// Ctrl-R: a search through what was typed before, as a value; the keys change it and rows show it.

/// What a search asks for.
package struct HistoryQuery: Sendable, Equatable {
  /// Which lines it is about.
  package enum Scope: Sendable, Equatable, CaseIterable {
    case everything
    /// Lines that were typed while what is in use now was in use.
    case company
    /// Lines that ended with 0.
    case succeeded
  }

  /// What the lines hold.
  package var text: String
  package var scope: Scope

  package init(text: String = "", scope: Scope = .everything) {
    self.text = text
    self.scope = scope
  }
}

/// A line that was found.
package struct HistoryMatch: Sendable, Equatable {
  package var line: String
  /// When it was typed, "3 h ago".
  package var age: String
  /// What was in use; empty for nothing.
  package var company: String
  package var succeeded: Bool

  package init(line: String, age: String, company: String, succeeded: Bool) {
    self.line = line
    self.age = age
    self.company = company
    self.succeeded = succeeded
  }
}

/// A search under way.
struct HistorySearch {
  /// What a key makes of it.
  enum Step: Equatable {
    case changed
    /// The chosen line is put into the editor, where it can be changed before it is run.
    case taken(String)
    case left
    case nothing
  }

  private(set) var query = HistoryQuery()
  private(set) var matches: [HistoryMatch] = []
  private(set) var chosen = 0
  private let find: (HistoryQuery) -> [HistoryMatch]

  /// - Parameter text: what stood in the line, which is looked for first.
  init(text: String, find: @escaping (HistoryQuery) -> [HistoryMatch]) {
    self.find = find
    query.text = text
    matches = find(query)
  }

  mutating func take(_ key: KeyStroke) -> Step {
    switch key {
    case .text(let scalar): query.text.unicodeScalars.append(scalar)
    case .control("H"):
      guard !query.text.isEmpty else { return .nothing }
      query.text.removeLast()
    case .control("U"): query.text = ""
    case .control("I"):
      let scopes = HistoryQuery.Scope.allCases
      query.scope = scopes[((scopes.firstIndex(of: query.scope) ?? 0) + 1) % scopes.count]
    case .control("R"), .down, .control("N"): return choose(chosen + 1)
    case .control("S"), .up, .control("P"): return choose(chosen - 1)
    case .control("M"), .control("J"), .right:
      return matches.indices.contains(chosen) ? .taken(matches[chosen].line) : .nothing
    case .escape, .control("C"), .control("G"): return .left
    case .control, .left, .other: return .nothing
    }
    matches = find(query)
    chosen = 0
    return .changed
  }

  private mutating func choose(_ place: Int) -> Step {
    guard matches.indices.contains(place) else { return .nothing }
    chosen = place
    return .changed
  }

  /// The rows that show it: what is asked, then the lines, the chosen one marked, and in each what was looked for.
  func rows(columns: Int, most: Int, colors: Bool, unicode: Bool) -> [String] {
    let ink = SearchInk(colors: colors, unicode: unicode)
    let first = max(0, chosen - most + 1)
    let shown = matches[first..<min(first + most, matches.count)]
    let ages = shown.map { ink.safe($0.age) }
    let width = ages.map(DisplayWidth.of).max() ?? 0
    let lines = zip(shown, ages).enumerated().map { number, pair in
      let (match, age) = pair
      let isChosen = first + number == chosen
      let mark = isChosen ? (unicode ? "› " : "> ") : "  "
      let company = match.company.isEmpty ? "" : "  " + ink.safe(match.company)
      let facts = DisplayWidth.padding(age, to: width, alignment: .right) + (match.succeeded ? "  " : " ! ")
      let room = max(8, columns - 2 - DisplayWidth.of(facts) - DisplayWidth.of(company))
      let line = ink.marked(query.text, in: ink.cut(ink.safe(match.line), to: room), isChosen: isChosen)
      return mark + ink.dim(facts) + line + ink.dim(company)
    }
    let none = matches.isEmpty ? [ink.dim("  no line of the history holds that")] : []
    return [head(columns: columns, ink)] + lines + none
  }

  private func head(columns: Int, _ ink: SearchInk) -> String {
    let scope =
      switch query.scope {
      case .everything: "everything"
      case .company: "of what is in use"
      case .succeeded: "ended well"
      }
    let asked = "history: " + ink.safe(query.text)
    let keys = "   [\(scope)]  Tab narrows, Enter takes, Esc leaves"
    let room = columns - DisplayWidth.of(asked) - 1
    return DisplayWidth.truncating(asked, to: columns - 1) + ink.cursor
      + (room > 12 ? ink.dim(ink.cut(keys, to: room)) : "")
  }
}

/// How the rows of a search are inked.
private struct SearchInk {
  let colors: Bool
  let unicode: Bool

  /// Where the next letter goes.
  var cursor: String { colors ? "\u{1B}[7m \u{1B}[0m" : "_" }

  func safe(_ text: String) -> String { showable(text, unicode: unicode) }

  func cut(_ text: String, to columns: Int) -> String {
    DisplayWidth.truncating(text, to: columns, unicode: unicode)
  }

  func dim(_ text: String) -> String { colors && !text.isEmpty ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// The text with the first place of what was looked for underlined, the chosen one bold.
  func marked(_ wanted: String, in text: String, isChosen: Bool) -> String {
    guard colors else { return text }
    let base = isChosen ? "\u{1B}[0;1m" : "\u{1B}[0m"
    guard let place = text.lowercased().utf8.firstPlace(of: wanted.lowercased().utf8),
      let before = text.slice(0..<place.lowerBound), let found = text.slice(place),
      let after = text.slice(place.upperBound..<text.utf8.count)
    else { return base + text + "\u{1B}[0m" }
    return base + before + "\u{1B}[4;33m" + found + base + after + "\u{1B}[0m"
  }
}

extension String.UTF8View {
  /// Where the bytes of another text begin and end in this one; `nil` where they are not there or are none.
  fileprivate func firstPlace(of other: String.UTF8View) -> Range<Int>? {
    let (bytes, wanted) = (Array(self), Array(other))
    guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
    let start = (0...(bytes.count - wanted.count)).first { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    return start.map { $0..<$0 + wanted.count }
  }
}
