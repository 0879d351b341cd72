// The program at a pseudo-terminal, and a person who types at the far end.
import Foundation
import Glibc
import Synchronization
import TerminalScreen
import Testing

final class TerminalSession: Sendable {
  let process: ChildProcess
  /// How the terminal was set before the program started.
  let settingsBefore: TerminalSettings
  private let far: Int32
  /// Kept open, so that the terminal and its settings outlive the program.
  private let near: Int32
  private let written: Written

  /// Everything written to the terminal, what it looks like by now, and how much of it was there when something was typed
  /// last.
  private final class Written: Sendable {
    struct State {
      var bytes: [UInt8] = []
      var mark = 0
      var screen: Screen
    }
    let state: Mutex<State>
    let isDone = Atomic(false)
    init(_ screen: Screen) { state = Mutex(State(screen: screen)) }
  }

  /// - Parameters:
  ///   - arguments: of the shell at the place's home.
  ///   - program: what is started instead, with its arguments.
  init(
    at place: Place, _ arguments: [String] = [], columns: UInt16, rows: UInt16, program: [String]? = nil
  ) throws {
    var ends: (far: Int32, near: Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var name = [CChar](repeating: 0, count: 128)
    try #require(openpty(&ends.far, &ends.near, &name, nil, &size) == 0)
    // Another test may start a process at any moment; it must not keep this terminal open.
    for end in [ends.far, ends.near] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (far, near) = ends
    settingsBefore = TerminalSettings(of: ends.near)
    let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let words = program ?? [Place.program, "--home", place.home.path] + arguments
    process = try ChildProcess(
      words[0], Array(words.dropFirst()), environment: place.environment, input: .file(path, write: false),
      output: .input, error: .input)
    let written = Written(Screen(columns: Int(columns), rows: Int(rows)))
    self.written = written
    let descriptor = ends.far
    // The far end is closed where it is read: closed by another thread it would stay open meanwhile.
    Thread.detachNewThread { @Sendable in
      while !written.isDone.load(ordering: .acquiring), Self.gather(from: descriptor, into: written) {}
      close(descriptor)
    }
  }

  deinit {
    written.isDone.store(true, ordering: .releasing)
    close(near)
  }

  /// Everything that was written to the terminal so far.
  var output: String { String(decoding: written.state.withLock { $0.bytes }, as: UTF8.self) }

  /// What was written since something was typed last.
  var answer: String { String(decoding: written.state.withLock { $0.bytes[$0.mark...] }, as: UTF8.self) }

  /// What a person sees now.
  var screen: Screen { written.state.withLock(\.screen) }

  /// Waits until the screen is as wanted.
  @discardableResult
  func sees(_ what: String, within seconds: Int = 20, _ isThere: (Screen) -> Bool) async throws -> Screen {
    do {
      return try await eventually(what, within: seconds) {
        let screen = self.screen
        return isThere(screen) ? screen : nil
      }
    } catch let error as NotInTime {
      throw NotInTime(description: "\(error); the screen has\n\(screen.text)")
    }
  }

  /// Waits until a text stands on the screen.
  @discardableResult
  func sees(_ text: String, within seconds: Int = 20) async throws -> Screen {
    try await sees(text.debugDescription, within: seconds) { $0.text.contains(text) }
  }

  /// Gives the window another size, of which the program is told as by a terminal.
  func resize(columns: UInt16, rows: UInt16) {
    written.state.withLock { $0.screen.resize(columns: Int(columns), rows: Int(rows)) }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    #expect(ioctl(near, UInt(TIOCSWINSZ), &size) == 0)
    process.send(SIGWINCH)
  }

  var settings: TerminalSettings { TerminalSettings(of: near) }

  /// Types keys; what is on the screen already is no answer to them.
  func type(_ keys: String) {
    written.state.withLock { $0.mark = $0.bytes.count }
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

  private static func gather(from descriptor: Int32, into written: Written) -> Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, 20) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return false }
    written.state.withLock {
      $0.bytes += buffer[..<count]
      $0.screen.take(buffer[..<count])
    }
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
