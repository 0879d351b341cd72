import Glibc
import Testing

/// The shell as a person sees it. Each has a terminal, a home and a process of its own.
@Suite("At the prompt", .timeLimit(.minutes(2)))
struct PromptTests {
  @Test("the prompt appears, and quit ends with 0")
  func quit() async throws {
    let shell = try await Place().shell()
    #expect(shell.output.contains("Nothing is set up yet"))
    #expect(try await shell.quit() == 0)
    #expect(shell.settings == shell.settingsBefore)
  }

  @Test("Tab lists the verbs, each with what it does")
  func tab() async throws {
    let shell = try await Place().shell()
    shell.type("\t")
    let list = try await shell.shows("quit ")
    for (verb, summary) in [
      ("preview", "read, compute the plan, touch nothing"), ("sync", "plan and apply in one"),
      ("connect", "add a connection to a system"),
    ] {
      #expect(
        list.split(separator: "\n").contains { $0.contains(" \(verb) ") && $0.contains(summary) },
        "\(verb) is listed with its summary")
    }
    shell.type("\u{3}")
    try await shell.prompt()
    #expect(try await shell.quit() == 0)
  }

  @Test("Ctrl-C drops the half-typed line and keeps the shell")
  func dropLine() async throws {
    let shell = try await Place().shell()
    shell.type("nonsense")
    try await shell.shows("nonsense")
    shell.type("\u{3}")
    try await shell.prompt()
    // A quote is doubled in what is typed and single in what is said.
    let answer = try await shell.run("say 'it''s here'", shows: "it's here")
    #expect(!answer.contains("no command"))
    #expect(try await shell.quit() == 0)
  }

  @Test("an unknown verb is named with a suggestion, and the shell goes on")
  func unknownVerb() async throws {
    let shell = try await Place().shell()
    try await shell.run("conect m365 as ms", shows: "did you mean connect?")
    try await shell.run("say 'it''s here'", shows: "it's here")
    #expect(try await shell.quit() == 0)
  }

  @Test("three pasted lines wait for Enter and then run as one")
  func paste() async throws {
    let shell = try await Place().shell()
    shell.type("\u{1B}[200~say 'it''s one'\nsay 'it''s two'\nsay 'it''s three'\u{1B}[201~")
    try await shell.shows("it''s three")
    #expect(!shell.answer.contains("it's"))
    let answer = try await shell.run("", shows: "it's three")
    #expect(answer.contains("it's one") && answer.contains("it's two"))
    #expect(try await shell.quit() == 0)
  }

  @Test("the arrow keys reach what an earlier shell ran")
  func history() async throws {
    let place = try Place()
    let first = try await place.shell()
    try await first.run("say 'it''s mine'", shows: "it's mine")
    #expect(try await first.quit() == 0)
    let second = try await place.shell()
    second.type("\u{1B}[A")
    try await second.shows("quit")
    second.type("\u{1B}[A")
    try await second.shows("it''s mine")
    try await second.run("", shows: "it's mine")
    #expect(try await second.quit() == 0)
  }

  @Test("G24 a terminated shell says 143 and leaves the terminal as it was", arguments: [SIGTERM, SIGHUP])
  func terminated(by signal: Int32) async throws {
    let shell = try await Place().shell()
    shell.type("half a line")
    try await shell.shows("half a line")
    #expect(shell.settings.isRaw)
    shell.process.send(signal)
    #expect(try await shell.process.ending() == 128 + signal)
    #expect(shell.settings.isKnown)
    #expect(shell.settings == shell.settingsBefore)
  }
}
