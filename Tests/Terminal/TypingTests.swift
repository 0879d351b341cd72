import Foundation
import Glibc
import TerminalScreen
import Testing

/// What a person sees while a line is typed, on the screen of a terminal.
@Suite("Typing at the prompt", .timeLimit(.minutes(3)))
struct TypingTests {
  private static let colors = ["NO_COLOR": "", "TERM": "xterm"]

  /// Like a person: the next key comes when the screen shows the answer to the last.
  private func shell(
    columns: UInt16 = 80, rows: UInt16 = 24, _ variables: [String: String] = colors, prompt: String = "kith› "
  ) async throws -> TerminalSession {
    let shell = try TerminalSession(at: Place(environment: variables), columns: columns, rows: rows)
    try await shell.sees(prompt.trimmingSpaces)
    _ = try await eventually("the editor") { shell.settings.isRaw ? true : nil }
    return shell
  }

  /// Types a line, and waits for its answer and for the editor behind the next prompt.
  private func enter(_ line: String, at shell: TerminalSession, sees answer: String) async throws {
    shell.type(line + "\r")
    try await shell.sees(answer)
    try await shell.sees("the prompt") { $0.rows.last { !$0.isEmpty } == "kith›" }
    _ = try await eventually("the editor") { shell.settings.isRaw ? true : nil }
  }

  @Test(
    "words get their colours, an unknown one red, and the usage stands below", arguments: [40, 80, 200] as [UInt16])
  func live(_ columns: UInt16) async throws {
    let shell = try await shell(columns: columns)
    shell.type("show peo")
    var screen = try await shell.sees("the usage") { screen in
      screen.cursor.column == 14 && screen.rows.contains { $0.hasPrefix("show THINGS") }
    }
    #expect(screen.text.contains("kith› show people"))
    #expect(screen.look(of: "show", inRow: "kith›")?.isBold == true)
    #expect(screen.look(of: "ple")?.isDim == true)
    shell.type("x")
    screen = try await shell.sees("nothing is called that here")
    #expect(screen.look(of: "peox")?.color == 31)
    #expect(screen.look(of: "nothing is called")?.color == 31)
    shell.type("\u{7F}\u{1B}[C")
    screen = try await shell.sees("the hint taken") { $0.cursor.column == 17 }
    #expect(screen.text.contains("kith› show people"))
    shell.type("\r")
    screen = try await shell.sees("no people")
    #expect(!screen.text.contains("THINGS"), "what stood below the line is gone")
    #expect(screen.unknown.isEmpty)
    #expect(try await shell.quit() == 0)
  }

  @Test("without colours, and at a dumb terminal, a line is only a line")
  func plain() async throws {
    let dumb = try await shell(["NO_COLOR": "", "TERM": "dumb"])
    dumb.type("show peo\u{1B}[C\r")
    try await dumb.sees("nothing is called that here; did you mean people?")
    #expect(!dumb.output.contains("\u{1B}"))
    #expect(try await dumb.quit() == 0)
    let grey = try await shell(["NO_COLOR": "1", "TERM": "xterm"])
    grey.type("show peo")
    try await grey.sees("kith› show peo")
    grey.type("\u{1B}[C\r")
    let screen = try await grey.sees("nothing is called that here; did you mean people?")
    #expect(!screen.text.contains("THINGS") && !grey.output.contains("\u{1B}[2m"))
    #expect(try await grey.quit() == 0)
  }

  @Test("in the C locale everything is ASCII, and kith finds UTF-8 where it is")
  func cLocale() async throws {
    let shell = try await shell(["LC_ALL": "C", "LANG": "", "NO_COLOR": "", "TERM": "xterm"], prompt: "kith")
    shell.type("say 'it''s here'\r")
    try await shell.sees("it's here")
    #expect(try await shell.quit() == 0)
  }

  @Test("hints and colours go away by setting")
  func settings() async throws {
    let shell = try await shell()
    for key in ["hints", "colors", "usage"] {
      try await enter("set shell.\(key) to off", at: shell, sees: "shell.\(key): on → off")
    }
    shell.type("show peo")
    let screen = try await shell.sees("kith› show peo")
    #expect(!screen.text.contains("THINGS") && !screen.text.contains("show people"))
    #expect(screen.look(of: "show peo") == Screen.Look())
    shell.type("\u{3}")
    #expect(try await shell.quit() == 0)
  }

  @Test("a block goes on indented, its rows are reached by the arrows, and it runs as a whole")
  func block() async throws {
    let shell = try await shell()
    shell.type("for n in [1, 2]\r")
    try await shell.sees("the second row") { $0.cursor.column == 2 }
    shell.type("say \"round ${n}\"\rend")
    var screen = try await shell.sees("  end")
    #expect(screen.text.contains("kith› for n in [1, 2]\n  say \"round ${n}\"\n  end"))
    let end = screen.cursor.row
    shell.type("\u{1B}[A")
    screen = try await shell.sees("the row above") { $0.cursor.row == end - 1 }
    #expect(screen.cursor.column == 5)
    shell.type("\u{5}!\u{7F}\u{1B}[B\r")
    screen = try await shell.sees("round 2")
    #expect(screen.text.contains("round 1\nround 2"))
    shell.type("\u{1B}[A")
    try await shell.sees("the block again") { screen in screen.rows.filter { $0 == "end" }.count == 2 }
    shell.type("\u{3}")
    #expect(try await shell.quit() == 0)
  }

