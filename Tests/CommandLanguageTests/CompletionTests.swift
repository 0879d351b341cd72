import CommandLanguage
import Testing

@Suite struct CompletionTests {
  private let vocabulary = ShopVocabulary()

  private static let places: [(marked: String, expected: [String])] = [
    ("use ac‸", ["acme", "acorn", "acme/contacts"]), ("use bi‸", ["'big blue'"]), ("use 'big bl‸", ["'big blue'"]),
    ("use \"fr‸", ["acorn"]), ("use f‸", ["for", "acorn"]), ("preview with create=on wi‸", []),
    ("sh‸", ["show"]), ("never ‸", ["pair"]), ("ne‸", ["never pair"]), ("sync acme d‸", ["dry", "acme", "東京歯科"]),
    ("sync acme dry ‸wait", ["wait", "confirm", "|"]),
    ("sync acme confirm ‸", ["within"]), ("sync confirm within creates 5, u‸", ["updates"]),
    ("sync confirm within creates ‸", ["any"]), ("apply p12 over guard ‸", ["deactivates", "nothing-matched"]),
    ("set cr‸", ["create"]), ("set create ‸", ["to"]), ("set create to ‸", ["on", "off"]),
    ("set create to o‸", ["on", "off"]),
    ("preview with ‸", ["create=", "update-existing=", "full-read-every=", "domains=", "guard.updates="]),
    ("preview with cr‸", ["create="]), ("preview with create=‸", ["on", "off"]), ("preview with create=of‸", ["off"]),
    ("connect m365 as m ‸", ["tenant=", "client-secret="]),
    ("connect m365 as m client-secret=‸", ["env:", "file:", "vault:"]),
    ("show peo‸", ["people"]), ("show people where ti‸", ["title"]), ("show people where first‸", ["first-name"]),
    ("show people where name‸", ["name", "first-name", "last-name"]),
    ("show people where active ‸", ["is", "is not", "is blank", "is not blank", "and", "or", "|"]),
    ("show people where title is ‸", ["not", "blank"]),
    ("show people where active is ‸", ["on", "off", "not", "blank"]),
    ("show people where reason is u‸", ["unlicensed", "update-off"]),
    ("show people where title is x ‸", ["and", "or", "|"]),
    ("show people where title is .na‸", [".name"]),
    ("show people | ‸", ["where", "sort", "first", "last", "columns", "count", "as", "to", "page"]),
    ("show people | sort last‸", ["last-name"]), ("show people | sort title ‸", ["down"]),
    ("show people | as j‸", ["json"]),
    (
      "show people where licences ‸ends",
      [
        "contains", "is", "is not", "is blank", "is not blank", "in", "not in", "matches", "and", "or", "|",
      ]
    ),
    ("show runs since t‸", ["today", "tuesday", "thursday"]), ("show runs since st‸", ["script-start"]),
    ("install schedules as ‸", ["systemd", "cron"]), ("use acme # com‸", []), ("use nonsense more ‸", []),
    ("sho peo‸", ["people"]), ("use acme; sh‸", ["show"]), ("show people |\nso‸", ["sort"]),
    ("why where rea‸", ["reason"]),
    ("let n = 1\nuse $‸", ["$n"]), ("let n = use $‸", []), ("let x = sh‸", ["show"]),
    ("for s in (show syncs)\nlet n = 1\nsync $‸", ["$n", "$s"]), ("for s in (show syncs)\nend\nuse $‸", []),
    ("for s in (show syncs)\nsync $s.na‸", ["$s.name"]),
    ("try\nstatus\non error e\nsay $e.‸", ["$e.code", "$e.message", "$e.line", "$e.hint"]),
    ("param n : count = 3\nif ‸", ["not", "$n"]), ("fo‸", ["for", "forget"]),
    // The values of a list are those of its field.
    ("show people where reason in [u‸", ["unlicensed", "update-off"]),
    ("show people where reason not in [unlicensed, up‸", ["update-off"]),
    ("show people | where active is o‸", ["on", "off"]), ("show people | count by rea‸", ["reason"]),
    // Without regard to case, the beginning first.
    ("USE AC‸", []), ("use AC‸", ["acme", "acorn", "acme/contacts"]), ("show people where TI‸", ["title"]),
    // A variable inside a text.
    ("let n = 1\nsay \"there are ${‸", ["n}"]), ("for s in (show syncs)\nsay \"${‸", ["s."]),
    ("for s in (show syncs)\nsay \"it is ${s.na‸", ["s.name}"]), ("say 'there are ${‸", []),
    // What a plan has is offered where its number is asked for.
    ("apply p12 confirm within creates ‸", ["7", "any"]), ("apply p12 over guard deactivates ‸", []),
    ("connect m365 as m ten‸", ["tenant="]), ("preview with domains=‸", []),
  ]

