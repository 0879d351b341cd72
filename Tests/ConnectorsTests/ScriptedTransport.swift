/// Stand-ins for the world: a transport that answers from a script, and a clock that is never waited for.
import Connectors
import Foundation
import Model
import Synchronization

/// Answers each request by a function of it and its number, and keeps what was asked.
final class ScriptedTransport: Transport {
  typealias Answer = @Sendable (HTTPRequest, Int) async throws -> HTTPResponse
  private let seen = Mutex<[HTTPRequest]>([])
  private let answer: Answer

  init(_ answer: @escaping Answer) { self.answer = answer }

  var requests: [HTTPRequest] { seen.withLock { $0 } }
  /// `GET /path?query`, decoded, in the order sent.
  var lines: [String] {
    requests.map {
      let query = $0.address.query.map { "?\($0)" } ?? ""
      return "\($0.method.rawValue) \($0.address.path)\(query)".removingPercentEncoding ?? ""
    }
  }

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    let number = seen.withLock { seen in
      seen.append(request)
      return seen.count
    }
    do {
      return try await answer(request, number)
    } catch let error as ConnectorError {
      throw error
    } catch {
      throw ConnectorError(.unreachable, "\(error)", delivery: .unknown)
    }
  }
}

/// Sleeping moves its time on at once.
final class FakeClock: MonotonicClock {
  private let time = Mutex(0.0)
  func now() -> Double { time.withLock { $0 } }
  func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
  func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    let end = now() + seconds
    time.withLock { $0 = max($0, end) }
    await Task.yield()
  }
}

extension [WriteOutcome] {
  /// What became of the first write, in a word; of a refusal its reason and its field.
  var word: String {
    switch first {
    case .done?: "done"
    case .rejected(let rejection)?: "\(rejection.reason.rawValue) \(rejection.field?.rawValue ?? "-")"
    case .unknown?: "unknown"
    case .waiting?: "waiting"
    case .notSent?: "not sent"
    case nil: "nothing"
    }
  }
}

extension HTTPResponse {
  static func json(_ text: String, status: Int = 200, _ headers: [HTTPHeader] = []) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Data(text.utf8))
  }
}

extension ConnectorError {
  /// A connection that broke after the request had left.
  static let dropped = ConnectorError(.unreachable, "it closed the connection", delivery: .unknown)
  static let refused = ConnectorError(.unreachable, "connection refused", delivery: .notSent)
}

extension ConnectorSetup {
  static func test(
    _ system: SystemID, _ transport: any Transport, clock: any MonotonicClock = FakeClock(),
    parameters: [String: String] = [:], findings: [String: String] = [:]
  ) -> ConnectorSetup {
    var all: [String: String] =
      system == "m365"
      ? ["client-id": "app", "url": "http://127.0.0.1:9/m365"]
      : ["company": "msp", "public-key": "pub", "client-id": "app", "url": "http://127.0.0.1:9/cw"]
    all.merge(parameters) { _, new in new }
    let secrets = system == "m365" ? ["client-secret": Secret("s3cr=t+/v~")] : ["private-key": Secret("s3cr=t+/v~")]
    return ConnectorSetup(
      connection: Connection(
        name: "test", system: system, parameters: all, secrets: [:], madeAt: .distantPast, changedAt: .distantPast,
        findings: findings),
      secrets: secrets, transport: transport, clock: clock, now: { Date(timeIntervalSince1970: 1_800_000_000) },
      random: { 0.5 })
  }
}

/// The error that a piece of work ends with; `nil` when it ends well.
func failure<Result>(_ work: () async throws -> Result) async -> ConnectorError? {
  do {
    _ = try await work()
    return nil
  } catch {
    return error as? ConnectorError
  }
}

/// All pages of a reading.
func pages(_ stream: AsyncThrowingStream<Page, any Error>) async throws -> [Page] {
  var pages: [Page] = []
  for try await page in stream { pages.append(page) }
  return pages
}
