/// What of the machine installed schedules need: the program that they call, where units lie, the tools that are asked.
package import Foundation

package struct Machine: Sendable {
  /// The kith that timers call, by its absolute path.
  package var program: URL
  /// The user's systemd units: `systemd/user` in the XDG folder of configurations.
  package var units: URL
  /// What tools such as `crontab` are started with, and found by.
  package var environment: [String: String]

  /// - Parameter program: `nil`: the one that runs.
  package init(program: URL? = nil, environment: [String: String]) {
    self.program = program ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
    folder = folder ?? environment["HOME"].map { URL(fileURLWithPath: $0).appendingPathComponent(".config") }
    let fallback = FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".config")
    units = (folder ?? fallback).appendingPathComponent("systemd/user", isDirectory: true)
    self.environment = environment
  }

  /// What a tool answered.
  struct Answer {
    var code: Int32
    var out: String
    var error: String

    /// What it said of its failure, in a line.
    var complaint: String {
      let lines = error.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      return lines.first ?? "it ended with \(code)"
    }
  }

  /// Runs a tool to its end.
  /// - Throws: `ShellError` when it cannot be started.
  /// - Returns: `nil` where the machine has no such tool.
  func run(_ tool: String, _ arguments: [String], input: String = "") async throws -> Answer? {
    let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    guard
      let path = folders.map({ "\($0)/\(tool)" }).first(where: { FileManager.default.isExecutableFile(atPath: $0) })
    else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = environment
    let (give, out, error) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (give, out, error)
    do {
      try process.run()
    } catch {
      throw ShellError(
        "\(path) cannot be started: \((error as NSError).localizedDescription)",
        hint: "try it:  \(tool) \(arguments.first ?? "")")
    }
    // These tools take and give a few lines, far less than a pipe holds.
    try? give.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try? give.fileHandleForWriting.close()
    let said = String(decoding: (try? out.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    let complained = String(decoding: (try? error.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return Answer(code: process.terminationStatus, out: said, error: complained)
  }
}
