// The emulated vendors without a socket: one request in, one answer out, and how it would have been delivered.

extension Sandbox {
  /// One answer of an emulated vendor, as the server would have put it on the wire.
  package struct Answer: Sendable {
    package var status: Int
    /// In order, repetitions kept.
    package var headers: [(name: String, value: String)]
    /// The whole body, whatever becomes of it on its way; empty where it is no text.
    package var body: String
    /// The same as it would have gone over the wire.
    package var content: [UInt8]
    package var delivery: Delivery
    /// How long the server would have waited before it answered; nobody waits here.
    package var delay: Duration
  }

  /// What happens to an answer on its way.
  package enum Delivery: Sendable, Equatable {
    case whole
    /// The connection is closed without an answer.
    case dropped
    /// No answer ever comes.
    case hung
    /// The connection closes after that many bytes of the body.
    case truncated(bytes: Int)
    /// The body is followed by blanks until it has that many bytes.
    case padded(bytes: Int)
  }

  /// Gives the sandbox an address without listening there, and describes how it would be connected to.
  ///
  /// - Parameter root: scheme, host and port, as in `http://127.0.0.1:9`; links in answers repeat it where a request
  ///   has no `Host`.
  package func describe(asIfAt root: String) -> SandboxDescription {
    let world = control.world
    world.root = root
    return world.description()
  }

  /// Answers one request exactly as the server would, in one step.
  ///
  /// - Parameters:
  ///   - target: path and query, percent-encoded.
  ///   - headers: of a name that comes twice the last value counts.
  package func answer(
    method: String, target: String, headers: [(name: String, value: String)], body: [UInt8]
  ) -> Answer {
    var named: [String: String] = [:]
    for header in headers { named[header.name.lowercased()] = header.value }
    let answer = control.world.answer(EmulatedRequest(method, target, headers: named, body: body))
    let delivery: Delivery =
      switch answer.delivery {
      case .whole: .whole
      case .dropped: .dropped
      case .hung: .hung
      case .truncated(let bytes): .truncated(bytes: bytes)
      case .padded(let bytes): .padded(bytes: bytes)
      }
    return Answer(
      status: answer.status, headers: answer.headers.map { ($0.name, $0.value) }, body: answer.body,
      content: answer.content, delivery: delivery, delay: answer.delay)
  }
}
