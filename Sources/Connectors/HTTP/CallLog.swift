/// What was asked of whom, with which answer and how long it took; never a header, a body or a secret.
package import Logging
import Synchronization

/// One request as the log remembers it.
package struct Call: Sendable, Hashable {
  package var method: String
  /// Without the values of its query, but for paging and selection.
  package var address: String
  /// `nil` when no answer came.
  package var status: Int?
  package var milliseconds: Int
  package var requestID: String?
  package init(method: String, address: String, status: Int?, milliseconds: Int, requestID: String?) {
    self.method = method
    self.address = address
    self.status = status
    self.milliseconds = milliseconds
    self.requestID = requestID
  }
}

/// The last calls of the process, and a line each in the log at level debug.
package final class CallLog: Sendable {
  private struct State {
    var calls: [Call] = []
    var start = 0
  }
  private let state = Mutex(State())
  private let capacity: Int
  private let logger: Logger

  package init(logger: Logger = Logger(label: "kith.http"), capacity: Int = 500) {
    self.logger = logger
    self.capacity = max(1, capacity)
  }

  /// Oldest first.
  package var recent: [Call] {
    state.withLock { Array($0.calls[$0.start...] + $0.calls[..<$0.start]) }
  }

  package func add(_ call: Call) {
    state.withLock { state in
      if state.calls.count < capacity {
        state.calls.append(call)
      } else {
        state.calls[state.start] = call
        state.start = (state.start + 1) % capacity
      }
    }
    logger.debug(
      "\(call.method) \(call.address)",
      metadata: [
        "status": "\(call.status.map(String.init) ?? "none")", "milliseconds": "\(call.milliseconds)",
        "request-id": "\(call.requestID ?? "none")",
      ])
  }

  /// An address with the values of its query hidden, but for those that hold nobody's data.
  package static func redacted(_ address: WebAddress) -> String {
    let plain = WebAddress(origin: address.origin, path: address.path).description
    guard let query = address.query else { return plain }
    let shown: Set<Substring> = ["$top", "$select", "fields", "page", "pageSize", "pageId"]
    let parts = query.split(separator: "&").map { part in
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, !shown.contains(pair[0]) else { return String(part) }
      return "\(pair[0])=…"
    }
    return "\(plain)?\(parts.joined(separator: "&"))"
  }
}

/// Writes each call into the log.
package struct LoggingTransport: Transport {
  private let inner: any Transport
  private let log: CallLog
  private let clock: any MonotonicClock

  package init(_ inner: any Transport, log: CallLog, clock: any MonotonicClock) {
    self.inner = inner
    self.log = log
    self.clock = clock
  }

  package func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    let start = clock.now()
    func note(status: Int?, requestID: String?) {
      log.add(
        Call(
          method: request.method.rawValue, address: CallLog.redacted(request.address), status: status,
          milliseconds: Int(min(max((clock.now() - start) * 1000, 0), 1e9)), requestID: requestID))
    }
    do throws(ConnectorError) {
      let response = try await inner.send(request)
      note(status: response.status, requestID: response.requestID)
      return response
    } catch {
      note(status: nil, requestID: nil)
      throw error
    }
  }
}
