// What the arrow keys go through, and where in it they are.

/// The lines of before, and the one that is shown now.
///
/// Going up from a line that somebody typed gives only the lines that begin with it.
struct LineHistory {
  /// Oldest first.
  private var lines: [String]
  private let limit: Int
  /// What was typed when the keys began to go through the lines, and which of them is shown.
  private var walk: Walk?

  private struct Walk {
    var typed: String
    var shown: String
    var place: Int
  }

  init(_ lines: [String], limit: Int) {
    self.limit = limit
    self.lines = []
    for line in lines.suffix(limit) { add(line) }
  }

  /// Makes a line the newest; one equal to the newest, or an empty one, is left out.
  mutating func add(_ line: String) {
    walk = nil
    guard !line.isEmpty, line != lines.last else { return }
    lines.append(line)
    if lines.count > limit { lines.removeFirst(lines.count - limit) }
  }

  /// How the newest line goes on that begins with a text and is longer.
  func rest(of text: String) -> String? {
    guard !text.isEmpty else { return nil }
    let typed = text.utf8
    let line = lines.last { $0.utf8.count > typed.count && $0.utf8.starts(with: typed) }
    return line.flatMap { $0.slice(typed.count..<$0.utf8.count) }
  }

  /// The next older line that begins with what was typed and is not what is shown.
  mutating func older(than text: String) -> String? {
    let walked = walk.flatMap { $0.shown == text ? $0 : nil } ?? Walk(typed: text, shown: text, place: lines.count)
    let place = lines[..<walked.place].lastIndex { $0.hasPrefix(walked.typed) && $0 != text }
    guard let place else { return nil }
    walk = Walk(typed: walked.typed, shown: lines[place], place: place)
    return lines[place]
  }

  /// The next newer one, and at the end what was typed.
  mutating func newer(than text: String) -> String? {
    guard let walked = walk, walked.shown == text else { return nil }
    let place = lines[(walked.place + 1)...].firstIndex { $0.hasPrefix(walked.typed) && $0 != text }
    guard let place else {
      walk = nil
      return walked.typed
    }
    walk = Walk(typed: walked.typed, shown: lines[place], place: place)
    return lines[place]
  }
}
