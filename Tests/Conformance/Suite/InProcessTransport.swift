/// The two ends of a wire without a wire, and a place for what happens in between.
import Connectors
import Foundation
import Sandbox
import Synchronization

/// Asks the sandbox itself, and tells what a socket would have made of its answer.
struct InProcessTransport: Transport {
  private static let largestBody = 64 << 20

  let sandbox: Sandbox

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    if Task.isCancelled { throw ConnectorError(.cancelled, "cancelled", delivery: .unknown) }
    var headers = request.headers.map { (name: $0.name, value: $0.value) }
    headers.append((name: "Host", value: request.address.origin.hostAndPort))
    let target = request.address.path + (request.address.query.map { "?\($0)" } ?? "")
    let answer = sandbox.answer(
      method: request.method.rawValue, target: target, headers: headers, body: request.body.map { Array($0) } ?? [])
    switch answer.delivery {
    case .whole: break
    case .padded(let bytes):
      guard bytes <= Self.largestBody else {
        throw ConnectorError(.tooLarge, "the answer is larger than anybody would read", delivery: .unknown)
      }
    case .dropped, .hung, .truncated:
      throw ConnectorError(.unreachable, "the connection broke during \(request.purpose)", delivery: .unknown)
    }
    return HTTPResponse(
      status: answer.status, headers: answer.headers.map { HTTPHeader($0.name, $0.value) },
      body: Data(answer.content))
  }
}

/// Something that happens at the vendor between two answers of a reading.
final class Interruption: Sendable {
  private struct Plan {
    var mark: String
    var act: @Sendable () -> Void
  }
  private let plan = Mutex<Plan?>(nil)

  /// Once an answer that holds records has come to a request whose address contains the mark.
  func arrange(after mark: String, _ act: @escaping @Sendable () -> Void) {
    plan.withLock { $0 = Plan(mark: mark, act: act) }
  }

  func answered(_ request: HTTPRequest, _ response: HTTPResponse) {
    let due = plan.withLock { plan -> Plan? in
      // Counts and marks are short; a page that others follow is not.
      guard let now = plan, request.address.description.contains(now.mark), response.body.count > 5_000 else {
        return nil
      }
      plan = nil
      return now
    }
    due?.act()
  }
}

struct InterruptedTransport: Transport {
  private let inner: any Transport
  private let interruption: Interruption

  init(_ inner: any Transport, _ interruption: Interruption) {
    self.inner = inner
    self.interruption = interruption
  }

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    let response = try await inner.send(request)
    interruption.answered(request, response)
    return response
  }
}
