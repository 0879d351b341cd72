/// A session written down: lines that are typed, and all that comes back.
import Foundation

/// One transcript: a text whose lines are prose, directives, typed lines, and the answers below them.
///
/// - `# …` is prose.
/// - `//sandbox companies=3 people=40 seed=1` starts the emulated vendors; it stands before the first typed line.
/// - `//attended` lets questions be asked; `//answer TEXT` is what the next one is answered.
/// - `//outside METHOD PATH {json}` changes the world at a vendor; `//advance 3600` moves both clocks, in seconds.
/// - `//scheduler 60` lets `kith scheduler` work for so many seconds of both clocks.
/// - `//file NAME TEXT` adds a line to a file in the session's folder, `//erase NAME` removes the file.
/// - `//script NAME TEXT` adds a line to a saved script; `//mode 666 PATH` changes the mode of a file in the home.
/// - `//home` goes on in a new home, where nothing is set up.
/// - `//tools` gives the machine a `crontab` and a `systemctl`; `//routine NAME` copies a script that ships into the home.
/// - `//tenants NAME` writes a list of the companies that have a tenant.
/// - `//terminal 60` goes on at a terminal of so many columns, `//terminal` at none; both close the store and open it again.
/// - `//restart` closes the store and opens it again.
/// - `kith› LINE` is typed; `ends N` below it is the exit code where it is not 0. Lines below are the answer.
///
/// In typed lines `{m365}` and `{connectwise}` stand for the sandbox's connection parameters.
struct Transcript {
  enum Step: Equatable {
    case prose(String)
    case directive(String, String)
    case line(String, answer: String)
    /// Tab or `?` pressed where the mark `‸` stands, or at the end; nothing is run.
    case key(String, String, answer: String)
  }

  var steps: [Step]

  init(_ text: String) {
    steps = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if let typed = line.droppingPrompt {
        steps.append(.line(typed, answer: ""))
      } else if line.hasPrefix("//") {
        let words = line.dropFirst(2).split(separator: " ", maxSplits: 1).map(String.init)
        let (word, rest) = (words.first ?? "", words.count > 1 ? words[1] : "")
        steps.append(["tab", "ask"].contains(word) ? .key(word, rest, answer: "") : .directive(word, rest))
      } else if line.hasPrefix("# ") || line == "#" {
        steps.append(.prose(line))
      } else if case .line(let typed, let answer)? = steps.last {
        steps[steps.count - 1] = .line(typed, answer: answer + line + "\n")
      } else if case .key(let word, let typed, let answer)? = steps.last {
        steps[steps.count - 1] = .key(word, typed, answer: answer + line + "\n")
      } else {
        steps.append(.prose(line))
      }
    }
  }

}

/// A Markdown page with sessions in it: blocks fenced as `kith`, and directives in comments before them.
struct SessionPage {
  /// The page's lines, with the number of the session step that a line belongs to; `nil` for prose and fences.
  private var lines: [(text: String, isSession: Bool)] = []

  init(_ page: String) {
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        isInside = line == "```kith"
        lines.append((line, false))
      } else {
        lines.append((line, isInside))
      }
    }
  }

  /// All sessions of the page as one, in order.
  var transcript: Transcript {
    Transcript(
      lines.compactMap { $0.isSession ? $0.text : $0.text.directiveInComment }.joined(separator: "\n"))
  }

  /// The page with the answers that really came back, one played step for each typed line.
  func rewritten(with steps: [[String]]) -> String {
    var answers = steps.filter { $0.first?.droppingPrompt != nil }[...]
    var page: [String] = []
    for line in lines {
      if !line.isSession {
        page.append(line.text)
      } else if line.text.droppingPrompt != nil {
        page += answers.popFirst() ?? [line.text]
      }
    }
    return page.joined(separator: "\n")
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
