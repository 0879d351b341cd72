import Foundation
import Testing

/// What a script is told at the end: without a terminal, by `-c` and by standard input alike.
@Suite("Exit codes", .timeLimit(.minutes(2)))
struct ExitCodeTests {
  struct Case: CustomTestStringConvertible {
    var code: Int32
    var script: String
    var testDescription: String { "\(code): \(script)" }
  }

  @Test(
    "G24 a line and standard input end alike",
    arguments: [
      Case(code: 0, script: "say hello"), Case(code: 0, script: "show companies"), Case(code: 0, script: "# nothing"),
      Case(code: 1, script: "show plan p9"), Case(code: 1, script: "check"),
      Case(code: 2, script: "conect m365"), Case(code: 2, script: "show people where titel is blank"),
      Case(code: 2, script: "sync"), Case(code: 2, script: "show 'people"),
    ])
  func sameEnding(_ expected: Case) async throws {
    let place = try Place()
    #expect(try await place.run(expected.script).code == expected.code)
    #expect(try await place.run(script: expected.script + "\n").code == expected.code)
  }

  @Test("G24 a script with one wrong line runs none of its lines")
  func wrongScript() async throws {
    let ending = try await Place().run(script: "say hello\nconect m365\n")
    #expect(ending.code == 2)
    #expect(!ending.error.contains("hello\n"))
    #expect(ending.error.contains("standard input") && ending.error.contains("did you mean connect?"))
  }

  @Test("G24 every ending of a sync has its code")
  func sync() async throws {
    let (place, sandbox) = try await Place.withSync()
    func expect(_ code: Int32, _ line: String, _ location: SourceLocation = #_sourceLocation) async throws {
      let ending = try await place.run(line)
      #expect(ending.code == code, "\(line): \(ending.out)\(ending.error)", sourceLocation: location)
      #expect(!(ending.out + ending.error).contains("\u{1B}"), "nothing but text is written", sourceLocation: location)
    }
    let all = "confirm within creates any, updates any, deactivates any, reactivates any, first"
    let before = try await sandbox.contacts()
    try await expect(0, "preview acme")
    try await expect(4, "preview acme strict")
    try await expect(2, "sync acme")
    try await expect(5, "sync acme confirm within creates 0, first")
    #expect(try await sandbox.contacts() == before)
    // One record is refused by the vendor, the others go on.
    try await sandbox.control(
      "POST", "/faults",
      #"{"kind":"status","status":400,"system":"connectwise","method":"POST","path":"*contacts*","times":1}"#)
    try await expect(3, "sync acme \(all)")
    try await sandbox.control("DELETE", "/faults")
    // A refusal says that nothing was written: not of a script that wrote before it.
    try await expect(3, "sync acme \(all)\napply p1 \(all)")
    try await expect(0, "sync acme \(all)")
    let plan = try #require(try await place.run("show plans | first 1 | columns plan | as json").planID)
    try await expect(6, "apply \(plan) \(all)")
    // Of two syncs one is done, and one is switched off.
    try await expect(0, "add sync m365-contacts for acme from ms to cw as acme/second tenant=acme.example")
    try await expect(3, "sync acme \(all)")
    try await expect(0, "remove sync acme/second because \"no more\"")
    sandbox.process.send(SIGTERM)
    _ = try await sandbox.process.ending()
    try await expect(75, "sync acme \(all)")
  }

  @Test("G26 a store of a newer kith is refused with a sentence, and is left as it is")
  func newerStore() async throws {
    let place = try Place()
    #expect(try await place.run("say hello").code == 0)
    // SQLite keeps the version that a program gave its file at byte 60, the highest byte first.
    let handle = try FileHandle(forUpdating: place.store)
    try handle.seek(toOffset: 60)
    try handle.write(contentsOf: Data([0, 0, 0x27, 0x0F]))
    try handle.close()
    let bytes = try Data(contentsOf: place.store)
    let ending = try await place.run("say hello")
    #expect(ending.code == 1)
    #expect(ending.error.contains("newer kith") && ending.error.contains("9999"))
    #expect(!ending.out.contains("hello") && !ending.error.contains("hello"))
    #expect(try Data(contentsOf: place.store) == bytes)
  }

  @Test("G26 a store that cannot grow is a sentence and not a crash")
  func noRoom() async throws {
    let place = try Place()
    let started = try place.start(
      program: "/bin/sh",
      ["-c", #"ulimit -f 20; exec "$0" "$@""#, Place.program, "--home", place.home.path, "-c", "say hello"])
    let ending = try await started.ending()
    #expect(ending.code == 1)
    #expect(ending.error.contains("no room"))
  }
}

extension Place.Ending {
  /// The first plan that a listing in JSON names.
  var planID: String? {
    struct Row: Decodable { var plan: String }
    return (try? JSONDecoder().decode([Row].self, from: Data(out.utf8)))?.first?.plan
  }
}
