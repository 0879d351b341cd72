/// What ran by itself meanwhile, for whoever sits at the prompt.
import Foundation
import LineEditing
import Model
import Storage
import Synchronization

/// The scheduled runs that have ended since they were asked for last.
final class News: Sendable {
  private struct Seen {
    /// Whether anybody has looked yet.
    var isBegun = false
    var newest: RunID?
    /// Runs that had not ended when they were seen.
    var open: Set<RunID> = []
  }

  private let session: Session
  private let seen: Mutex<Seen>

  /// What is there already is no news.
  init(session: Session) {
    self.session = session
    seen = Mutex(Seen())
    _ = take()
    // Where nothing has run yet, whatever comes is news.
    seen.withLock { $0.isBegun = true }
  }

  /// A row for each, ready to be printed.
  func take() -> [String] {
    seen.withLock { seen in
      guard let newest = try? session.store.newestRun else { return [] }
      if newest == seen.newest, seen.open.isEmpty { return [] }
      let runs = ((try? session.store.runs(limit: Self.most)) ?? []).filter { run in
        guard let id = run.id else { return false }
        return seen.open.contains(id) || seen.newest.map { id > $0 } ?? true
      }
      seen.open = Set(runs.filter { $0.endedAt == nil }.compactMap(\.id))
      let news = seen.isBegun ? runs.filter { $0.endedAt != nil && !$0.isAttended } : []
      (seen.isBegun, seen.newest) = (true, newest)
      return news.reversed().map(row)
    }
  }

  private static let most = 50

  private func row(_ run: Run) -> String {
    let style = session.style.current(now: session.now)
    let time = style.clock(run.endedAt ?? run.startedAt)
    let next = run.nextStep.map { "   next: \($0)" } ?? ""
    let figures = "\(run.done) done, \(run.failed) failed"
    let id = run.id?.description ?? "run"
    let text = style.shown("\(time) by itself: \(id) \(run.sync) \(run.outcome.rawValue), \(figures)\(next)")
    let row = style.width.map { DisplayWidth.truncating(text, to: $0 - 1, ellipsis: style.glyph(.more)) } ?? text
    return style.paint(row, run.outcome == .ok ? .dim : run.outcome.ink)
  }
}
