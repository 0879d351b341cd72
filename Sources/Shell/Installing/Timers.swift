/// What can call `kith run --schedule` at the right times: systemd's user timers, or cron.
import Foundation
import Model
import Storage

/// Timers of the machine. Each schedule of a home is one timer; what is due, and whether somebody has done it, is still
/// asked of the store, so that several of them, and `kith scheduler` beside them, never do anything twice.
protocol Timers: Sendable {
  /// The word of `install schedules as …`.
  var word: String { get }
  /// How a sentence calls it.
  var name: String { get }

  /// The schedules of the session's home that it calls now.
  func installed(_ session: Session) async throws -> [String]

  /// What has to change so that it calls these schedules and no others of this home.
  func change(to schedules: [Schedule], in session: Session) async throws -> TimerChange
}

/// A change that is shown first and made then.
struct TimerChange: Sendable {
  /// What will be written and removed, line by line; empty where everything is as it should be.
  var shown: [String]
  /// Whether something will be called that was not, or otherwise; else things only go.
  var adds: Bool
  /// What a person should know of what is added.
  var remarks: [String]
  /// - Throws: `ShellError`, which says how far it came.
  var make: @Sendable () async throws -> Void
}

extension String {
  /// Whether neither a shell nor systemd sees more in it than its letters.
  var isPlainWord: Bool {
    !isEmpty
      && unicodeScalars.allSatisfy { scalar in
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
          || "/._-+@:=,".unicodeScalars.contains(scalar)
      }
  }
}

extension Machine {
  var timers: [any Timers] { [SystemdTimers(), CronTimers()] }
}

extension Session {
  /// What a timer calls, word by word: this program, for one schedule of this home.
  func callWords(for schedule: Schedule) -> [String] {
    [machine.program.path, "run", "--home", home.directory.path, "--schedule", schedule.name]
  }

  /// - Throws: `ShellError` for a path that no line of a text can hold.
  func requireSpeakablePaths() throws {
    for path in [machine.program.path, home.directory.path] where path.unicodeScalars.contains(where: { $0.value < 32 })
    {
      throw ShellError(
        "The path \(visiblePath(path)) has a control character in it, which no timer can hold.",
        hint: "move it to a plain path, and name that with --home")
    }
  }

  private func visiblePath(_ path: String) -> String { look.shown(path) }

  /// Connections whose secrets come from the environment, which timers do not have.
  func environmentRemarks() throws -> [String] {
    try store.connections().compactMap { connection in
      let names = connection.secrets.values.filter { $0.hasPrefix("env:") }.sorted()
      guard !names.isEmpty else { return nil }
      return
        "\(connection.name) takes its secret from the environment (\(names.joined(separator: ", "))), which a timer "
        + "does not have: connect it again with file: or the vault"
    }
  }
}
