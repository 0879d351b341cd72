/// A run as a reader is told of it who has never seen the shell.
package import CommandLanguage
import Foundation
package import Model

/// The lines of a run with all that a page says around them.
package func runPage(_ run: Run, lines: [RunLine], _ names: SyncNames) -> Rows {
  var rows = runRows(run, lines: lines)
  let whole = rows
  rows.preface = Deferred { RunPreface(run: run, names: names).preface(to: whole) }
  return rows
}

private struct RunPreface {
  let run: Run
  let names: SyncNames

  func preface(to rows: Rows) -> Preface {
    Preface(
      to: rows, title: (run.id.map { "Run \($0)" } ?? "Run") + " for \(names.company ?? run.sync.rawValue)", lead: lead,
      facts: facts, notices: notices, figures: figures,
      columns: columns(rows), name: "person",
      groups: groups(rows))
  }

  /// What kind of record it is, and where it was written, is only said where that differs.
  private func columns(_ rows: Rows) -> [String] {
    let kinds = rows.index(of: "kind").map { kind in Set(rows.rows.map { $0[kind] }) } ?? []
    return ["person"] + (kinds.count > 1 ? ["kind"] : []) + ["action", "message", "reason"]
      + (names.isTwoWay ? ["at"] : []) + ["ref"]
  }

  private var lead: String {
    switch run.outcome {
    case .ok: "It went well."
    case .failed: "Not all of it went well: see what failed below."
    case .held: "A guard held it, so that a person can look first; nothing was sent."
    case .refused: "It was refused before anything was sent."
    case .unreachable: "A system could not be reached."
    case .interrupted: "It was stopped before its end; what was not sent can be carried on with."
    case .running: "It has not ended yet."
    }
  }

  private var facts: [Preface.Fact] {
    let took = run.endedAt.map { Value.text(spent($0.timeIntervalSince(run.startedAt))) } ?? .blank
    return names.facts(of: run.sync) + [
      Preface.Fact("Outcome", .text(run.outcome.rawValue)),
      Preface.Fact("Started", .date(run.startedAt)), Preface.Fact("Took", took),
      Preface.Fact("Plan", .text(orBlank: run.plan?.description)),
      Preface.Fact("By", .text(run.by + (run.isAttended ? "" : ", unattended"))),
      Preface.Fact("Requests", .text("\(run.requests), at least \(run.requestFloor) were needed")),
    ]
  }

  private var notices: [Preface.Notice] {
    var notices: [Preface.Notice] = []
    if run.reason != nil || run.message != nil {
      let words = [run.reason?.sentence, run.message].compactMap(\.self).joined(separator: " ")
      notices.append(Preface.Notice(run.outcome == .ok ? "Note" : "Why", words))
    }
    if run.failed > 0, run.message == nil { notices.append(Preface.Notice("Failed", counted(run.failed, "record"))) }
    return notices
  }

  private var figures: Preface.Figures? {
    let counts = [
      ("done", run.done), ("failed", run.failed), ("skipped", run.skipped), ("not sent", run.notSent),
      ("waits for upload", run.waiting),
    ].filter { $0.1 > 0 }
    guard !counts.isEmpty else { return nil }
    return Preface.Figures(nouns: ["records"], lines: counts.map { Preface.Figures.Line($0.0, [$0.1]) })
  }

  /// What needs a look first.
  private func groups(_ rows: Rows) -> [Preface.Group] {
    guard let outcome = rows.index(of: "outcome") else { return [] }
    return RecordOutcome.inOrderOfConcern.map { word in
      let members = rows.rows.filter { $0[outcome] == .text(word.rawValue) }
      return Preface.Group(
        word.rawValue.prefix(1).uppercased() + word.rawValue.dropFirst(), lead: word.meaning,
        members: Set(members.map(rows.name(of:))), countedBy: word == .skipped ? "reason" : nil)
    }
  }
}

extension RecordOutcome {
  fileprivate static let inOrderOfConcern: [RecordOutcome] = [.failed, .unknown, .notSent, .waiting, .done, .skipped]

  fileprivate var meaning: String {
    switch self {
    case .failed: "They were sent and refused, for the reason given."
    case .unknown: "They were sent and no answer came; they are looked up before anything is sent again."
    case .notSent: "The run was stopped before it came to them."
    case .waiting: "They are written into a file that waits to be uploaded."
    case .done: "They were carried out."
    case .skipped: "They were left as they are, for the reasons below."
    }
  }
}
