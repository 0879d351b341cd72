// Keys from a terminal and signals meanwhile, in the order in which they come.
import Glibc

/// What a wait for a key can bring.
enum KeyEvent: Equatable {
  case key(Unicode.Scalar)
  case signal(Int32)
  /// The terminal is gone.
  case end
}

/// Reads keys one byte at a time, so that what is not read stays for whoever reads the terminal next.
struct KeySource {
  let descriptor: Int32
  /// `nil` when signals keep their effect.
  let signals: SignalWatch?
  private var accumulator = UTF8Accumulator()

  init(descriptor: Int32, signals: SignalWatch?) {
    self.descriptor = descriptor
    self.signals = signals
  }

  /// Waits for the next key or signal.
  mutating func next() -> KeyEvent {
    while true {
      if let signal = signals?.next() { return .signal(signal) }
      guard let byte = waitForByte() else { continue }
      switch byte {
      case .success(let byte):
        if let scalar = accumulator.take(byte) { return .key(scalar) }
      case .failure: return .end
      }
    }
  }

  private struct TerminalGone: Error {}

  /// A byte, or the failure to get one; `nil` when something else woke the wait.
  private func waitForByte() -> Result<UInt8, TerminalGone>? {
    var ready = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    if let signals { ready.append(pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)) }
    guard poll(&ready, nfds_t(ready.count), -1) > 0, ready[0].revents != 0 else { return nil }
    var byte: UInt8 = 0
    switch read(descriptor, &byte, 1) {
    case 1: return .success(byte)
    case 0: return .failure(TerminalGone())
    default: return errno == EINTR || errno == EAGAIN ? nil : .failure(TerminalGone())
    }
  }
}
