// What a script does, statement by statement, over a host that writes down what it is asked.
import Foundation
import Synchronization
import Testing

@testable import CommandLanguage

/// Remembers every command and answers from a small invented provider; a sync of acorn fails, one of big blue is cut off.
final class ScriptedHost: ScriptHost {
  private let lines = Mutex<[String]>([])
  private let looks = Mutex(0)

  struct Broken: Error {}

  var said: [String] { lines.withLock(\.self) }
  private func note(_ line: String) { lines.withLock { $0.append(line) } }

  func outcome(of command: Invocation) async throws -> Outcome {
    switch command.verb {
    case "show": return .rows(Self.rows(command.text("things") ?? ""))
    case "say":
      note(command.text("text") ?? "?")
      return .nothing
    case "sync":
      let name = command.texts("companies").joined(separator: "+")
      let limits = (command.limits("confirm") ?? []).map { "\($0.kind) \($0.count.map(String.init) ?? "any")" }
      note(([("sync " + name)] + limits).joined(separator: ", "))
      if name.contains("acorn") { throw Broken() }
      if name.contains("big blue") { throw CancellationError() }
      return .drawn(
        Drawing("done"), Rows(subject: "runs", columns: ShopVocabulary.fieldsOf["runs"] ?? [], rows: [[.text("r7")]]))
    default:
      note(command.verb)
      return .nothing
    }
  }

  static func rows(_ things: String) -> Rows {
    let columns = ShopVocabulary.fieldsOf[things] ?? []
    switch things {
    case "syncs":
      return Rows(
        subject: things, columns: columns,
        rows: [[.text("acme"), .flag(true)], [.text("acorn"), .flag(true)], [.text("big blue"), .flag(false)]])
    case "people":
      return Rows(
        subject: things, columns: columns, rows: [[.text("Jane Doe"), .text("j@x.example"), .text("Jane")]])
    default: return Rows(subject: things, columns: columns)
    }
  }

  func show(_ outcome: Outcome, of pipeline: Pipeline) throws {
    if case .number(let number) = outcome { note("\(number)") }
    if let file = pipeline.file { note("to \(file.path.text)") }
  }

  func showLook(_ outcome: Outcome, of pipeline: Pipeline, every: Duration) throws { try show(outcome, of: pipeline) }

  func scope(_ variables: Variables) -> EvaluationScope {
    EvaluationScope(
      now: Date(timeIntervalSince1970: 0), calendar: Calendar(identifier: .gregorian), variables: variables)
  }

  func caught(_ error: any Error) -> CaughtError? {
    switch error {
    case is CancellationError: nil
    case let error as UnmetExpectation: CaughtError(code: 1, message: error.message, hint: nil)
    case let error as EvaluationError: CaughtError(code: 1, message: error.message, hint: error.hint)
    default: CaughtError(code: 3, message: "it broke", hint: "mend it")
    }
  }

  func pause(for duration: Duration) async throws {
    if looks.withLock({
      $0 += 1
      return $0
    }) == 3 {
      throw CancellationError()
    }
  }
}

@Suite struct InterpreterTests {
  /// What the commands of a script were, and how it ended.
  private func run(_ source: String, arguments: [String: Argument] = [:]) async throws -> [String] {
    let vocabulary = ShopVocabulary()
    let script = parse(source, vocabulary: vocabulary, mode: .script)
    let findings = check(script, vocabulary: vocabulary, canAsk: true, isDry: false)
    try #require(findings.isEmpty, "\(findings.map(\.sentence))")
    let given = bind(arguments, to: script.parameters, vocabulary: vocabulary)
    guard given.faults.isEmpty else { return given.faults.map { [$0.message, $0.hint ?? ""].joined(separator: " ") } }
    let host = ScriptedHost()
    var interpreter = Interpreter(host: host, variables: given.variables)
    var ending = "done"
    do { try await interpreter.run(script.statements) } catch let stop as ScriptStop {
      ending = "stop \(stop.ending.rawValue)\(stop.message.map { ": \($0)" } ?? "")"
    } catch let failure as ScriptFailure {
      ending = "line \(failure.line): \(host.caught(failure.underlying)?.message ?? "cut off")"
    }
    let caught = interpreter.caughtErrors
    return host.said + [ending + (caught > 0 ? ", \(caught) caught" : "")]
  }

