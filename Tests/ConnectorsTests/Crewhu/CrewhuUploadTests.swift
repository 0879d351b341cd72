import Connectors
import Foundation
import Model
import Testing

@Suite struct CrewhuUploadTests {
  /// A folder of a test's own, gone with it.
  private final class Desk {
    let folder: String
    init(_ template: String? = template) throws {
      folder = NSTemporaryDirectory() + "crewhu-uploads-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      if let template { try Data(template.utf8).write(to: URL(fileURLWithPath: folder + "/template.csv")) }
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func connector(_ findings: [String: String] = [:]) throws -> CrewhuConnector {
      try CrewhuConnector(
        .crewhu(
          ScriptedTransport { _, _ in .json("[]") },
          parameters: ["template": folder + "/template.csv", "uploads": folder + "/out"], findings: findings))
    }

    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/out")) ?? []).sorted() }

    func text(_ file: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder + "/out/" + file)), as: UTF8.self)
    }
  }

  private static let template =
    "First Name,Last Name,E-mail*,Employee IDs,Birthday,Team,Location,Position,Hire_Date\r\n"
  @Test(
    "the heads are those of the template, in its order, and each one that is understood is filled",
    arguments: [
      (
        template,
        "First Name,Last Name,E-mail*,Employee IDs,Birthday,Team,Location,Position,Hire_Date\r\n"
          + "Dora,Martin,dora@msp.example,\"DMARTIN,dora@msp.example\",,Service,Porto,Tier 2,2021-03-01\r\n"
      ),
      // No line end, another order, an example row beneath, heads with a comma and with quotes.
      (
        "email,\"Id, all of them (comma separated)\",Employee_ID,profile,\"the \"\"odd\"\" one\"\nx@y,1,2,,\n",
        "email,\"Id, all of them (comma separated)\",Employee_ID,profile,\"the \"\"odd\"\" one\"\r\n"
          + "dora@msp.example,,\"DMARTIN,dora@msp.example\",Employee,\r\n"
      ),
      // A byte order mark and semicolons stay what they are.
      (
        "\u{feff}EMAIL ADDRESS (required);Employee Ids;Department\r\n",
        "\u{feff}EMAIL ADDRESS (required);Employee Ids;Department\r\ndora@msp.example;DMARTIN,dora@msp.example;Service\r\n"
      ),
      ("Email\tID\tInactive", "Email\tID\tInactive\r\ndora@msp.example\tDMARTIN,dora@msp.example\tfalse\r\n"),
    ])
  func columns(_ template: String, _ file: String) async throws {
    let desk = try Desk(template)
    let outcomes = try await desk.connector().write([.dora()], in: ReadScope())
    #expect(outcomes.map(\.crewhuWord) == ["waiting"], "\(outcomes)")
    #expect(try desk.files.map { try desk.text($0) } == [file])
  }

  @Test(
    "cells hold any text, and none that a spreadsheet would run",
    arguments: [
      ("Lind, Nora", "\"Lind, Nora\""), ("the \"great\"", "\"the \"\"great\"\"\""), ("two\nlines", "\"two\nlines\""),
      ("王小明", "王小明"), ("Zoë 👩‍👩‍👧", "Zoë 👩‍👩‍👧"), ("=1+1", "'=1+1"), ("+48", "'+48"), ("-x", "'-x"), ("@x", "'@x"),
      ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("\t=1", "'\t=1"), ("＝1", "'＝1"),
      ("=\"a\",1", "\"'=\"\"a\"\",1\""),
      ("a\u{0}b\u{1b}[31m", "a b [31m"), (" padded", "\" padded\""), ("", ""), ("null", "null"),
      ("a;b", "a;b"), ("\u{202e}rtl", "\u{202e}rtl"), ("e\u{301}", "e\u{301}"),
    ])
  func cells(_ text: String, _ cell: String) async throws {
    let desk = try Desk("Email,ID,First Name,Position")
    _ = try await desk.connector().write([.dora(["first-name": .text(text)])], in: ReadScope())
    let file = try desk.text(try #require(desk.files.first))
    let expected = "Email,ID,First Name,Position\r\ndora@msp.example,\"DMARTIN,dora@msp.example\",\(cell),Tier 2\r\n"
    #expect(Array(file.utf8) == Array(expected.utf8))
  }

  @Test(
    "a template that cannot be used is refused with a sentence, and nothing is written",
    arguments: [
      ("First Name,Last Name,ID", "has no column for the e-mail address; it has First Name, Last Name, ID"),
      ("Email,First Name", "has no column for the employee ids"),
      ("Email,ID,Blood group*", "demands the column \"Blood group*\""),
      ("Email,ID,Shoe size (required)", "demands the column \"Shoe size (required)\""),
      ("", "names no columns"), ("\r\n", "names no columns"), ("\"Email\"x,ID", "is no CSV file"),
    ])
  func badTemplates(_ template: String, _ words: String) async throws {
    let desk = try Desk(template)
    let outcomes = try await desk.connector().write([.dora(), .dora()], in: ReadScope())
    #expect(outcomes.count == 2)
    for outcome in outcomes {
      guard case .notSent(let error) = outcome else {
        Issue.record("not refused: \(outcome)")
        continue
      }
      #expect(error.kind == .misconfigured && error.message.contains(words), "\(error.message)")
      #expect(error.hint?.contains("CSV Upload") == true)
    }
    #expect(desk.files.isEmpty)
    let report = try await desk.connector().check(partitions: [])
    #expect(report.results.first { $0.name == "template" }?.detail.contains(words) == true)
    #expect(!report.hasPassed)
  }

  @Test("a template that is not there, and none at all, are told as that")
  func noTemplate() async throws {
    let desk = try Desk(nil)
    let missing = try await desk.connector().write([.dora()], in: ReadScope())
    #expect("\(missing)".contains("cannot be read"))
    let none = try CrewhuConnector(.crewhu(ScriptedTransport { _, _ in .json("[]") }))
    let report = try await none.check(partitions: [])
    #expect(report.results.first { $0.name == "template" }?.detail.contains("names no template") == true)
    #expect(!report.hasPassed)
  }

  @Test(
    "who cannot be told in a file is refused by himself, in words, and the others are written",
    arguments: [
      (.dora(["email": .null]), "value-refused email", "never be matched"),
      (.dora(["employee-ids": .list([" "])]), "value-refused employee-ids", "employee id"),
      (.dora(["employee-ids": .list(["A,B"])]), "value-refused employee-ids", "A,B"),
      (.dora(["employee-ids": .list(["=A"])]), "value-refused employee-ids", "by hand"),
      (.dora(["email": .text("+x@y")]), "value-refused email", "by hand"),
      (.dora(["last-name": .null]), "value-refused last-name", "Last Name*"),
      (.dora(["state": .text("inactive")]), "record-forbidden -", "inactive"),
      (
        Write.dora(.update, ["team": .text("X"), "position": .text("Y")]), "record-forbidden -",
        "change by hand: position, team"
      ),
      (.dora(.deactivate), "record-forbidden -", "set this employee inactive by hand"),
      (.dora(.reactivate), "record-forbidden -", "set this employee active by hand"),
      (.dora(.delete), "record-forbidden -", "delete"),
      (.dora(.update, ["profile": .text("Admin")]), "value-refused profile", "never changed"),
    ] as [(Write, String, String)])
  func refusals(_ write: Write, _ word: String, _ words: String) async throws {
    let desk = try Desk("Email,ID,Last Name*")
    let outcomes = try await desk.connector().write([.dora(), write, .dora()], in: ReadScope())
    #expect(outcomes.map(\.crewhuWord) == ["waiting", word, "waiting"])
    #expect(outcomes[1].rejection?.message.contains(words) == true, "\(outcomes[1])")
    #expect(try desk.files.map { try desk.text($0).split(separator: "\r\n").count } == [3])
  }

  @Test("whoever is made inactive stands in a column for that, where the template has one")
  func inactive() async throws {
    let desk = try Desk("Email,ID,Inactive")
    let outcomes = try await desk.connector().write(
      [.dora(["state": .text("inactive"), "invite": .flag(true)]), .dora()], in: ReadScope())
    #expect(outcomes.map(\.crewhuWord) == ["waiting", "waiting"])
    let lines = try desk.text(try #require(desk.files.first)).split(separator: "\r\n").map(String.init)
    #expect(lines.dropFirst().map { String($0.suffix(5)) } == [",true", "false"])
  }

  @Test("a batch is one file; those who are to be invited stand in one of their own, and no file is overwritten")
  func files() async throws {
    let desk = try Desk()
    let connector = try desk.connector()
    let batch = (0..<6).map { Write.dora(["email": .text("p\($0)@x"), "invite": .flag($0 % 3 == 0)]) }
    let outcomes = await connector.write(batch, in: ReadScope())
    let paths = outcomes.map { outcome in if case .waiting(let path) = outcome { path } else { "" } }
    let (plain, inviting) = ("crewhu-2026-02-25-061320-1.csv", "crewhu-2026-02-25-061320-1-invite.csv")
    #expect(desk.files == [inviting, plain].sorted())
    for (number, path) in paths.enumerated() {
      #expect(path == desk.folder + "/out/" + (number % 3 == 0 ? inviting : plain))
    }
    for (number, file) in [(0, inviting), (1, plain), (5, plain)] {
      #expect(try desk.text(file).contains("p\(number)@x"))
    }
    #expect(try !desk.text(plain).contains("p3@x"))
    let before = try desk.text(plain)
    _ = await connector.write([.dora()], in: ReadScope())
    #expect(desk.files.contains("crewhu-2026-02-25-061320-2.csv") && desk.files.count == 3)
    #expect(try desk.text(plain) == before)
    for file in desk.files {
      let attributes = try FileManager.default.attributesOfItem(atPath: desk.folder + "/out/" + file)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }
    #expect(connector.requestCount == 0)
    #expect(await connector.write([], in: ReadScope()).isEmpty)
    #expect(desk.files.count == 3)
  }

  @Test("a folder that takes no file is told as that, and a cancelled batch writes none")
  func unwritable() async throws {
    let desk = try Desk()
    try Data().write(to: URL(fileURLWithPath: desk.folder + "/out"))
    let outcomes = try await desk.connector().write([.dora()], in: ReadScope())
    guard case .notSent(let error)? = outcomes.first else {
      Issue.record("written: \(outcomes)")
      return
    }
    #expect(error.kind == .misconfigured && error.message.contains("folder for uploads"))
    let other = try Desk()
    let connector = try other.connector()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await connector.write([.dora()], in: ReadScope())
    }
    #expect(await task.value.map(\.crewhuWord) == ["not sent cancelled"])
    #expect(other.files.isEmpty)
  }

  @Test("where Crewhu hides everybody's address nobody is made, lest he is there already")
  func hidden() async throws {
    let desk = try Desk()
    let outcomes = try await desk.connector(["email": "hidden"]).write([.dora()], in: ReadScope())
    #expect(outcomes.map(\.crewhuWord) == ["record-forbidden email"])
    #expect(desk.files.isEmpty)
  }
}
