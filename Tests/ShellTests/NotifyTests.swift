import Foundation
import Glibc
import Model
import Testing

@testable import Shell

@Suite("Telling of an ending that was not good", .timeLimit(.minutes(2))) struct NotifyTests {
  private static let began = Date(timeIntervalSince1970: 1_772_442_000)

  /// As the program does: a command that does not read what it is given must not end the process.
  init() { signal(SIGPIPE, SIG_IGN) }

  private func run(_ sync: SyncName, _ outcome: RunOutcome, _ reason: Reason? = nil, number: Int = 1) -> Run {
    var run = Run(
      id: RunID(number), sync: sync, plan: nil, verb: "sync", by: "ada.person@acme.example", isAttended: false,
      startedAt: Self.began, endedAt: Self.began, outcome: outcome)
    run.message = "jane.doe@acme.example cannot be written"
    run.reason = reason
    (run.done, run.failed) = (3, 1)
    return run
  }

  @Test("the summary names syncs, counts and reasons, and no person")
  func summary() throws {
    let summary = EndingSummary(
      .script, named: "/home/jane.doe/nightly.kith", run: "s4", code: .partial, began: Self.began,
      ended: Self.began.addingTimeInterval(90),
      runs: [run("acme/contacts", .ok), run("beta/contacts", .held, .massChange, number: 2)], host: "desk")
    let text = String(decoding: summary.json, as: UTF8.self)
    #expect(!text.contains("jane") && !text.contains("@") && text.hasSuffix("}\n"))
    let read = try #require(try JSONSerialization.jsonObject(with: summary.json) as? [String: Any])
    #expect(read["name"] as? String == "nightly.kith" && read["run"] as? String == "s4")
    #expect(read["exit-code"] as? Int == 3 && read["meaning"] as? String == ExitCode.partial.meaning)
    #expect(read["began"] as? String == "2026-03-02T09:00:00Z" && read["ended"] as? String == "2026-03-02T09:01:30Z")
    #expect(read["syncs"] as? [String: Int] == ["ok": 1, "held": 1])
    #expect(read["records"] as? [String: Int] == ["done": 6, "failed": 2, "not-sent": 0])
    let trouble = try #require(read["trouble"] as? [[String: String]])
    #expect(
      trouble == [
        [
          "sync": "beta/contacts", "run": "r2", "outcome": "held", "reason": Reason.massChange.rawValue,
          "means": Reason.massChange.sentence,
        ]
      ])
  }

  @Test("however many syncs are in trouble, it stays short")
  func short() {
    let runs = (1...1_000).map { run(SyncName("company-\($0)/contacts"), .failed, number: $0) }
    let summary = EndingSummary(
      .script, named: "nightly", run: "s1", code: .partial, began: Self.began, ended: Self.began, runs: runs, host: "h")
    #expect(summary.syncs == ["failed": 1_000] && summary.trouble.count == 50 && summary.json.count < 16_000)
  }

  @Test("a command gets it on standard input, without the environment's secrets")
  func command() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("kith-notify-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let command = NotifyCommand(line: "{ cat; echo \"$KEPT_SECRET $HOME\"; } > '\(file.path)'")
    let failure = await command.run(
      input: Data("{\"x\": 1}\n".utf8), ["KEPT_SECRET": "s3cret", "HOME": "/nowhere", "PATH": "/usr/bin:/bin"])
    #expect(failure == nil)
    #expect(try String(contentsOf: file, encoding: .utf8) == "{\"x\": 1}\n /nowhere\n")
  }

  @Test(
    "a command that fails, or does not end, is said",
    arguments: [
      ("cat > /dev/null; exit 7", 60, "it ended with 7"),
      ("cat > /dev/null; exec sleep 600", 1, "did not end within"),
      ("no-such-command-here 2> /dev/null", 60, "it ended with 127"),
    ])
  func badCommand(line: String, patience: Int, says: String) async {
    let failure = await NotifyCommand(line: line, patience: .seconds(patience)).run(
      input: Data("{}".utf8), ["PATH": "/usr/bin:/bin"])
    #expect(failure?.contains(says) == true)
  }

  @Test(
    "an address is https, or on this machine, or named",
    arguments: [
      ("https://hooks.example/x", true), ("http://127.0.0.1:8080/x", true), ("http://localhost/x", true),
      ("http://[::1]:9/x", true), ("env:HOOK", true), ("vault:hook", true), ("none", true),
      ("http://hooks.example/x", false),
      ("http://127.0.0.1.evil.example/", false), ("ftp://hooks.example", false), ("hooks.example", false),
      ("https://user:pass@hooks.example/", false),
    ])
  func addresses(text: String, isAccepted: Bool) {
    #expect((ShellSetting.notifyURL.refusal(text) == nil) == isAccepted)
  }
}
