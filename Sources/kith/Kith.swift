/// The `kith` command: arguments, streams, exit status.
import ArgumentParser
import Foundation
import LineEditing
import Shell

@main
struct Kith {
  static func main() {
    // A reader that goes away, and a file that may not grow, are errors with a sentence and not an end by signal.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Parses the arguments and runs the command they name. Wrong arguments end with 2, like every wrong line.
  static func run(_ arguments: [String]) -> Int32 {
    // The shell is what starts most often, and parsing no arguments at all takes a tenth of its start.
    if arguments.isEmpty { return Program(home: nil, color: .auto, isDry: false).runShell().rawValue }
    do {
      var command = try KithCommand.parseAsRoot(arguments)
      try command.run()
      return 0
    } catch let code as ArgumentParser.ExitCode {
      return code.rawValue
    } catch {
      let message = KithCommand.fullMessage(for: error)
      guard KithCommand.exitCode(for: error) != .success else {
        StandardStreams().writeOut(message + "\n")
        return 0
      }
      StandardStreams().writeError(message + "\n")
      return Shell.ExitCode.wrong.rawValue
    }
  }
}

struct KithCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kith",
    abstract: "Keeps people and companies in step between the systems of a managed service provider.",
    discussion: """
      Without arguments it is a shell: in a terminal it asks for lines, else it runs the text on standard input. \
      In the shell, `help` lists the verbs and `help exit` the exit codes.
      """,
    subcommands: [
      ShellCommand.self, RunCommand.self, CheckCommand.self, DemoCommand.self, SandboxCommand.self,
      SchedulerCommand.self, ManualCommand.self,
    ],
    defaultSubcommand: ShellCommand.self)
}

/// The options of every command that opens a home.
struct HomeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder with the store and the vault.", discussion: "Else KITH_HOME, else the XDG folders.", valueName: "dir")
  )
  var home: String?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
  var color: ColorChoice = .auto

  @Flag(name: .customLong("dry-run"), help: "Send nothing, whatever a line says.")
  var dryRun = false

  var program: Program { Program(home: home, color: color, isDry: dryRun) }
}

extension ColorChoice: ExpressibleByArgument {}

struct ShellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shell", abstract: "The shell: one line, standard input, or a prompt.")

  @OptionGroup var options: HomeOptions

  @Option(name: .short, help: ArgumentHelp("Run one line and end.", valueName: "line"))
  var c: String?

  @Flag(
    name: .customLong("no-rc"),
    help: ArgumentHelp(
      "Start the prompt without the rc file.",
      discussion: "It is rc.kith in the home that --home or KITH_HOME names, else in kith in the XDG folder ~/.config.")
  )
  var noRC = false

  func run() throws {
    let program = options.program
    let code = c.map { program.run(line: $0) } ?? program.runShell(readsRC: !noRC)
    throw ArgumentParser.ExitCode(code.rawValue)
  }
}
