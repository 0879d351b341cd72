/// One connection's way to Autotask: retry → budget → the entity's lane → redirects → count → log → wire.
import Foundation
import Model
import Synchronization

/// Lanes are by entity, since the server's threads are; retries go by what an answer means, since its status does not
/// tell; and every attempt is counted against the hour that all integrations of the customer share.
final class AutotaskLine: Sendable {
  private let wire: RedirectingTransport
  private let counter: CountingTransport
  private let clock: any MonotonicClock
  private let now: @Sendable () -> Date
  private let random: @Sendable () -> Double
  private let lanes = Mutex<[String: PacingTransport]>([:])
  private let window = Mutex(RequestBudgetWindow(AutotaskFeatures.budget))
  private let asking = Slots(1)

  init(_ setup: ConnectorSetup) {
    var transport = setup.transport
    if let log = setup.log { transport = LoggingTransport(transport, log: log, clock: setup.clock) }
    counter = CountingTransport(transport)
    wire = RedirectingTransport(counter)
    clock = setup.clock
    now = setup.now
    random = setup.random
  }

  /// Requests sent so far, the questions for the zone left out.
  var requestCount: Int { counter.count }

  /// - Parameters:
  ///   - threshold: the request that asks how much of the hour is used; `nil` for a request outside the budget.
  ///   - isFollowUp: the request finishes what was begun, and may use the budget's reserve.
  /// - Throws: beside what a transport throws, `.budgetUsed` before anything is sent.
  func send(
    _ request: HTTPRequest, threshold: HTTPRequest?, isFollowUp: Bool = false
  ) async throws(ConnectorError) -> HTTPResponse {
    var attempt = 1
    var mayHaveArrived = false
    while true {
      let result = await self.attempt(request, threshold: threshold, isFollowUp: isFollowUp)
      let event: RetryTable.Event
      switch result {
      case .success(let response):
        let meaning = AutotaskErrors.meaning(response)
        if meaning == .throttled(isThreads: false) { window.withLock { $0.wantAsking() } }
        mayHaveArrived = mayHaveArrived || [.timedOut, .faulty].contains(meaning)
        event = .answered(
          status: meaning.retryStatus(response.status),
          retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now()))
      case .failure(let error):
        mayHaveArrived = mayHaveArrived || error.delivery != .notSent
        event = .failed(error)
      }
      let action = AutotaskFeatures.retries.decide(
        event, attempt: attempt, isRepeatable: request.isRepeatable, jitter: random())
      guard case .again(let seconds) = action else { return try Self.final(result, mayHaveArrived) }
      do { try await clock.sleep(seconds: seconds) } catch {
        return try Self.final(.failure(.cancelled), mayHaveArrived)
      }
      attempt += 1
    }
  }

  /// What ended the last attempt says nothing of those before it.
  private static func final(
    _ result: Result<HTTPResponse, ConnectorError>, _ mayHaveArrived: Bool
  ) throws(ConnectorError) -> HTTPResponse {
    do throws(ConnectorError) {
      return try result.get()
    } catch {
      var told = error
      if mayHaveArrived, told.delivery == .notSent { told.delivery = .unknown }
      throw told
    }
  }

  private func attempt(
    _ request: HTTPRequest, threshold: HTTPRequest?, isFollowUp: Bool
  ) async -> Result<HTTPResponse, ConnectorError> {
    do throws(ConnectorError) {
      if let threshold { try await admit(threshold, isFollowUp: isFollowUp) }
      return .success(try await lane(request.lane).send(request))
    } catch {
      return .failure(error)
    }
  }

  private func lane(_ name: String) -> PacingTransport {
    lanes.withLock { lanes in
      if let lane = lanes[name] { return lane }
      let lane = PacingTransport(wire, pace: AutotaskFeatures.pace, clock: clock, now: now)
      lanes[name] = lane
      return lane
    }
  }

  // MARK: The budget

  /// Returns when one more request may leave.
  private func admit(_ threshold: HTTPRequest, isFollowUp: Bool) async throws(ConnectorError) {
    var waited = 0.0
    while true {
      let time = clock.now()
      let (decision, timesAsked) = window.withLock { window in
        (window.admit(at: time, waited: waited, isFollowUp: isFollowUp), window.timesAsked)
      }
      switch decision {
      case .go(let seconds):
        if seconds > 0 { try await sleep(seconds) }
        return
      case .ask: try await ask(threshold, unlessAfter: timesAsked)
      case .wait(let seconds):
        waited += seconds
        try await sleep(seconds)
      case .refuse(let seconds):
        let (used, limit) = window.withLock { $0.usage(at: time) }
        throw ConnectorError(
          .budgetUsed(resetsInSeconds: seconds),
          "\(used) of the \(limit) requests that Autotask allows in an hour, by all integrations together, are used",
          hint: "run it again in about \(Int((seconds / 60).rounded(.up))) min; it goes on where it stopped",
          delivery: .notSent)
      }
    }
  }

  private func sleep(_ seconds: Double) async throws(ConnectorError) {
    do { try await clock.sleep(seconds: seconds) } catch { throw .cancelled }
  }

  /// Asks once, however many want to know.
  private func ask(_ threshold: HTTPRequest, unlessAfter times: Int) async throws(ConnectorError) {
    try await asking.take()
    defer { asking.giveBack() }
    // Somebody before us may have asked since.
    guard window.withLock({ $0.timesAsked }) == times else { return }
    try await read(threshold)
  }

  /// What cannot be learned is left to our own count.
  private func read(_ threshold: HTTPRequest) async throws(ConnectorError) {
    do throws(ConnectorError) {
      let response = try await lane(threshold.lane).send(threshold)
      if AutotaskErrors.meaning(response) == .done,
        let told = JSONWire.read(AutotaskThreshold.self, from: response.body)
      {
        return learn(told)
      }
    } catch {
      if error.kind == .cancelled { throw error }
    }
    let time = clock.now()
    window.withLock { window in
      window.count(at: time)
      window.learnNothing(at: time)
    }
  }

  /// What an answer of the server's said, to a request that is counted here.
  func learn(_ told: AutotaskThreshold) {
    let time = clock.now()
    let minutes = min(max(told.requestThresholdTimeframe, 1), 1_440)
    window.withLock { window in
      window.count(at: time)
      window.learn(
        used: told.currentTimeframeRequestCount, limit: told.externalRequestThreshold, windowSeconds: minutes * 60,
        at: time)
    }
  }
}