  @Test(
    "each statement does what it says",
    arguments: [
      ("let n = 3\nsay \"${n} of ${n}\"", ["3 of 3", "done"]),
      ("let who = 'Jane; $x'\nsay $who", ["Jane; $x", "done"]),
      ("let n = show syncs | count\nif $n > 2\nsay many\nelse\nsay few\nend", ["many", "done"]),
      ("let n = show runs | count\nif $n > 0\nsay some\nelse if $n is 0\nsay none\nend", ["none", "done"]),
      ("let yes = 2 > 1\nif $yes\nsay right\nend", ["right", "done"]),
      ("let l = [a, b]\nfor x in $l\nsay $x\nend\nif b in $l\nsay in\nend", ["a", "b", "in", "done"]),
      ("for x in one\nsay $x\nend", ["one", "done"]),
      ("for x in []\nsay $x\nend", ["done"]),
      ("for s in (show syncs where enabled is on)\nsync $s\nend", ["sync acme", "sync acorn", "line 2: it broke"]),
      ("for p in (show people)\nsay \"${p} ${p.email} ${p.title}.\"\nend", ["Jane Doe j@x.example .", "done"]),
      (
        "let all = show syncs\nfor s in $all\nsay $s.name\nend\nif $all is blank\nsay no\nend",
        ["acme", "acorn", "big blue", "done"]
      ),
      ("let r = sync acme\nsay \"${r} ${r.run}\"", ["sync acme", "r7 r7", "done"]),
      (
        "try\nsync acorn\nsay never\non error e\nsay \"${e.line} ${e.code} ${e.message} ${e.hint}\"\nend\nsay on",
        ["sync acorn", "2 3 it broke mend it", "on", "done, 1 caught"]
      ),
      ("try\nstop ok 'enough'\non error\nsay never\nend", ["stop ok: enough"]),
      ("try\nsync 'big blue'\non error\nsay never\nend\nsay never", ["sync big blue", "line 2: cut off"]),
      (
        "try\ntry\nsync acorn\non error\nsync acorn\nend\non error e\nsay $e.line\nend",
        ["sync acorn", "sync acorn", "5", "done, 2 caught"]
      ),
      ("expect 1 < 2 because 'sums'\nexpect 1 > 2 because 'no sums'\nsay never", ["line 2: no sums"]),
      ("let n = show runs | count\nexpect $n is 0 because \"${n} runs\"\nsay quiet", ["quiet", "done"]),
      ("stop partial", ["stop partial"]),
      ("watch every 5s show syncs | count", ["3", "3", "3", "line 1: cut off"]),
      ("let f = 'a b.csv'\nshow people | to file $f", ["to a b.csv", "done"]),
      ("sync acme confirm within creates 2, updates any", ["sync acme, creates 2, updates any", "done"]),
    ])
  func statements(_ source: String, _ expected: [String]) async throws {
    #expect(try await run(source) == expected)
  }

  @Test(
    "a parameter has what was given, else its own beginning, and is of its type",
    arguments: [
      ("param n : count = 5\nsync acme confirm within creates $n", [:], ["sync acme, creates 5", "done"]),
      ("param n : count = 5\nsync acme confirm within creates $n", ["n": "7"], ["sync acme, creates 7", "done"]),
      ("param n : count\nsay $n", [:], ["The parameter n has no value. say n=COUNT"]),
      ("param n : count\nsay $n", ["n": "-1"], ["n is a count, and “-1” is none. say n=20"]),
      ("param on-time : flag\nif $on-time\nsay yes\nend", ["on-time": "yes"], ["yes", "done"]),
      ("param w : duration = 2h\nsay $w", ["w": "90s"], ["1m 30s", "done"]),
      ("param d : date\nsay $d", ["d": "someday"], ["d is a date, and “someday” is none. say d=yesterday"]),
      ("param c : company\nsync $c", ["c": "acme"], ["sync acme", "done"]),
      ("param c : company\nsync $c", ["c": "acne"], ["c=acne: nothing is called that here. did you mean acme?"]),
      (
        "param c : company\nsync $c", ["d": "acme", "c": "acme"],
        ["There is no parameter d. the parameters are c"]
      ),
      ("say hello", ["c": "acme"], ["There is no parameter c. this script takes none"]),
    ] as [(String, [String: String], [String])])
  func parameters(_ source: String, _ arguments: [String: String], _ expected: [String]) async throws {
    #expect(try await run(source, arguments: arguments.mapValues { Argument(outside: $0) }) == expected)
  }

  @Test("a name that a block gave is forgotten behind it, and free again") func scopes() async throws {
    let source = """
      for s in (show syncs)
        let n = 1
        let m = show runs | count
      end
      let n = 2
      say $n
      """
    #expect(try await run(source) == ["2", "done"])
  }

  @Test("watching in a script that nobody can stop is a finding") func watching() {
    let vocabulary = ShopVocabulary()
    let script = parse("watch every 5s status", vocabulary: vocabulary, mode: .script)
    let found = check(script, vocabulary: vocabulary, canAsk: false, isDry: false)
    #expect(
      found.map(\.sentence) == ["`watch` goes on until ^C, and nobody is here to press it; leave `watch every …` out"])
  }

  @Test("five mistakes on five lines are five findings, in one go") func everyFinding() {
    let source = """
      param max : cuont = 3
      sink acme
      show peple
      for s in (show syncs); say $s.nam; end
      sync acme
      """
    let vocabulary = ShopVocabulary()
    let script = parse(source, vocabulary: vocabulary, mode: .script)
    let found = check(script, vocabulary: vocabulary, canAsk: false, isDry: false)
    #expect(found.map(\.span.line) == [1, 2, 3, 4, 5], "\(found.map(\.sentence))")
  }
}
