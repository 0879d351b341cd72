import Connectors
import Foundation
import Model
import Testing

/// What is known of a request that was sent more than once.
@Suite struct RetryingTransportTests {
  private func send(_ answers: [ConnectorError]) async -> ConnectorError? {
    let scripted = ScriptedTransport { _, number in throw answers[min(number, answers.count) - 1] }
    let transport = RetryingTransport(
      scripted, clock: FakeClock(), now: { Date(timeIntervalSince1970: 0) }, random: { 0.5 })
    do {
      guard let address = WebAddress("https://vendor.example/x") else { return nil }
      _ = try await transport.send(HTTPRequest(.patch, address, purpose: "a change"))
      return nil
    } catch {
      return error
    }
  }

  private static let refused = ConnectorError(.unreachable, "connection refused", delivery: .notSent)

  @Test(
    "G8 an attempt whose answer was lost may have arrived, whatever becomes of the next",
    arguments: [
      ([ConnectorError.dropped, refused], ConnectorError.Delivery.unknown),
      ([refused, ConnectorError.dropped, refused], .unknown), ([refused], .notSent),
      ([ConnectorError.dropped], .unknown),
    ])
  func delivery(_ answers: [ConnectorError], _ delivery: ConnectorError.Delivery) async {
    #expect(await send(answers)?.delivery == delivery)
  }
}
