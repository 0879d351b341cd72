import CommandLanguage
import Testing

@Suite struct FindingTests {
  private func findings(_ source: String, mode: ParsingMode = .terminal, canAsk: Bool = true) -> [Finding] {
    let vocabulary = ShopVocabulary()
    return check(
      parse(source, vocabulary: vocabulary, mode: mode), vocabulary: vocabulary, canAsk: canAsk, isDry: false)
  }

  @Test("at the prompt the carets stand under what was typed") func underThePrompt() {
    let line = "show peple where titel is blank"
    let prompt = "kith acme› "
    #expect(
      "\(prompt)\(line)\n" + render(findings(line), in: line, under: prompt.count) == """
        kith acme› show peple where titel is blank
                        ^^^^^ nothing is called that here; did you mean people?
                                    ^^^^^ people have no field titel; did you mean title?
        """)
  }

  @Test("a file's findings name the file, line and column, and echo each line once") func inAFile() {
    let source = """
      show people
      show peple where titel is blank
      shwo runs
      """
    #expect(
      render(findings(source, mode: .script), in: source, named: "night.kith") == """
        night.kith:2:6
          show peple where titel is blank
               ^^^^^ nothing is called that here; did you mean people?
                           ^^^^^ people have no field titel; did you mean title?
        night.kith:3:1
          shwo runs
          ^^^^ no command is called `shwo`; did you mean show?
        """)
  }

  @Test("of a line wider than the terminal the part around each mistake is echoed", arguments: [30, 40, 60])
  func excerpts(width: Int) {
    let line = "show people where title is 'something rather long' and titel is blank and nmae is 'x'"
    let rows = render(findings(line), in: line, within: width).split(separator: "\n").map(String.init)
    #expect(rows.count == 4)
    for (echo, carets) in [(rows[0], rows[1]), (rows[2], rows[3])] {
      #expect(echo.count <= width - 1)
      let start = carets.prefix { $0 == " " }.count
      let marked = echo.dropFirst(start).prefix(carets.drop { $0 == " " }.prefix { $0 == "^" }.count)
      #expect(["titel", "nmae"].contains(String(marked)), "\(echo)\n\(carets)")
    }
  }

  @Test("carets stay under wide, joined and control characters") func wideCharacters() {
    let line = "use 東京 x"
    #expect(
      render(findings(line), in: line) == """
          use 東京 x
              ^^^^ nothing is called that here; did you mean 東京歯科?
                   ^ `x` cannot stand here
        """)
    let joined = "use e\u{301}l 👩‍👩‍👧 y"
    let place = Finding(
      "here", at: SourceSpan(lower: joined.utf8.count - 1, upper: joined.utf8.count, line: 1, column: 10))
    #expect(render([place], in: joined) == "  \(joined)\n  " + String(repeating: " ", count: 10) + "^ here")
    let escape = "a\u{1B}[31m b"
    let red = Finding("here", at: SourceSpan(lower: 7, upper: 8, line: 1, column: 8))
    #expect(render([red], in: escape) == "  a [31m b\n  " + String(repeating: " ", count: 7) + "^ here")
  }

  @Test(
    "each mistake has one sentence at its place",
    arguments: [
      ("use", "‸", "the line is not finished; expected nothing or COMPANY"),
      ("use acme acorn", "use acme ‸acorn", "`acorn` cannot stand here"),
      ("show people off acme", "show people ‸off acme", "`off` cannot stand here; did you mean of?"),
      ("sync wait soon", "sync wait ‸soon", "`soon` cannot stand here; expected DURATION"),
      ("sync wait", "‸", "the line is not finished; expected DURATION"),
      ("set create to maybe", "set create to ‸maybe", "create is a flag; say on or off"),
      ("set craete to on", "set ‸craete to on", "nothing is called that here; did you mean create?"),
      ("preview with craete=on", "preview with ‸craete=on", "there is no key craete here; did you mean create?"),
      ("preview with create=maybe", "preview with create=‸maybe", "`maybe` is neither on nor off"),
      ("preview with create=on create=off", "preview with create=on ‸create=off", "create is given twice"),
      ("show people where title = x", "show people where title ‸= x", "`=` compares nothing; did you mean is?"),
      (
        "show people where title iz blank", "show people where title ‸iz blank",
        "`iz` cannot stand here; did you mean is?"
      ),
      ("show people where", "‸", "the line is not finished; expected not, ( or a field"),
      (
        "show people | wehre title is x", "show people | ‸wehre title is x",
        "`wehre` cannot stand here; did you mean where?"
      ),
      ("show people | sort titel", "show people | sort ‸titel", "people have no field titel; did you mean title?"),
      (
        "show people | columns name | sort title", "show people | columns name | sort ‸title",
        "people have no field title"
      ),
      (
        "show people | count | first 3", "show people | count | ‸first 3",
        "`count` gave a number, and there are no rows left to filter"
      ),
      ("use acme | first 3", "use acme | ‸first 3", "`use` gives no rows to filter"),
      ("show people | as cvs", "show people | as ‸cvs", "`cvs` cannot stand here; did you mean csv?"),
      (
        "show people | as csv | sort name", "show people | as csv | ‸sort name",
        "`sort` cannot follow what says where the rows go; move it before `as`, `to file` and `page`"
      ),
      (
        "show runs where outcome is fialed", "show runs where outcome is ‸fialed",
        "outcome is never fialed; did you mean failed?"
      ),
      (
        "show runs where outcome is not not-sent", "show runs where outcome is not ‸not-sent",
        "outcome is never not-sent; did you mean 'not sent'?"
      ),
      (
        "show runs | where outcome in [ok, wrong]", "show runs | where outcome in [ok, ‸wrong]",
        "outcome is never wrong; expected ok, failed or 'not sent'"
      ),
      ("show runs where failed > many", "show runs where failed > ‸many", "failed is a count, and `many` is no number"),
      (
        "show runs since noon", "show runs since ‸noon",
        "`noon` is no date, today, yesterday, weekday, script-start or run"
      ),
      (
        "show runs where started > 3w", "show runs where started > ‸3w",
        "started is a date, and `3w` is no date, today, yesterday, weekday, script-start or run"
      ),
      (
        "show people where reason in unlicensed", "show people where reason in ‸unlicensed",
        "`in` looks into a list; write [unlicensed], or `is`"
      ),
      ("apply p12 confirm within creates", "‸", "the line is not finished; expected N or any"),
      (
        "apply p12 confirm within craetes 3", "apply p12 confirm within ‸craetes 3",
        "`craetes` cannot stand here; did you mean creates?"
      ),
      (
        "apply p12 confirm within creates 3, creates 4", "apply p12 confirm within creates 3, ‸creates 4",
        "creates is given twice"
      ),
      (
        "apply p12 over guard deactivates any", "apply p12 over guard deactivates ‸any",
        "`any` cannot stand here; expected N"
      ),
      ("apply twelve", "apply ‸twelve", "`twelve` cannot stand here; expected PLAN"),
      ("use $x", "use ‸$x", "there is no variable $x"),
      ("say \"hello ${who}\"", "say \"hello ‸${who}\"", "there is no variable $who"),
      ("s people", "‸s people", "`s` could be show, set, sync, save, schedule, status or say"),
      ("never mind", "never ‸mind", "`mind` cannot stand here; expected pair"),
      ("let x = status", "let x = ‸status", "`status` gives no value"),
      (
        "let x = show people | as csv", "let x = ‸show people | as csv",
        "a value is neither written nor drawn; leave out `as`, `to file` and `page`"
      ),
      ("let x = 1; let x = 2", "let x = 1; let ‸x = 2", "there is a $x already, and a name is never given twice"),
      (
        "for p in (show people); say $p.titel; end", "for p in (show people); say ‸$p.titel; end",
        "$p has no field titel; did you mean $p.title?"
      ),
      (
        "let all = show people; say $all.title", "let all = show people; say ‸$all.title",
        "$all holds rows; go through them: for row in $all"
      ),
      (
        "let all = show people; use $all", "let all = show people; use ‸$all",
        "$all holds rows, and one value stands here; for row in $all"
      ),
      (
        "try; status; on error e; say $e.mesage; end", "try; status; on error e; say ‸$e.mesage; end",
        "$e has no field mesage; did you mean $e.message?"
      ),
      ("if 1 < 2; let y = 1; end; say $y", "if 1 < 2; let y = 1; end; say ‸$y", "there is no variable $y"),
      (
        "let n = 'ten'; sync acme confirm within creates $n", "let n = 'ten'; sync acme confirm within creates ‸$n",
        "$n is a text, and N stands here"
      ),
      (
        "for p in (show people); say $p.title.size; end", "for p in (show people); say ‸$p.title.size; end",
        "$p.title is one value and has no fields of its own"
      ),
      ("show people; end", "show people; ‸end", "`end` closes nothing here"),
      (
        "| first 3", "‸| first 3", "`|` cannot stand here; expected let, if, for, try, stop, expect, watch or a command"
      ),
      (
        "show people |", "‸",
        "the line is not finished; expected where, sort, first, last, columns, count, as, to or page"
      ),
    ])
  func sentences(source: String, marked: String, sentence: String) throws {
    let findings = findings(source)
    try #require(findings.count == 1, "\(findings.map(\.sentence))")
    let place = marked == "‸" ? source.utf8.count : marked.utf8.prefix(while: { $0 != 0xE2 }).count
    #expect(findings[0].span.lower == place)
    #expect(findings[0].sentence == sentence)
  }

  @Test(
    "everything that is wrong with a text is found in one go",
    arguments: [
      ("show peple; use acne; shwo; preview with x=1", 4), ("show peple | sort titel | frist 3", 3),
      ("why where titel is 1 and craete is 2 or nmae is 3", 3), ("use $a; use $b", 2),
      ("show people of acne where titel is blank", 2), ("show people off acme where titel is blank", 2),
      ("say \"\\q\"; say \"${\"", 2),
    ])
  func allInOneGo(source: String, count: Int) {
    let found = findings(source)
    #expect(found.count == count, "\(found.map(\.sentence))")
  }

  @Test("a write that nobody can be asked about is a finding that names the fix") func unconfirmedWrites() {
    let unconfirmed = findings("sync acme", mode: .script, canAsk: false)
    #expect(
      unconfirmed.map(\.sentence) == [
        "`sync` writes, and nobody can be asked here; say what it may do: confirm within creates N, updates N, …"
      ])
    #expect(findings("sync acme", canAsk: true).isEmpty)
    #expect(findings("sync acme dry", mode: .script, canAsk: false).isEmpty)
    #expect(findings("sync acme confirm within creates 0", mode: .script, canAsk: false).isEmpty)
    let vocabulary = ShopVocabulary()
    let script = parse("apply p12", vocabulary: vocabulary, mode: .script)
    #expect(check(script, vocabulary: vocabulary, canAsk: false, isDry: true).isEmpty)
    #expect(check(script, vocabulary: vocabulary, canAsk: false, isDry: false).count == 1)
  }

  @Test("G22 a secret typed on a line is refused, hidden when echoed, and kept out of history") func secretsStayUnseen()
  {
    let vocabulary = ShopVocabulary()
    for line in [
      "connect connectwise as cw url=https://x private-key=hunter2", "conect connectwise as cw private-key=hunter2",
      "connect conectwise as cw client-secret='hunter2'", "connect connectwise as cw private-key=hunter2&more=x$y",
      "connect m365 as m client-secret=\"hunter2 ${x}\"", "connect m365 as m client-secret=hunter2 nonsense",
      "connect m365 as m client-secret='hunter2",
    ] {
      let script = parse(line, vocabulary: vocabulary)
      let found = check(script, vocabulary: vocabulary, canAsk: true, isDry: false)
      #expect(!found.isEmpty, "\(line)")
      let hidden = secrets(in: line, vocabulary: vocabulary)
      #expect(!hidden.isEmpty, "\(line)")
      #expect(!render(found, in: line, concealing: hidden).contains("unter2"), "\(line)")
      #expect(!found.map(\.sentence).joined().contains("unter2"))
      #expect(!withoutSecrets(line, vocabulary: vocabulary).contains("unter2"), "\(line)")
    }
    let named = "connect m365 as m tenant=acme client-secret=env:APP"
    #expect(findings(named).isEmpty)
    #expect(withoutSecrets(named, vocabulary: vocabulary) == named)
    #expect(
      withoutSecrets("connect m365 as m client-secret=a tenant=b", vocabulary: vocabulary)
        == "connect m365 as m client-secret=… tenant=b")
  }
}
