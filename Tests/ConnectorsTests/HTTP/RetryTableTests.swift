import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct RetryTableTests {
  private let table = RetryTable()

  @Test(
    "what an answer means for the next attempt",
    arguments: [
      // status, of a repeatable request, of a create
      (200, false, false), (400, false, false), (401, false, false), (403, false, false), (404, false, false),
      (409, false, false), (410, false, false), (408, true, false), (423, true, false), (429, true, true),
      (500, true, false), (501, false, false), (502, true, false), (503, true, false), (504, true, false),
      (520, true, false), (524, true, false), (525, false, false),
    ])
  func answers(_ status: Int, _ repeats: Bool, _ repeatsCreate: Bool) {
    for (isRepeatable, expected) in [(true, repeats), (false, repeatsCreate)] {
      let action = table.decide(
        .answered(status: status, retryAfter: nil), attempt: 1, isRepeatable: isRepeatable, jitter: 0.5)
      #expect((action != .finish) == expected)
      // The bound holds for each of them.
      #expect(
        table.decide(.answered(status: status, retryAfter: nil), attempt: 5, isRepeatable: isRepeatable, jitter: 0)
          == .finish)
    }
  }

  @Test(
    "G8 a create whose answer was lost is not sent again; one that never left is",
    arguments: [
      (ConnectorError.dropped, true, true), (.dropped, false, false), (.refused, true, true), (.refused, false, true),
      (.cancelled, true, false), (ConnectorError(.tooLarge, "", delivery: .unknown), true, false),
    ])
  func failures(_ error: ConnectorError, _ isRepeatable: Bool, _ repeats: Bool) {
    let action = table.decide(.failed(error), attempt: 1, isRepeatable: isRepeatable, jitter: 0.5)
    #expect((action != .finish) == repeats)
  }

  @Test("waits grow, and are never shorter than what was asked for")
  func waits() {
    func wait(_ attempt: Int, _ retryAfter: Double?) -> RetryTable.Action {
      table.decide(.answered(status: 429, retryAfter: retryAfter), attempt: attempt, isRepeatable: true, jitter: 0.5)
    }
    #expect(wait(1, nil) == .again(after: 0.4))
    #expect(wait(2, nil) == .again(after: 0.8))
    #expect(wait(4, 1) == .again(after: 3.2))
    #expect(wait(1, 17) == .again(after: 17))
    #expect(wait(1, 121) == .finish)
  }

  @Test("a fault that passes is not seen; one that stays is handed up")
  func transport() async throws {
    let address = try #require(WebAddress("https://h/"))
    for (failing, attempts, status) in [(2, 3, 200), (99, 5, 503)] {
      let transport = ScriptedTransport { _, number in HTTPResponse(status: number <= failing ? 503 : 200) }
      let line = Line(.test("m365", transport), pace: Pace(concurrency: 1, perSecond: 99, burst: 9))
      #expect(try await line.send(HTTPRequest(.get, address, purpose: "x")).status == status)
      #expect(transport.requests.count == attempts)
    }
  }
}

@Suite struct RedirectingTransportTests {
  @Test(
    "G23 a redirect is followed on its own host and nowhere else",
    arguments: [
      ("/there", nil), ("https://h/there", nil), ("https://evil/there", "https://evil"), ("http://h/there", "http://h"),
      ("https://h:444/", "https://h:444"), ("//evil/", "https://evil"), ("nonsense", "without saying where"),
    ] as [(String, String?)])
  func hosts(_ location: String, _ refusal: String?) async throws {
    let inner = ScriptedTransport { request, number in
      number == 1 ? HTTPResponse(status: 302, headers: [HTTPHeader("Location", location)]) : HTTPResponse(status: 200)
    }
    let request = HTTPRequest(.get, try #require(WebAddress("https://h/here")), purpose: "x")
    let error = await failure { try await RedirectingTransport(inner).send(request) }
    if let refusal {
      #expect(error?.message.contains(refusal) == true)
      #expect(inner.requests.count == 1)
    } else {
      #expect(error == nil)
      #expect(inner.requests.last?.address.path == "/there")
    }
  }

  @Test("circles end, and a write goes nowhere else")
  func circles() async throws {
    let inner = ScriptedTransport { _, _ in HTTPResponse(status: 307, headers: [HTTPHeader("location", "/again")]) }
    let address = try #require(WebAddress("https://h/here"))
    let get = await failure { try await RedirectingTransport(inner).send(HTTPRequest(.get, address, purpose: "x")) }
    #expect(get?.kind == .malformed)
    let count = inner.requests.count
    let post = await failure { try await RedirectingTransport(inner).send(HTTPRequest(.post, address, purpose: "x")) }
    #expect(post?.kind == .rejected)
    #expect(inner.requests.count == count + 1)
  }
}

@Suite struct DepartureTests {
  @Test("G25 a write that has left is seen through, one that has not is stopped", arguments: [true, false])
  func cancellation(_ hasLeft: Bool) async {
    let begun = AsyncStream.makeStream(of: Void.self)
    let writer = Task {
      await Departure.carryOut { departure in
        if hasLeft { #expect(departure.depart()) }
        begun.continuation.yield()
        // Sleeps to its end unless cancelled.
        try? await Task.sleep(for: .milliseconds(hasLeft ? 50 : 20_000))
        return departure.depart() ? .unknown("seen through") : .notSent(.cancelled)
      }
    }
    for await _ in begun.stream { break }
    writer.cancel()
    let outcome = await writer.value
    switch outcome {
    case .unknown: #expect(hasLeft)
    case .notSent(let error): #expect(!hasLeft && error.kind == .cancelled)
    default: Issue.record("unexpected outcome \(outcome)")
    }
  }
}