  /// The line without its mark, and the mark's offset.
  private func split(_ marked: String) -> (line: String, cursor: Int) {
    let parts = marked.split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
    return (parts.joined(), parts[0].utf8.count)
  }

  private func offered(_ marked: String) -> [String] {
    let (line, cursor) = split(marked)
    return completions(in: line, at: cursor, vocabulary: vocabulary).entries.map(\.insertion)
  }

  @Test("what may stand at the cursor is offered, best first", arguments: places)
  func offers(marked: String, expected: [String]) {
    #expect(offered(marked) == expected)
  }

  @Test("a candidate brings its description and live facts") func descriptions() {
    let (line, cursor) = split("use ac‸")
    let found = completions(in: line, at: cursor, vocabulary: vocabulary)
    #expect(found.replacing == 4..<6)
    #expect(found.entries[0].description == "Acme Dental")
    #expect(found.entries[0].detail == "214 people   last run 3 h ago, 2 failed")
  }

  @Test(
    "a word of a form, of a filter and of a statement says what it means there",
    arguments: [
      ("sync ‸", "dry", "send nothing"), ("enable ‸", "for", "For Good Ltd"),
      ("status | ‸", "sort", "in the order of one or more fields"),
      ("show people | as ‸", "csv", "comma-separated values, for a spreadsheet"),
      ("show people where active is on ‸", "and", "both hold"),
      ("‸", "for", "do something for each row, or each item of a list"),
      ("stop ‸", "refused", "nothing was done, for a reason: exit code 5"),
      ("param n : ‸", "flag", "on or off"),
      ("show people where reason ‸", "matches", "fits a pattern with * and ?, case apart"),
      ("never ‸", "pair", "these two are not one"), ("use ‸", "nothing", "set the context"),
      ("apply p12 confirm within ‸", "creates", "at most so many creates"),
    ])
  func meanings(marked: String, word: String, meaning: String) throws {
    let (line, cursor) = split(marked)
    let entries = completions(in: line, at: cursor, vocabulary: vocabulary).entries
    #expect(try #require(entries.first { $0.text == word }).description == meaning)
  }

  @Test("a limit's word says how many there are, and of which plan") func standing() throws {
    let (line, cursor) = split("apply p12 confirm within cr‸")
    let entry = try #require(completions(in: line, at: cursor, vocabulary: vocabulary).entries.first)
    #expect(entry.detail == "7 in p12")
  }

  @Test(
    "what cannot be listed is named in capitals; names that are listed are not",
    arguments: [
      ("sync wait ‸", ["DURATION"]), ("connect m365 as ‸", ["NEW-NAME"]), ("let ‸", ["NAME"]),
      ("show people where title is ‸", ["TEXT"]), ("show people where active is ‸", []),
      ("show companies where people > ‸", ["COUNT"]), ("show people | first ‸", ["N"]),
      ("preview with domains=‸", ["VALUE"]), ("connect m365 as m client-secret=‸", ["SOURCE:NAME"]),
      ("say \"${‸", ["NAME"]), ("show runs since ‸", ["WHEN"]),
    ])
  func placeholders(marked: String, expected: [String]) {
    let (line, cursor) = split(marked)
    let found = completions(in: line, at: cursor, vocabulary: vocabulary)
    #expect(found.placeholders.map(\.text) == expected)
    #expect(found.placeholders.allSatisfy { !$0.description.isEmpty || $0.text == "NEW-NAME" })
  }

  @Test("the command before the cursor is understood as far as it goes") func context() {
    let (line, cursor) = split("set create to o‸n for acme")
    let point = expectations(in: line, at: cursor, vocabulary: vocabulary)
    #expect(point.context.verb == "set")
    #expect(point.context.text("key") == "create")
    #expect(point.prefix == "o")
    #expect(point.replacing == 14..<15)
    #expect(point.expectations == [.slot("value", ShopVocabulary.settingValue)])
  }

  @Test("every candidate can be typed: put at the cursor it leaves nothing unreadable") func candidatesAreTypeable() {
    for marked in [
      "use ‸", "show ‸", "set ‸", "preview with ‸", "show people where ‸", "why ‸", "load companies from ‸",
    ] {
      let (line, cursor) = split(marked)
      let found = completions(in: line, at: cursor, vocabulary: vocabulary)
      #expect(!found.entries.isEmpty, "\(marked)")
      for entry in found.entries {
        var bytes = Array(line.utf8)
        bytes.replaceSubrange(found.replacing, with: entry.insertion.utf8)
        #expect(lex(String(decoding: bytes, as: UTF8.self)).findings.isEmpty, "\(entry.insertion)")
      }
    }
  }

  @Test("a limit is kept") func limited() {
    #expect(completions(in: "", at: 0, vocabulary: vocabulary, limit: 3).entries.count == 3)
  }
}
