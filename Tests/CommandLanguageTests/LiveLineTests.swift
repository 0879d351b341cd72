import CommandLanguage
import Testing

@Suite("A line while it is typed") struct LiveLineTests {
  private let vocabulary = ShopVocabulary()

  private func live(_ marked: String) -> LiveLine {
    let parts = marked.split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
    let script = parse(parts.joined(), vocabulary: vocabulary)
    let findings = check(script, vocabulary: vocabulary, canAsk: true, isDry: false)
    return liveLine(script, findings: findings, at: parts[0].utf8.count, vocabulary: vocabulary)
  }

  @Test(
    "a word is wrong as soon as nothing begins with it, and not before",
    arguments: [
      ("use ac‸", nil), ("use xy‸", "nothing is called that here"), ("use xyz ‸", "nothing is called that here"),
      ("show peple wher‸", "nothing is called that here; did you mean people?"), ("sho‸", nil),
      ("shx‸", "no command is called `shx`"),
      ("show people where titel is ‸", "people have no field titel; did you mean title?"),
      ("show people where title is x and nmae is ‸", "people have no field nmae; did you mean name?"),
      ("show people | where titel is ‸", "people have no field titel; did you mean title?"),
      ("show people where titel ‸is x", "people have no field titel; did you mean title?"),
      ("show people where ti‸", nil), ("say 'half a te‸", nil), ("say 'a' \"half‸", nil), ("for s in (show sy‸", nil),
      ("for s in (show syncs)\n  sync $s‸", nil), ("sync acme confirm wi‸", nil),
      ("sync acme confirm xx‸", "`xx` cannot stand here"),
      ("sync $nobody ‸", "there is no variable $nobody"),
    ] as [(String, String?)])
  func errors(_ marked: String, _ error: String?) {
    let note = live(marked).note
    if let error {
      guard case .error(let text)? = note else { return #expect(note == .error(error)) }
      #expect(text.hasPrefix(error), "\(text)")
    } else if case .error(let text)? = note {
      Issue.record("\(marked): \(text)")
    }
  }

  @Test(
    "below the line stands how its verb is used, in the form that it has, or what may follow",
    arguments: [
      ("sh‸", "show: list or explain things"), ("s‸", nil), ("use ‸", "use COMPANY"),
      ("forg‸", "forget: drop the pair"),
      ("for‸", "for: do something for each row, or each item of a list"),
      (
        "show people where title ‸",
        "then is, is not, is blank, is not blank, contains, starts, ends, matches, in, not in, and, or, …"
      ),
    ] as [(String, String?)])
  func usage(_ marked: String, _ usage: String?) {
    let note = live(marked).note
    guard let usage else { return #expect(note == nil) }
    guard case .usage(let text)? = note else { return #expect(note == .usage(usage)) }
    #expect(text.hasPrefix(usage), "\(text)")
  }

  @Test(
    "behind the line stands the rest of the word, or what kind of word is wanted",
    arguments: [
      ("sho‸", .rest("w")), ("use ac‸", .rest("me")), ("use ‸", .wanted("COMPANY")), ("never ‸", .rest("pair")),
      ("use acme‸ x", nil), ("use xy‸", nil), ("‸", nil), ("show people where ti‸", .rest("tle")),
    ] as [(String, LiveLine.Hint?)])
  func hints(_ marked: String, _ hint: LiveLine.Hint?) {
    #expect(live(marked).hint == hint)
  }

  @Test("every part of a line is known for what it is")
  func highlights() {
    let line = "show people where title is 'x' and active is $on | sort name down # why"
    let parts = live(line + "‸").highlights.map { highlight -> String in
      let bytes = Array(line.utf8)[highlight.range]
      return "\(highlight.kind) \(String(decoding: bytes, as: UTF8.self))"
    }
    #expect(
      parts == [
        "verb show", "name people", "keyword where", "field title", "keyword is", "text 'x'", "keyword and",
        "field active", "keyword is", "wrong $on", "mark |", "verb sort", "field name", "keyword down", "comment # why",
      ])
  }

  @Test(
    "Enter indents what is open, and moves the end of a block back",
    arguments: [
      ("for x in [a]", "for x in [a]\n  "), ("if $a\n  try", "if $a\n  try\n    "),
      ("if $a\n  try\n    end", "if $a\n  try\n  end\n  "), ("if $a\n  status\n  else", "if $a\n  status\nelse\n  "),
      ("if $a\n  status\n  end", "if $a\n  status\nend"), ("show people |", "show people |\n  "),
      ("show people |\n  count", "show people |\n  count"), ("status", "status"),
      ("for x in [a,\n b", "for x in [a,\n    b\n    "),
    ])
  func indentation(_ source: String, _ text: String) {
    #expect(entered(source).text == text)
  }
}
