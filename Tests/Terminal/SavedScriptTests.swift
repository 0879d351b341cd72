import Foundation
import Glibc
import Testing

/// Saved scripts by the command line, as a schedule starts them, and by the editor of a person.
@Suite("Saved scripts", .timeLimit(.minutes(2)))
struct SavedScriptTests {
  private func save(_ text: String, as name: String, at place: Place, mode: mode_t = 0o600) throws {
    let folder = place.home.appendingPathComponent("scripts")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let file = folder.appendingPathComponent("\(name).kith")
    try Data(text.utf8).write(to: file)
    chmod(file.path, mode)
  }

  private func kith(_ words: String..., at place: Place) async throws -> Place.Ending {
    try await place.start([words[0], "--home", place.home.path] + words.dropFirst()).ending()
  }

  struct Case: CustomTestStringConvertible {
    var code: Int32
    var words: [String]
    var says: String
    var testDescription: String { "\(code): \(words.joined(separator: " "))" }
  }

  @Test(
    "G24 a script by its name or its path ends with its code, in a log with times",
    arguments: [
      Case(code: 0, words: ["run", "greet"], says: "hello 3"),
      Case(code: 0, words: ["run", "greet", "times=4"], says: "hello 4"),
      Case(code: 2, words: ["run", "greet", "times=many"], says: "no count"),
      Case(code: 2, words: ["run", "greet", "tmies=4"], says: "did you mean times?"),
      Case(code: 2, words: ["run", "greet", "times"], says: "name=value"),
      Case(code: 2, words: ["run", "great"], says: "did you mean greet?"),
      Case(code: 2, words: ["run", "open"], says: "chmod go-w"),
      Case(code: 2, words: ["run", "wrong"], says: "did you mean say?"),
      Case(code: 3, words: ["run", "stops"], says: "two of three"),
      Case(code: 0, words: ["check", "greet"], says: "3 if left out"),
      Case(code: 2, words: ["check", "wrong"], says: "did you mean say?"),
    ])
  func endings(_ expected: Case) async throws {
    let place = try Place()
    try save("language 1\nparam times : count = 3\nsay \"hello ${times}\"\n", as: "greet", at: place)
    try save("say hello\n", as: "open", at: place, mode: 0o622)
    try save("sya hello\n", as: "wrong", at: place)
    try save("stop partial 'two of three'\n", as: "stops", at: place)
    let ending = try await place.start(
      [expected.words[0], "--home", place.home.path] + expected.words.dropFirst()
    ).ending()
    #expect(ending.code == expected.code, "\(ending.out)\(ending.error)")
    #expect((ending.out + ending.error).contains(expected.says), "\(ending.out)\(ending.error)")
    guard expected.words[0] == "run" else { return }
    let lines = ending.error.split(separator: "\n")
    #expect(lines.allSatisfy { $0.prefixMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ[ ]{2}/) != nil }, "\(ending.error)")
  }

  /// The lines that a run says, without what only a log has: the time and the name.
  private func said(_ ending: Place.Ending) -> [String] {
    (ending.out + ending.error).split(whereSeparator: \.isNewline).map {
      String($0).replacing(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  (nightly  )?/, with: "")
    }
  }

