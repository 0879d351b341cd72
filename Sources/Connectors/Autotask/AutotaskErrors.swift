/// What the answers of Autotask mean. A status of 500 is how it refuses a request, so that the words decide.
import Foundation
import Model

/// What one answer comes down to.
enum AutotaskMeaning: Sendable, Equatable {
  case done
  case unauthorized
  case forbidden
  case missing
  /// The route is not there at all: another zone, or a page of the web server.
  case wrongPlace
  case stale
  /// Too many at once (`Itgenatr005`), or too many in the hour.
  case throttled(isThreads: Bool)
  /// The request itself is wrong.
  case refused
  /// The server gave up on it.
  case timedOut
  /// A fault of the server's or of a gateway.
  case faulty

  /// What the table of retries is told in place of the status.
  func retryStatus(_ status: Int) -> Int {
    switch self {
    case .throttled: 429
    case .timedOut: 504
    case .faulty: status
    case .done: 200
    case .unauthorized, .forbidden, .missing, .wrongPlace, .stale, .refused: 422
    }
  }
}

struct AutotaskErrors: Sendable {
  let redaction: Redaction

  static func meaning(_ response: HTTPResponse) -> AutotaskMeaning {
    if response.isSuccess { return texts(response, isSuccess: true).isEmpty ? .done : meaning(500, response) }
    return meaning(response.status, response)
  }

  private static func meaning(_ status: Int, _ response: HTTPResponse) -> AutotaskMeaning {
    let words = texts(response).joined(separator: "\n").lowercased()
    func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
    if says("itgenatr005", "thread threshold") { return .throttled(isThreads: true) }
    switch status {
    case 401: return .unauthorized
    case 403: return .forbidden
    case 404: return isPage(response) ? .wrongPlace : .missing
    case 409: return .stale
    case 429: return .throttled(isThreads: false)
    case 500 where says("timeout", "timed out", "time-out"): return .timedOut
    case 500 where says("adequate permission", "not have permission", "insufficient permission"): return .forbidden
    case 500 where says("invalid credential", "invalid username", "unauthorized", "not authenticated"):
      return .unauthorized
    // A refusal holds a list of errors; without one it is a real fault, and nobody knows what was done.
    case 500 where !isRefusal(response): return .faulty
    case 408, 501...: return .faulty
    default: return .refused
    }
  }

  /// An answer that is no success.
  func error(_ response: HTTPResponse, purpose: String, now: Date) -> ConnectorError {
    let (meaning, words) = (Self.meaning(response), words(response))
    let retryAfter = RetryAfter.seconds(response.header("retry-after"), now: now)
    let kind: ConnectorError.Kind
    var hint: String?
    switch meaning {
    case .unauthorized: (kind, hint) = (.unauthorized, "check user, secret and integration-code, then: check")
    case .forbidden: (kind, hint) = (.forbidden, "give the API user's security level the right")
    case .missing: kind = .notFound
    case .wrongPlace: (kind, hint) = (.notFound, "a wrong route or zone: check url, then: check")
    case .stale: kind = .stale
    case .throttled: (kind, hint) = (.throttled(retryAfterSeconds: retryAfter), "wait, then try again")
    case .refused, .done: kind = .rejected
    case .timedOut, .faulty: kind = .unreachable
    }
    let said = words.isEmpty && meaning == .wrongPlace ? "a web page" : words
    return ConnectorError(
      kind, "Autotask answered \(purpose) with \(response.status)\(said.isEmpty ? "" : ": \(said)")", hint: hint,
      status: response.status, requestID: response.requestID)
  }

  /// What became of a write whose request was answered with no success.
  ///
  /// - Parameters:
  ///   - sent: the properties that the request held, and our names of them.
  ///   - isPartial: a request of the same write was carried out before.
  func outcome(
    _ response: HTTPResponse, purpose: String, action: WriteKind, sent: [String: FieldName], isPartial: Bool, now: Date
  ) -> WriteOutcome {
    let error = error(response, purpose: purpose, now: now)
    func rejected(_ reason: Reason, _ field: FieldName? = nil) -> WriteOutcome {
      let words = words(response)
      return .rejected(
        WriteRejection(
          reason: reason, field: field, message: words.isEmpty ? "status \(response.status)" : words,
          isPartial: isPartial))
    }
    switch Self.meaning(response) {
    case .unauthorized, .wrongPlace, .throttled: return .notSent(error)
    case .forbidden: return action == .create ? .notSent(error) : rejected(.recordForbidden)
    case .missing: return rejected(action == .create ? .valueRefused : .targetGone)
    case .stale: return rejected(.versionConflict)
    case .refused:
      let texts = Self.texts(response).joined(separator: " ")
      let isDuplicate = ["already exists", "duplicate"].contains { texts.lowercased().contains($0) }
      return isDuplicate ? rejected(.duplicateAtTarget) : rejected(.valueRefused, Self.field(in: texts, sent: sent))
    case .timedOut, .faulty, .done: return .unknown(error.message)
    }
  }

  /// Whether a refusal may mean that the record itself is no longer there: only a look can tell, since a reference to
  /// another record is refused in much the same words, and no list of the vendor's words is known.
  static func mayMeanGone(_ response: HTTPResponse, sent: [String: FieldName]) -> Bool {
    guard meaning(response) == .refused else { return false }
    let words = texts(response).joined(separator: " ")
    let isMissing = ["not found", "not exist", "no record", "no matching"].contains { words.lowercased().contains($0) }
    return isMissing || field(in: words, sent: sent) == nil
  }

  /// The field that a refusal speaks of: the word after "field", else a name of several words, else one that was sent.
  static func field(in text: String, sent: [String: FieldName]) -> FieldName? {
    let words = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let known = Dictionary(
      AutotaskMapping.properties.merging(sent) { _, own in own }.map { ($0.key.lowercased(), $0.value) }
    ) { first, _ in first }
    for (index, word) in words.enumerated() where word.lowercased() == "field" && index + 1 < words.count {
      if let field = known[words[index + 1].lowercased()] { return field }
    }
    let compound = words.first { word in
      word.dropFirst().contains(where: \.isUppercase) && known[word.lowercased()] != nil
    }
    if let compound { return known[compound.lowercased()] }
    return words.lazy.compactMap { sent[$0] }.first
  }

  /// The server's own words in one line.
  func words(_ response: HTTPResponse) -> String {
    redaction.clean(Self.texts(response).prefix(3).joined(separator: " "))
  }

  private static func isRefusal(_ response: HTTPResponse) -> Bool {
    JSONWire.read(AutotaskErrorBody.self, from: response.body)?.isRefusal ?? false
  }

  /// A page of the web server's is HTML: there is nothing to read in it.
  private static func texts(_ response: HTTPResponse, isSuccess: Bool = false) -> [String] {
    // A success is searched only where it may hold errors: pages of records are long.
    if isSuccess, response.body.range(of: Data(#""errors""#.utf8)) == nil { return [] }
    guard let body = JSONWire.read(AutotaskErrorBody.self, from: response.body) else { return [] }
    return body.texts.filter { !$0.isBlank }
  }

  private static func isPage(_ response: HTTPResponse) -> Bool {
    if response.header("content-type")?.lowercased().contains("html") == true { return true }
    return response.body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "<")
  }
}
