import Foundation
import Glibc
import TerminalScreen
import Testing

/// The shell on screens of several widths, with what only a real terminal shows: progress, a question, an error under the
/// line.
@Suite("At every width", .timeLimit(.minutes(3)))
struct WidthTests {
  @Test("progress stays in one row that fits, and Ctrl-C answers at once", arguments: [40, 60, 100, 200] as [UInt16])
  func progress(_ columns: UInt16) async throws {
    let (place, sandbox) = try await Place.withSync()
    try await sandbox.control(
      "POST", "/faults", #"{"kind":"delay","system":"connectwise","method":"POST","delay-milliseconds":6000}"#)
    let shell = try await place.shell(columns: columns, rows: 24)
    shell.type("sync acme\r")
    try await shell.sees("Go on?")
    shell.type("y\r")
    let screen = try await shell.sees("progress") { screen in
      screen.rows.contains { $0.hasPrefix("applying") && $0.contains("/") }
    }
    let row = screen.rows.firstIndex { $0.hasPrefix("applying") } ?? 0
    #expect(screen.cursor.row == row, "in one row: \(screen.rows)")
    #expect(screen.rows.dropFirst(row + 1).allSatisfy { $0.isEmpty })
    #expect(screen.rows.count { $0.hasPrefix("applying") } == 1)
    if columns >= 100 { #expect(screen.rows[row].contains("acme/contacts") && screen.rows[row].contains("^C stops")) }
    shell.type("\u{3}")
    let stopped = try await shell.sees("the prompt") { screen in
      screen.text.contains("interrupted") && screen.rows.last { !$0.isEmpty } == "kith›"
    }
    #expect(!stopped.rows.contains { $0.hasPrefix("applying") }, "nothing of it is left: \(stopped.rows)")
    try await sandbox.control("DELETE", "/faults")
    #expect(try await shell.quit() == 0)
  }

  @Test("the carets stand under what was typed, and the error fits", arguments: [40, 60, 100, 200] as [UInt16])
  func error(_ columns: UInt16) async throws {
    let shell = try await Place().shell(columns: columns, rows: 24)
    shell.type("show peple")
    try await shell.sees("kith› show peple")
    shell.type("\r")
    let screen = try await shell.sees("the finding") { $0.text.contains("^^^^^") }
    let line = try #require(screen.rows.firstIndex { $0.hasPrefix("kith› show peple") })
    #expect(screen.rows[line + 1].hasPrefix("           ^^^^^ nothing is"), "\(screen.rows)")
    #expect(
      screen.text.replacing("\n", with: " ").split(separator: " ").joined(separator: " ").contains(
        "did you mean people?"))
    #expect(try await shell.quit() == 0)
  }

  @Test("every row of every answer fits, and what does not is said", arguments: [40, 60, 100, 200] as [UInt16])
  func answers(_ columns: UInt16) async throws {
    let (place, sandbox) = try await Place.withSync(people: 30)
    #expect(try await place.run("preview acme").code == 0)
    let shell = try await place.shell(columns: columns, rows: 200)
    for line in [
      "status", "show companies", "show plan p1", "show people of acme", "why acme", "show runs", "help sync",
    ] {
      shell.type(line + "\r")
      try await shell.prompt()
      let text = shell.answer.replacing("\u{1B}[?2004l", with: "")
      let answer = text.split(separator: "\r\n", omittingEmptySubsequences: false).dropFirst()
      for row in answer.dropLast() { #expect(row.count <= Int(columns), "\(line): \(row)") }
      // A row that was longer than the terminal would have gone on in the next.
      #expect(shell.screen.unknown.isEmpty)
    }
    #expect(sandbox.process.code == nil)
    #expect(try await shell.quit() == 0)
  }
}
