/// What an answer that is no success means: one table for all vendors, and a place for what each has of its own.
import Foundation
import Model

extension ConnectorError.Kind {
  /// - Parameter exceptions: statuses that a vendor answers something else with.
  init(status: Int, retryAfter: Double?, exceptions: [Int: Self] = [:]) {
    if let exception = exceptions[status] {
      self = exception
      return
    }
    switch status {
    case 401: self = .unauthorized
    case 403: self = .forbidden
    case 404, 410: self = .notFound
    case 409: self = .stale
    case 413: self = .tooLarge
    case 429: self = .throttled(retryAfterSeconds: retryAfter)
    case 408, 500...: self = .unreachable
    default: self = .rejected
    }
  }
}

/// How one vendor says no. A vendor adds its words, its advice and its reasons; the rest is the same for all.
protocol VendorErrors: Sendable {
  /// The system, as a sentence calls it.
  static var system: String { get }
  /// Statuses that mean something else here than elsewhere.
  static var exceptions: [Int: ConnectorError.Kind] { get }
  /// What to do about an error; `nil` where there is no more to be said than elsewhere.
  static func hint(_ kind: ConnectorError.Kind) -> String?
  /// The server's own words in one line, without secrets; empty where it has none. A gateway's error page is HTML: there
  /// is nothing to read in it.
  func words(_ response: HTTPResponse) -> String
}

extension VendorErrors {
  static var exceptions: [Int: ConnectorError.Kind] { [:] }

  /// An answer that is no success.
  func error(_ response: HTTPResponse, purpose: String, now: Date) -> ConnectorError {
    let words = words(response)
    let kind = ConnectorError.Kind(
      status: response.status, retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now),
      exceptions: Self.exceptions)
    let wait: String? = if case .throttled = kind { "wait, then try again" } else { nil }
    return ConnectorError(
      kind, "\(Self.system) answered \(purpose) with \(response.status)\(words.isEmpty ? "" : " \(words)")",
      hint: Self.hint(kind) ?? wait, status: response.status, requestID: response.requestID)
  }

  /// The value that a successful answer holds.
  /// - Throws: what an answer means that is no success; `.malformed`.
  func value<Value: Decodable>(
    _ type: Value.Type, of response: HTTPResponse, purpose: String, now: Date
  ) throws(ConnectorError) -> Value {
    guard response.isSuccess else { throw error(response, purpose: purpose, now: now) }
    return try decode(type, response, purpose: purpose)
  }

  /// The value that an answer holds, whatever its status.
  /// - Throws: `.malformed`.
  func decode<Value: Decodable>(
    _ type: Value.Type, _ response: HTTPResponse, purpose: String
  ) throws(ConnectorError) -> Value {
    try JSONWire.decode(type, from: response.body, purpose: "\(Self.system), \(purpose)")
  }

  /// The server's own words, or at least its status.
  func said(_ response: HTTPResponse) -> String {
    let words = words(response)
    return words.isEmpty ? "status \(response.status)" : words
  }

  /// Why a system said no to a write, and because of which field.
  typealias Refusal = (reason: Reason, field: FieldName?)

  /// What became of a write whose request was answered with no success.
  ///
  /// - Parameters:
  ///   - isPartial: a request of the same write was carried out before.
  ///   - conflict: what a 409 says here.
  ///   - refusal: why the system refuses what it was asked for.
  func outcome(
    _ response: HTTPResponse, purpose: String, action: WriteKind, isPartial: Bool = false, now: Date,
    conflict: Refusal, refusal: () -> Refusal
  ) -> WriteOutcome {
    let error = error(response, purpose: purpose, now: now)
    func refused(_ why: Refusal) -> WriteOutcome {
      .refused(why.reason, said(response), field: why.field, isPartial: isPartial)
    }
    switch error.kind {
    case .stale: return refused(conflict)
    case .rejected where (400..<500).contains(response.status), .tooLarge: return refused(refusal())
    case .forbidden where action != .create: return refused((.recordForbidden, nil))
    case .notFound where action != .create: return refused((.targetGone, nil))
    case .unauthorized, .forbidden, .notFound, .throttled:
      // Refused before anything was done; but not when an earlier request of this write was carried out.
      return isPartial ? .unknown(error.message) : .notSent(error)
    case .rejected, .unreachable, .budgetUsed, .malformed, .deltaExpired, .misconfigured, .cancelled:
      return .unknown(error.message)
    }
  }
}
