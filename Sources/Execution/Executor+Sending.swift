/// The requests of a run: a few writes at a time, and a look at what was not answered.
import Connectors
import Foundation
import Model
import Planning
import Storage

extension Executor {
  /// Sends what the journal holds already, a few requests at a time, each with as many changes of one kind as the vendor
  /// takes; returns what has no known outcome.
  func send(_ ready: [Ready], _ desk: Desk, _ tally: inout Tally) async throws -> [Ready] {
    let connector = desk.connector
    let readScope = desk.place.read
    var unknown: [Ready] = []
    var duplicates: [(Ready, WriteRejection)] = []
    var failure: (any Error)?
    var next = 0
    await withTaskGroup(of: (first: Int, outcomes: [WriteOutcome]).self) { group in
      var (underWay, changesUnderWay) = (0, 0)
      while true {
        while next < ready.count, underWay < max(1, desk.place.system.features.concurrentWrites), failure == nil,
          tally.stop == nil
        {
          let size = batchSize(ready[next...], desk, allowed: mostAtOnce(tally) - changesUnderWay)
          guard size > 0 else { break }
          let (first, writes) = (next, ready[next..<next + size].map(\.write))
          group.addTask { (first, await connector.write(writes, in: readScope)) }
          tally.requestFloor += size > 1 ? 1 : connector.smallestRequestCount(.write(writes[0]))
          next += size
          underWay += 1
          changesUnderWay += size
        }
        guard let (first, outcomes) = await group.next() else { break }
        underWay -= 1
        changesUnderWay -= outcomes.count
        var answered: [(change: Ready, outcome: WriteOutcome)] = []
        for (offset, outcome) in outcomes.enumerated() {
          let change = ready[first + offset]
          if case .rejected(let rejection) = outcome, change.isTakenName(rejection) {
            duplicates.append((change, rejection))
          } else {
            answered.append((change, outcome))
          }
        }
        do {
          unknown += try settle(answered, &tally)
        } catch {
          failure = failure ?? error
        }
        checkWhetherToStop(&tally)
      }
    }
    // What was not begun is certainly not sent.
    if let failure { throw failure }
    for (change, rejection) in duplicates { try await pairWithTwin(change, rejection, desk, &tally) }
    let (reason, message) = unsentCause(tally)
    for change in ready[next...] { try settle(change, as: .notSent(reason, message: message), &tally) }
    return unknown
  }

  /// Never so many changes under way that one failure too many could become several.
  private func mostAtOnce(_ tally: Tally) -> Int {
    failuresAllowed.map { max(0, $0 - tally.failed + 1) } ?? .max
  }

  /// How many of the next changes go into one request: those of the same kind, as many as the vendor takes.
  private func batchSize(_ ready: ArraySlice<Ready>, _ desk: Desk, allowed: Int) -> Int {
    guard let action = ready.first?.write.action else { return 0 }
    let most = min(max(1, desk.place.system.features.writeBatch[action] ?? 1), allowed)
    guard most > 0 else { return 0 }
    return ready.prefix(most).prefix { $0.write.action == action }.count
  }

  /// Settles what one request was answered, in one transaction where each of it can be remembered; returns the changes
  /// without a known outcome.
  private func settle(_ answered: [(change: Ready, outcome: WriteOutcome)], _ tally: inout Tally) throws -> [Ready] {
    var known: [Ready] = []
    var unknown: [Ready] = []
    var settlements: [Settlement] = []
    var outcomes: [ChangeOutcome] = []
    for (change, answer) in answered {
      let outcome = outcome(of: answer, to: change.decision, &tally)
      if outcome.recordOutcome == .unknown {
        unknown.append(change)
        try store.settle([settlement(change, outcome)])
      } else {
        known.append(change)
        outcomes.append(outcome)
        settlements.append(settlement(change, outcome))
      }
    }
    if known.count > 1, try isSettled(settlements) {
      for outcome in outcomes { tally.count(outcome.recordOutcome) }
      report(tally)
    } else {
      for (change, outcome) in zip(known, outcomes) { try settle(change, as: outcome, &tally) }
    }
    return unknown
  }

  /// Settles several at once; `false` where one of them cannot be remembered, and nothing was settled.
  private func isSettled(_ settlements: [Settlement]) throws -> Bool {
    do {
      try store.settle(settlements)
      return true
    } catch {
      guard error.kind == .invalid else { throw error }
      return false
    }
  }

