// A folder with a home in it, and the program at that home.
import Foundation
import Synchronization

final class Place: Sendable {
  /// Holds the home and what the streams of processes went to; removed with the place.
  let folder: URL
  let environment: [String: String]
  private let processes = Mutex(0)

  /// The program lies beside the bundle of the tests.
  static let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("kith").path

  /// - Parameter hasTools: programs in the folder `tools` are found before those of the machine.
  init(environment: [String: String] = [:], hasTools: Bool = false) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-terminal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var variables = ProcessInfo.processInfo.environment.filter { $0.key != "KITH_HOME" && !$0.key.hasPrefix("XDG_") }
    variables.merge(
      [
        "TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "HOME": folder.path, "USER": "tester",
        // A crash ends the process; it does not ask the terminal what to do next.
        "SWIFT_BACKTRACE": "interactive=no",
      ]
    ) { $1 }
    if hasTools {
      variables["PATH"] = folder.appendingPathComponent("tools").path + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
    }
    self.environment = variables.merging(environment) { $1 }
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// A time of day that is far from now, by the machine's wall clock.
  static var inHalfADay: String {
    let clock = Calendar.current.dateComponents([.hour, .minute], from: Date().addingTimeInterval(43_200))
    return String(format: "%02d:%02d", clock.hour ?? 0, clock.minute ?? 0)
  }

  var home: URL { folder.appendingPathComponent("home") }
  var store: URL { home.appendingPathComponent("kith.sqlite") }

  struct Ending {
    var code: Int32
    var out: String
    var error: String
  }

  /// A process that has been started, and where it writes.
  struct Started {
    var process: ChildProcess
    var out: URL
    var error: URL

    func ending() async throws -> Ending {
      let code = try await process.ending()
      return Ending(code: code, out: try text(of: out), error: try text(of: error))
    }

    func text(of file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
  }

  /// Starts a program whose streams are files: no terminal anywhere.
  func start(program: String = Place.program, _ arguments: [String], input: String? = nil) throws -> Started {
    let number = processes.withLock { count in
      count += 1
      return count
    }
    let (out, error) = (
      folder.appendingPathComponent("out-\(number)"), folder.appendingPathComponent("error-\(number)")
    )
    var source = "/dev/null"
    if let input {
      source = folder.appendingPathComponent("in-\(number)").path
      try Data(input.utf8).write(to: URL(fileURLWithPath: source))
    }
    let process = try ChildProcess(
      program, arguments, environment: environment, input: .file(source, write: false),
      output: .file(out.path, write: true), error: .file(error.path, write: true))
    return Started(process: process, out: out, error: error)
  }

  func start(line: String) throws -> Started { try start(["--home", home.path, "-c", line]) }

  /// `kith -c LINE`.
  func run(_ line: String) async throws -> Ending { try await start(line: line).ending() }

  /// `kith < FILE`.
  func run(script: String) async throws -> Ending { try await start(["--home", home.path], input: script).ending() }

  /// `kith` at a terminal, when it has shown its prompt.
  func shell(_ arguments: [String] = [], columns: UInt16 = 100, rows: UInt16 = 60) async throws -> TerminalSession {
    let session = try TerminalSession(at: self, arguments, columns: columns, rows: rows)
    try await session.prompt()
    return session
  }

  /// The files below the home that have a text in them.
  func files(containing text: String) throws -> [String] {
    let needle = Data(text.utf8)
    let paths = FileManager.default.enumerator(atPath: home.path)?.compactMap { $0 as? String } ?? []
    return try paths.filter { path in
      let url = home.appendingPathComponent(path)
      guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return false }
      return try Data(contentsOf: url).range(of: needle) != nil
    }
  }
}
