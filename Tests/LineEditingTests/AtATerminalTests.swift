import Foundation
import Glibc
import Synchronization
import Testing

@testable import LineEditing

/// What needs a terminal or the process's signals: one at a time, as both are there only once.
@Suite("At a terminal", .serialized, .timeLimit(.minutes(1)))
struct AtATerminalTests {
  private static let companies = [
    Candidate(text: "acme", description: "Acme Dental", detail: "214 people"),
    Candidate(text: "acorn", description: "Acorn Freight", detail: "no sync"),
    Candidate(text: "\"Żółw 日本\"", label: "zolw", description: "Turtles"),
  ]

  /// Offers companies for the last word before the cursor.
  private static func complete(_ line: String, _ cursor: Int) -> CompletionResult {
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    let word = before.split(omittingEmptySubsequences: false) { " \n".contains($0) }.last.map(String.init) ?? ""
    let start = cursor - word.utf8.count
    return CompletionResult(
      replacing: start..<cursor, candidates: companies.filter { $0.label.hasPrefix(word) || $0.text.hasPrefix(word) })
  }

  /// Reads lines at a terminal until they end while the test types, and returns what was read.
  private func session(
    _ terminal: PseudoTerminal, history: [String] = [], type: String? = "xterm", unicode: Bool = true,
    colors: Bool = false, typing: @Sendable (PseudoTerminal) async throws -> Void
  ) async throws -> [LineResult] {
    async let results = onThread { () -> [LineResult] in
      let streams = LineEditor.Streams(input: terminal.near, output: terminal.near, terminalType: type)
      guard
        let editor = LineEditor(
          streams: streams, history: history, colors: colors, unicode: unicode,
          assistant: LineAssistant(
            complete: Self.complete, list: { Self.complete($0, $1).candidates },
            continuation: { text in
              let goesOn = text.hasSuffix("|") || text.hasPrefix("if") && !text.hasSuffix("end")
              return (goesOn ? text + "\n" : text, goesOn)
            }))
      else { return [] }
      var results: [LineResult] = []
      while true {
        let result = editor.readLine(prompt: .shell(context: nil))
        results.append(result)
        switch result {
        case .line(let line): editor.addHistory(line)
        case .interrupted: break
        case .endOfInput, .terminated: return results
        }
      }
    }
    do {
      try await terminal.shows("kith")
      try await typing(terminal)
    } catch {
      // The editor must not wait for keys that will not come.
      terminal.hangUp()
      throw error
    }
    return await results
  }

  struct Typed: CustomTestStringConvertible {
    var keys: String
    var line: String
    var history: [String] = []
    var testDescription: String { keys.debugDescription }
  }

