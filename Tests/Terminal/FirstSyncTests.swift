import Foundation
import Glibc
import TerminalScreen
import Testing

/// From nothing to a first sync with what a keyboard offers to somebody who knows nothing: Tab, `?`, the arrows, Enter, the
/// letters of names that stand on the screen, and the secrets.
@Suite("The first sync by Tab", .timeLimit(.minutes(3)))
struct FirstSyncTests {
  @Test("an empty store, and every word from the screen")
  func firstSync() async throws {
    let first = try Place()
    let sandbox = try await SandboxProcess(at: first, people: 12)
    var environment = sandbox.description.environment
    environment.merge(["NO_COLOR": "", "TERM": "xterm"]) { $1 }
    let shell = try TerminalSession(at: Place(environment: environment), columns: 220, rows: 50)
    let person = try await Novice(at: shell)

    // The systems and their keys stand in the lists; addresses and secrets are where the environment has them.
    try await person.types("con", "m3", as: "m365")
    try await person.tab("client-i", "client-s", "env:S", "ur")
    try await person.enter("m365 is connected")
    try await person.types("con", "connectw", as: "connectwise")
    try await person.tab("clie", "com", "pri", "env:S", "pub", "ur")
    try await person.enter("connectwise is connected")
    try await person.tab("lo", "com", "fr", "con")
    try await person.enter("new")
    try await person.tab("ad", "sy", "m36", "for", "ac", "fr", "m36", "t", "con", "ten")
    try await person.enter("switched off")
    try await person.tab("ch")
    try await person.enter("passed")
    try await person.tab("pre")
    try await person.enter("create")
    try await person.tab("ena", "ac")
    try await person.key("\r")
    try await shell.sees("[y/N]")
    try await person.answers("y")
    try await shell.sees("is enabled")
    try await person.ready()
    try await person.tab("syn", "ac")
    try await person.key("\r")
    try await shell.sees("Go on?")
    try await person.answers("y")
    try await shell.sees("0 failed")
    try await person.ready()
    #expect(try await shell.quit() == 0)
    #expect(try await sandbox.contacts().isEmpty == false)
  }
}

/// Somebody who types only what stands on the screen.
private final class Novice {
  private let shell: TerminalSession

  init(at shell: TerminalSession) async throws {
    self.shell = shell
    try await ready()
  }

  /// Waits for the prompt and for the editor behind it.
  func ready() async throws {
    try await shell.sees("an empty prompt") { screen in
      screen.rows.last { !$0.isEmpty }?.hasPrefix("kith") == true
    }
    _ = try await eventually("the editor") { self.shell.settings.isRaw ? true : nil }
  }

  /// `connect SYSTEM as NAME`, all by Tab but the name, which is the system's.
  func types(_ verb: String, _ system: String, as name: String) async throws {
    try await tab(verb, system, "a")
    try await letters(name + " ")
  }

  /// For each word its beginning, then Tab, which finishes it.
  func tab(_ beginnings: String...) async throws {
    for beginning in beginnings {
      // What is offered here is asked for first, so that the letters stand on the screen.
      try await key("?")
      try await letters(beginning)
      try await key("\t")
      // A list stays open where there are several; a key of KEY=VALUE goes on with its value.
      if shell.screen.rows.last(where: { $0.contains("kith") })?.hasSuffix("=") == true { try await key("\t") }
    }
  }

  func enter(_ answer: String) async throws {
    try await key("\r")
    try await shell.sees(answer)
    try await ready()
  }

  func answers(_ text: String) async throws {
    _ = try await eventually("the question") { self.shell.settings.isRaw ? true : nil }
    shell.type(text + "\r")
  }

  func letters(_ text: String) async throws {
    for letter in text {
      #expect(
        letter == " " || shell.screen.text.lowercased().contains(letter.lowercased()),
        "\(letter) of \(text) is nowhere to be read")
      try await key(String(letter))
    }
  }

  /// Presses a key, and waits until the screen has been quiet for a moment.
  func key(_ key: String) async throws {
    let before = shell.output.utf8.count
    shell.type(key)
    _ = try? await eventually("an answer to \(key.debugDescription)", within: 2) {
      self.shell.output.utf8.count > before ? true : nil
    }
    var seen = -1
    while seen != shell.output.utf8.count {
      seen = shell.output.utf8.count
      try await Task.sleep(for: .milliseconds(60))
    }
  }
}
