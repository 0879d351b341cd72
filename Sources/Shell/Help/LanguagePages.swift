/// What help says about the language itself: conditions, filters, texts, moments, variables, scripts, secrets, keys, codes.
import CommandLanguage
import Model

enum LanguagePages {
  static let all = [first, conditions, filters, strings, dates, variables, scripts, secrets, keys, exitCodes]

  /// The steps of somebody who has nothing yet; with what is there already, see ``FirstSteps``.
  static let first = FirstSteps().page

  private static let conditions = HelpPage(
    "where", "ask for the rows for which a condition holds",
    [
      .lines(["FIELD COMPARISON VALUE", "FIELD", "CONDITION and CONDITION", "CONDITION or CONDITION", "not CONDITION"]),
      .text(
        """
        It stands behind what gives rows, or as a filter. A flag stands by itself. `and` binds closer than `or`; \
        parentheses do as they do in arithmetic. A value that begins with a dot is another field of the same row.
        """),
      .terms("comparisons", Comparison.Relation.allCases.map { .init($0.rawValue, $0.help) }),
      .terms("values", ValueType.allCases.map { .init($0.rawValue, $0.help) }),
      .examples([
        .init("show people where title is blank", "whom a title is missing"),
        .init("show people where email ends acme.example and not reason in [guest, unlicensed]", "several at once"),
        .init("show syncs where enabled", "a flag by itself"),
        .init("show runs where started > yesterday and (failed > 0 or outcome is not ok)", "since yesterday"),
        .init("show settings where value is not .default", "one field against another"),
        .init("show companies where name matches 'A*'", "a pattern: * is anything, ? one letter"),
      ]),
    ])

  private static let filters = HelpPage(
    "filters", "narrow, sort, count or save the rows of a line",
    [
      .text("A filter stands behind `|`. Several follow each other, each works on what the one before it leaves."),
      .terms("filters", FilterHelp.all.map { .init($0.usage, $0.summary) }),
      .terms("formats", Format.allCases.map { .init($0.rawValue, $0.help) }),
      .examples(FilterHelp.all.map(\.example)),
    ])

  private static let strings = HelpPage(
    "strings", "texts, and when they need quotes",
    [
      .text(
        """
        A word of letters, digits and @ / ~ * _ . + - : % needs no quotes: an address, a date, p12/7. Anything else stands \
        in quotes, on one line.
        """),
      .terms(
        "",
        [
          .init("'…'", "as it stands; two quotes '' are one"),
          .init("\"…\"", "with \\\" \\\\ \\n \\t and \\u{20AC}, and with ${NAME} or ${NAME.FIELD} for a variable"),
          .init("[…, …]", "a list of values"),
        ]),
      .examples([
        .init("say 'it''s done'", "one quote inside"), .init("say \"one\\ttwo\"", "a tab between"),
        .init("show people where title in ['Office Manager', Buyer]", "a list, one of them with a blank"),
      ]),
    ])

  private static let dates = HelpPage(
    "dates", "moments and time spans",
    [
      .terms(
        "moments",
        [HelpPage.Term("2026-03-01", "that whole day"), .init("2026-03-01T09:12", "that minute")]
          + Moment.words.map { .init($0, Moment.help($0)) } + [.init("r33", "when that run began")]),
      .text(
        "A time span is a number with s, m, h or d. Compared with a moment it says how long ago: `< 2h` is the last two hours."
      ),
      .examples([
        .init("show runs since monday", "of this week"), .init("show history where at < 2h", "the last two hours"),
        .init("show plans | where made is today", "those of today"),
      ]),
    ])

  private static let variables = HelpPage(
    "variables", "names for values",
    [
      .text(
        """
        `let` gives a name, `for` gives one to each row, `param` to what a script is told. $NAME is exactly one value, \
        $NAME.FIELD a field of a record, and in a text with double quotes ${NAME} or ${NAME.FIELD}. At the prompt a name \
        stays for the next lines.
        """),
      .script("let waiting = show plans where state is open | count\nsay \"${waiting} plans are open\""),
      .script("for s in (show syncs where enabled is off)\n  say \"${s.name} is off\"\nend"),
    ])

