import CommandLanguage
import Testing

@Suite struct ParserTests {
  private let vocabulary = ShopVocabulary()

  private func command(_ line: String) throws -> Invocation {
    let script = parse(line, vocabulary: vocabulary)
    #expect(script.findings.isEmpty, "\(line): \(script.findings.map(\.sentence))")
    let pipeline = try #require(script.pipelines.first)
    #expect(pipeline.command.isComplete)
    return pipeline.command
  }

  @Test(
    "every verb of the shell is understood in its forms",
    arguments: [
      (
        "connect connectwise as cw url=https://x.example",
        "connect/connect name=cw system=connectwise [as] url:https://x.example"
      ),
      ("disconnect cw", "disconnect/disconnect connection=cw"),
      ("check", "check/check"), ("check cw m365", "check/check connections=cw,m365"),
      ("check script nightly", "check/script script=nightly [script]"),
      ("load companies from cw", "load/companies connection=cw [companies from]"),
      ("load companies from file 'a b.csv'", "load/companies file=a b.csv [companies file from]"),
      ("load people of acme", "load/people company=acme [of people]"),
      ("load everything", "load/everything [everything]"),
      ("show people", "show/things things=people"),
      ("show people of acme since yesterday", "show/things company=acme since=yesterday things=people [of since]"),
      ("show company acme", "show/company company=acme [company]"), ("show plan p12", "show/plan plan=p12 [plan]"),
      ("show run r33", "show/run run=r33 [run]"), ("show records at cw", "show/records connection=cw [at records]"),
      ("show records at at", "show/records connection=at [at records]"),
      ("use nothing", "use/nothing [nothing]"), ("use acme", "use/use company=acme"),
      ("use 'for'", "use/use company=for"),
      ("set create to on", "set/set key=create value=on [to]"),
      (
        "set domains to [acme.example, acme.test] for acme",
        "set/set company=acme key=domains value=acme.example, acme.test [for to]"
      ),
      ("unset create", "unset/unset key=create"),
      ("add acme.example to domains", "add/value key=domains value=acme.example [to]"),
      ("remove acme.example from domains", "remove/value key=domains value=acme.example [from]"),
      ("add company 'New One'", "add/company name=New One [company]"),
      (
        "add sync m365-contacts for acme from m365 to cw as acme/x create=on now",
        "add/sync company=acme from=m365 name=acme/x recipe=m365-contacts to=cw [as for from now sync to] create:on"
      ),
      ("map acme to 1187", "map/map company=acme id=1187 [to]"),
      ("rename company acme to 'Acme 2'", "rename/rename company=acme name=Acme 2 [company to]"),
      ("enable acme", "enable/enable sync=acme"), ("preview", "preview/preview"),
      (
        "preview acme acorn with create=on update-existing=off strict",
        "preview/preview companies=acme,acorn [strict with] create:on update-existing:off"
      ),
      ("preview acme, acorn offline", "preview/preview companies=acme,acorn [offline]"),
      ("drop p12/7", "drop/drop line=p12/7"), ("restore p12/7", "restore/line line=p12/7"),
      ("restore from kith.db", "restore/store file=kith.db [from]"), ("why p12/7", "why/line line=p12/7"),
      ("why r33", "why/run run=r33"), ("why acme now", "why/company company=acme [now]"),
      ("why jane.doe@acme.example at r3 now", "why/record record=jane.doe@acme.example run=r3 [at now]"),
      ("sync", "sync/sync"), ("sync acme dry", "sync/sync companies=acme [dry]"),
      (
        "sync acme wait 20m confirm within creates 20, updates any, first, failures any",
        "sync/sync companies=acme wait=20m [confirm wait within] confirm(creates 20, updates any, first, failures any)"
      ),
      ("apply p12 rest dry", "apply/apply plan=p12 [dry rest]"),
      (
        "apply p12 confirm within creates 7 over guard deactivates 31, nothing-matched",
        "apply/apply plan=p12 [confirm guard over within] confirm(creates 7) guard(deactivates 31, nothing-matched)"
      ),
      ("undo r33", "undo/undo run=r33"), ("pair a@x with 90112", "pair/pair a=a@x b=90112 [with]"),
      ("never pair a@x with 90112", "never pair/never a=a@x b=90112 [with]"),
      ("exclude x@y because \"left; knows why\"", "exclude/exclude because=left; knows why record=x@y [because]"),
      ("take connectwise for a@x b@x", "take/take records=a@x,b@x system=connectwise [for]"),
      ("run nightly max=5 dry", "run/run script=nightly [dry] max:5"),
      ("save nightly from history last 5", "save/save last=5 script=nightly [from history last]"),
      ("schedule sync acme every day at 02:00", "schedule/schedule at=02:00 every=day sync=acme [at every sync]"),
      ("install schedules as cron", "install schedules/install [as cron]"),
      ("wait runs up to 20m", "wait/wait time=20m [runs to up]"),
      ("backup to kith.bak", "backup/backup file=kith.bak [to]"),
      ("say hello level warning", "say/say text=hello [level warning]"),
      ("help never pair", "help/help topic=never,pair"), ("quit", "quit/quit"), ("exit", "quit/quit"),
    ])
  func forms(line: String, expected: String) throws {
    #expect(describe(try command(line)) == expected)
  }

