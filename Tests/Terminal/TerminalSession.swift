// The program at a pseudo-terminal, and a person who types at the far end.
import Foundation
import Glibc
import Synchronization
import Testing

final class TerminalSession: Sendable {
  let process: ChildProcess
  /// How the terminal was set before the program started.
  let settingsBefore: TerminalSettings
  private let far: Int32
  /// Kept open, so that the terminal and its settings outlive the program.
  private let near: Int32
  private let screen: Screen

  /// Everything written to the terminal, and how much of it was there when something was typed last.
  private final class Screen: Sendable {
    struct State {
      var bytes: [UInt8] = []
      var mark = 0
    }
    let state = Mutex(State())
    let isDone = Atomic(false)
  }

  init(at place: Place, _ arguments: [String] = [], columns: UInt16, rows: UInt16) throws {
    var ends: (far: Int32, near: Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var name = [CChar](repeating: 0, count: 128)
    try #require(openpty(&ends.far, &ends.near, &name, nil, &size) == 0)
    // Another test may start a process at any moment; it must not keep this terminal open.
    for end in [ends.far, ends.near] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (far, near) = ends
    settingsBefore = TerminalSettings(of: ends.near)
    let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    process = try ChildProcess(
      Place.program, ["--home", place.home.path] + arguments, environment: place.environment,
      input: .file(path, write: false),
      output: .input, error: .input)
    let screen = Screen()
    self.screen = screen
    let descriptor = ends.far
    // The far end is closed where it is read: closed by another thread it would stay open meanwhile.
    Thread.detachNewThread { @Sendable in
      while !screen.isDone.load(ordering: .acquiring), Self.gather(from: descriptor, into: screen) {}
      close(descriptor)
    }
  }

  deinit {
    screen.isDone.store(true, ordering: .releasing)
    close(near)
  }

  /// Everything that was written to the terminal so far.
  var output: String { String(decoding: screen.state.withLock { $0.bytes }, as: UTF8.self) }

  /// What was written since something was typed last.
  var answer: String { String(decoding: screen.state.withLock { $0.bytes[$0.mark...] }, as: UTF8.self) }

  var settings: TerminalSettings { TerminalSettings(of: near) }

  /// Types keys; what is on the screen already is no answer to them.
  func type(_ keys: String) {
    screen.state.withLock { $0.mark = $0.bytes.count }
    let bytes = Array(keys.utf8)
    #expect(write(far, bytes, bytes.count) == bytes.count)
  }

  /// Waits until something has been answered since the last keys.
  @discardableResult
  func shows(_ text: String, within seconds: Int = 20) async throws -> String {
    do {
      return try await eventually(text.debugDescription, within: seconds) { answer.contains(text) ? answer : nil }
    } catch let error as NotInTime {
      throw NotInTime(description: "\(error); the terminal has \(answer.debugDescription)")
    }
  }

  /// Waits for the prompt, and then until keys are the editor's: one typed earlier would be taken the terminal's way.
  func prompt(_ text: String = "kith› ", within seconds: Int = 20) async throws {
    try await shows(text, within: seconds)
    _ = try await eventually("the editor", within: seconds) { settings.isRaw ? true : nil }
  }

  /// Types a line, waits for something in its answer and for the next prompt, and returns the whole answer.
  @discardableResult
  func run(_ line: String, shows text: String) async throws -> String {
    type(line + "\r")
    try await shows(text)
    try await prompt()
    return answer
  }

  /// Says `quit` and waits for the end.
  func quit() async throws -> Int32 {
    type("quit\r")
    return try await process.ending()
  }

  private static func gather(from descriptor: Int32, into screen: Screen) -> Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, 20) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return false }
    screen.state.withLock { $0.bytes += buffer[..<count] }
    return true
  }
}

/// Everything that `stty -a` would show.
struct TerminalSettings: Equatable {
  private var flags: [tcflag_t]
  private var keys: [UInt8]

  init(of descriptor: Int32) {
    var modes = termios()
    let isKnown = tcgetattr(descriptor, &modes) == 0
    flags = isKnown ? [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag] : []
    keys = isKnown ? withUnsafeBytes(of: modes.c_cc) { Array($0) } : []
  }

  var isKnown: Bool { !flags.isEmpty }
  var isRaw: Bool { isKnown && flags[3] & tcflag_t(ICANON) == 0 }
}
