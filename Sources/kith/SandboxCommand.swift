/// `kith sandbox`: serves the emulated vendors until it is stopped.
import ArgumentParser
import Foundation
import Sandbox
import Shell

struct SandboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract:
      "Serves the vendors, emulated over real HTTP on this machine, and prints their URLs and credentials as JSON.",
    discussion: "It runs until it is stopped (^C). GET /control lists what can be changed from outside.")

  @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
  var port = 0

  @Option(help: "Names the sample data: the same seed gives the same people.")
  var seed: UInt64 = 1

  @Option(help: "How many companies there are.")
  var companies = 3

  @Option(help: "How many people the first company has; the others have fewer or more.")
  var people = 40

  @Option(help: ArgumentHelp("How long each answer takes: 80ms, 1s.", valueName: "time"))
  var latency = Latency(duration: .zero)

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port takes 0 to 65535.") }
    guard (0...5_000).contains(companies) else { throw ValidationError("--companies takes 0 to 5000.") }
    guard (0...100_000).contains(people) else { throw ValidationError("--people takes 0 to 100000.") }
  }

  func run() throws {
    let sandbox = Sandbox(
      SandboxOptions(port: port, seed: seed, companies: companies, people: people, latency: latency.duration))
    let commands = Commands()
    var failure: (any Error)?
    commands.begin()
    defer { commands.end() }
    failure = commands.waitThrowing {
      let description = try await sandbox.start()
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      StandardStreams().writeOut(String(decoding: try encoder.encode(description), as: UTF8.self) + "\n")
      try await sandbox.run()
    }
    if let failure, !(failure is CancellationError) {
      StandardStreams().writeError(
        "error: the sandbox cannot be served on port \(port): \(failure)\nhint: choose another --port\n")
      throw ArgumentParser.ExitCode(Shell.ExitCode.failed.rawValue)
    }
  }
}

/// A length of time as typed: `80ms`, `1s`.
struct Latency: ExpressibleByArgument {
  var duration: Duration

  init(duration: Duration) { self.duration = duration }

  init?(argument: String) {
    if argument.hasSuffix("ms"), let number = Int(argument.dropLast(2)), (0...60_000).contains(number) {
      duration = .milliseconds(number)
    } else if argument.hasSuffix("s"), let number = Int(argument.dropLast()), (0...60).contains(number) {
      duration = .seconds(number)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { "0ms" }
}
