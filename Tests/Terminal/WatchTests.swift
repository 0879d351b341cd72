import Foundation
import Testing

/// Looking again and again.
@Suite("A watch at a terminal", .timeLimit(.minutes(2)))
struct WatchTests {
  @Test("each look is drawn over the one before, and ^C ends it without a word")
  func redraw() async throws {
    let shell = try await Place().shell()
    shell.type("watch every 1s show systems | columns system\r")
    try await shell.shows("every 1 s: show systems | columns system   last ")
    let twice = try await shell.shows("A\u{1B}[J")
    #expect(twice.contains("  m365"))
    shell.type("\u{3}")
    try await shell.prompt()
    #expect(!shell.answer.contains("error") && !shell.answer.contains("stopping"), "\(shell.answer)")
    try await shell.run("say 'it''s here'", shows: "it's here")
    #expect(try await shell.quit() == 0)
    #expect(shell.settings == shell.settingsBefore)
  }

  @Test("of a line by itself it ends with 130")
  func line() async throws {
    let session = try TerminalSession(
      at: Place(), ["-c", "watch every 1s show systems | count"], columns: 80, rows: 20)
    try await session.shows("every 1 s: ")
    session.type("\u{3}")
    #expect(try await session.process.ending() == 130)
    #expect(!session.output.contains("error"))
  }
}
