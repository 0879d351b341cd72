/// A session written down: lines that are typed, and all that comes back.
import Foundation

/// One transcript: a text whose lines are prose, directives, typed lines, and the answers below them.
///
/// - `# …` is prose.
/// - `//sandbox companies=3 people=40 seed=1` starts the emulated vendors; it stands before the first typed line.
/// - `//attended` lets questions be asked; `//answer TEXT` is what the next one is answered.
/// - `//outside METHOD PATH {json}` changes the world at a vendor; `//advance 3600` moves both clocks, in seconds.
/// - `//restart` closes the store and opens it again.
/// - `kith› LINE` is typed; `ends N` below it is the exit code where it is not 0. Lines below are the answer.
///
/// In typed lines `{m365}` and `{connectwise}` stand for the sandbox's connection parameters.
struct Transcript {
  enum Step: Equatable {
    case prose(String)
    case directive(String, String)
    case line(String, answer: String)
  }

  var steps: [Step]

  init(_ text: String) {
    steps = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if let typed = line.droppingPrompt {
        steps.append(.line(typed, answer: ""))
      } else if line.hasPrefix("//") {
        let words = line.dropFirst(2).split(separator: " ", maxSplits: 1).map(String.init)
        steps.append(.directive(words.first ?? "", words.count > 1 ? words[1] : ""))
      } else if line.hasPrefix("# ") || line == "#" {
        steps.append(.prose(line))
      } else if case .line(let typed, let answer)? = steps.last {
        steps[steps.count - 1] = .line(typed, answer: answer + line + "\n")
      } else {
        steps.append(.prose(line))
      }
    }
  }

  /// The blocks of a Markdown page that are fenced as `kith`, as one session.
  init(markdown: String) {
    var isInside = false
    var lines: [String] = []
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        isInside = line == "```kith"
        continue
      }
      if isInside { lines.append(line) }
      if let directive = line.directiveInComment { lines.append(directive) }
    }
    self.init(lines.joined(separator: "\n"))
  }
}

extension String {
  /// The typed part of a line with a prompt: `kith› x`, `kith acme› x`.
  var droppingPrompt: String? {
    guard hasPrefix("kith"), let end = range(of: "› ") else { return nil }
    return String(self[end.upperBound...])
  }

  /// A directive hidden in a Markdown comment: `<!-- //outside … -->`.
  fileprivate var directiveInComment: String? {
    guard hasPrefix("<!-- //"), hasSuffix(" -->") else { return nil }
    return String(dropFirst(5).dropLast(4))
  }
}
