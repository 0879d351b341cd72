/// What can go wrong between kith and a system, in one closed vocabulary.
package import Model

/// Why a system could not do what it was asked.
package struct ConnectorError: Error, Sendable {
  package enum Kind: Sendable, Hashable {
    /// The credential was refused.
    case unauthorized
    /// Signed in, but a permission is missing.
    case forbidden
    case notFound
    case stale
    /// Too many requests, to the end of all patience.
    case throttled(retryAfterSeconds: Double?)
    /// The requests that the system allows in a window of time are used up; so many seconds until there are some again.
    case budgetUsed(resetsInSeconds: Double)
    /// No answer, a broken connection, or an error of the server's own (5xx), to the end of all retries.
    case unreachable
    /// An answer that cannot be understood.
    case malformed
    /// The request itself was refused.
    case rejected
    /// The mark of the last reading is no longer good: read everything again.
    case deltaExpired
    case tooLarge
    /// A setting of the connection is wrong or missing (`url=`, a secret that cannot be had).
    case misconfigured
    case cancelled
  }
  package var kind: Kind
  /// A sentence for the user: which system, what it was asked, what it answered. Never a secret, never a whole body.
  package var message: String
  /// What to do about it.
  package var hint: String?
  package var status: Int?
  /// The vendor's trace id of the request.
  package var requestID: String?
  /// How far the request got: what decides whether a write may have been carried out.
  package var delivery: Delivery
  /// Why the one place that was asked about is closed, while others may be open (``Place/fault``); `nil` where it is not
  /// about a place.
  package var closing: Cause?

  /// How far a request got.
  package enum Delivery: Sendable, Hashable {
    /// It certainly never left, or the system never took it.
    case notSent
    /// It left and no answer came.
    case unknown
    case answered
  }

  package init(
    _ kind: Kind, _ message: String, hint: String? = nil, status: Int? = nil, requestID: String? = nil,
    delivery: Delivery = .answered, closing: Cause? = nil
  ) {
    self.delivery = delivery
    self.closing = closing
    self.kind = kind
    self.message = message
    self.hint = hint
    self.status = status
    self.requestID = requestID
  }
}

extension ConnectorError {
  /// The work was called off before anything was sent.
  package static let cancelled = ConnectorError(.cancelled, "cancelled", delivery: .notSent)

  /// The same, of something that was asked for a write: nothing of the write itself has been sent.
  var beforeSending: ConnectorError {
    var unsent = self
    unsent.delivery = .notSent
    return unsent
  }
}

extension ConnectorError {
  /// Asked for a kind of record that the system does not declare; nothing was sent.
  static func without(_ kind: RecordKind, _ system: SystemDescription) -> ConnectorError {
    ConnectorError(.misconfigured, "\(system.name) has no \(kind.plural)", delivery: .notSent)
  }
}
