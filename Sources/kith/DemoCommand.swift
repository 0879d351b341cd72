/// `kith demo`: a guided tour of a minute or two, against the sandbox inside.
import ArgumentParser
import Foundation
import Sandbox
import Shell
import Storage

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "A guided tour against emulated systems; in a terminal it leaves you in the shell.",
    discussion: "Everything stays on this machine, in a home of its own that is removed at the end.")

  @OptionGroup var options: HomeOptions

  func run() throws {
    let sandbox = Sandbox(SandboxOptions(seed: 1, companies: 3, people: 40))
    let commands = Commands()
    let started = Started()
    if let failure = commands.waitThrowing({ started.description = try await sandbox.start() }) {
      StandardStreams().writeError("error: the sandbox cannot be served: \(failure)\n")
      throw ArgumentParser.ExitCode(Shell.ExitCode.failed.rawValue)
    }
    defer { commands.waitFor { await sandbox.stop() } }
    guard let description = started.description else { throw ArgumentParser.ExitCode(Shell.ExitCode.failed.rawValue) }

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-demo-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var program = options.program
    program.home = options.home ?? folder.path
    program.environment.merge(description.environment) { _, new in new }
    let tour = Tour(control: sandbox.control, description: description)
    let goesOn = program.standardInputIsTerminal
    var code = program.withSession(asking: tour.answers) { session, commands in
      let code = tour.walk(session, commands)
      if code == .done, goesOn { session.narrate(Tour.farewell) }
      return code
    }
    if code == .done, goesOn { code = program.runInteractively() }
    throw ArgumentParser.ExitCode(code.rawValue)
  }

  /// What the sandbox said when it had started; written once, before it is read.
  private final class Started: @unchecked Sendable {
    // Written inside `waitThrowing`, which ends before anything reads it.
    var description: SandboxDescription?
  }
}
