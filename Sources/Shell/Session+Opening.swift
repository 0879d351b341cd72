/// Opening a session over a home: the store, the vault, the engine, the streams.
package import Connectors
package import Execution
package import Foundation
import LineEditing
import Logging
import Model
package import Storage

extension Session {
  /// What a session is opened with.
  package struct Opening: Sendable {
    package var home: Home
    /// What names of files are relative to.
    package var folder: URL
    /// Where `env:NAME` looks.
    package var environment: [String: String]
    package var clock: any WallClock
    /// What pauses between requests go by.
    package var requestClock: any MonotonicClock
    package var output: any OutputSink
    package var asking: (any Asking)?
    package var style: StyleSource
    package var isDry: Bool
    package var user: String
    /// What schedules are installed on.
    package var machine: Machine

    package init(
      home: Home, folder: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true),
      environment: [String: String], clock: any WallClock = SystemClock(),
      requestClock: any MonotonicClock = SystemMonotonicClock(),
      output: any OutputSink = StandardStreams(), asking: (any Asking)?, style: StyleSource, isDry: Bool = false,
      user: String? = nil, machine: Machine? = nil
    ) {
      self.home = home
      self.folder = folder
      self.environment = environment
      self.clock = clock
      self.requestClock = requestClock
      self.output = output
      self.asking = asking
      self.style = style
      self.isDry = isDry
      self.user = user ?? environment["USER"] ?? environment["LOGNAME"] ?? NSUserName()
      self.machine = machine ?? Machine(environment: environment)
    }
  }

  /// Opens the home, making it where it is not there yet.
  /// - Throws: `StoreError` when the store is damaged, of a newer kith, or cannot be written.
  package static func open(_ opening: Opening, over stack: HTTPStack) throws -> Session {
    try opening.home.prepare()
    let store = try Store.open(at: opening.home.store)
    let vault = Vault(home: opening.home.directory)
    let clock = opening.clock
    let connectors = SystemConnectors(
      secrets: SecretResolver(vault: vault, environment: opening.environment), stack: stack,
      clock: opening.requestClock, now: { clock.now() })
    let who = Who(
      user: opening.user, isAttended: opening.asking != nil, host: ProcessInfo.processInfo.hostName,
      pid: ProcessInfo.processInfo.processIdentifier, session: UUID().uuidString)
    let engine = Engine(store: store, connectors: connectors, clock: clock, who: who, isDry: opening.isDry)
    return Session(
      store: store, home: opening.home, machine: opening.machine, folder: opening.folder, vault: vault, engine: engine,
      connectors: connectors,
      clock: clock, who: who,
      output: opening.output, asking: opening.asking, style: opening.style, isDry: opening.isDry,
      environment: opening.environment, web: stack)
  }
}