  @Test("Ctrl-R finds by what a line holds, marks it, and puts it into the line without running it")
  func search() async throws {
    let shell = try await shell()
    for line in ["say 'one for all'", "show nonsense", "say 'all for one'"] {
      let answer = line.contains("nonsense") ? "nothing is called" : String(line.dropFirst(5).dropLast())
      try await enter(line, at: shell, sees: answer)
    }
    shell.type("\u{12}")
    try await shell.sees("history:")
    shell.type("FOR")
    var screen = try await shell.sees("history: FOR")
    #expect(screen.rows.count { $0.contains("  say '") && !$0.contains("kith›") } == 2)
    #expect(screen.look(of: "for all")?.isUnderlined == nil && screen.look(of: "for")?.isUnderlined == true)
    shell.type("\u{1B}[B\r")
    screen = try await shell.sees("kith› say 'one for all'") { screen in
      screen.rows.contains("kith› say 'one for all'") && !screen.text.contains("history:")
    }
    shell.type("\u{3}\u{12}nonsense\t\t")
    try await shell.sees("no line of the history holds that")
    shell.type("\u{7}")
    try await shell.sees("the search left") { !$0.text.contains("history:") }
    #expect(try await shell.quit() == 0)
  }

  @Test("nothing pasted runs before Enter, whatever it holds")
  func paste() async throws {
    let shell = try await shell()
    #expect(shell.screen.marksPastes)
    shell.type("\u{1B}[200~say 'a'\r\nsay 'b'\u{1B}[31m\u{7}\n\u{1B}[201~")
    let screen = try await shell.sees("say 'b'")
    #expect(screen.text.contains("kith› say 'a'\nsay 'b'"))
    #expect(!screen.rows.contains("a") && !screen.rows.contains("b"))
    shell.type("\r")
    try await shell.sees("both") { $0.rows.contains("a") && $0.rows.contains("b") }
    #expect(try await shell.quit() == 0)
    #expect(!shell.screen.marksPastes)
  }

  @Test("the window may change its size at any moment", arguments: [(80, 40), (40, 100)] as [(UInt16, UInt16)])
  func resize(_ before: UInt16, _ after: UInt16) async throws {
    let shell = try await shell(columns: before)
    let line = "say 'a line that is longer than forty columns are'"
    shell.type(line)
    try await shell.sees("the line") { $0.text.replacing("\n", with: "").contains(line) }
    shell.resize(columns: after, rows: 24)
    try await shell.sees("the line anew") { screen in
      screen.text.replacing("\n", with: "").contains("kith› " + line + "say TEXT")
        || screen.rows.contains { $0.hasPrefix("say TEXT") }
    }
    shell.type("\r")
    try await shell.sees("what it says") { $0.rows.contains { $0.hasPrefix("a line that is longer") } }
    #expect(try await shell.quit() == 0)
  }

  @Test("wide characters and marks take the cells they have")
  func wide() async throws {
    let shell = try await shell(columns: 40)
    shell.type("say '日本語 e\u{301}'")
    var screen = try await shell.sees("日本語 é'") { $0.cursor.column == 20 && $0.text.contains("日本語") }
    shell.type("\u{1B}[D\u{1B}[D\u{1B}[D\u{7F}")
    screen = try await shell.sees("one less") { $0.text.contains("say '日本 é'") }
    #expect(screen.unknown.isEmpty)
    shell.type("\r")
    try await shell.sees("日本 é") { $0.rows.contains("日本 é") }
    #expect(try await shell.quit() == 0)
  }

  @Test("Ctrl-Z stops the shell as a job, and fg brings the line back")
  func suspend() async throws {
    let place = try Place(environment: Self.colors)
    let shell = try TerminalSession(
      at: place, columns: 80, rows: 24, program: ["/bin/bash", "--norc", "--noprofile", "-i"])
    try await shell.sees("bash")
    shell.type("PS1='job> '; '\(Place.program)' --home '\(place.home.path)'\r")
    try await shell.sees("kith›")
    _ = try await eventually("the editor") { shell.settings.isRaw ? true : nil }
    shell.type("say 'half")
    try await shell.sees("say 'half")
    shell.type("\u{1A}")
    try await shell.sees("Stopped")
    #expect(!shell.settings.isRaw || shell.screen.text.contains("job>"))
    shell.type("fg\r")
    try await shell.sees("the line again") { screen in
      guard let fg = screen.rows.lastIndex(where: { $0.hasPrefix("job> fg") }),
        let line = screen.rows.lastIndex(where: { $0.hasPrefix("kith› say 'half") })
      else { return false }
      return line > fg && screen.cursor == (line, 15)
    }
    shell.type(" and whole'\r")
    try await shell.sees("half and whole") { $0.rows.contains("half and whole") }
    shell.type("quit\r")
    try await shell.sees("job> again") { $0.rows.last { !$0.isEmpty }?.hasPrefix("job>") == true }
    shell.type("exit\r")
    #expect(try await shell.process.ending() == 0)
  }

  @Test("a run that went by itself is told above the prompt, and the half-typed line stays")
  func news() async throws {
    let (place, sandbox) = try await Place.withSync()
    let shell = try await place.shell(columns: 100, rows: 30)
    shell.type("say 'half")
    try await shell.sees("say 'half")
    let ending = try await place.run("sync acme confirm within creates any, updates any, first")
    #expect(ending.code == 0, "\(ending.error)")
    let screen = try await shell.sees("the news above the line") { screen in
      screen.text.contains("by itself: r1 acme/contacts ok")
        && screen.rows.last { !$0.isEmpty }?.hasPrefix("kith› say 'half") == true
    }
    let told = screen.rows.firstIndex { $0.contains("by itself") } ?? 0
    let line = screen.rows.lastIndex { $0.contains("say 'half") } ?? 0
    #expect(told < line)
    #expect(sandbox.process.code == nil)
    shell.type("'\r")
    try await shell.sees("half") { $0.rows.contains("half") }
    #expect(try await shell.quit() == 0)
  }
}

extension String {
  fileprivate var trimmingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
