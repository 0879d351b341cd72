// Ctrl-C and the signals that end the process, told to the program while a command runs.
import Foundation
import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into calls, from ``install()`` to ``remove()``.
///
/// Keep one installed for the whole session: between two prompts Ctrl-C would end the shell otherwise. While the
/// editor reads a line Ctrl-C is a key and does not come here. Handlers run on a thread of their own, one at a time.
package final class InterruptSource: Sendable {
  private struct State {
    var watch: SignalWatch?
    var interrupts = 0
  }

  private let state = Mutex(State())
  private let onInterrupt: @Sendable (Int) -> Void
  private let onTermination: @Sendable (Int32) -> Void

  /// Makes a source that does nothing until it is installed.
  ///
  /// - Parameters:
  ///   - onInterrupt: Called with 1 for the first Ctrl-C since ``beginCommand()`` (cancel the work), 2 for the second
  ///     (stop hard), and so on.
  ///   - onTermination: Called with SIGTERM or SIGHUP.
  package init(onInterrupt: @escaping @Sendable (Int) -> Void, onTermination: @escaping @Sendable (Int32) -> Void) {
    self.onInterrupt = onInterrupt
    self.onTermination = onTermination
  }

  /// Starts to listen; false when it cannot, in which case the signals keep their effect. Installing twice is once.
  @discardableResult
  package func install() -> Bool {
    let started = state.withLock { state -> SignalWatch? in
      guard state.watch == nil else { return nil }
      state.watch = SignalWatch([SIGINT, SIGTERM, SIGHUP])
      return state.watch
    }
    if let started { Thread.detachNewThread { @Sendable in self.listen(on: started) } }
    return state.withLock { $0.watch != nil }
  }

  /// Stops to listen and gives the signals their former effect.
  package func remove() {
    let watch = state.withLock { state in
      defer { state.watch = nil }
      return state.watch
    }
    watch?.poke(Self.stop)
  }

  /// Counts interrupts from one again: a command starts.
  package func beginCommand() {
    state.withLock { $0.interrupts = 0 }
  }

  /// Not a signal's number: those begin at 1.
  private static let stop: UInt8 = 0

  private func listen(on watch: SignalWatch) {
    while true {
      var ready = pollfd(fd: watch.descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&ready, 1, -1)
      while let signal = watch.next() {
        if signal == Int32(Self.stop) { return watch.end() }
        handle(signal)
      }
    }
  }

  private func handle(_ signal: Int32) {
    guard signal == SIGINT else { return onTermination(signal) }
    let count = state.withLock { state in
      state.interrupts += 1
      return state.interrupts
    }
    onInterrupt(count)
  }
}
