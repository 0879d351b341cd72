/// What a run has done so far, and whether it may go on.
import Connectors
import Foundation
import Model

struct Tally: Sendable {
  /// Why a run sends nothing more.
  enum Stop: Sendable {
    case interrupted
    /// Somebody else took the lease.
    case leaseLost
    /// More changes failed than `failures` allows.
    case failures(Int)
    /// A system cannot be reached, or refuses every request.
    case connector(ConnectorError)
    /// The requests that a system allows for now are used up.
    case budget(ConnectorError, resumesAt: Date)
    /// Somebody waits for this sync and goes first.
    case yielded(to: String)
  }

  let total: Int
  private(set) var done = 0
  private(set) var failed = 0
  private(set) var skipped = 0
  private(set) var notSent = 0
  private(set) var unknown = 0
  private(set) var waiting = 0
  /// The smallest number of requests that could have sent what was sent.
  var requestFloor = 0
  private(set) var stop: Stop?
  /// Changes in a row that did not reach the system.
  private var unreached = 0

  /// So many changes in a row without any answer end the run.
  static let patience = 5

  init(total: Int) { self.total = total }

  var settled: Int { done + failed + skipped + waiting }

  mutating func count(_ outcome: RecordOutcome) {
    switch outcome {
    case .done: done += 1
    case .failed: failed += 1
    case .skipped: skipped += 1
    case .notSent: notSent += 1
    case .unknown: unknown += 1
    case .waiting: waiting += 1
    }
  }

  /// The system answered, whatever it said.
  mutating func reached() { unreached = 0 }

  /// A request did not get through.
  mutating func missed(_ error: ConnectorError, at now: Date) {
    unreached += 1
    if error.kind == .cancelled {
      end(.interrupted)
    } else if case .budgetUsed(let seconds) = error.kind {
      end(.budget(error, resumesAt: now.addingTimeInterval(max(0, seconds))))
    } else if error.kind.concernsEveryRequest || unreached >= Self.patience {
      end(.connector(error))
    }
  }

  /// The first cause stays.
  mutating func end(_ cause: Stop) { stop = stop ?? cause }

  // MARK: - How it ended

  /// Every change has an outcome.
  var isCarriedThrough: Bool { notSent == 0 && unknown == 0 && settled == total }

  var outcome: RunOutcome {
    switch stop {
    case .interrupted, .leaseLost, .budget, .yielded: .interrupted
    case .connector(let error)
    where done == 0 && failed == 0 && waiting == 0 && error.kind.executionKind == .unreachable: .unreachable
    case .connector, .failures: .failed
    case nil: failed + unknown + notSent == 0 ? .ok : .failed
    }
  }

  var reason: Reason? {
    switch stop {
    case .interrupted, .leaseLost: .runEndedEarly
    case .yielded: .leaseHeld
    case .budget: .budgetUsed
    case .connector(let error): error.kind.reason
    case .failures: nil
    case nil: unknown > 0 ? .outcomeUnknown : nil
    }
  }

  /// Why it ended as it did; `nil` when all is well.
  func message(plan: PlanID) -> String? {
    let rest = notSent + unknown > 0 ? " To carry on: apply \(plan) rest" : ""
    switch stop {
    case .interrupted: return "Interrupted; \(notSent) not sent.\(rest)"
    case .leaseLost: return "Stopped, because another run took the lease; \(notSent) not sent."
    case .failures(let limit): return "Stopped after \(failed) failures (at most \(limit) allowed).\(rest)"
    case .connector(let error): return "\(error.message)\(rest)"
    case .budget(let error, let resumesAt):
      return
        "\(error.message.hasSuffix(".") ? error.message : error.message + ".") There are requests again at \(resumesAt.formatted(.iso8601)); \(notSent) not sent.\(rest)"
    case .yielded(let whom): return "Let the run of \(whom) go first; \(notSent) not sent.\(rest)"
    case nil: break
    }
    var parts: [String] = []
    if failed > 0 { parts.append("\(failed) failed") }
    if unknown > 0 { parts.append("\(unknown) with an unknown outcome, looked up by the next run") }
    if notSent > 0 { parts.append("\(notSent) not sent") }
    return parts.isEmpty ? nil : "\(parts.joined(separator: ", ")).\(rest)"
  }
}
