/// Tab and the examples of help, in a home with many people.
import CommandLanguage
import Connectors
import Foundation
import LineEditing
import Logging
import Model
import Storage
import Testing

@testable import Shell

@Suite(.serialized) struct HelpExampleTests {
  /// Many times what a list has room for.
  private static let people = 1_000

  @Test("a list is bounded however many people there are")
  func bounded() async throws {
    try await inHome { session in
      #expect(Completing(session).result("why jane", at: 8).candidates.count == 80)
    }
  }

  @Test("every example of every page of help is a line that can be typed")
  func examples() async throws {
    try await inHome { session in
      for page in HelpTopics.all.map({ $0.page() }) {
        for example in page.examples {
          let checked = session.check(example, variables: session.typedNames.shapes, canAsk: true)
          #expect(checked.isRight, "help \(page.word): \(example)\n\(session.told(checked))")
        }
      }
    }
  }

  private func inHome(_ work: (Session) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kith-speed-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let stack = HTTPStack(logger: Logger(label: "speed") { _ in SwiftLogNoOpLogHandler() })
    let output = CollectedOutput()
    let style = StyleSource(
      isTerminal: false, color: false, ascii: false, timeZone: .gmt, progress: nil, width: { nil })
    do {
      let session = try Session.open(
        Session.Opening(
          home: Home(directory: folder.appendingPathComponent("home")), folder: folder,
          environment: ["SECRET": "s", "M365_SECRET": "s"],
          output: output, asking: ScriptedAnswers([], output: output), style: style, user: "tess"),
        over: stack)
      try await setUp(session, in: folder, output)
      try await work(session)
      try session.store.close()
    } catch {
      await stack.shutdown()
      throw error
    }
    await stack.shutdown()
  }

  /// A company with a list of people, and everything that the examples of help name.
  private func setUp(_ session: Session, in folder: URL, _ output: CollectedOutput) async throws {
    try Data("email\nnora@acme.example\n".utf8).write(to: folder.appendingPathComponent("users.csv"))
    try Data("name\nAcme Dental\n".utf8).write(to: folder.appendingPathComponent("companies.csv"))
    let scripts = folder.appendingPathComponent("home/scripts")
    for (name, text) in [
      ("nightly", "param max-creates : count = 50\nstatus\n"), ("report", "param company : company\nstatus\n"),
    ] {
      let file = scripts.appendingPathComponent("\(name).kith")
      try Data(text.utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }
    for line in [
      "connect file as hr path=users.csv", "connect m365 as ms client-id=c client-secret=env:SECRET",
      "connect connectwise as cw region=eu company=msp public-key=k client-id=c private-key=env:SECRET",
      "connect crewhu as crew token=env:SECRET", "connect teamwork as tw url=http://127.0.0.1:1 api-key=env:SECRET",
      "connect itglue as glue api-key=env:SECRET", "add sync itglue-psa from cw to glue",
      "connect desk as desk url=http://127.0.0.1:1/desk api-key=env:SECRET",
      "add company 'Acme Dental' as acme", "map acme to 250 for cw",
      "add sync m365-contacts for acme from hr to cw tenant=acme.example",
      "add sync crewhu-employees from cw to crew", "add sync teamwork-desk from tw to desk",
      "schedule nightly every day",
    ] {
      let code = await session.runTyped(line)
      #expect(code == .done, "\(line): \(output.take())")
    }
    let scope = SnapshotScope(connection: "hr", kind: .person, partition: "acme.example")
    let (first, last) = (["Jane", "Anna", "Nora", "Omar", "Zoe"], ["Doe", "Lind", "Haddad", "Crane"])
    let titles = ["Buyer", "Clerk", "Office Manager", "Technician"]
    let records = (0..<Self.people).map { number in
      let (name, surname) = (first[number % 5], last[number % 4])
      return Record(
        id: RecordID("u\(number)"), kind: .person, state: number % 7 == 0 ? .inactive : .active,
        fields: [
          "email": .text("\(name.lowercased()).\(surname.lowercased())\(number)@acme.example"),
          "first-name": .text(name), "last-name": .text(surname), "title": .text(titles[number % 4]),
        ])
    }
    let now = Date()
    let reading = try session.store.beginReading(scope, mode: .complete, at: now)
    try session.store.apply(page: records, to: reading)
    _ = try session.store.finishReading(
      reading,
      certificate: ReadCertificate(
        completeness: .complete, startedAt: now, finishedAt: now, pagesAsked: 1, pagesReceived: 1, sawEnd: true,
        declaredTotal: nil, recordCount: records.count, snapshotCount: records.count, completeAt: now,
        earlierCounts: [], requests: 1), mark: nil)
    _ = try session.store.add(
      Plan(
        sync: "acme/contacts", purpose: .sync, madeAt: now, settings: Fingerprint(rawValue: "s"), state: .open,
        decisions: records.enumerated().map { index, record in
          Decision(
            number: index + 1, source: record.id, target: nil, label: record.id.rawValue, name: "",
            action: index % 3 == 0 ? .create : .skip,
            reason: Cause(index % 3 == 0 ? .notMatched : index % 2 == 0 ? .unlicensed : .signInDisabled))
        }))
  }
}
