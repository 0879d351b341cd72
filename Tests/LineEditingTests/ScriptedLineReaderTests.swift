import Glibc
import LineEditing
import Testing

@Suite("Lines that nobody types")
struct ScriptedLineReaderTests {
  private func all(_ reader: ScriptedLineReader) throws -> [String] {
    var lines: [String] = []
    while case .line(let line) = try reader.readLine(prompt: .shell(context: nil)) { lines.append(line) }
    return lines
  }

  /// A reader of a pipe that holds these bytes and is closed at the other end.
  private func reading(_ bytes: [UInt8], _ body: (ScriptedLineReader) throws -> Void) throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    #expect(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    defer { close(ends[0]) }
    try body(ScriptedLineReader(descriptor: ends[0]))
  }

  @Test("a list is read to its end and stays at it")
  func list() throws {
    let reader = ScriptedLineReader(lines: ["show people", ""])
    #expect(try all(reader) == ["show people", ""])
    #expect(try reader.readLine(prompt: .shell(context: nil)) == .endOfInput)
  }

  @Test(
    "a pipe's lines end with LF, CRLF or the end",
    arguments: [
      ("a\nb\n", ["a", "b"]), ("a\r\nb", ["a", "b"]), ("", []), ("\n\n", ["", ""]), ("zażółć\n", ["zażółć"]),
    ] as [(String, [String])])
  func pipeLines(_ input: String, _ lines: [String]) throws {
    try reading(Array(input.utf8)) { reader in
      let read = try all(reader)
      #expect(read == lines)
    }
  }

  @Test("an incomplete line goes on, up to the end of the input")
  func incomplete() throws {
    let reader = ScriptedLineReader(lines: ["if x", "say 1", "end", "if y", "say 2"]) {
      $0.hasPrefix("if") && !$0.hasSuffix("end")
    }
    #expect(try all(reader) == ["if x\nsay 1\nend", "if y\nsay 2"])
  }

  @Test("lines are normalised to NFC")
  func normalised() throws {
    let line = try #require(try all(ScriptedLineReader(lines: ["e\u{301}"])).first)
    #expect(Array(line.utf8) == [0xC3, 0xA9])
  }

  @Test("bytes that are not UTF-8 are an error that names the line")
  func notUTF8() throws {
    try reading([0x61, 0x0A, 0xFF, 0x0A]) { reader in
      #expect(throws: LineReaderError(.notUTF8(line: 2))) { try all(reader) }
    }
  }

  @Test("a descriptor that is closed is an error with the system's words")
  func unreadable() {
    let error = LineReaderError(.unreadable(code: EBADF))
    #expect(throws: error) { try all(ScriptedLineReader(descriptor: -1)) }
    #expect(error.description == "The input cannot be read: Bad file descriptor.")
  }
}
