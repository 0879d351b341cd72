/// Readings written as straight loops, and handed out as streams of pages.

/// Runs a reading and streams what it yields; the reading is cancelled when nobody listens any more.
func pageStream(
  _ read: @escaping @Sendable (_ yield: @Sendable (Page) -> Void) async throws(ConnectorError) -> Void
) -> AsyncThrowingStream<Page, any Error> {
  AsyncThrowingStream { continuation in
    // Owned by the stream: its end, for whatever cause, cancels the task.
    let task = Task.detached {
      do throws(ConnectorError) {
        try await read { continuation.yield($0) }
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
  }
}
