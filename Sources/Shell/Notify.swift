/// Telling somebody, by a command or an address, that an unattended run did not end well.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Storage

/// What is told: short, and without names or addresses of people, and without a secret. As JSON its keys are in the order
/// of the alphabet, moments are ISO 8601 in UTC.
struct EndingSummary: Encodable, Equatable {
  enum What: String, Encodable { case script, sync }

  /// A sync that needs a person.
  struct Trouble: Encodable, Equatable {
    var sync: String
    var run: String
    var outcome: String
    /// A word of `show reasons`, and its sentence.
    var reason: String?
    var means: String?
  }

  var what: What
  /// The script or the sync.
  var name: String
  /// `s12` or `r33`.
  var run: String?
  var host: String
  var exitCode: Int32
  var meaning: String
  var began: Date
  var ended: Date
  /// How many syncs ended in which way.
  var syncs: [String: Int]
  var records: [String: Int]
  /// The first of the syncs that did not end well.
  var trouble: [Trouble]

  private enum CodingKeys: String, CodingKey {
    case what, name, run, host, meaning, began, ended, syncs, records, trouble
    case exitCode = "exit-code"
  }

  /// More would be a report; those who are told look for themselves.
  private static let longestTrouble = 50

  /// - Parameter runs: the last attempt of each sync.
  init(
    _ what: What, named name: String, run: String?, code: ExitCode, began: Date, ended: Date, runs: [Run], host: String
  ) {
    self.what = what
    // Where a file lies may name the person whose folder it is.
    self.name = what == .script ? (name as NSString).lastPathComponent : name
    self.run = run
    self.host = host
    (exitCode, meaning) = (code.rawValue, code.meaning)
    (self.began, self.ended) = (began, ended)
    syncs = Dictionary(uniqueKeysWithValues: Session.outcomeCounts(runs).map { ($0.outcome.rawValue, $0.count) })
    records = [
      "done": runs.reduce(0) { $0 + $1.done }, "failed": runs.reduce(0) { $0 + $1.failed },
      "not-sent": runs.reduce(0) { $0 + $1.notSent },
    ]
    // A message may hold what a vendor said, and whom it is about; a reason is a word of ours.
    trouble = runs.filter { $0.outcome != .ok }.prefix(Self.longestTrouble).map { run in
      Trouble(
        sync: run.sync.rawValue, run: run.id?.description ?? "", outcome: run.outcome.rawValue,
        reason: run.reason?.rawValue, means: run.reason?.sentence)
    }
  }

  var json: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return ((try? encoder.encode(self)) ?? Data()) + Data("\n".utf8)
  }
}

extension Session {
  /// Tells of a script that nobody watched and that did not end with 0.
  func notify(of ending: ScriptEnding) async {
    let attempts = ending.run.id.flatMap { try? self.attempts(of: $0) } ?? []
    await notify(
      EndingSummary(
        .script, named: ending.run.script, run: ending.run.id?.description, code: ending.code,
        began: ending.run.startedAt, ended: ending.run.endedAt ?? now, runs: attempts, host: who.host))
  }

  /// Tells of a sync that a schedule ran by itself and that did not end with 0.
  func notify(ofSync name: SyncName, _ code: ExitCode, began: Date) async {
    let run = try? store.runs(of: name, since: began, limit: 1).first
    await notify(
      EndingSummary(
        .sync, named: name.rawValue, run: run?.id?.description, code: code, began: began, ended: now,
        runs: [run].compactMap(\.self), host: who.host))
  }

  /// Hands a summary to whatever the settings name. That this fails is said, and changes nothing else.
  func notify(_ summary: EndingSummary) async {
    let (command, address) = (text(of: .notifyCommand), text(of: .notifyURL))
    if !command.isEmpty, let failure = await NotifyCommand(line: command).run(input: summary.json, environment) {
      tell("warning: notify.command was not done: \(failure)")
    }
    if !address.isEmpty, let failure = await post(summary.json, to: address) {
      tell("warning: notify.url was not told: \(failure)")
    }
  }

  /// Posts the summary, at most twice; what went wrong, or `nil`.
  private func post(_ body: Data, to setting: String) async -> String? {
    do {
      var text = setting
      if let reference = SecretReference(setting) {
        text = try SecretResolver(vault: vault, environment: environment).resolve(reference).reveal()
      }
      if let refusal = ShellSetting.refusal(ofAddress: text) { return "\(refusal.message); \(refusal.fix)" }
      guard let address = WebAddress(text) else { return "that is no web address" }
      let request = HTTPRequest(
        .post, address, headers: [HTTPHeader("Content-Type", "application/json")], body: body,
        purpose: "the notification")
      let transport = web.transport(timeout: Self.patience)
      var failure = ""
      for attempt in 1...2 {
        if attempt > 1 { try await clock.sleep(for: .seconds(1)) }
        do {
          let answer = try await transport.send(request)
          if answer.isSuccess { return nil }
          failure = "\(address.origin) answered \(answer.status)"
        } catch {
          failure = error.message
        }
      }
      return failure
    } catch {
      return ShellError(error).message.withoutStop
    }
  }

  /// Seconds that an address is waited for.
  private static let patience: Int64 = 15
}

/// A command line of the system's shell that gets the summary on standard input.
struct NotifyCommand: Sendable {
  var line: String
  var patience: Duration = .seconds(30)

  /// What went wrong, or `nil`. What it prints goes to standard error, so that rows stay rows.
  func run(input: Data, _ environment: [String: String]) async -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    // Secrets of connections may be in the environment; they are not its business.
    process.environment = environment.filter {
      ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR"].contains($0.key)
    }
    process.standardOutput = FileHandle.standardError
    let pipe = Pipe()
    process.standardInput = pipe
    let ended = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in ended.continuation.finish() }
    do { try process.run() } catch { return "it cannot be started" }
    try? pipe.fileHandleForWriting.write(contentsOf: input)
    try? pipe.fileHandleForWriting.close()
    let isInTime = await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in ended.stream {}
        return true
      }
      group.addTask { [patience] in
        try? await Task.sleep(for: patience)
        return false
      }
      let first = await group.next() ?? false
      if !first {
        process.terminate()
        ended.continuation.finish()
      }
      group.cancelAll()
      return first
    }
    guard isInTime else { return "it did not end within \(patience.components.seconds) s and was stopped" }
    return process.terminationStatus == 0 ? nil : "it ended with \(process.terminationStatus)"
  }
}
