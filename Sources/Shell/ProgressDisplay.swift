/// The line that is written over while long work goes on.
import Execution
import Foundation
package import LineEditing
import Synchronization

/// Draws the engine's events on one line of the terminal, which goes on between them: waits count down, and what takes
/// long shows that it does. Where there is no terminal, a session has no display.
package final class ProgressDisplay: Sendable {
  private let line: ProgressLine
  private let columns: @Sendable () -> Int
  private let state = Mutex(State())

  private struct State {
    var work = WorkUnderWay()
    var style: RenderStyle?
    /// Something else is on the screen until the next event.
    var isHidden = true
    var lastDrawn = Date.distantPast
    /// One for each command at work, the outermost first: how many requests it has sent.
    var commands: [@Sendable () -> Int] = []
    var ticking: Task<Void, Never>?

    var requests: Int { commands.last?() ?? 0 }
  }

  package init(line: ProgressLine, columns: @escaping @Sendable () -> Int) {
    self.line = line
    self.columns = columns
  }

  /// A command begins to work: from now on the line lives. To be ended by ``end()``.
  /// - Parameter requests: how many it has sent so far.
  func begin(requests: @escaping @Sendable () -> Int) {
    state.withLock { state in
      state.commands.append(requests)
      state.work = WorkUnderWay()
      guard state.ticking == nil else { return }
      state.ticking = Task.detached { [weak self] in
        while !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(250))
          self?.redraw()
        }
      }
    }
  }

  func end() {
    state.withLock { state in
      _ = state.commands.popLast()
      state.work = WorkUnderWay()
      state.isHidden = true
      line.clear()
      guard state.commands.isEmpty else { return }
      state.ticking?.cancel()
      state.ticking = nil
    }
  }

  /// Takes the line away until there is something new to show.
  package func clear() {
    state.withLock { state in
      state.isHidden = true
      line.clear()
    }
  }

  /// Shows an event; those that come faster than an eye can follow are taken in and not drawn.
  func show(_ event: ProgressEvent, style: RenderStyle) {
    if case .note(let text) = event { return line.note(text) }
    state.withLock { state in
      let now = Date()
      state.work.take(event, at: now, requests: state.requests)
      state.style = style
      state.isHidden = false
      guard now.timeIntervalSince(state.lastDrawn) > 0.08 else { return }
      draw(&state, now)
    }
  }

  private func redraw() {
    state.withLock { state in if !state.isHidden { draw(&state, Date()) } }
  }

  /// Room at the end of the row for a `^C` that the terminal echoes: in a row of its own it could not be wiped out.
  private static let echo = 3

  /// Says something above the line in answer to a key.
  func answer(_ text: String) { line.note(text, isAnswer: true) }

  /// Drawn with the lock held: a line that was taken away does not come back over what stands there now.
  private func draw(_ state: inout State, _ now: Date) {
    guard let style = state.style,
      let text = state.work.line(at: now, requests: state.requests, columns: columns() - Self.echo, style: style)
    else { return }
    state.lastDrawn = now
    line.update(text)
  }
}