  private static let scripts = HelpPage(
    "scripts", "lines that are kept, checked as a whole, and run by themselves",
    [
      .text(
        """
        A script is a file of the same lines that are typed. The whole of it is checked before anything runs: any finding \
        means that nothing runs. An error ends it, unless it is caught. Only sync and apply write; where nobody can answer \
        they need `confirm within`, and a kind of change that is not named there may not happen.
        """),
      .terms("words", StatementHelp.all.map { .init($0.word, $0.summary) }),
      .terms(
        "verbs",
        [
          .init("edit NAME", "write one"), .init("check script NAME", "say what is wrong with it"),
          .init("run NAME dry", "try it, sending nothing"),
          .init("schedule NAME every day at 02:00", "let it run by itself"),
        ]),
      .script(
        """
        language 1
        # Every sync that is enabled, with at most five people switched off.
        param max-off : count = 5
        for s in (show syncs where enabled is on)
          try
            sync $s confirm within creates 50, updates any, reactivates any, deactivates $max-off
          on error e
            say "${s.name}: ${e.message}" level warning
          end
        end
        """),
    ])

  private static let secrets = HelpPage(
    "secrets", "where passwords and keys are, and are not",
    [
      .text(
        """
        A secret is never typed on a line, never in the history, in an export or in a backup. Leave its key out, and it is \
        asked for unseen and kept in the vault, a sealed file of the home; or say where it is.
        """),
      .terms(
        "",
        [
          .init("env:NAME", "an environment variable"), .init("file:PATH", "the text of a file that only you can read"),
          .init("vault:NAME", "an entry of the vault"),
        ]),
      .examples([
        .init(
          "connect m365 as ms2 client-id=0c1d2e3f client-secret=env:M365_SECRET", "the secret is read when it is needed"
        )
      ]),
    ])

  private static let keys = HelpPage(
    "keys", "the keys of the prompt",
    [
      .terms(
        "",
        [
          .init("Tab", "complete, or list what may stand here with what it is"),
          .init("?", "list what may follow, with the kinds of value; inside quotes it is a question mark"),
          .init("Enter", "run the line; inside an open block, bracket or after | the next row, indented"),
          .init("Alt-Enter", "a further row, wherever you are"),
          .init("→ End ^E", "at the end of the line: take the dim hint behind it"),
          .init("Alt-F Ctrl-→", "the next word, of the hint too"), .init("Ctrl-←", "a word back"),
          .init("↑ ↓", "the row above or below in a block; then earlier lines that begin as typed"),
          .init("^R", "search the history; Tab narrows to what is in use, then to what ended well"),
          .init("^_ Alt-/", "take the last change back; bring it again"),
          .init("^C", "drop the line; while something runs, stop after what is in flight; twice, at once"),
          .init("^Z", "stop the shell as a job; fg goes on with the same line"),
          .init("^D", "leave, on an empty line"), .init("^A", "the beginning of the line"),
          .init("^W ^U ^K", "delete the word before, all before, all after the cursor"),
          .init("^L", "clear the screen"),
        ]),
      .text(
        "While a line is typed, its words have colours, unknown ones red; below it stands how its verb is used, or what Enter "
          + "would find wrong. What is pasted runs only by Enter. Runs that went by themselves are told above the prompt."
      ),
      .text(
        "A verb may be shortened as long as it stays the only one; it is echoed in full. A script has whole words."),
      .examples([.init("show history | last 5", "what was typed")]),
    ])

  private static let exitCodes = HelpPage(
    "exit", "what a line, a script or kith itself ends with",
    [
      .lines(
        ExitCode.allCases.map { code in
          let number = String(code.rawValue)
          return String(repeating: " ", count: 3 - number.count) + number + "  " + code.meaning
        }),
      .text(
        """
        The same for a typed line, kith -c, a file, standard input and the scheduler. In the system's own shell:  \
        kith -c 'preview acme strict' || echo $?
        """),
      .script(
        "let open = show conflicts | count\nif $open > 0\n  stop partial \"${open} conflicts wait for a person\"\nend"),
    ])
}
