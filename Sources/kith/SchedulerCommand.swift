/// `kith scheduler`: one long-lived process that does what is due.
import ArgumentParser
import Logging
import ServiceLifecycle
import Shell

struct SchedulerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scheduler",
    abstract: "Runs schedules, and carries edits back in two-way syncs within their push-every, until it is stopped.",
    discussion: """
      Schedules run at their times, a few at once and none twice at once; what was missed is made up once. Edits at the \
      target of an enabled two-way sync reach its source within push-every; the other way is read hourly. A manual run \
      goes first. ^C or SIGTERM stops it after the record in flight; what was left is carried on the next time. \
      Several of them, and timers beside them, never do anything twice.
      """)

  @OptionGroup var options: HomeOptions

  func run() throws {
    let code = options.program.withSession(isAttended: false) { session, commands in
      var logger = Logger(label: "scheduler")
      logger.logLevel = .critical
      // Signals reach it as they reach every command: they cancel the work, which ends after what is in flight.
      let service = ServiceGroupConfiguration.ServiceConfiguration(
        service: Scheduler(session), successTerminationBehavior: .gracefullyShutdownGroup)
      let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: logger))
      let failure = commands.waitThrowing { try await group.run() }
      return failure == nil || failure is CancellationError ? .done : .failed
    }
    throw ArgumentParser.ExitCode(code.rawValue)
  }
}
