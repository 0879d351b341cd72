// A terminal of the tests' own, whose far end they type at and read from.
import Foundation
import Glibc
import Synchronization
import Testing

final class PseudoTerminal: Sendable {
  /// The end at which the program under test sits.
  let near: Int32
  private let far: Int32
  private let screen = Mutex<[UInt8]>([])
  private let hangsUp = Atomic(false)

  init(columns: UInt16 = 80, rows: UInt16 = 24) throws {
    var ends: (far: Int32, near: Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&ends.far, &ends.near, nil, nil, &size) == 0)
    let far = ends.far
    self.far = far
    near = ends.near
    // The far end is closed where it is read: closed by another thread it would stay open meanwhile.
    Thread.detachNewThread { @Sendable [weak self] in
      while let terminal = self, terminal.gather() {}
      close(far)
    }
  }

  deinit {
    close(near)
  }

  /// Everything that was written to the terminal so far.
  var output: String { String(decoding: screen.withLock { $0 }, as: UTF8.self) }

  /// Whether the terminal is in its own mode: it echoes, gathers lines and turns ^C into a signal.
  var isCooked: Bool {
    var modes = termios()
    let mask = tcflag_t(ICANON | ECHO | ISIG)
    return tcgetattr(near, &modes) == 0 && modes.c_lflag & mask == mask
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(write(far, bytes, bytes.count) == bytes.count)
  }

  /// Waits until a text has been written so many times, ten seconds at most.
  func shows(_ text: String, times: Int = 1) async throws {
    for _ in 0..<2_000 {
      if output.components(separatedBy: text).count > times { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw NotShown(description: "\(text.debugDescription) was not shown \(times) times in \(output.debugDescription)")
  }

  /// Presses Ctrl-D at the nth prompt. Not before it: until then the terminal takes the key its own way and loses it.
  func end(prompt count: Int) async throws {
    try await shows("kith", times: count)
    type("\u{4}")
  }

  /// Takes the terminal away from the program.
  func hangUp() {
    hangsUp.store(true, ordering: .sequentiallyConsistent)
  }

  struct NotShown: Error, CustomStringConvertible {
    var description: String
  }

  /// Takes in what was written meanwhile; false at the end.
  private func gather() -> Bool {
    if hangsUp.load(ordering: .sequentiallyConsistent) { return false }
    var ready = pollfd(fd: far, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, 10) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = read(far, &buffer, buffer.count)
    guard count > 0 else { return false }
    screen.withLock { $0 += buffer[..<count] }
    return true
  }
}

/// Runs blocking work on a thread of its own, as the main thread would, and waits for it.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { @Sendable in continuation.resume(returning: work()) }
  }
}
