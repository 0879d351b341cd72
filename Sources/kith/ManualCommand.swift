/// `kith manual`: the manual page, from the declarations that everything else reads.
import ArgumentParser
import Foundation
import Shell

struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Writes the manual page: kith manual > kith.1, then man -l kith.1.")

  func run() throws {
    StandardStreams().writeOut(ManualPage(commands: try KithCommand.described(), date: Date()).text)
  }
}

extension KithCommand {
  /// Every command with its options, as the argument parser itself tells them.
  static func described() throws -> [ManualPage.Command] {
    let told = try JSONDecoder().decode(ToldTool.self, from: Data(_dumpHelp().utf8))
    return (told.command.subcommands ?? []).filter { $0.commandName != "help" }.map { command in
      let arguments = (command.arguments ?? []).filter { $0.shouldDisplay ?? true }
      let isShell = command.commandName == ShellCommand.configuration.commandName
      let words = (isShell ? [] : [command.commandName]) + arguments.filter { $0.kind == "positional" }.map(\.label)
      return ManualPage.Command(
        name: "kith" + (isShell ? "" : " " + command.commandName),
        usage: (words + [arguments.contains { $0.kind != "positional" } ? "[options]" : ""]).joined(separator: " "),
        summary: command.abstract ?? "", details: command.discussion ?? "",
        options: arguments.map { ($0.label, [$0.abstract, $0.discussion].compactMap(\.self).joined(separator: " ")) })
    }
  }
}

/// The parts of the parser's own description that a manual needs.
private struct ToldTool: Decodable {
  var command: Command

  struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    var kind: String
    var shouldDisplay: Bool?
    var isOptional: Bool?
    var isRepeating: Bool?
    var valueName: String?
    var names: [Name]?
    var abstract: String?
    var discussion: String?

    /// `--home DIR`, `-c LINE`, `[script]`.
    var label: String {
      let value = (valueName ?? "value").uppercased()
      guard kind != "positional" else {
        let shown = value + (isRepeating == true ? "..." : "")
        return isOptional == true ? "[\(shown)]" : shown
      }
      let names = (names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name }.joined(separator: ", ")
      return kind == "flag" ? names : "\(names) \(value)"
    }
  }
}
