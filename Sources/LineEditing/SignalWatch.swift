// Signals as values that can be waited for, instead of code that runs in a handler.
import CLibEdit
import Glibc

/// A watch over some signals: while it lasts, their default action does not happen.
///
/// Several watches may ask for one signal and each of them gets it. There are eight places.
struct SignalWatch: Sendable {
  private let number: Int32

  /// Starts a watch; `nil` when all places are taken.
  init?(_ signals: [Int32]) {
    let number = clibedit_watch(signals.reduce(0) { $0 | 1 << UInt64($1 - 1) })
    guard number >= 0 else { return nil }
    self.number = number
  }

  /// Can be polled: readable while a signal waits.
  var descriptor: Int32 { clibedit_watch_descriptor(number) }

  /// The next signal that has come, without waiting.
  func next() -> Int32? {
    var byte: UInt8 = 0
    return read(descriptor, &byte, 1) == 1 ? Int32(byte) : nil
  }

  /// Makes a number come as if it were a signal.
  func poke(_ number: UInt8) {
    clibedit_watch_poke(self.number, number)
  }

  /// Gives the signals back. Not to be called twice.
  func end() {
    clibedit_unwatch(number)
  }

  /// Whether any watch asks for a signal.
  static func isWatched(_ signal: Int32) -> Bool {
    clibedit_watchers(signal) > 0
  }
}
