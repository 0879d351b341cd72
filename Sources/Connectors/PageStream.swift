/// Readings written as straight loops, and handed out as streams of pages; and what is read back from them.
import Foundation
import Model

/// Runs a reading and streams what it yields; the reading is cancelled when nobody listens any more.
func pageStream(
  _ read: @escaping @Sendable (_ yield: @Sendable (Page) -> Void) async throws(ConnectorError) -> Void
) -> AsyncThrowingStream<Page, any Error> {
  // A detached task hears nothing of whoever asked for the pages, and what it sends is sent for them.
  let meter = RequestMeter.current
  return AsyncThrowingStream { continuation in
    // Owned by the stream: its end, for whatever cause, cancels the task.
    let task = Task.detached {
      await RequestMeter.$current.withValue(meter) {
        do throws(ConnectorError) {
          try await read { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
    }
    continuation.onTermination = { _ in task.cancel() }
  }
}

extension AsyncThrowingStream<Page, any Error> {
  /// The pages of a reading, waited for to its end.
  /// - Throws: what ended the reading, or `.cancelled`.
  func pages() async throws(ConnectorError) -> [Page] {
    var pages: [Page] = []
    do {
      for try await page in self { pages.append(page) }
    } catch let error as ConnectorError {
      throw error
    } catch {
      throw .cancelled
    }
    if Task.isCancelled { throw .cancelled }
    return pages
  }

  func records() async throws(ConnectorError) -> [Record] { try await pages().flatMap(\.records) }
}

extension DeltaMark {
  /// The moment of a mark that is one.
  /// - Throws: `.deltaExpired` for any other text.
  func date(_ read: (String) -> Date?) throws(ConnectorError) -> Date {
    guard let date = read(rawValue) else {
      throw ConnectorError(.deltaExpired, "the mark of the last reading is no date", delivery: .notSent)
    }
    return date
  }
}
