/// `sync`: plan and apply in one.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum SyncVerb: Verb {
  static let declaration = VerbDeclaration(
    "sync", group: "Carry out", effect: .writes,
    summary: "plan and apply in one",
    details: """
      In a terminal it shows the numbers and asks, default No. Where nobody can answer it needs `confirm within`, which \
      names every kind of change with the most that is allowed: a kind that is not named may not happen at all \
      (failures: any). `first` lets the first plan of a sync through. `dry` computes everything and sends nothing.
      """,
    forms: [
      Form(
        "sync",
        [
          .companies, .optional([.keyword("dry", help: "compute everything, send nothing")]),
          .optional([
            .keyword("wait", help: "how long to wait while another run of it is under way"), .slot("wait", .duration),
          ]), .confirmWithin,
        ], subject: .fixed("runs"), givesOne: true)
    ],
    examples: [
      .init("sync acme", "shows the numbers, asks, carries it out"),
      .init(
        "sync acme confirm within creates 20, updates any, deactivates 0, first",
        "unattended: at most 20 creates and no deactivation"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    try await carryOut(try session.syncsToCarryOut(call), call, in: session)
  }

  static func carryOut(_ syncs: [Sync], _ call: Invocation, in session: Session) async throws -> Outcome {
    let limits = try session.limits(call)
    let wait = call.duration("wait")
    let engine = session.engine(isDry: call.has("dry"))
    let isNamed = syncs.count > 1 || !session.isTyped
    var said: [String] = []
    var runs: [Run] = []
    var lines: [RunLine]?
    var endings: [ExitCode] = []
    for (index, sync) in syncs.enumerated() {
      if syncs.count > 1 { session.progress(.turn(sync.name, number: index + 1, of: syncs.count)) }
      do {
        if try engine.hasParts(sync) {
          let result = try await engine.syncParts(
            of: sync.name, limits: limits, wait: wait,
            confirm: { plan in session.agrees(to: plan, named: sync) }, progress: { session.progress($0) })
          session.style.progress?.clear()
          try session.checkAnswered()
          said.append(session.summary(of: result, named: sync))
          runs.append(result.run)
          session.noteSent(result.run)
          endings.append(ExitCode(result.run.outcome))
          continue
        }
        let run = try await engine.sync(
          sync.name, limits: limits, wait: wait,
          confirm: { plan in session.agrees(to: plan, named: sync) }, progress: { session.progress($0) })
        session.style.progress?.clear()
        try session.checkAnswered()
        lines = try? session.lines(of: run)
        said.append(session.summary(of: run, lines: lines, isNamed: isNamed))
        runs.append(run)
        session.noteSent(run)
        endings.append(ExitCode(run.outcome))
      } catch {
        session.style.progress?.clear()
        let failure = ShellError(error)
        guard syncs.count > 1, failure.code != .interrupted else { throw failure }
        session.tell("\(sync.name): \(failure.message)\(failure.hint.map { "\n  \($0)" } ?? "")")
        endings.append(failure.code)
      }
    }
    // What is said of one sync holds for several only where it holds for each of them.
    session.noteEnding(Set(endings).count > 1 ? .partial : endings.first ?? .done)
    let page = try runs.count == 1 ? session.page(of: runs[0], lines: lines ?? session.lines(of: runs[0])) : nil
    return .drawn(Drawing(said.joined(separator: "\n"), page: page), runsRows(runs))
  }
}

extension ExitCode {
  /// What a run's outcome tells a script.
  init(_ outcome: RunOutcome) {
    switch outcome {
    case .ok, .running: self = .done
    case .failed: self = .partial
    case .held, .refused: self = .refused
    case .unreachable: self = .unreachable
    case .interrupted: self = .interrupted
    }
  }
}

extension Session {
  /// The limits of `confirm within`; `nil` where the line has none.
  func limits(_ call: Invocation) throws -> Limits? {
    guard call.has("confirm") else { return nil }
    return try Limits(reading: call)
  }

  /// Shows what a plan would do and asks; a plan with deletes asks for the company's name.
  func agrees(to plan: Plan, named sync: Sync) -> Bool {
    let question = renderQuestion(plan, style: look)
    if plan.changeCounts[.deletes, default: 0] > 0 {
      return confirms(question, byTyping: sync.company ?? sync.name.rawValue)
    }
    return confirms(question)
  }

  /// What a run did, record by record.
  func lines(of run: Run) throws(StoreError) -> [RunLine] { try run.id.map(store.lines(of:)) ?? [] }

  /// A run's lines, and what a page says around them.
  func page(of run: Run, lines: [RunLine]) -> Deferred<Rows> {
    let names = names(of: run.sync)
    return Deferred { runPage(run, lines: lines, names) }
  }

  /// A run in a line or two, as `sync` shows it at its end.
  /// - Parameters:
  ///   - lines: the run's lines; `nil` reads them.
  ///   - isNamed: whether the sync is said.
  ///   - isExplained: whether the line stands above an explanation of the run.
  func summary(of run: Run, lines: [RunLine]? = nil, isNamed: Bool = false, isExplained: Bool = false) -> String {
    renderRun(
      run, lines: lines ?? (try? self.lines(of: run)) ?? [], plan: run.plan.flatMap { try? store.plan($0) },
      isNamed: isNamed, isExplained: isExplained, style: look)
  }
}
