import Foundation
import Glibc
import Testing

/// The lines that the shell runs when it starts at a terminal.
@Suite("The rc file", .timeLimit(.minutes(2)))
struct RCFileTests {
  private func place(rc lines: [String], mode: mode_t = 0o600) throws -> Place {
    let place = try Place()
    try FileManager.default.createDirectory(
      at: place.home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let file = place.home.appendingPathComponent("rc.kith")
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    #expect(chmod(file.path, mode) == 0)
    return place
  }

  @Test("what it says is said, what it sets is set, and what it lets is there at the prompt")
  func right() async throws {
    let place = try place(rc: [
      "language 1", "# mine", "let who = 'Ada'", "set shell.hints to off", "say \"good morning, ${who}\"",
    ])
    let shell = try await place.shell()
    #expect(shell.output.contains("good morning, Ada"))
    try await shell.run("say \"still ${who}\"", shows: "still Ada")
    try await shell.run("show settings where setting is shell.hints | columns value", shows: "off")
    #expect(try await shell.quit() == 0)

    let bare = try await place.shell(["--no-rc"])
    #expect(!bare.output.contains("good morning"))
    try await bare.run("say $who", shows: "$who")
    #expect(try await bare.quit() == 0)
    for ending in [try await place.run("say here"), try await place.run(script: "say here\n")] {
      #expect(ending.error == "here\n")
    }
  }

  @Test(
    "a line that works is named with its place, nothing of the file runs, and the shell starts",
    arguments: [
      ("sync acme", "sync` has no place"), ("load companies from cw", "load` has no place"),
      ("set update-existing to on", "sets only what is of kith itself"),
      ("show runs | to file x.csv", "writes no files"),
      ("if 1 is 1; watch every 5s status; end", "a watch never ends"), ("quit", "quit` has no place"),
      ("shwo runs", "did you mean show?"), ("set shell.hints to maybe", "on or off"),
      ("param most : count = 5", "arguments"),
    ])
  func wrong(line: String, says: String) async throws {
    let place = try place(rc: [line, "say 'it ran'"])
    let shell = try await place.shell()
    #expect(shell.output.contains("rc.kith:1:") && shell.output.contains(says), "\(shell.output)")
    #expect(shell.output.contains("kith --no-rc"))
    #expect(shell.output.components(separatedBy: "it ran").count == 1)
    #expect(try await shell.quit() == 0)
  }

  @Test("an error in the middle is told with its line, and the shell starts")
  func failing() async throws {
    let shell = try await place(rc: ["say one", "expect 1 is 2 because 'it is not'", "say 'then two'"]).shell()
    #expect(shell.output.contains("one") && shell.output.contains("rc.kith:2: it is not"))
    #expect(!shell.output.contains("then two"))
    #expect(try await shell.quit() == 0)
  }

  @Test("one that others may write is not run")
  func writable() async throws {
    let shell = try await place(rc: ["say 'it ran'"], mode: 0o666).shell()
    let words = shell.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("Others may write") && words.contains("chmod go-w"), "\(words)")
    #expect(!shell.output.contains("it ran\r"))
    #expect(try await shell.quit() == 0)
  }
}
