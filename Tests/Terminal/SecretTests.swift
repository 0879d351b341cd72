import Foundation
import Testing

/// What a terminal and a home may never hold.
@Suite("Secrets and escapes", .timeLimit(.minutes(2)))
struct SecretTests {
  @Test("G22 secrets from the prompt, a file and the environment are in no file of the home and in no output")
  func secrets() async throws {
    let outside = try Place()
    let sandbox = try await SandboxProcess(at: outside)
    let microsoft = try #require(sandbox.description.systems["m365"])
    let psa = try #require(sandbox.description.systems["connectwise"])
    let clientSecret = try #require(microsoft.credentials["client-secret"])
    let privateKey = try #require(psa.credentials["private-key"])
    let file = outside.folder.appendingPathComponent("secret")
    try Data(clientSecret.utf8).write(to: file)
    #expect(chmod(file.path, 0o600) == 0)
    let place = try Place(environment: sandbox.description.environment)

    func line(_ system: String, _ name: String, _ secret: String?) throws -> String {
      let key = system == "m365" ? "client-secret=" : "private-key="
      let line = try #require(sandbox.description.connectLine(system))
      let words = line.split(separator: " ").map(String.init)
      return words.map { $0.hasPrefix(key) ? secret.map { key + $0 } ?? "" : $0 }.joined(separator: " ")
        .replacingOccurrences(of: " as \(system == "m365" ? "ms" : "cw")", with: " as \(name)")
    }
    let shell = try await place.shell(columns: 200)
    shell.type(try line("connectwise", "cw", nil) + "\r")
    try await shell.shows("unseen")
    _ = try await eventually("the question") { shell.settings.isRaw ? true : nil }
    shell.type(privateKey + "\r")
    try await shell.shows("cw is connected")
    try await shell.prompt()
    try await shell.run(try line("m365", "ms", "file:\(file.path)"), shows: "ms is connected")
    try await shell.run(try line("m365", "ms2", "env:SANDBOX_M365_SECRET"), shows: "ms2 is connected")
    // A secret on the line is refused, and what was typed is not kept.
    try await shell.run(try line("m365", "ms3", clientSecret), shows: "leave it out to be asked")
    try await shell.run("show history", shows: "connect")
    shell.type("\u{1B}[A\u{1B}[A")
    try await shell.shows("connect m365 as ms3")
    #expect(!shell.answer.contains(clientSecret))
    shell.type("\u{3}")
    try await shell.prompt()
    #expect(try await shell.quit() == 0)

    let script = sandbox.setUp.split(separator: "\n").filter { !$0.hasPrefix("connect ") }.joined(separator: "\n")
    let ending = try await place.run(
      script: script + """

        show connections | as json
        show history | as json
        show settings of acme | as json
        sync acme confirm within creates any, updates any, first
        show runs | as json
        backup to '\(place.home.path)/copy.sqlite'
        """)
    #expect(ending.code == 0, "\(ending.error)")
    for secret in [clientSecret, privateKey] {
      #expect(try place.files(containing: secret) == [])
      #expect(!ending.out.contains(secret) && !ending.error.contains(secret))
    }
    #expect(!shell.output.contains(privateKey))
    // The search can find: what is no secret is there.
    #expect(try !place.files(containing: "acme.example").isEmpty)
  }

  @Test("G23 an escape in a person's name never reaches the terminal")
  func escapes() async throws {
    let (place, sandbox) = try await Place.withSync()
    struct User: Decodable { var id: String }
    let users = try JSONDecoder().decode([User].self, from: await sandbox.control("GET", "/m365/acme/users"))
    let user = try #require(users.first)
    let name = #"Eve\u001b]0;owned\u0007\u001b[41m\u009b41m\r\n"#
    try await sandbox.control(
      "PATCH", "/m365/acme/users/\(user.id)",
      #"""
      {"givenName": "\#(name)", "displayName": "\#(name)", "surname": "Planted",
       "userPrincipalName": "eve@acme.example", "mail": "eve@acme.example"}
      """#)
    let shell = try await place.shell(columns: 200)
    try await shell.run("load people", shows: "Microsoft 365")
    try await shell.run("show people where last-name is Planted", shows: "owned")
    try await shell.run("show people where last-name is Planted | as cards", shows: "owned")
    try await shell.run("show records at ms where last-name is Planted | as json", shows: "owned")
    try await shell.run("why eve@acme.example", shows: "eve@acme.example")
    shell.type("why Eve\t\t")
    try await shell.shows("eve@acme.example")
    shell.type("\u{3}")
    try await shell.prompt()
    #expect(try await shell.quit() == 0)
    for escape in ["\u{1B}]0;", "\u{1B}[41m", "\u{9B}41m", "owned\u{7}"] {
      #expect(!shell.output.contains(escape), "\(escape.debugDescription) reached the terminal")
    }
  }
}
