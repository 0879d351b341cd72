/// `show scripts`, `script-runs`: what can be run, and what was.
import CommandLanguage
import Foundation
import Model
import Storage

extension Listing {
  static let scripts = Listing(
    "scripts", "the saved scripts, and how each ended last",
    columns: [
      Column("script", priority: 9, style: .id, help: "its name"),
      Column("parameters", type: .list, priority: 7, help: "what run gives it, with their types"),
      Column("last-run", type: .date, priority: 7, help: "when it ran last"),
      Column("run", priority: 5, style: .id, help: "the last run"),
      Column("exit-code", type: .count, priority: 8, help: "how the last run ended"),
      Column("changed", type: .date, priority: 5, help: "when its file was"),
      Column("is-for", priority: 6, style: .prose, help: "its first comment"),
      Column("trouble", priority: 8, style: .state, help: "why it cannot be run as it is"),
    ]
  ) { session, _ in
    try session.scriptFolder.names().map { name in
      let last = try session.store.scriptRuns(of: name, limit: 1).first
      let behind: [Value] = [
        .date(orBlank: last?.startedAt), .text(orBlank: last?.id?.description),
        last?.exitCode.map { .count(Int($0)) } ?? .blank,
      ]
      do throws(ScriptUnreadable) {
        let file = try session.script(meantBy: name)
        let checked = session.check(file.text, named: name, canAsk: false, inside: [file.path])
        let trouble =
          file.doubts.first?.message.withoutStop
          ?? (checked.isRight ? nil : counted(checked.findings.count, "finding"))
        return [.text(name), .list(checked.script.parameters.map { .text($0.shown) })] + behind + [
          .date(file.modified), .text(orBlank: file.remark), .text(orBlank: trouble),
        ]
      } catch {
        return [.text(name), .blank] + behind + [.blank, .blank, .text(error.failure.message)]
      }
    }
  }

  static let scriptRuns = Listing(
    "script-runs", "the runs of saved scripts, newest first", hasSince: true, isQuick: true,
    columns: [
      Column("run", priority: 9, style: .id, help: "the run, by its number"),
      Column("script", priority: 9, help: "the script, by its name"),
      Column("arguments", type: .list, priority: 4, help: "what it was given"),
      Column("started", type: .date, priority: 7, help: "when it began"),
      Column("took", type: .duration, priority: 5, help: "how long it took"),
      Column("exit-code", type: .count, priority: 8, help: "what it ended with; help exit lists them"),
      Column("meaning", priority: 6, help: "what the exit code means"),
      Column("syncs", type: .list, priority: 7, help: "how the syncs that it ran ended"),
      Column("inside", priority: 2, style: .id, help: "the run of the script that ran it"),
      Column("dry", type: .flag, priority: 2, help: "whether it sent nothing"),
      Column("by", priority: 2, help: "who did it"),
      Column("message", priority: 6, style: .prose, help: "what ended it"),
    ]
  ) { session, request in
    try session.store.scriptRuns(since: request.since, limit: request.most).map { run in
      let attempts = try run.id.map(session.attempts(of:)) ?? []
      return [
        .text(run.id?.description ?? ""), .text(run.script),
        .list(run.arguments.sorted { $0.key < $1.key }.map { .text("\($0.key)=\($0.value)") }), .date(run.startedAt),
        run.endedAt.map { .duration(.milliseconds(Int64($0.timeIntervalSince(run.startedAt) * 1_000))) } ?? .blank,
        run.exitCode.map { .count(Int($0)) } ?? .blank, .text(run.meaning),
        .list(Session.outcomeCounts(attempts).map { .text("\($0.count) \($0.outcome.rawValue)") }),
        .text(orBlank: run.parent?.description), .flag(run.isDry), .text(run.by), .text(orBlank: run.message),
      ]
    }
  }
}

extension ScriptRun {
  /// What its exit code means; that it has not ended, where it has none.
  var meaning: String { exitCode.map { ExitCode(rawValue: $0)?.meaning ?? "" } ?? "not ended" }
}

extension Parameter {
  /// `max-creates: count = 50`, as its line declares it.
  var shown: String { "\(name.text): \(kind.rawValue)" + (initial.map { " = \($0.text)" } ?? "") }
}

extension ScriptFile {
  /// The first comment: what the script is for.
  var remark: String? {
    text.split(separator: "\n").lazy.map { $0.trimmingCharacters(in: .whitespaces) }.first { $0.hasPrefix("#") }
      .map { String($0.drop { $0 == "#" || $0 == " " }) }
  }
}
