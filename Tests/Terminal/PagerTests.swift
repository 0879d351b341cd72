import Foundation
import Glibc
import Testing

/// Answers that are longer than the screen.
@Suite("The pager at a terminal", .timeLimit(.minutes(2)))
struct PagerTests {
  @Test("what is longer than the screen opens in PAGER, the rest does not; a setting and cat switch it off")
  func long() async throws {
    let shell = try await Place(environment: ["PAGER": "sed s/^/paged:/"]).shell(rows: 20)
    try await shell.run("show reasons", shows: "paged:  unlicensed")
    #expect(try await shell.run("show systems | first 1", shows: "system").contains("paged:") == false)
    #expect(try await shell.run("show systems | first 1 | page", shows: "paged:").contains("paged:  system"))
    try await shell.run("set shell.pager to off", shows: "auto → off")
    #expect(try await shell.run("show reasons", shows: "unlicensed").contains("paged:") == false)
    #expect(try await shell.quit() == 0)

    let plain = try await Place(environment: ["PAGER": "cat"]).shell(rows: 20)
    try await plain.run("show reasons", shows: "unlicensed")
    #expect(try await plain.quit() == 0)
  }

  @Test("one that ends early, is interrupted, or breaks the terminal and dies, leaves the shell as it was")
  func early() async throws {
    for pager in [
      "head -1; stty raw -echo < /dev/tty", "stty -icanon < /dev/tty; kill -9 $$", "cat > /dev/null; sleep 600",
    ] {
      let shell = try await Place(environment: ["PAGER": pager]).shell(rows: 20)
      if pager.contains("sleep") {
        shell.type("show reasons\r")
        _ = try await eventually("the pager") { shell.settings.isRaw ? nil : true }
        try await Task.sleep(for: .milliseconds(300))
        shell.type("\u{3}")
        try await shell.prompt()
      } else {
        try await shell.run("show reasons", shows: "reasons")
      }
      try await shell.run("say 'it''s here'", shows: "it's here")
      #expect(try await shell.quit() == 0)
      #expect(shell.settings == shell.settingsBefore)
    }
  }

  @Test("where there is no such program the answer is written out")
  func missing() async throws {
    let shell = try await Place(environment: ["PAGER": "no-such-pager"]).shell(rows: 20)
    try await shell.run("show reasons", shows: "unlicensed")
    #expect(try await shell.quit() == 0)
  }
}
