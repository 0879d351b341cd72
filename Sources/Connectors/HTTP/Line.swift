/// One connection's way to its system: the transports around the wire, in the order in which a request passes them.
/// retry → pace → redirects → count → log → wire
package struct Line: Transport {
  private let outermost: RetryingTransport
  private let pacing: PacingTransport
  private let counter: CountingTransport

  package init(_ setup: ConnectorSetup, pace: Pace, retries: RetryTable = RetryTable()) {
    var wire = setup.transport
    if let log = setup.log { wire = LoggingTransport(wire, log: log, clock: setup.clock) }
    counter = CountingTransport(wire)
    pacing = PacingTransport(RedirectingTransport(counter), pace: pace, clock: setup.clock, now: setup.now)
    outermost = RetryingTransport(
      pacing, table: retries, clock: setup.clock, now: setup.now, random: setup.random)
  }

  package func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    try await outermost.send(request)
  }

  /// Nothing of the lane leaves for so many seconds.
  package func pause(_ lane: String, seconds: Double) { pacing.pause(lane, seconds: seconds) }

  /// Requests sent so far, sign-in left out.
  package var requestCount: Int { counter.count }
}
