import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct PacerTests {
  @Test("a burst passes, then one by one at the pace")
  func bucket() {
    var pacer = Pacer(Pace(concurrency: 1, perSecond: 10, burst: 3))
    for _ in 1...3 { #expect(pacer.admit("", at: 0) == .go) }
    #expect(pacer.admit("", at: 0) == .wait(0.1))
    #expect(pacer.admit("", at: 0.1) == .go)
    #expect(pacer.admit("", at: 0.1) != .go)
    // A rest fills the bucket, and no further than full.
    for _ in 1...3 { #expect(pacer.admit("", at: 100) == .go) }
    #expect(pacer.admit("", at: 100) != .go)
  }

  @Test("a pause closes its own lane, and the longest one counts")
  func lanes() {
    var pacer = Pacer(Pace(concurrency: 1, perSecond: 10, burst: 9, patience: 60))
    pacer.close("a", seconds: 5, at: 0)
    pacer.close("a", seconds: 2, at: 1)
    #expect(pacer.admit("a", at: 4) == .wait(1))
    #expect(pacer.admit("b", at: 4) == .go)
    #expect(pacer.admit("a", at: 5) == .go)
    pacer.close("a", seconds: 61, at: 10)
    #expect(pacer.admit("a", at: 10) == .refuse(61))
  }

  @Test("G18 no request leaves inside a pause that the system asked for", arguments: 1...20)
  func storm(_ seed: Int) async throws {
    struct Server {
      var closedUntil = 0.0
      var violations = 0
      var served = 0
      var random: UInt64
    }
    let clock = FakeClock()
    let server = Mutex(Server(random: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15))
    let transport = ScriptedTransport { _, _ in
      let now = clock.now()
      // Suspends, so that requests overlap.
      await Task.yield()
      return server.withLock { server in
        if now < server.closedUntil { server.violations += 1 }
        server.random = server.random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        if server.random >> 60 < 5 {
          let pause = Double(server.random >> 50 & 31) / 4
          server.closedUntil = max(server.closedUntil, clock.now() + pause)
          return HTTPResponse(status: 429, headers: [HTTPHeader("Retry-After", "\(pause)")])
        }
        server.served += 1
        return HTTPResponse(status: 200)
      }
    }
    let setup = ConnectorSetup.test("m365", transport, clock: clock)
    // One at a time: what is under way already when the pause is asked for cannot be called back.
    let line = Line(setup, pace: Pace(concurrency: 1, perSecond: 50, burst: 5, patience: 600))
    let address = try #require(WebAddress("http://127.0.0.1:9/x"))
    await withTaskGroup(of: Void.self) { group in
      for _ in 1...30 {
        group.addTask { _ = try? await line.send(HTTPRequest(.get, address, purpose: "x")) }
      }
    }
    let end = server.withLock { $0 }
    #expect(end.violations == 0)
    #expect(end.served > 0)
    #expect(line.requestCount == transport.requests.count)
  }

  @Test("a longer pause than anybody would wait for is an error, and nothing is sent")
  func patience() async throws {
    let transport = ScriptedTransport { _, _ in HTTPResponse(status: 429, headers: [HTTPHeader("retry-after", "3600")])
    }
    let line = Line(.test("m365", transport), pace: Pace(concurrency: 2, perSecond: 50, burst: 5))
    let address = try #require(WebAddress("http://127.0.0.1:9/x"))
    #expect(try await line.send(HTTPRequest(.get, address, purpose: "x")).status == 429)
    let error = await failure { try await line.send(HTTPRequest(.get, address, purpose: "x")) }
    #expect(error?.kind == .throttled(retryAfterSeconds: 3600))
    #expect(error?.delivery == .notSent)
    #expect(transport.requests.count == 1)
  }

  @Test(
    "Retry-After is read as seconds, fractions or a date",
    arguments: [
      ("2", 2.0), ("2.128", 2.128), ("0.2491", 0.25), ("0", 0), ("1e300", 86_400), ("-1", nil), ("nan", nil),
      ("inf", nil), ("soon", nil), ("", nil), (nil, nil), ("Fri, 15 Jan 2027 08:00:30 GMT", 30.0),
      ("Fri, 15 Jan 2027 07:00:00 GMT", 0), ("Fri, 99 Jan 2027 08:00:30 GMT", nil),
    ] as [(String?, Double?)])
  func retryAfter(_ header: String?, _ seconds: Double?) {
    #expect(RetryAfter.seconds(header, now: Date(timeIntervalSince1970: 1_800_000_000)) == seconds)
  }

  @Test("slots go in order, and a cancelled waiter gives its place up")
  func slots() async throws {
    let slots = Slots(1)
    try await slots.take()
    let waiter = Task { await failure { try await slots.take() } }
    let patient = Task { await failure { try await slots.take() } }
    await Task.yield()
    waiter.cancel()
    #expect(await waiter.value?.kind == .cancelled)
    slots.giveBack()
    #expect(await patient.value == nil)
    slots.giveBack()
    try await slots.take()
  }
}