  @Test("by -c, by file, by standard input and from the scheduler a script says the same and ends alike")
  func fourWays() async throws {
    let place = try Place()
    let text = """
      language 1
      let systems = show systems | count
      say "there are ${systems} systems"
      show systems | sort system | columns system, name | first 3
      for x in [1, 2]
        try
          expect $x > 1 because "${x} is too small"
        on error e
          say "line ${e.line}: ${e.message}" level warning
        end
      end
      """
    try save(text, as: "nightly", at: place)
    let expected = [
      "there are 9 systems", "system", "autotask", "connectwise", "crewhu", "warning: line 7: 1 is too small",
    ]
    let line = try await place.start(["--home", place.home.path, "-c", text]).ending()
    let input = try await place.start(["--home", place.home.path], input: text).ending()
    let file = try await kith("run", "nightly", at: place)
    #expect(try await place.start(line: "schedule nightly every day at \(Place.inHalfADay)").ending().code == 0)
    let scheduled = try await kith("run", "--schedule", "nightly", at: place)
    for ending in [line, input, file, scheduled] {
      #expect(ending.code == 3, "\(ending.error)")
      let lines = said(ending)
      for text in expected { #expect(lines.contains { $0.hasPrefix(text) }, "\(text): \(lines)") }
    }
    #expect(line.out == input.out && line.out == file.out && line.error == input.error)
  }

  @Test("a path with a slash is a file like any, with the same doubts")
  func path() async throws {
    let place = try Place()
    let file = place.folder.appendingPathComponent("there.kith")
    try Data("say 'it''s there'\n".utf8).write(to: file)
    chmod(place.folder.path, 0o700)
    chmod(file.path, 0o600)
    #expect(try await kith("run", file.path, at: place).error.contains("it's there"))
    chmod(file.path, 0o666)
    #expect(try await kith("run", file.path, at: place).code == 2)
  }

  @Test("edit opens the person's editor, checks what was saved, and keeps it")
  func edit() async throws {
    let place = try Place(environment: ["EDITOR": "printf 'say hi\\nsya ho\\n' >>", "VISUAL": ""])
    let shell = try await place.shell()
    try await shell.run("edit fresh", shows: "is kept, and does not run: it has 1 finding")
    let text = try String(contentsOf: place.home.appendingPathComponent("scripts/fresh.kith"), encoding: .utf8)
    #expect(text.hasPrefix("language 1\n") && text.hasSuffix("say hi\nsya ho\n"))
    #expect(try await shell.quit() == 0)
    #expect(shell.settings == shell.settingsBefore)
  }

  @Test("an editor has the keys of the terminal, and Ctrl-C is its own")
  func editorAtTheTerminal() async throws {
    let place = try Place(environment: ["EDITOR": "read line && echo \"# $line\" >>", "VISUAL": ""])
    let shell = try await place.shell()
    shell.type("edit typed\r")
    // The editor reads a line from the terminal, in the terminal's own way.
    _ = try await eventually("the editor") { shell.settings.isRaw ? nil : true }
    shell.type("by hand\r")
    try await shell.prompt()
    let file = place.home.appendingPathComponent("scripts/typed.kith")
    #expect(try String(contentsOf: file, encoding: .utf8).hasSuffix("# by hand\n"))
    #expect(try await shell.quit() == 0)
  }

  @Test("an ending that was not good is posted, with a second try; that nobody listens changes nothing")
  func notify() async throws {
    let listener = try Listener(answers: [500, 204])
    let place = try Place(environment: ["HOOK": "http://127.0.0.1:\(listener.port)/secret-path"])
    try save("stop partial 'jane.doe@acme.example is to be looked at'\n", as: "nightly", at: place)
    #expect(try await place.run("set notify.url to env:HOOK").code == 0)
    let ending = try await kith("run", "nightly", at: place)
    #expect(ending.code == 3 && !ending.error.contains("notify.url"), "\(ending.error)")
    let bodies = try await eventually("two requests") { listener.bodies.count == 2 ? listener.bodies : nil }
    #expect(bodies[0] == bodies[1] && bodies[0].hasPrefix("POST /secret-path "))
    #expect(bodies[0].contains("\"exit-code\":3") && bodies[0].contains("\"name\":\"nightly\""))
    #expect(!bodies[0].contains("jane"))

    #expect(try await place.run("set notify.url to http://127.0.0.1:1/secret-path").code == 0)
    let alone = try await kith("run", "nightly", at: place)
    #expect(alone.code == 3 && alone.error.contains("notify.url was not told") && !alone.error.contains("secret-path"))
    // A good ending is nobody's business.
    try save("say hi\n", as: "nightly", at: place)
    #expect(try await !kith("run", "nightly", at: place).error.contains("notify"))
  }
}

/// A web server of the fewest lines: one request a connection, each answered with the next status.
private final class Listener: @unchecked Sendable {
  let port: UInt16
  private let socket: Int32
  private let lock = NSLock()
  // Written by the one thread that answers, read under the lock.
  private var requests: [String] = []

  var bodies: [String] { lock.withLock { requests } }

  init(answers: [Int]) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, size) = (socket, length)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    try #require(isBound)
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      for status in answers { answer(status) }
      close(descriptor)
    }
  }

  private func answer(_ status: Int) {
    let connection = accept(socket, nil, nil)
    guard connection >= 0 else { return }
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 65_536)
    // The summary ends with a line break, and nothing before it does.
    while !text.hasSuffix("}\n") {
      let count = read(connection, &buffer, buffer.count)
      guard count > 0 else { break }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    lock.withLock { requests.append(text) }
    let answer = Array("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
    _ = write(connection, answer, answer.count)
    close(connection)
  }
}
