import Foundation
import GRDB
import Model
import Testing

@testable import Storage

@Suite struct ScriptRunTests {
  private func run(_ script: String, text: String? = "say hi\n", parent: ScriptRunID? = nil, at: Double = 0)
    -> ScriptRun
  {
    ScriptRun(
      script: script, text: text, arguments: ["most": "5"], parent: parent, by: "ada", isAttended: false, isDry: true,
      startedAt: moment(at))
  }

  @Test("a run of a script is numbered, kept and ended")
  func life() throws {
    let store = try Fixture().store
    var run = run("nightly")
    run.id = try store.begin(run)
    #expect(run.id == ScriptRunID(1))
    #expect(try store.scriptRun(ScriptRunID(1)) == run)
    #expect(failure { try store.end(run) }?.kind == .invalid)
    run.endedAt = moment(9)
    run.exitCode = 3
    run.message = "2 syncs need a look"
    try store.end(run)
    #expect(try store.scriptRun(ScriptRunID(1)) == run)
    run.id = ScriptRunID(7)
    #expect(failure { try store.end(run) }?.kind == .notFound)
    #expect(try store.scriptRun(ScriptRunID(7)) == nil)
  }

  @Test("runs are listed newest first, by script and time; a text is kept once")
  func lists() throws {
    let store = try Fixture().store
    for index in 1...4 { _ = try store.begin(run(index % 2 == 0 ? "even" : "odd", at: Double(index))) }
    _ = try store.begin(run("odd", text: "say other\n", at: 5))
    _ = try store.begin(run("odd", text: nil, at: 6))
    #expect(try store.scriptRuns(limit: 3).map(\.id) == [6, 5, 4].map { ScriptRunID($0) })
    #expect(try store.scriptRuns(of: "even", limit: 9).map(\.id) == [4, 2].map { ScriptRunID($0) })
    #expect(try store.scriptRuns(since: moment(5), limit: 9).map(\.id) == [6, 5].map { ScriptRunID($0) })
    #expect(try store.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM script_text") } == 2)
    #expect(try store.scriptRun(ScriptRunID(6))?.text == nil)
    #expect(try store.scriptRun(ScriptRunID(3))?.text == "say hi\n")
  }

  @Test("the runs of a script are those of the scripts that it ran, too, and no others")
  func inside() throws {
    let store = try Fixture.withSync().store
    let outer = try store.begin(run("outer"))
    let inner = try store.begin(run("inner", parent: outer))
    let deepest = try store.begin(run("deepest", parent: inner))
    let other = try store.begin(run("other"))
    for script in [outer, deepest, other, nil] {
      _ = try store.begin(
        Run(
          sync: Fixture.sync, plan: nil, verb: "sync", by: "ada", isAttended: false, startedAt: moment(1),
          outcome: .running, script: script))
    }
    #expect(try store.runs(of: outer).map(\.script) == [outer, deepest])
    #expect(try store.runs(of: inner).map(\.id) == [RunID(2)])
    #expect(try store.runs(limit: 9).map(\.script) == [nil, other, deepest, outer])
  }
}