  private func settle(_ change: Ready, _ answer: WriteOutcome, _ tally: inout Tally) throws -> RecordOutcome {
    let outcome = outcome(of: answer, to: change.decision, &tally)
    // An unknown outcome is counted when it has been looked up.
    if outcome.recordOutcome == .unknown {
      try store.settle([settlement(change, outcome)])
    } else {
      try settle(change, as: outcome, &tally)
    }
    return outcome.recordOutcome
  }

  /// The server's own words, and what to do about a value that it refuses in a field that need not be carried.
  private func message(of rejection: WriteRejection, _ decision: Decision) -> String {
    guard rejection.reason == .valueRefused, let field = rejection.field,
      let key = scope[decision.kind]?.stage.mappingKey(of: field, at: decision.side, under: scope.settings)
    else { return rejection.message }
    let said = rejection.message.hasSuffix(".") ? String(rejection.message.dropLast()) : rejection.message
    return "\(said). Correct it at \(scope[decision.side.other].system.name), or add it at "
      + "\(scope[decision.side].system.name), or set \(key) to none for \(scope.sync.name)"
  }

  /// What an answer means for the change, and for the run's patience.
  private func outcome(of answer: WriteOutcome, to decision: Decision, _ tally: inout Tally) -> ChangeOutcome {
    let changeOutcome: ChangeOutcome
    switch answer {
    case .done(let record):
      tally.reached()
      changeOutcome = .done(record)
    case .rejected(let rejection):
      tally.reached()
      changeOutcome =
        rejection.reason == .targetGone
        ? .gone(message: rejection.message)
        : .rejected(
          rejection.reason, message: message(of: rejection, decision), isPartial: rejection.isPartial)
    case .waiting(let file):
      tally.reached()
      changeOutcome = .waiting(file: file)
    case .unknown(let message):
      changeOutcome = .unknown(message: message)
    case .notSent(let error):
      tally.missed(error, at: clock.now())
      changeOutcome = .notSent(error.kind.reason, message: error.message)
    }
    return changeOutcome
  }

  // MARK: - A name that is taken

  /// A company whose name is taken: the one free company that has it is the other half of the pair.
  private func pairWithTwin(
    _ change: Ready, _ rejection: WriteRejection, _ desk: Desk, _ tally: inout Tally
  ) async throws {
    tally.reached()
    var outcome = ChangeOutcome.rejected(rejection.reason, message: rejection.message, isPartial: rejection.isPartial)
    // A system that cannot be asked leaves the refusal as it was.
    if tally.stop == nil, let twin = try? await desk.lookingUp.twin(of: change.entry) {
      outcome = .paired(twin.record, twin.key)
    }
    try settle(change, as: outcome, &tally)
  }

  // MARK: - Looking up

  /// Finds out what became of changes without an answer, and sends again, once, what did not arrive.
  func lookUp(_ changes: [Ready], _ desk: Desk, _ tally: inout Tally) async throws {
    guard !changes.isEmpty else { return }
    progress(.lookingUp(count: changes.count))
    // A vendor may still be at work on what it did not answer.
    try? await clock.sleep(for: .seconds(1))
    // What this run has paired meanwhile is nobody's answer to anything else.
    var desk = desk
    desk.pairs = PairMemory(try store.links(of: scope.sync.name))
    for change in changes {
      checkWhetherToStop(&tally)
      // Looking up takes a request; a run that was stopped leaves it to the next one, in the journal.
      guard tally.stop == nil else {
        tally.count(.unknown)
        continue
      }
      do {
        switch try await desk.lookingUp.find(change.entry, seen: change.decision.seenFingerprint) {
        case .notCarriedOut:
          try await sendAgain(change, desk, &tally)
        case let finding:
          tally.reached()
          try settle(change, as: finding.outcome(of: change.entry), &tally)
        }
      } catch let error as ConnectorError {
        tally.missed(error, at: clock.now())
        tally.count(.unknown)
      }
    }
  }

  private func sendAgain(_ change: Ready, _ desk: Desk, _ tally: inout Tally) async throws {
    let outcome = await desk.connector.write([change.write], in: desk.place.read).first ?? .unknown("no outcome")
    guard try settle(change, outcome, &tally) == .unknown else { return }
    let finding = try await desk.lookingUp.find(change.entry, seen: change.decision.seenFingerprint)
    tally.reached()
    try settle(change, as: finding.outcome(of: change.entry), &tally)
  }
}

extension Executor.Ready {
  fileprivate func isTakenName(_ rejection: WriteRejection) -> Bool {
    decision.kind == .company && decision.action == .create && rejection.reason == .duplicateAtTarget
      && !rejection.isPartial
  }
}