  @Test("a keyword takes the place of a name only where something is called so")
  func keywordsAsNames() {
    for line in ["show records at of acme", "show records at where", "load companies from file"] {
      #expect(!parse(line, vocabulary: vocabulary).findings.isEmpty, "\(line)")
    }
  }

  private func describe(_ command: Invocation) -> String {
    var parts = ["\(command.verb)/\(command.form)"]
    parts += command.slots.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.map(\.text).joined(separator: ","))" }
    if !command.keywords.isEmpty { parts.append("[\(command.keywords.sorted().joined(separator: " "))]") }
    parts += command.pairs.map { "\($0.key):\($0.argument.text)" }
    for (name, limits) in command.limits.sorted(by: { $0.key < $1.key }) {
      let written = limits.map { limit in
        switch limit.bound {
        case .count: "\(limit.kind) \(limit.count ?? -1)"
        case .any: "\(limit.kind) any"
        case .none: limit.kind
        }
      }
      parts.append("\(name)(\(written.joined(separator: ", ")))")
    }
    return parts.joined(separator: " ")
  }

  @Test("slots give their values in their types") func typedSlots() throws {
    #expect(try command("sync acme wait 20m").duration("wait") == .seconds(1200))
    #expect(try command("save x from history last 5").count("last") == 5)
    #expect(try command("map acme to 007").text("id") == "007")
    #expect(try command("set domains to [a, b]").value("value") == .list([.text("a"), .text("b")]))
    #expect(try command("preview with create=on").pair("create")?.text == "on")
    #expect(try command("preview acme acorn").texts("companies") == ["acme", "acorn"])
    #expect(try command("show run r33").subject == nil)
    #expect(try command("show people of acme").subject == "people")
  }

  @Test("a verb may be shortened at the terminal, as far as it is the only one, and never in a script")
  func abbreviations() throws {
    let script = parse("sho people; prev acme; n p a with b", vocabulary: vocabulary)
    #expect(script.findings.isEmpty)
    #expect(script.expanded == "show people; preview acme; never pair a with b")
    #expect(script.pipelines.map(\.command.abbreviation) == ["sho", "prev", "n p"])
    #expect(parse("show people", vocabulary: vocabulary).expanded == nil)
    #expect(parse("sho people", vocabulary: vocabulary, mode: .script).findings.map(\.suggestion) == ["show"])
  }

  @Test("a pipeline keeps its filters and where the result goes") func pipelines() throws {
    let script = parse(
      "show people where title is blank | where active | sort last-name down, email | first 10\n | columns email, last-name | as csv | to file \"blank.csv\" overwrite | page",
      vocabulary: vocabulary)
    #expect(script.findings.isEmpty)
    let pipeline = try #require(script.pipelines.first)
    #expect(pipeline.filters.count == 4)
    #expect(pipeline.format == .csv)
    #expect(pipeline.file?.path.text == "blank.csv")
    #expect(pipeline.file?.overwrites == true)
    #expect(pipeline.page)
    guard case .sort(let keys) = pipeline.filters[1].action else {
      Issue.record("the second filter sorts")
      return
    }
    #expect(keys.map(\.field.text) == ["last-name", "email"])
    #expect(keys.map(\.isDown) == [true, false])
  }

  @Test(
    "conditions bind `not` before `and` before `or`",
    arguments: [
      ("active", "active"),
      ("not active and title is blank or email ends 'x'", "((!active & title is blank) | email ends x)"),
      ("(active or title is x) and not (email is y)", "((active | title is x) & !email is y)"),
      ("title is not blank", "title is not blank"), ("title is not x", "title is not x"),
      ("title is 'blank'", "title is blank"), ("first-name is .last-name", "first-name is .last-name"),
      ("reason not in [a, b]", "reason not in a, b"), ("reason in $list", "reason in $list"),
      ("email matches *@acme.example", "email matches *@acme.example"),
    ])
  func conditions(text: String, expected: String) throws {
    let condition = try #require(try command("show people where \(text)").condition)
    #expect(describe(condition) == expected)
  }

  private func describe(_ condition: Condition) -> String {
    switch condition {
    case .all(let parts): "(" + parts.map(describe).joined(separator: " & ") + ")"
    case .any(let parts): "(" + parts.map(describe).joined(separator: " | ") + ")"
    case .not(let part): "!" + describe(part)
    case .flag(let operand): describe(operand)
    case .comparison(let comparison):
      [
        describe(comparison.left), comparison.relation.rawValue,
        comparison.right.map { right in
          if case .field(let name) = right { "." + name.text } else { describe(right) }
        },
      ].compactMap(\.self).joined(separator: " ")
    }
  }

  private func describe(_ operand: Operand) -> String {
    switch operand {
    case .field(let name): name.text
    case .argument(let argument): argument.text
    }
  }

  @Test("the whole grammar is parsed: the nightly script of the language page") func nightly() throws {
    let source = """
      language 1
      # Every sync that is enabled.
      param max-creates : count = 50
      param max-off     : count = 5

      for s in (show syncs where enabled is on)
        try
          sync $s confirm within creates $max-creates, updates any, reactivates 20, deactivates $max-off, failures any
        on error e
          say "${s.name}: ${e.message}" level warning
        end
      end

      let bad = show runs since script-start where outcome is not ok | count
      if $bad > 0
        stop partial "${bad} syncs need a look: show runs since yesterday"
      end
      """
    let script = parse(source, vocabulary: vocabulary, mode: .script)
    #expect(script.findings.isEmpty, "\(script.findings.map(\.sentence))")
    #expect(script.language == 1)
    #expect(script.parameters.map(\.name.text) == ["max-creates", "max-off"])
    #expect(script.statements.map(\.kind) == [.loop, .binding, .branch])
    guard case .loop(let name, _, let body) = script.statements[0].content,
      case .attempt(let attempted, let error, let handler) = try #require(body.first).content
    else {
      Issue.record("a loop around a try")
      return
    }
    #expect(name.text == "s")
    #expect(attempted.count == 1)
    #expect(error?.text == "e")
    #expect(handler.count == 1)
    let found = check(script, vocabulary: vocabulary, canAsk: false, isDry: false)
    #expect(found.isEmpty, "\(found.map(\.sentence))")
  }

  @Test(
    "each statement is one node of the tree",
    arguments: [
      ("if $a is 1\nsay a\nelse if $a is 2\nsay b\nelse\nsay c\nend", Statement.Kind.branch),
      ("for x in [a, b]\nsay $x\nend", .loop),
      ("try; say a; on error; say b; end", .attempt), ("stop ok", .stop), ("stop failed 'so'", .stop),
      ("expect 1 < 2 because 'sums'", .expectation), ("watch every 5s show runs | first 3", .watch),
      ("let a = not $b", .binding), ("let a = 'x'", .binding), ("let a = show runs | count", .binding),
      ("status", .pipeline),
    ])
  func statements(source: String, kind: Statement.Kind) {
    let script = parse(source, vocabulary: vocabulary, mode: .script)
    #expect(script.findings.isEmpty, "\(script.findings.map(\.sentence))")
    #expect(script.statements.map(\.kind) == [kind])
  }

  @Test(
    "a block that is not right is reported once, and what follows is parsed",
    arguments: [
      ("for x in [a]\nsay $x", "`for` has no `end`"),
      ("try\nsay a\nend\nstatus", "`try` needs `on error` before its `end`"),
      ("for X in [a]\nsay b\nend\nstatus", "`X` cannot stand here; expected a name"),
      ("stop maybe", "`maybe` cannot stand here"),
      ("language 2\nstatus", "language 2 is not known here; this is language 1"),
      ("status\nparam a : text", "`param` stands only at the top of a script"),
      ("param a : txt\nstatus", "a parameter's type was expected; did you mean text?"),
      ("expect 1 < 2 because sums", "the reason stands in quotes after `because`"),
      ("let a = (", "the line is not finished"),
    ])
  func brokenBlocks(source: String, beginning: String) throws {
    let script = parse(source, vocabulary: vocabulary, mode: .script)
    try #require(script.findings.count == 1, "\(script.findings.map(\.sentence))")
    #expect(script.findings[0].sentence.hasPrefix(beginning), "\(script.findings[0].sentence)")
    if source.hasSuffix("status") { #expect(script.pipelines.last?.command.verb == "status") }
  }

  @Test("nesting is bounded, not a crash", arguments: ["(", "not ", "["])
  func nesting(opener: String) {
    let script = parse("show people where " + String(repeating: opener, count: 20_000), vocabulary: vocabulary)
    #expect(!script.findings.isEmpty)
    let blocks = String(repeating: "if $a\n", count: 2000)
    #expect(!parse(blocks, vocabulary: vocabulary).findings.isEmpty)
  }

  @Test("a long line takes time by its length") func longLines() {
    let line = "preview " + (0..<5000).map { "c\($0)" }.joined(separator: " ")
    let script = parse(line, vocabulary: vocabulary)
    #expect(script.pipelines.first?.command.texts("companies").count == 5000)
  }

  @Test(
    "a line goes on where something is open",
    arguments: [
      ("show people", false), ("show people |", true), ("preview acme,", true), ("show people where (a", true),
      ("set domains to [a,", true), ("say \"open", false), ("for x in [a]", true), ("for x in [a]\nsay $x\nend", false),
      ("if $a\ntry\nend", true), ("show people | # later", true), ("say for", false), ("", false),
      ("# only this", false),
      ("use acme; try", true), ("sync acme)", false),
    ])
  func continuation(source: String, goesOn: Bool) {
    #expect(entered(source).goesOn == goesOn)
  }

  @Test("variables are replaced by exactly one value") func variables() throws {
    let variables = Variables(
      values: ["n": .count(5), "who": .text("big blue"), "s": .text("acme/contacts")],
      records: ["s": ["name": .text("acme")]])
    let script = parse("sync $who confirm within creates $n, updates any", vocabulary: vocabulary)
    let resolved = try #require(script.pipelines.first).command.resolved(with: variables)
    #expect(resolved.texts("companies") == ["big blue"])
    #expect(resolved.limits("confirm")?.first?.count == 5)
    let say = try #require(parse("say \"${s.name} and ${n}\"", vocabulary: vocabulary).pipelines.first).command
    #expect(try say.resolved(with: variables).text("text") == "acme and 5")
    #expect(throws: EvaluationError(.unknownVariable, "there is no variable $n")) {
      try say.resolved(with: Variables(records: ["s": ["name": .blank]]))
    }
  }
}
