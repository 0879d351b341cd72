/// `kith run` and `kith check`: saved scripts, from a schedule or the system's shell.
import ArgumentParser
import Foundation
import Shell
import Storage

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a saved script, or a file.",
    discussion: """
      A script is named, or its file is by a path that has a slash or ends in .kith. The whole of it is checked before \
      anything runs. Where standard error is no terminal, it is a log with times. The exit code says how it ended: \
      `kith -c 'help exit'` lists them.
      """)

  @OptionGroup var options: HomeOptions

  @Option(
    help: ArgumentHelp(
      "Run what this schedule is for, once for each of its times.",
      discussion: "What installed timers call; at another time it runs at once.", valueName: "name"))
  var schedule: String?

  @Argument(help: "The script's name, or the path of its file.", completion: .savedScripts)
  var script: String?

  @Argument(help: ArgumentHelp("Its arguments.", valueName: "name=value"))
  var arguments: [String] = []

  func validate() throws {
    guard (schedule == nil) != (script == nil) else {
      throw ValidationError("Name a script, or a schedule with --schedule.")
    }
  }

  func run() throws {
    let code =
      if let script {
        options.program.run(script: script, words: arguments)
      } else {
        options.program.run(schedule: schedule ?? "")
      }
    throw ArgumentParser.ExitCode(code.rawValue)
  }
}

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Says everything that is wrong with a script; else what it takes and what it may write.",
    discussion: "Nothing is sent. Any finding ends it with 2.")

  @OptionGroup var options: HomeOptions

  @Argument(help: "The script's name, or the path of its file.", completion: .savedScripts)
  var script: String

  func run() throws {
    throw ArgumentParser.ExitCode(options.program.check(script: script).rawValue)
  }
}

extension CompletionKind {
  /// The saved scripts of the home that the line, else the environment, names.
  static let savedScripts = CompletionKind.custom { words, _, _ in
    let flag = words.firstIndex(of: "--home").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    let home = Home.locate(flag: flag, environment: ProcessInfo.processInfo.environment)
    return ScriptFolder(home.scripts).names()
  }
}
