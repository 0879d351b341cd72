import Foundation
import Testing

@testable import Sandbox

@Suite("Sandbox over a socket")
struct SandboxServerTests {
  private func serving(_ body: (Sandbox, SandboxDescription) async throws -> Void) async throws {
    let sandbox = Sandbox(SandboxOptions(people: 30))
    let description = try await sandbox.start()
    do {
      try await body(sandbox, description)
    } catch {
      await sandbox.stop()
      throw error
    }
    await sandbox.stop()
  }

  private func basic(_ description: SandboxDescription) -> [String: String] {
    let credentials = description.systems["connectwise"]!.credentials
    let user = "\(credentials["company"]!)+\(credentials["public-key"]!):\(credentials["private-key"]!)"
    return ["Authorization": "Basic " + Data(user.utf8).base64EncodedString(), "clientId": credentials["client-id"]!]
  }

  @Test("vendors and control answer on the port that was given out") func answers() async throws {
    try await serving { _, description in
      #expect(description.port > 0)
      #expect(description.systems["m365"]?.url == "http://127.0.0.1:\(description.port)/m365")
      let info = await Wire.ask(description, "GET", "/connectwise/login/companyinfo/kestrelmsp")
      #expect(info.hasPrefix("HTTP/1.1 200"))
      #expect(info.contains(#""Codebase":"v2025_1/""#))
      let page = await Wire.ask(
        description, "GET", "/connectwise/v4_6_release/apis/3.0/company/contacts?pageSize=5",
        headers: basic(description))
      // Links name the address that the client called.
      #expect(
        page.contains("<http://127.0.0.1:\(description.port)/connectwise/v4_6_release/apis/3.0/company/contacts?"))
      let control = await Wire.ask(description, "GET", "/control/description")
      #expect(control.contains(#""port":\#(description.port)"#))
      #expect(await Wire.ask(description, "GET", "/nothing").hasPrefix("HTTP/1.1 404"))
      #expect(await Wire.ask(description, "POST", "/control/clock", body: "{").hasPrefix("HTTP/1.1 400"))
    }
  }

  @Test("commit-then-drop closes the connection without an answer, and the write is there") func commitThenDrop()
    async throws
  {
    try await serving { sandbox, description in
      try sandbox.control.addFault(#"{"method":"POST","path":"/company/contacts","kind":"commit-then-drop","times":1}"#)
      let contact = #"{"firstName":"Dropped","lastName":"Answer","company":{"id":250}}"#
      let answer = await Wire.ask(
        description, "POST", "/connectwise/v4_6_release/apis/3.0/company/contacts", headers: basic(description),
        body: contact)
      #expect(answer.isEmpty)
      #expect(try sandbox.control.state(of: "connectwise").contains(#""firstName":"Dropped""#))
      #expect(sandbox.control.requests.committedWrites == ["connectwise": 1])
    }
  }

  @Test("drop-connection closes without an answer, and the next request is served") func drop() async throws {
    try await serving { sandbox, description in
      try sandbox.control.addFault(#"{"kind":"drop-connection","times":1}"#)
      let path = "/connectwise/login/companyinfo/kestrelmsp"
      #expect(await Wire.ask(description, "GET", path).isEmpty)
      #expect(await Wire.ask(description, "GET", path).hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("a truncated answer announces more than it sends") func truncate() async throws {
    try await serving { sandbox, description in
      try sandbox.control.addFault(#"{"kind":"truncate","times":1}"#)
      let path = "/connectwise/v4_6_release/apis/3.0/company/contacts"
      let cut = await Wire.ask(description, "GET", path, headers: basic(description))
      let whole = await Wire.ask(description, "GET", path, headers: basic(description))
      func announced(_ text: String) -> Int? {
        text.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.drop { $0 != " " }.dropFirst()) }
      }
      func sent(_ text: String) -> Int { text.components(separatedBy: "\r\n\r\n").dropFirst().joined().utf8.count }
      #expect(announced(cut) == announced(whole))
      #expect(sent(whole) == announced(whole))
      #expect(sent(cut) == sent(whole) / 2)
    }
  }

  @Test("a huge body is as long as was asked for") func hugeBody() async throws {
    try await serving { sandbox, description in
      try sandbox.control.addFault(#"{"kind":"huge-body","megabytes":2,"times":1}"#)
      let answer = await Wire.ask(description, "GET", "/connectwise/login/companyinfo/kestrelmsp")
      #expect(answer.utf8.count > 2 << 20)
    }
  }

  @Test("a request that hangs does not keep the sandbox from stopping", .timeLimit(.minutes(1))) func stopping()
    async throws
  {
    let sandbox = Sandbox(SandboxOptions(people: 0))
    let description = try await sandbox.start()
    try sandbox.control.addFault(#"{"kind":"hang"}"#)
    async let hung = Wire.ask(description, "GET", "/connectwise/login/companyinfo/kestrelmsp")
    while sandbox.control.requests.total == 0 { try await Task.sleep(for: .milliseconds(10)) }
    await sandbox.stop()
    #expect(await hung.isEmpty)
    await sandbox.stop()
    #expect(await Wire.ask(description, "GET", "/control").isEmpty)
  }

  @Test("latency is waited") func latency() async throws {
    try await serving { sandbox, description in
      try sandbox.control.perform("POST", "/latency", #"{"milliseconds":120}"#)
      let began = ContinuousClock.now
      _ = await Wire.ask(description, "GET", "/connectwise/login/companyinfo/kestrelmsp")
      #expect(ContinuousClock.now - began >= .milliseconds(120))
    }
  }

  @Test("a sandbox starts once, and a port in use is an error") func starting() async throws {
    try await serving { sandbox, description in
      await #expect(throws: SandboxError.self) { _ = try await sandbox.start() }
      let second = Sandbox(SandboxOptions(port: description.port, people: 0))
      await #expect(throws: (any Error).self) { _ = try await second.start() }
      await second.stop()
    }
  }

  @Test("run ends with its task and stops the sandbox", .timeLimit(.minutes(1))) func running() async throws {
    let sandbox = Sandbox(SandboxOptions(people: 0))
    let description = try await sandbox.start()
    let run = Task { try await sandbox.run() }
    try await Task.sleep(for: .milliseconds(50))
    run.cancel()
    try await run.value
    #expect(await Wire.ask(description, "GET", "/control").isEmpty)
  }
}
