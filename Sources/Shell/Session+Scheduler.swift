/// `kith scheduler`: does what is due, again and again, until it is told to stop.
import Execution
package import Foundation
import Model
import ServiceLifecycle
import Storage

/// The scheduler as a service: it stops between two records when the process is asked to end.
package struct Scheduler: Service {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// Runs until a graceful shutdown or the cancellation of its task; what is in flight then is finished and settled.
  package func run() async throws {
    session.log("the scheduler begins: \(describe(try session.engine.pushes()))")
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let next = await step()
        try? await session.clock.sleep(for: .seconds(max(1, next.timeIntervalSince(session.now))))
      }
    }
    session.log("the scheduler has stopped")
  }

  /// Does what is due once, logs it, and says when to come again.
  package func step() async -> Date {
    do {
      let (did, next) = try await session.engine.schedulerStep()
      for deed in did { session.log(describe(deed)) }
      return next
    } catch {
      let failure = ShellError(error)
      if failure.code != .interrupted { session.log("\(failure.message)\(failure.hint.map { "  \($0)" } ?? "")") }
      return session.now.addingTimeInterval(Self.pauseAfterFailure)
    }
  }

  /// In seconds.
  private static let pauseAfterFailure = 30.0

  private func describe(_ syncs: [PushedSync]) -> String {
    guard !syncs.isEmpty else { return "no enabled sync goes both ways, so there is nothing to push" }
    return syncs.map { entry in
      let push = entry.times.push.map { "pushed \(relative($0, to: session.now))" } ?? "not pushed, two-way is off"
      return "\(entry.sync) (\(push), read whole \(relative(entry.times.full, to: session.now)))"
    }.joined(separator: ", ")
  }

  private func describe(_ deed: SchedulerDeed) -> String {
    switch deed {
    case .pushed(let sync, let run): "\(sync) pushed: \(session.summary(of: run))"
    case .synced(let sync, let run): "\(sync) synced: \(session.summary(of: run))"
    case .failed(let sync, let error): "\(sync) failed: \(error.message)\(error.hint.map { "  \($0)" } ?? "")"
    case .letPass(let sync): "\(sync): somebody else is at work on it; it is looked at again shortly"
    }
  }
}

extension Session {
  /// One line of a log, with its time, on standard error.
  fileprivate func log(_ text: String) {
    let time = now.formatted(.iso8601)
    tell(text.split(separator: "\n").map { "\(time)  \($0)" }.joined(separator: "\n"))
  }
}
