/// One failure vocabulary for everything that a line can run into, and the words and exit code for each.
import CommandLanguage
import Connectors
import Execution
import Model
import Storage

/// Why a command failed: a sentence with the cause, a hint with the fix, and the exit code that tells a script.
package struct ShellError: Error, Sendable {
  package var code: ExitCode
  package var message: String
  package var hint: String?

  package init(_ message: String, hint: String? = nil, code: ExitCode = .failed) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// Any error of the rooms below, in the shell's words.
  package init(_ error: any Error) {
    switch error {
    case let error as ShellError: self = error
    case let error as ExecutionError:
      self.init(error.message, hint: error.hint ?? Self.usualFix(error.reason), code: ExitCode(error.kind))
    case let error as ConnectorError:
      self.init(error.message, hint: error.hint, code: ExitCode(error.kind))
    case let error as StoreError:
      self.init(error.message, hint: error.hint)
    case let error as VaultError:
      self.init(error.message, hint: error.hint)
    case let error as InvalidSetting:
      self.init(
        "\(error.key) cannot be “\(error.value)”: it takes \(error.allowed).",
        hint: "set \(error.key) to …", code: .failed)
    case is CancellationError:
      self.init("Stopped.", code: .interrupted)
    default:
      // What the system itself says (a file that cannot be written); its own sentence is the best there is.
      self.init("\(error)")
    }
  }
}

extension ShellError {
  /// What helps against a failure that says no more than its reason.
  private static func usualFix(_ reason: Reason?) -> String? {
    switch reason {
    case .serverError:
      "nothing was changed; try again later, and if it stays, check the connection's url= and the vendor's status page"
    case .rateLimited: "nothing was changed; try again in a few minutes"
    case .credentialRejected: "check the connection's credentials, then:  check"
    case .permissionMissing: "grant the permission, then:  check"
    default: nil
    }
  }
}

extension ExitCode {
  init(_ kind: ConnectorError.Kind) {
    switch kind {
    case .unreachable, .throttled, .budgetUsed: self = .unreachable
    case .cancelled: self = .interrupted
    case .unauthorized, .forbidden, .notFound, .stale, .malformed, .rejected, .deltaExpired, .tooLarge, .misconfigured:
      self = .failed
    }
  }

  init(_ kind: ExecutionError.Kind) {
    switch kind {
    case .unreachable: self = .unreachable
    case .refusedByGuard, .overLimit: self = .refused
    case .stale, .usedUp, .leaseHeld: self = .stale
    case .invalid: self = .wrong
    case .failed: self = .failed
    case .cancelled: self = .interrupted
    }
  }
}
