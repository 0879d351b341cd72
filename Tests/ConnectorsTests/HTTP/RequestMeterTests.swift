import Synchronization
import Testing

@testable import Connectors

@Suite("What one piece of work took") struct RequestMeterTests {
  private struct InstantClock: MonotonicClock {
    func now() -> Double { 0 }
    func sleep(seconds: Double) async throws {}
  }

  @Test("pauses of a second or more are told to all work around them, with their system, through a stream of pages too")
  func pauses() async throws {
    let clock = PauseTellingClock(inner: InstantClock(), system: "ConnectWise")
    let heard = Mutex<[String]>([])
    @Sendable func hear(_ name: String) -> RequestMeter.PauseListener {
      { pause in
        let asked = pause.isAskedFor ? " asked for" : ""
        heard.withLock { $0.append("\(name) \(pause.seconds) \(pause.system)\(asked)") }
      }
    }
    try await RequestMeter.measure(onPause: hear("outer")) { _ in
      try await clock.sleep(seconds: 0.9)
      try await RequestMeter.measure(onPause: hear("inner")) { _ in
        let stream = pageStream { _ throws(ConnectorError) in
          do { try await clock.sleep(seconds: 12) } catch { throw .cancelled }
        }
        _ = try await stream.pages()
      }
      try await RequestMeter.$isAskedFor.withValue(true) { try await clock.sleep(seconds: 1) }
    }
    try await clock.sleep(seconds: 5)
    #expect(
      heard.withLock(\.self) == ["inner 12.0 ConnectWise", "outer 12.0 ConnectWise", "outer 1.0 ConnectWise asked for"])
  }
}
