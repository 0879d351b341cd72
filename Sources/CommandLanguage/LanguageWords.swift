// What is said about the words of the language that no verb declares: one table each for completion and help.

/// What may stand after `|`.
package struct FilterHelp: Hashable, Sendable {
  package var word: String
  /// How it is written.
  package var usage: String
  /// One line, without a full stop.
  package var summary: String
  /// A line that shows it at work.
  package var example: VerbDeclaration.Example

  init(_ usage: String, _ summary: String, _ line: String, _ does: String) {
    word = String(usage.prefix { $0 != " " })
    self.usage = usage
    self.summary = summary
    example = .init(line, does)
  }

  /// In the order in which they are offered.
  package static let all = [
    FilterHelp(
      "where CONDITION", "only the rows for which a condition holds", "show runs | where failed > 0",
      "runs in which something failed"),
    FilterHelp(
      "sort FIELD [down], …", "in the order of one or more fields", "show companies | sort last-run down, name",
      "the latest run first"),
    FilterHelp("first N", "the first so many rows", "show plans | first 3", "the newest three"),
    FilterHelp("last N", "the last so many rows", "show history | last 5", "the last five lines"),
    FilterHelp(
      "columns FIELD, …", "only these fields, in this order", "show syncs | columns name, enabled, last-run",
      "three columns"),
    FilterHelp(
      "count [by FIELD]", "how many rows there are, in all or for each value of a field",
      "show people of acme | count by reason", "where everybody stops"),
    FilterHelp(
      "as FORMAT", "written in another format: csv, json, cards …", "show companies | as csv", "for a spreadsheet"),
    FilterHelp(
      "to file PATH [overwrite]", "into a file; its ending says the format", "show people of acme | to file people.csv",
      "a CSV file"),
    FilterHelp("page", "a screen at a time", "show reasons | page", "scroll with the arrow keys, q leaves"),
  ]
}

extension Format {
  /// One line for completion.
  package var help: String {
    switch self {
    case .table: "columns under headings, as on screen"
    case .cards: "each row as a block, a line for each field"
    case .csv: "comma-separated values, for a spreadsheet"
    case .json: "one JSON array of objects"
    case .ndjson: "a JSON object on each line"
    case .markdown: "a Markdown table"
    case .html: "an HTML page with the table"
    case .script: "lines of this language, for what is a script"
    }
  }
}

extension Parameter.Kind {
  /// One line for completion.
  package var help: String {
    switch self {
    case .text: "any text"
    case .number: "a number: 3 or 2.5"
    case .count: "a whole number from 0"
    case .duration: "a time span: 30s, 20m, 6h or 7d"
    case .date: "a date, today, yesterday, a weekday or a run"
    case .flag: "on or off"
    case .company: "a company by its handle"
    case .connection: "a connection by its name"
    case .sync: "a sync by its name"
    case .field: "a field's name"
    case .file: "the path of a file"
    }
  }
}

extension Statement.Ending {
  /// One line for completion.
  package var help: String {
    switch self {
    case .ok: "all is well: exit code 0"
    case .failed: "it failed: exit code 1"
    case .partial: "some of it failed: exit code 3"
    case .changes: "differences were found: exit code 4"
    case .refused: "nothing was done, for a reason: exit code 5"
    }
  }
}

/// The small words of conditions, filters and blocks.
enum LanguageWord {
  static func help(_ word: String) -> String { helps[word] ?? "" }

  private static let helps = [
    "where": "only those for which a condition holds",
    "and": "both hold", "or": "either holds", "not": "the opposite", "blank": "nothing there",
    "in": "each row, or each item, of what follows", "down": "the greatest, or latest, first",
    "by": "for each value of a field", "file": "the path of a file follows",
    "overwrite": "also where the file is there already", "because": "why it stops, in quotes",
    "every": "how often, as 5s", "end": "closes the block", "else": "where no condition above holds",
    "if": "another condition", "on": "what to do after an error", "error": "and the name for what went wrong",
  ]
}
