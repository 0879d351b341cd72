import CommandLanguage
import Testing

@Suite struct UsageTests {
  private let vocabulary = ShopVocabulary()

  private func verb(_ name: String) throws -> VerbDeclaration {
    try #require(vocabulary.verbs.first { $0.name == name })
  }

  @Test(
    "usage lines come from the forms",
    arguments: [
      ("sync", ["sync [COMPANY…] [dry] [wait DURATION] [confirm within KIND N, …]"]),
      ("use", ["use nothing", "use COMPANY"]), ("connect", ["connect SYSTEM as NEW-NAME [KEY=VALUE…]"]),
      ("never pair", ["never pair RECORD with RECORD"]), ("status", ["status"]),
      ("remove", ["remove (company | sync) COMPANY", "remove VALUE from SETTING"]),
      ("push", ["push RECORD…"]), ("install schedules", ["install schedules as (systemd | cron)"]),
    ])
  func usageLines(name: String, expected: [String]) throws {
    #expect(usage(of: try verb(name)) == expected)
  }

  @Test("help says what it does, how, and by example") func helpText() throws {
    #expect(
      helpPage(for: try verb("show")).text(width: 100) == """
        show: list or explain things

          show company COMPANY
          show person RECORD
          show records at CONNECTION
          show plan PLAN [where CONDITION]
          show run RUN
          show THINGS [of COMPANY] [since WHEN] [where CONDITION]
              what there is

        Every list takes `where` and filters.

        words:
          WHEN   a date (2026-03-01), today, yesterday, a weekday, script-start or a run (r33)

        examples:
          show people where title is blank   who has no title
          show plan p12                      one plan
        """)
  }

  @Test("the overview lists every verb once, under its heading") func overviewText() {
    let text = overview(of: vocabulary.verbs, width: 100)
    let lines = text.split(separator: "\n").map(String.init)
    for verb in vocabulary.verbs {
      #expect(lines.filter { $0.hasPrefix("  \(verb.name) ") && $0.hasSuffix(verb.summary) }.count == 1, "\(verb.name)")
    }
    #expect(lines.first == "connections")
  }

  @Test("every example of a declaration is a line without findings") func examples() {
    for verb in vocabulary.verbs {
      for example in verb.examples {
        let script = parse(example.line, vocabulary: vocabulary, mode: .script)
        #expect(check(script, vocabulary: vocabulary, canAsk: true, isDry: false).isEmpty, "\(example.line)")
      }
    }
  }

  @Test(
    "the nearest word is named where one is near",
    arguments: [
      ("peple", "people"), ("titel", "title"), ("comp", "companies"), ("xyzzy", nil), ("PEOPLE", "people"),
      ("poeple", "people"),
      ("t", nil), ("", nil), ("titles", "title"),
    ])
  func nearestWord(word: String, expected: String?) {
    #expect(nearest(word, among: ["people", "title", "companies", "runs"]) == expected)
  }
}
