// A process of the tests' own: its streams where a test wants them, waited for with a bound, never left behind.
import Foundation
import Glibc
import Synchronization
import Testing

final class ChildProcess: Sendable {
  /// Where one of the three streams goes.
  enum Stream {
    case file(String, write: Bool)
    /// The same place as standard input.
    case input
  }

  /// `POSIX_SPAWN_SETSID`, which Swift does not import.
  private static let ownSession: Int16 = 0x80

  let id: pid_t
  private let status = Mutex<Int32?>(nil)

  /// Starts a program in a session of its own.
  ///
  /// A terminal that is opened by name as standard input becomes the one that controls it.
  init(
    _ program: String, _ arguments: [String], environment: [String: String], input: Stream, output: Stream,
    error: Stream
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, stream) in [(Int32(0), input), (1, output), (2, error)] {
      switch stream {
      case .file(let path, true):
        posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      case .file(let path, false): posix_spawn_file_actions_addopen(&actions, descriptor, path, O_RDWR, 0)
      case .input: posix_spawn_file_actions_adddup2(&actions, 0, descriptor)
      }
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What the test process ignores or blocks must not be inherited: Ctrl-C is part of what is tested.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Self.ownSession | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var id = pid_t()
    let failure = posix_spawn(&id, program, &actions, &attributes, words, variables)
    try #require(failure == 0, "\(program) cannot be started: \(String(cString: strerror(failure)))")
    self.id = id
  }

  deinit {
    guard status.withLock({ $0 }) == nil else { return }
    kill(id, SIGKILL)
    var raw: Int32 = 0
    waitpid(id, &raw, 0)
  }

  /// Sends a signal, unless the process has ended.
  func send(_ signal: Int32) {
    status.withLock { if $0 == nil { kill(id, signal) } }
  }

  /// The exit code, or 128 and the signal that ended it; `nil` while it runs.
  var code: Int32? {
    status.withLock { status in
      if status == nil {
        var raw: Int32 = 0
        if waitpid(id, &raw, WNOHANG) == id { status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F }
      }
      return status
    }
  }

  /// Waits for the end.
  func ending(within seconds: Int = 40) async throws -> Int32 {
    try await eventually("the end of the process", within: seconds) { self.code }
  }
}

struct NotInTime: Error, CustomStringConvertible {
  var description: String
}

/// Asks again and again until there is an answer.
func eventually<Answer>(
  _ what: String, within seconds: Int = 20, _ answer: () async throws -> Answer?
) async throws -> Answer {
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    if let answer = try await answer() { return answer }
    try await Task.sleep(for: .milliseconds(10))
  }
  throw NotInTime(description: "\(what) did not come within \(seconds) s")
}
