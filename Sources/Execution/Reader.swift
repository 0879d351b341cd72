/// Reads one side page by page into the store, and certifies what was read.
import Connectors
import Foundation
import Model
import Storage

struct Reader: Sendable {
  let store: Store
  let connector: any Connector
  let scope: SnapshotScope
  let read: ReadScope
  let clock: any WallClock
  /// Called after each page with the records and pages so far.
  let onPage: @Sendable (_ records: Int, _ pages: Int) -> Void

  struct Result: Sendable {
    var certificate: ReadCertificate
    /// Of all attempts together.
    var requests = 0
    /// The fewest requests that could have done it.
    var floor: Int
  }

  /// Reads as `choice` says; completely after all where that turns out to be needed.
  ///
  /// A reading that breaks off leaves the former snapshot as it was and is recorded as partial.
  /// - Throws: ``ConnectorError`` when a reading broke off; `StoreError`.
  func read(_ choice: ReadingChoice) async throws -> Result {
    try await RequestMeter.measure { meter in
      var result = try await carryOut(choice)
      result.requests = meter.count
      return result
    }
  }

  private func carryOut(_ choice: ReadingChoice) async throws -> Result {
    switch choice {
    case .complete:
      return try await attempt(since: nil)
    case .since(let mark):
      do {
        let result = try await attempt(since: mark)
        // A system that does not tell of deletions shows them by its count.
        if let declared = result.certificate.declaredTotal, declared != result.certificate.snapshotCount {
          return try await attempt(since: nil)
        }
        return result
      } catch let error as ConnectorError where error.kind == .deltaExpired {
        try store.forgetMark(of: scope)
        return try await attempt(since: nil)
      }
    }
  }

  /// Whether a reading to the end holds everything there is.
  private var readsEverything: Bool { type(of: connector).description.features.readsEverything }

  /// What is known of this side before it is read.
  func known(fullReadEvery: Duration) throws -> ReadingChoice.Known {
    let count = try store.snapshotCount(scope)
    return ReadingChoice.Known(
      mark: try store.mark(of: scope).map(DeltaMark.init), completeAt: try store.certificate(of: scope)?.completeAt,
      fullReadEvery: fullReadEvery,
      completeRequests: connector.smallestRequestCount(.read(scope.kind, count: count, isDelta: false)),
      deltaRequests: connector.smallestRequestCount(.read(scope.kind, count: 0, isDelta: true)))
  }

  private func attempt(since mark: DeltaMark?) async throws -> Result {
    try await RequestMeter.measure { try await attempt(since: mark, countedBy: $0) }
  }

  private func attempt(since mark: DeltaMark?, countedBy meter: RequestMeter) async throws -> Result {
    var pages = PageCount()
    let startedAt = clock.now()
    var reading: ReadingID?
    var isDelta = mark != nil
    var remark: String?
    func certificate(_ completeness: ReadCompleteness, snapshotCount: Int) throws -> ReadCertificate {
      let now = clock.now()
      let isPartial = if case .partial = completeness { true } else { false }
      return ReadCertificate(
        completeness: completeness, startedAt: startedAt, finishedAt: now,
        pagesAsked: isPartial ? pages.received + 1 : pages.received, pagesReceived: pages.received,
        sawEnd: pages.sawEnd, declaredTotal: pages.declaredTotal, recordCount: pages.ids.count,
        snapshotCount: snapshotCount,
        completeAt: completeness == .complete ? now : try store.certificate(of: scope)?.completeAt,
        earlierCounts: try store.completeCounts(of: scope),
        requests: meter.count, remark: remark)
    }
    do {
      for try await page in connector.read(scope.kind, in: read, since: mark) {
        // The system decides: asked for what changed, it may give everything.
        if reading == nil { isDelta = page.isDelta }
        let id = try reading ?? store.beginReading(scope, mode: isDelta ? .delta : .complete, at: startedAt)
        reading = id
        try pages.count(page, isDelta: isDelta)
        remark = page.remark ?? remark
        try store.apply(page: page.records, to: id)
        onPage(pages.ids.count, pages.received)
        if page.isLast { break }
      }
      try Task.checkCancellation()
      try pages.close(isDelta: isDelta)
      let id = try reading ?? store.beginReading(scope, mode: .complete, at: startedAt)
      var proof = try certificate(
        isDelta ? .delta : readsEverything ? .complete : .listing,
        snapshotCount: isDelta ? store.snapshotCount(scope) : pages.ids.count)
      try store.finishReading(id, certificate: proof, mark: pages.mark?.rawValue)
      proof.snapshotCount = try store.snapshotCount(scope)
      return Result(
        certificate: proof,
        floor: connector.smallestRequestCount(.read(scope.kind, count: pages.ids.count, isDelta: isDelta)))
    } catch {
      let failure = Self.failure(error)
      let id = try reading ?? store.beginReading(scope, mode: isDelta ? .delta : .complete, at: startedAt)
      let proof = try certificate(.partial(why: failure.message), snapshotCount: store.snapshotCount(scope))
      try store.abandonReading(id, certificate: proof)
      throw failure.underlying
    }
  }
}

extension Reader {
  /// What broke a reading off, in words for its certificate.
  private static func failure(_ error: any Error) -> (message: String, underlying: any Error) {
    switch error {
    case let error as ConnectorError: (error.message, error)
    case is CancellationError: ("interrupted", ConnectorError(.cancelled, "The reading was interrupted."))
    case let error as StoreError: (error.message, error)
    default: ("an error that has no name", error)
    }
  }
}
