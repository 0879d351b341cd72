// The sandbox as the rest of the program sees it: build, start, stop.

import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Emulated vendors over real HTTP on one port of 127.0.0.1.
///
/// The world is built when the value is made; nothing listens before ``start()``.
package final class Sandbox: Sendable {
  private enum Life {
    case idle
    case serving(ServiceGroup, Task<Void, any Error>)
    case stopped
  }

  private let world: World
  private let life = Mutex(Life.idle)

  package init(_ options: SandboxOptions) {
    world = World(options)
  }

  /// The same operations as the HTTP control interface, without HTTP.
  package var control: SandboxControl { SandboxControl(world: world) }

  /// Binds the port, serves in the background and returns when it answers.
  ///
  /// - Throws: what binding the port throws; ``SandboxError/alreadyStarted`` the second time.
  package func start() async throws -> SandboxDescription {
    guard life.withLock({ if case .idle = $0 { true } else { false } }) else { throw SandboxError.alreadyStarted }
    var logger = Logger(label: "sandbox")
    logger.logLevel = .critical
    let (ports, announcement) = AsyncStream.makeStream(of: Int.self)
    let application = Application(
      responder: SandboxServer(world: world),
      configuration: ApplicationConfiguration(
        address: .hostname("127.0.0.1", port: world.options.port), serverName: nil),
      onServerRunning: { channel in
        announcement.yield(channel.localAddress?.port ?? 0)
        announcement.finish()
      },
      logger: logger)
    var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
    configuration.maximumGracefulShutdownDuration = .milliseconds(500)
    let group = ServiceGroup(configuration: configuration)
    // Ended by `stop()`; until then the sandbox serves.
    let serving = Task {
      defer { announcement.finish() }
      try await group.run()
    }
    var port: Int?
    for await announced in ports { port = announced }
    guard let port else {
      // The server ended before it listened: its own error says why.
      try await serving.value
      throw SandboxError.didNotStart
    }
    world.root = "http://127.0.0.1:\(port)"
    life.withLock { $0 = .serving(group, serving) }
    return world.description()
  }

  /// Stops listening, gives requests in flight half a second, and returns when all is closed; harmless when repeated.
  package func stop() async {
    let serving: (group: ServiceGroup, task: Task<Void, any Error>)? = life.withLock { life in
      guard case .serving(let group, let task) = life else { return nil }
      life = .stopped
      return (group, task)
    }
    await serving?.group.triggerGracefulShutdown()
    _ = await serving?.task.result
  }

  /// Serves until the task is cancelled or the process gets SIGTERM or SIGINT; to be called after ``start()``.
  package func run() async throws {
    var logger = Logger(label: "sandbox")
    logger.logLevel = .critical
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [UntilShutdown()], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
      try await group.run()
    } catch is CancellationError {}
    await stop()
  }
}

/// Why a sandbox does not serve.
package enum SandboxError: Error, Sendable, CustomStringConvertible {
  case alreadyStarted
  case didNotStart

  package var description: String {
    switch self {
    case .alreadyStarted: "This sandbox has been started before; make another."
    case .didNotStart: "The sandbox ended before it listened."
    }
  }
}

/// A service that only waits, so that a group of services listens to signals for it.
private struct UntilShutdown: Service {
  func run() async throws { try await gracefulShutdown() }
}
