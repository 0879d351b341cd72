// Keys from a terminal and signals meanwhile, in the order in which they come.
import Glibc

/// What a wait for a key can bring.
enum KeyEvent: Equatable {
  case key(Unicode.Scalar)
  case signal(Int32)
  /// Nothing came within the time.
  case nothing
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

  /// Whether a key waits already.
  var isWaiting: Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&ready, 1, 0) > 0
  }

  /// Sees to it that a signal comes next, by hand where it does not come by itself at once.
  func expect(_ signal: Int32) {
    guard let signals else { return }
    var ready = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&ready, 1, 100) == 0 { signals.poke(UInt8(signal)) }
  }

  /// Waits for the next key or signal.
  ///
  /// - Parameter within: milliseconds; `nil` waits as long as it takes.
  mutating func next(within milliseconds: Int32? = nil) -> KeyEvent {
    while true {
      if let signal = signals?.next() { return .signal(signal) }
      switch waitForByte(milliseconds) {
      case .byte(let byte): if let scalar = accumulator.take(byte) { return .key(scalar) }
      case .woken: continue
      case .timeout: return .nothing
      case .gone: return .end
      }
    }
  }

  private enum Wait {
    case byte(UInt8)
    /// Something else ended the wait.
    case woken
    case timeout
    /// The terminal is.
    case gone
  }

  private func waitForByte(_ milliseconds: Int32?) -> Wait {
    var ready = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    if let signals { ready.append(pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)) }
    let count = poll(&ready, nfds_t(ready.count), milliseconds ?? -1)
    if count == 0 { return .timeout }
    guard count > 0, ready[0].revents != 0 else { return .woken }
    var byte: UInt8 = 0
    switch read(descriptor, &byte, 1) {
    case 1: return .byte(byte)
    case 0: return .gone
    default: return errno == EINTR || errno == EAGAIN ? .woken : .gone
    }
  }
}

/// A key of a person's keyboard, where the editor reads keys itself.
enum KeyStroke: Equatable {
  case text(Unicode.Scalar)
  /// A control character, by its letter in upper case: `.control("R")`.
  case control(Character)
  case up, down, left, right, escape
  /// A key that means nothing here.
  case other
}

extension KeySource {
  /// The key that a scalar begins; an arrow is a sequence of scalars that come at once.
  mutating func stroke(beginningWith scalar: Unicode.Scalar) -> KeyStroke {
    guard scalar == "\u{1B}" else {
      if scalar.value == 0x7F { return .control("H") }
      guard scalar.value < 0x20, let letter = Unicode.Scalar(scalar.value + 0x40) else { return .text(scalar) }
      return .control(Character(letter))
    }
    guard case .key(let second) = next(within: Self.sequencePause) else { return .escape }
    guard second == "[" || second == "O" else { return .other }
    while case .key(let scalar) = next(within: Self.sequencePause) {
      switch scalar {
      case "A": return .up
      case "B": return .down
      case "C": return .right
      case "D": return .left
      case "0"..."9", ";": continue
      default: return .other
      }
    }
    return .other
  }

  /// Milliseconds within which the rest of a sequence comes.
  private static let sequencePause: Int32 = 50
}
