/// The manual page: the same pages as `help`, in the words of troff.
import CommandLanguage
package import Foundation
import Model

package struct ManualPage {
  /// A command of `kith` itself, as its arguments declare it.
  package struct Command {
    package var name: String
    package var usage: String
    package var summary: String
    package var details: String
    /// Its options and arguments with what they mean.
    package var options: [(name: String, meaning: String)]

    package init(
      name: String, usage: String, summary: String, details: String, options: [(name: String, meaning: String)]
    ) {
      (self.name, self.usage, self.summary, self.details, self.options) = (name, usage, summary, details, options)
    }
  }

  private let commands: [Command]
  /// The day that stands under the page.
  private let date: Date

  package init(commands: [Command], date: Date) { (self.commands, self.date) = (commands, date) }

  /// What kith looks at in its environment.
  package static let environment: [(name: String, meaning: String)] = [
    ("KITH_HOME", "the folder with the store and the vault, unless --home names one"),
    ("XDG_DATA_HOME", "where that folder, kith, is else; without it ~/.local/share"),
    ("XDG_CONFIG_HOME", "where install schedules puts units of systemd; without it ~/.config"),
    ("VISUAL, EDITOR", "what edit opens a script with, the first that is set"),
    ("PAGER", "what shows a list that is longer than the screen"),
    ("NO_COLOR", "set to anything: no colours, unless --color says always"),
    ("TERM", "dumb: no colours and no redrawing"),
    ("COLUMNS", "how wide the terminal is, where it does not say so itself"),
    ("LANG, LC_ALL", "whether signs beyond ASCII can be shown"),
  ]

  /// The page, for `man -l`.
  package var text: String {
    let lines =
      [
        ".TH KITH 1 \(exact(date).prefix(10)) kith", ".SH NAME",
        "kith \\- keep people and companies in step between systems", ".SH SYNOPSIS",
      ]
      + synopsis + [".SH DESCRIPTION"]
      + paragraphs(
        """
        kith reads records from two systems, says what differs and why, and writes only what was looked at or what limits \
        allow. Without arguments it is a shell: at a terminal it asks for lines, else it runs the text on standard input. \
        help lists the verbs there, and help first leads from nothing to the first sync.
        """) + [".SH COMMANDS"] + commands.flatMap(section)
      + [".SH VERBS"] + HelpTopics.verbs.flatMap { section($0.page()) }
      + [".SH WORDS OF SCRIPTS"] + HelpTopics.statements.flatMap { section($0.page()) }
      + [".SH LANGUAGE"] + HelpTopics.language.filter { $0.word != "exit" }.flatMap { section($0.page()) }
      + [".SH LISTS"] + HelpTopics.lists.flatMap { term($0.word, $0.summary) }
      + [".SH REASONS"] + HelpTopics.reasons.flatMap { term($0.word, $0.summary + ".") }
      + [".SH SETTINGS"] + HelpTopics.settings.flatMap { term($0.word, $0.summary + ".") }
      + [".SH EXIT STATUS"] + ExitCode.allCases.flatMap { term(String($0.rawValue), $0.meaning) }
      + [".SH ENVIRONMENT"] + Self.environment.flatMap { term($0.name, $0.meaning) }
      + [".SH FILES"] + files.flatMap { term($0.name, $0.meaning) } + [".SH SEE ALSO"]
      + [Self.escaped("crontab(1), systemd.timer(5)")]
    return lines.joined(separator: "\n") + "\n"
  }

  private let files: [(name: String, meaning: String)] = [
    ("kith.sqlite", "in the home: the set-up, what was read, linked, planned and done; no secret"),
    ("vault.json, vault.key", "in the home: the sealed secrets, and the key that opens them"),
    ("scripts/", "in the home: the saved scripts, NAME.kith each"),
  ]

  private var synopsis: [String] {
    commands.flatMap { [".B kith", Self.escaped($0.usage), ".br"] }.dropLast()
  }

  // MARK: - Sections

  private func section(_ command: Command) -> [String] {
    [".SS \(Self.escaped(command.name))"] + paragraphs(command.summary)
      + (command.details.isEmpty ? [] : [".PP"] + paragraphs(command.details))
      + command.options.flatMap { term($0.name, $0.meaning) }
  }

  private func section(_ page: HelpPage) -> [String] {
    [".SS \(Self.escaped(page.word))"] + paragraphs(page.summary + ".") + page.blocks.flatMap(block)
  }

  private func block(_ block: HelpPage.Block) -> [String] {
    switch block {
    case .text(let text): [".PP"] + paragraphs(text)
    case .lines(let lines): verbatim(lines)
    case .script(let text): verbatim(text.split(separator: "\n").map(String.init))
    case .terms(let heading, let terms):
      (heading.isEmpty ? [] : [".PP", Self.escaped(heading + ":")]) + terms.flatMap { term($0.word, $0.meaning) }
    case .examples(let examples):
      [".PP", examples.count == 1 ? "Example:" : "Examples:"] + examples.flatMap { term($0.line, $0.does) }
    }
  }

  private func term(_ word: String, _ meaning: String) -> [String] {
    [".TP", ".B \(Self.quoted(word))"] + (meaning.isEmpty ? ["\\&"] : paragraphs(meaning))
  }

  private func paragraphs(_ text: String) -> [String] {
    // Lines of the source are kept short too.
    text.split(separator: "\n").flatMap { wrapped(String($0), to: 66).map(Self.escaped) }
  }

  private func verbatim(_ lines: [String]) -> [String] {
    [".PP", ".nf", ".RS"] + lines.map { Self.escaped($0) } + [".RE", ".fi"]
  }

  // MARK: - Escaping

  /// A line as troff sets it letter by letter.
  static func escaped(_ text: String) -> String {
    let signs = text.map { sign -> String in
      switch sign {
      case "\\": "\\e"
      case "-": "\\-"
      case "'": "\\(aq"
      case "`": "\\(ga"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case "…": "..."
      default: String(sign)
      }
    }.joined()
    // A point at its beginning would be a request.
    return signs.hasPrefix(".") ? "\\&" + signs : signs
  }

  /// The argument of a request: blanks and quotes inside it stay.
  private static func quoted(_ text: String) -> String {
    "\"" + escaped(text).replacing("\"", with: "\\(dq") + "\""
  }
}