  @Test(
    "keys make a line",
    arguments: [
      Typed(keys: "show people\r", line: "show people"), Typed(keys: "show\n", line: "show"),
      Typed(keys: "zażółć 日本 é😀\r", line: "zażółć 日本 é😀"), Typed(keys: "e\u{301}x\r", line: "éx"),
      Typed(keys: "ac\u{1B}[D\u{1B}[Db\r", line: "bac"), Typed(keys: "one two\u{17}x\r", line: "one x"),
      Typed(keys: "abc\u{15}x\r", line: "x"), Typed(keys: "ab\u{1}x\u{5}y\r", line: "xaby"),
      Typed(keys: "abc\u{1}\u{4}\r", line: "bc"), Typed(keys: "use acm\t\r", line: "use acme "),
      Typed(keys: "use a\t\r", line: "use ac"), Typed(keys: "use zo\t\r", line: "use \"Żółw 日本\" "),
      Typed(keys: "use acm now\u{1B}[D\u{1B}[D\u{1B}[D\u{1B}[D\t\r", line: "use acme now"),
      Typed(keys: "ą acm\t\r", line: "ą acme "), Typed(keys: "say 'a?\r", line: "say 'a?"),
      Typed(keys: "if x\rsay y\rend\r", line: "if x\nsay y\nend"),
      Typed(keys: "if x\ruse acm\tend\r", line: "if x\nuse acme end"),
      Typed(keys: "\u{1B}[200~if x\r\n\tsay\u{1B} y\rend\u{1B}[201~\r", line: "if x\n say y\nend"),
      Typed(keys: "\u{1B}[A\r", line: "two", history: ["one", "two"]),
      Typed(keys: "\u{1B}[A\u{1B}[A\u{1B}[A\r", line: "one", history: ["one", "two", "two"]),
      Typed(keys: "\u{1B}[A\u{1B}[A\u{1B}[B!\r", line: "say a\nsay b!", history: ["one", "say a\nsay b"]),
      Typed(keys: "\u{1B}[A\u{1B}[A\u{1B}[A\r", line: "one", history: ["one", "say a\nsay b"]),
      Typed(keys: "\u{1B}[A\u{1B}[A!\r", line: "say a!\nsay b", history: ["one", "say a\nsay b"]),
      Typed(keys: "sh\u{1B}[A\r", line: "show one", history: ["show one", "use acme"]),
      Typed(keys: "sh\u{1B}[A\u{1B}[Bx\r", line: "shx", history: ["show one", "use acme"]),
      Typed(keys: "one two\u{1F}x\r", line: "onex"), Typed(keys: "one two\u{1F}\u{1F}\u{1B}/\r", line: "one"),
      Typed(keys: "abc\u{15}\u{1F}\r", line: "abc"), Typed(keys: "a\u{1B}\rb\r", line: "a\nb"),
      Typed(keys: "one two\u{1}\u{1B}f!\r", line: "one! two"),
    ])
  func typing(_ typed: Typed) async throws {
    let terminal = try PseudoTerminal()
    let results = try await session(terminal, history: typed.history) { terminal in
      terminal.type(typed.keys)
      try await terminal.end(prompt: 2)
    }
    #expect(results == [.line(typed.line), .endOfInput])
    if case .line(let line) = results.first { #expect(Array(line.utf8) == Array(typed.line.utf8)) }
    #expect(terminal.isCooked)
  }

  @Test("Ctrl-C drops the half-typed line, and a row that was to be continued")
  func interrupt() async throws {
    let results = try await session(try PseudoTerminal()) { terminal in
      terminal.type("abc\u{3}")
      try await terminal.shows("kith› ", times: 2)
      terminal.type("if x\rde")
      try await terminal.shows("de")
      terminal.type("\u{3}")
      try await terminal.shows("kith› ", times: 3)
      terminal.type("def\r")
      try await terminal.end(prompt: 4)
    }
    #expect(results == [.interrupted, .interrupted, .line("def"), .endOfInput])
  }

  @Test("Ctrl-D ends the input only on an empty line")
  func endOfInput() async throws {
    let results = try await session(try PseudoTerminal()) { terminal in
      terminal.type("a\u{4}b\r")
      try await terminal.end(prompt: 2)
    }
    #expect(results == [.line("ab"), .endOfInput])
  }

  @Test("Tab and ? list below the line with descriptions, and the line goes on", arguments: ["\t", "?"])
  func lists(_ key: String) async throws {
    let terminal = try PseudoTerminal()
    let results = try await session(terminal, colors: true) { terminal in
      terminal.type("use ac")
      terminal.type(key)
      try await terminal.shows("Acorn Freight")
      terminal.type("me\r")
      try await terminal.end(prompt: 3)
    }
    #expect(results == [.line("use acme"), .endOfInput])
    #expect(terminal.output.contains("  acme    Acme Dental     \u{1B}[2m214 people\u{1B}[0m\r\n"))
  }

  @Test("a signal that ends the process ends the line and restores the terminal", arguments: [SIGTERM, SIGHUP])
  func termination(_ signal: Int32) async throws {
    let terminal = try PseudoTerminal()
    let results = try await session(terminal) { terminal in
      terminal.type("half")
      try await terminal.shows("half")
      kill(getpid(), signal)
    }
    #expect(results == [.terminated(signal: signal)])
    #expect(terminal.isCooked)
    try await terminal.shows("\u{1B}[?2004l")
  }

  @Test("an interrupt from outside drops the line as Ctrl-C does")
  func outsideInterrupt() async throws {
    let results = try await session(try PseudoTerminal()) { terminal in
      terminal.type("half")
      try await terminal.shows("half")
      kill(getpid(), SIGINT)
      try await terminal.end(prompt: 2)
    }
    #expect(results == [.interrupted, .endOfInput])
  }

  @Test("a terminal that hangs up ends the input")
  func hangUp() async throws {
    let results = try await session(try PseudoTerminal()) { terminal in
      terminal.type("half")
      try await terminal.shows("half")
      terminal.hangUp()
    }
    #expect(results == [.endOfInput])
  }

  @Test("a change of size paints the line anew and loses nothing of it")
  func resize() async throws {
    let results = try await session(try PseudoTerminal()) { terminal in
      terminal.type("zażółć")
      try await terminal.shows("zażółć")
      var size = winsize(ws_row: 20, ws_col: 40, ws_xpixel: 0, ws_ypixel: 0)
      #expect(ioctl(terminal.near, UInt(TIOCSWINSZ), &size) == 0)
      kill(getpid(), SIGWINCH)
      try await terminal.shows("\u{1B}[Jkith› zażółć")
      terminal.type("!\r")
      try await terminal.end(prompt: 3)
    }
    #expect(results == [.line("zażółć!"), .endOfInput])
  }

  @Test("without Unicode the prompt is ASCII and other keys are dropped")
  func ascii() async throws {
    let terminal = try PseudoTerminal()
    let results = try await session(terminal, unicode: false) { terminal in
      terminal.type("zaż\u{1B}[200~ą\u{1B}[201~\r")
      try await terminal.end(prompt: 2)
    }
    #expect(results == [.line("za?"), .endOfInput])
    #expect(terminal.output.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("a dumb terminal gets no paste marks")
  func dumb() async throws {
    let terminal = try PseudoTerminal()
    let results = try await session(terminal, type: "dumb") { terminal in
      terminal.type("show\r")
      try await terminal.end(prompt: 2)
    }
    #expect(results == [.line("show"), .endOfInput])
    #expect(!terminal.output.contains("\u{1B}"))
  }

  // MARK: Questions

  @Test(
    "G22 a secret is read and never shown",
    arguments: [("hunter2\r", "hunter2"), ("geheim ß\u{7F}\r", "geheim "), ("half\u{3}", nil), ("\u{4}", nil)]
      as [(String, String?)])
  func secret(_ keys: String, _ secret: String?) async throws {
    let terminal = try PseudoTerminal()
    async let answer = onThread {
      TerminalQuestion(input: terminal.near, output: terminal.near, echoes: false).ask("Secret: ")
    }
    try await terminal.shows("Secret: ")
    terminal.type(keys)
    #expect(await answer == secret)
    try await terminal.shows("\r\n")
    #expect(terminal.output == (keys.contains("\u{3}") ? "Secret: ^C\r\n" : "Secret: \r\n"))
    #expect(terminal.isCooked)
  }

  @Test("an answer is shown as it is typed and corrected")
  func answer() async throws {
    let terminal = try PseudoTerminal()
    async let answer = onThread {
      TerminalQuestion(input: terminal.near, output: terminal.near, echoes: true).ask("Go on? [y/N] ")
    }
    try await terminal.shows("Go on? [y/N] ")
    terminal.type("nx\u{7F}o\r")
    #expect(await answer == "no")
    try await terminal.shows("\r\n")
    #expect(terminal.output == "Go on? [y/N] nx\u{8} \u{8}o\r\n")
  }

  // MARK: Signals and progress

  @Test("interrupts are counted from the beginning of a command")
  func interrupts() async throws {
    let heard = Heard()
    let source = InterruptSource {
      heard.append("interrupt \($0)")
    } onTermination: {
      heard.append("signal \($0)")
    }
    #expect(source.install())
    #expect(source.install())
    for (index, signal) in [SIGINT, SIGINT, SIGTERM].enumerated() {
      kill(getpid(), signal)
      try await heard.reaches(index + 1)
    }
    source.beginCommand()
    kill(getpid(), SIGINT)
    try await heard.reaches(4)
    source.remove()
    #expect(heard.all == ["interrupt 1", "interrupt 2", "signal \(SIGTERM)", "interrupt 1"])
    for _ in 0..<2_000 where SignalWatch.isWatched(SIGINT) { try await Task.sleep(for: .milliseconds(5)) }
    #expect(!SignalWatch.isWatched(SIGINT))
  }

  @Test("progress stays on one row, and notes go above it")
  func progress() async throws {
    let terminal = try PseudoTerminal(columns: 12)
    let line = ProgressLine(output: terminal.near) { 12 }
    line.update("reading 日本語 people")
    line.update("reading 日本語 people")
    line.note("warned")
    line.clear()
    line.clear()
    line.note("done\u{7}")
    try await terminal.shows("done")
    let row = "reading 日…"
    #expect(terminal.output == "\r\(row)\u{1B}[K\r\u{1B}[Kwarned\r\n\(row)\r\u{1B}[Kdone␇\r\n")
  }

  @Test("elsewhere there is no progress, and notes are plain lines")
  func noProgress() async throws {
    let terminal = try PseudoTerminal()
    let line = ProgressLine(output: terminal.near, columns: nil)
    line.update("reading")
    line.note("warned")
    line.clear()
    try await terminal.shows("warned")
    #expect(terminal.output == "warned\r\n")
  }
}

/// What a handler was told, in order.
private final class Heard: Sendable {
  private let words = Mutex<[String]>([])

  var all: [String] { words.withLock { $0 } }

  func append(_ word: String) {
    words.withLock { $0.append(word) }
  }

  func reaches(_ count: Int) async throws {
    for _ in 0..<2_000 where all.count < count { try await Task.sleep(for: .milliseconds(5)) }
    #expect(all.count >= count)
  }
}
