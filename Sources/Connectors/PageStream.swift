/// Readings written as straight loops, and handed out as streams of pages.

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
