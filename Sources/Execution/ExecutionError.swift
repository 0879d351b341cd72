/// Why a verb that reads or writes systems could not go on: a closed kind, a sentence, and what to do about it.
package import Connectors
package import Model

package struct ExecutionError: Error, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A system could not be reached, and nothing was done.
    case unreachable
    /// The plan is over a guard that nobody lifted; nothing was sent.
    case refusedByGuard
    /// The plan is over a limit of `confirm within`; nothing was sent.
    case overLimit
    /// The plan no longer fits the settings or a newer plan exists.
    case stale
    /// The plan was carried out already, or begun.
    case usedUp
    /// Another run of the sync is under way.
    case leaseHeld
    /// What was asked cannot be asked: an unknown name, a what-if plan, a missing `confirm`.
    case invalid
    case failed
    case cancelled

    /// The exit code that tells of it (`kith`'s table of exit codes).
    package var exitCode: Int32 {
      switch self {
      case .failed: 1
      case .invalid: 2
      case .refusedByGuard, .overLimit: 5
      case .stale, .usedUp, .leaseHeld: 6
      case .unreachable: 75
      case .cancelled: 130
      }
    }
  }

  package var kind: Kind
  /// A sentence for the user; never a secret.
  package var message: String
  /// What to do about it: a command to type, or an instruction.
  package var hint: String?
  /// The guards that hold the plan, for `.refusedByGuard`.
  package var guards: [GuardFinding]
  package var reason: Reason?
  /// The run row that records the attempt; `nil` where nothing was attempted.
  package var run: RunID?
  package var plan: PlanID?

  package init(
    _ kind: Kind, _ message: String, hint: String? = nil, guards: [GuardFinding] = [], reason: Reason? = nil,
    run: RunID? = nil, plan: PlanID? = nil
  ) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.guards = guards
    self.reason = reason
    self.run = run
    self.plan = plan
  }
}

extension ExecutionError {
  /// What a connector's failure means for the work that asked.
  package init(_ error: ConnectorError) {
    self.init(error.kind.executionKind, error.message, hint: error.hint, reason: error.kind.reason)
  }
}

extension ConnectorError.Kind {
  /// The table from a connector's failure to a verb's.
  var executionKind: ExecutionError.Kind {
    switch self {
    case .unreachable, .throttled, .budgetUsed: .unreachable
    case .cancelled: .cancelled
    case .misconfigured: .invalid
    case .unauthorized, .forbidden, .notFound, .stale, .malformed, .rejected, .deltaExpired, .tooLarge: .failed
    }
  }

  /// The reason by which a run or a record tells of it.
  var reason: Reason? {
    switch self {
    case .unauthorized: .credentialRejected
    case .forbidden: .permissionMissing
    case .throttled: .rateLimited
    case .budgetUsed: .budgetUsed
    case .unreachable, .malformed, .tooLarge: .serverError
    case .misconfigured: .settingsInvalid
    case .deltaExpired: .deltaExpired
    case .notFound, .stale, .rejected, .cancelled: nil
    }
  }

  /// The failure concerns the way into the system, so that the next request would fail in the same way.
  var concernsEveryRequest: Bool {
    switch self {
    case .unauthorized, .forbidden, .throttled, .budgetUsed, .misconfigured, .cancelled: true
    case .unreachable, .notFound, .stale, .malformed, .rejected, .deltaExpired, .tooLarge: false
    }
  }
}
