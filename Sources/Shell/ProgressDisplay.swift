/// The line that is written over while long work goes on.
import Execution
import Foundation
package import LineEditing
import Synchronization

/// Draws the engine's events on one line of the terminal; where there is none, a session has no display.
package final class ProgressDisplay: Sendable {
  private let line: ProgressLine
  private let state = Mutex(State())

  private struct State {
    var applyingSince: Date?
    var lastDrawn = Date.distantPast
  }

  package init(line: ProgressLine) { self.line = line }

  package func clear() { line.clear() }

  /// Shows an event; those that come faster than an eye can follow are passed over.
  func show(_ event: ProgressEvent, style: RenderStyle) {
    let now = Date()
    let begun = state.withLock { state -> (Date, Bool) in
      if case .applying = event, state.applyingSince == nil { state.applyingSince = now }
      let isDue = now.timeIntervalSince(state.lastDrawn) > 0.08
      if isDue { state.lastDrawn = now }
      return (state.applyingSince ?? now, isDue)
    }
    switch event {
    case .reading(_, let system, let records, _):
      guard begun.1 else { return }
      line.update(renderProgress(Progress("reading \(system)", done: records), style: style))
    case .applying(let done, let total, let failed, _):
      guard begun.1 || done == total else { return }
      let elapsed = now.timeIntervalSince(begun.0)
      let left = done > 0 ? elapsed / Double(done) * Double(total - done) : nil
      let remark = (failed > 0 ? "\(failed) failed   " : "") + "^C stops after the current person"
      line.update(
        renderProgress(Progress("applying", done: done, total: total, secondsLeft: left, remark: remark), style: style))
    case .waiting(let seconds, let why):
      line.update(renderProgress(Progress("waiting \(Int(seconds.rounded(.up))) s: \(why)", done: 0), style: style))
    case .lookingUp(let count):
      line.update(renderProgress(Progress("looking up \(counted(count, "unknown outcome"))", done: 0), style: style))
    case .note(let text):
      line.note(text)
    case .readDone, .planned:
      break
    }
  }
}
