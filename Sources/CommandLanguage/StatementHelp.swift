// What is said about the words of scripts that are no verbs: one declaration for completion and help.

/// A word that a statement of a script begins with.
package struct StatementHelp: Hashable, Sendable {
  /// `for`.
  package var word: String
  /// How it is written, a line of the script a line.
  package var usage: [String]
  /// One line, without a full stop.
  package var summary: String
  /// Paragraphs.
  package var details: String
  /// A script that shows it at work.
  package var example: String

  /// In the order in which a script meets them.
  package static let all = [
    StatementHelp(
      word: "param", usage: ["param NAME : TYPE [= VALUE]"], summary: "what a script is told when it is run",
      details: "Parameters stand at the top. TYPE is "
        + Finding.alternatives(Parameter.Kind.allCases.map(\.rawValue))
        + "; one without a value has to be given: run SCRIPT NAME=VALUE.",
      example: "param who : company\nparam most : count = 50"),
    StatementHelp(
      word: "let", usage: ["let NAME = COMMAND", "let NAME = VALUE", "let NAME = CONDITION"],
      summary: "give a value a name",
      details: """
        $NAME stands for exactly one value, $NAME.FIELD for a field of a record, and in a text "${NAME}". A name is never \
        given twice, and is forgotten at the end of its block. Text stands in quotes here, since a bare word is a verb.
        """,
      example: "let linked = show links where state is linked | count\nsay \"${linked} pairs are linked\""),
    StatementHelp(
      word: "if", usage: ["if CONDITION", "  …", "else if CONDITION", "  …", "else", "  …", "end"],
      summary: "do something where a condition holds",
      details: "A condition compares values and never runs a command: a look-up that failed is no answer.",
      example: "let open = show conflicts | count\nif $open > 0\n  say \"${open} conflicts wait for a person\"\nend"),
    StatementHelp(
      word: "for", usage: ["for NAME in (COMMAND)", "for NAME in VALUE", "  …", "end"],
      summary: "do something for each row, or each item of a list",
      details: "How many rounds there are is known before the first. There is no endless loop.",
      example: "for s in (show syncs where enabled is off)\n  say \"${s.name} is off\"\nend"),
    StatementHelp(
      word: "try", usage: ["try", "  …", "on error [NAME]", "  …", "end"],
      summary: "go on after an error",
      details: """
        NAME has code, message, line and hint. A caught error still counts: the script ends with 3, unless it says stop. \
        ^C, termination and what the check finds cannot be caught.
        """,
      example: "try\n  load people\non error e\n  say \"not read: ${e.message}\" level warning\nend"),
    StatementHelp(
      word: "expect", usage: ["expect CONDITION because TEXT"], summary: "stop with an error unless a condition holds",
      details: "",
      example:
        "let syncs = show syncs | count\nexpect $syncs < 500 because \"${syncs} syncs are too many for one night\""),
    StatementHelp(
      word: "stop", usage: ["stop (ok | failed | partial | changes | refused) [TEXT]"],
      summary: "end the script, with its exit code",
      details: "ok ends with 0, failed with 1, partial with 3, changes with 4, refused with 5.",
      example: "let open = show conflicts | count\nif $open > 0\n  stop partial \"${open} conflicts\"\nend"),
    StatementHelp(
      word: "watch", usage: ["watch every DURATION COMMAND"], summary: "look again and again, until ^C",
      details: "Edits that are due at a two-way target are pushed meanwhile.", example: "watch every 5s status"),
  ]

  package static func named(_ word: String) -> StatementHelp? { all.first { $0.word == word } }

  /// The whole help.
  package var page: HelpPage {
    let blocks: [HelpPage.Block] = [.lines(usage)] + (details.isEmpty ? [] : [.text(details)]) + [.script(example)]
    return HelpPage(word, summary, blocks)
  }
}
