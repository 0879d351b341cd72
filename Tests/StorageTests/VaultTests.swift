import Foundation
import Model
import Storage
import Testing

@Suite struct VaultTests {
  static func kind(_ body: () throws -> Void) -> VaultError.Kind? {
    do {
      try body()
      return nil
    } catch {
      return (error as? VaultError)?.kind
    }
  }

  @Test("secrets come back by name, are replaced and forgotten")
  func life() throws {
    let folder = try TemporaryFolder()
    let vault = Vault(home: folder["home"])
    #expect(try vault.names().isEmpty)
    try vault.put(Secret("one"), as: "b")
    try vault.put(Secret("zwö\nlines 🔑"), as: "a")
    try vault.put(Secret("two"), as: "b")
    #expect(try vault.names() == ["a", "b"])
    #expect(try Vault(home: folder["home"]).secret(named: "b") == Secret("two"))
    #expect(try vault.secret(named: "a").reveal() == "zwö\nlines 🔑")
    try vault.remove("a")
    #expect(try vault.names() == ["b"])
    #expect(Self.kind { _ = try vault.secret(named: "a") } == .notFound)
    #expect(Self.kind { try vault.remove("a") } == .notFound)
    #expect(Self.kind { try vault.put(Secret("x"), as: "") } == .invalid)
    #expect(Self.kind { try vault.put(Secret(""), as: "x") } == .invalid)
  }

  @Test("G22 a planted secret is in no file of the home, in no form that could be read back")
  func planted() throws {
    let folder = try TemporaryFolder()
    let planted = "planted-secret-4711"
    let vault = Vault(home: folder["home"])
    try vault.put(Secret(planted), as: "cw")
    let store = try Store.open(at: folder["home/kith.sqlite"])
    var connection = Fixture.connection("cw", system: "connectwise")
    connection.secrets = ["private-key": "vault:cw"]
    try store.save(connection)
    #expect(try vault.secret(named: "cw").reveal() == planted)
    let needles = [planted, Data(planted.utf8).base64EncodedString(), String(planted.reversed())]
    let names = try FileManager.default.contentsOfDirectory(atPath: folder["home"].path)
    #expect(names.count >= 4)
    for name in names {
      let bytes = try Data(contentsOf: folder["home/\(name)"])
      for needle in needles { #expect(bytes.range(of: Data(needle.utf8)) == nil, "\(name)") }
    }
  }

  @Test(
    "the files are for their owner alone, and refused when others may read them",
    arguments: ["vault.json", "vault.key"])
  func modes(name: String) throws {
    let folder = try TemporaryFolder()
    let vault = Vault(home: folder["home"])
    try vault.put(Secret("one"), as: "a")
    let file = folder["home/\(name)"].path
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    #expect(Self.kind { _ = try vault.secret(named: "a") } == .unsafe)
    #expect(Self.kind { try vault.put(Secret("x"), as: "b") } == .unsafe)
  }

  @Test("an entry that was altered, or put in another's place, does not open")
  func altered() throws {
    let folder = try TemporaryFolder()
    let vault = Vault(home: folder["home"])
    try vault.put(Secret("first-secret"), as: "a")
    try vault.put(Secret("other-secret"), as: "b")
    let file = folder["home/vault.json"]
    let text = try String(contentsOf: file, encoding: .utf8)
    let swapped = text.replacingOccurrences(of: "\"a\"", with: "\"c\"").replacingOccurrences(of: "\"b\"", with: "\"a\"")
      .replacingOccurrences(of: "\"c\"", with: "\"b\"")
    func write(_ text: String) throws {
      let handle = try FileHandle(forWritingTo: file)
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: Data(text.utf8))
      try handle.close()
    }
    try write(swapped)
    #expect(Self.kind { _ = try vault.secret(named: "a") } == .damaged)
    try write("{}")
    #expect(Self.kind { _ = try vault.names() } == .damaged)
    try write(text)
    #expect(try vault.secret(named: "a") == Secret("first-secret"))
  }

  @Test(
    "G26 no altered byte of the vault or its key makes it trap or answer with another secret",
    arguments: 1...3 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let vault = Vault(home: folder["home"])
    try vault.put(Secret("first-secret"), as: "a")
    var random = SeededGenerator(seed: seed)
    for name in ["vault.json", "vault.key"] {
      let file = folder["home/\(name)"]
      let bytes = try Data(contentsOf: file)
      for _ in 0..<60 {
        var altered = bytes
        altered[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        let handle = try FileHandle(forWritingTo: file)
        try handle.write(contentsOf: altered)
        try handle.close()
        let found = try? vault.secret(named: "a")
        #expect(found == nil || found == Secret("first-secret"), "seed \(seed)")
      }
      let handle = try FileHandle(forWritingTo: file)
      try handle.write(contentsOf: bytes)
      try handle.close()
    }
  }

  @Test("without its key a vault is not written over")
  func lostKey() throws {
    let folder = try TemporaryFolder()
    let vault = Vault(home: folder["home"])
    try vault.put(Secret("one"), as: "a")
    try FileManager.default.removeItem(at: folder["home/vault.key"])
    #expect(Self.kind { _ = try vault.secret(named: "a") } == .damaged)
    #expect(Self.kind { try vault.put(Secret("x"), as: "b") } == .damaged)
    #expect(!FileManager.default.fileExists(atPath: folder["home/vault.key"].path))
  }

  @Test("twenty who put a secret at once all keep theirs")
  func together() throws {
    let folder = try TemporaryFolder()
    let errors = Errors()
    DispatchQueue.concurrentPerform(iterations: 20) { index in
      errors.note { try Vault(home: folder["home"]).put(Secret("s\(index)"), as: "n\(index)") }
    }
    #expect(errors.all.isEmpty)
    #expect(try Vault(home: folder["home"]).names().count == 20)
  }

  @Test("a reference finds its secret in the environment, a file or the vault")
  func resolver() throws {
    let folder = try TemporaryFolder()
    let vault = Vault(home: folder["home"])
    try vault.put(Secret("from-vault"), as: "cw")
    let resolver = SecretResolver(vault: vault, environment: ["KEY": "from-env", "EMPTY": "", "HOME": folder.url.path])
    func file(_ name: String, _ content: Data, mode: Int = 0o600) throws -> SecretReference {
      try content.write(to: folder[name])
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder[name].path)
      return .file(folder[name].path)
    }
    #expect(try resolver.resolve(.environment("KEY")).reveal() == "from-env")
    #expect(try resolver.resolve(.vault("cw")).reveal() == "from-vault")
    #expect(try resolver.resolve(file("lf", Data("a b\n".utf8))).reveal() == "a b")
    #expect(try resolver.resolve(file("crlf", Data("ab\r\n".utf8))).reveal() == "ab")
    #expect(try resolver.resolve(file("two", Data("ab\n\n".utf8))).reveal() == "ab\n")
    #expect(try resolver.resolve(file("shared", Data("ab".utf8), mode: 0o644)).reveal() == "ab")
    #expect(try resolver.resolve(.file("~/lf")).reveal() == "a b")

    let cases: [(SecretReference, VaultError.Kind)] = [
      (.environment("NONE"), .notFound), (.environment("EMPTY"), .notFound), (.vault("none"), .notFound),
      (.file(folder["none"].path), .notFound), (.file(folder.url.path), .invalid),
      (try file("open", Data("ab".utf8), mode: 0o666), .unsafe), (try file("empty", Data("\n".utf8)), .invalid),
      (try file("bytes", Data([0xff, 0xfe])), .invalid), (try file("long", Data(count: 70_000)), .invalid),
      (.file("/dev/zero"), .invalid),
    ]
    for (reference, kind) in cases {
      #expect(Self.kind { _ = try resolver.resolve(reference) } == kind, "\(reference)")
    }
  }

  @Test(
    "the home is the flag, else KITH_HOME, else the XDG folder, else the user's",
    arguments: [
      ("/f", ["KITH_HOME": "/k", "XDG_CONFIG_HOME": "/c"], "/f", "/f"),
      (nil, ["KITH_HOME": "/k", "XDG_DATA_HOME": "/x"], "/k", "/k"),
      (nil, ["XDG_DATA_HOME": "/x", "HOME": "/h"], "/x/kith", "/h/.config/kith"),
      (nil, ["XDG_DATA_HOME": "x", "XDG_CONFIG_HOME": "c", "HOME": "/h"], "/h/.local/share/kith", "/h/.config/kith"),
      (nil, ["KITH_HOME": "", "XDG_CONFIG_HOME": "/c", "HOME": "/h"], "/h/.local/share/kith", "/c/kith"),
      ("", ["KITH_HOME": "/k/../l"], "/l", "/l"),
    ] as [(String?, [String: String], String, String)])
  func home(flag: String?, environment: [String: String], path: String, configuration: String) {
    let home = Home.locate(flag: flag, environment: environment)
    #expect(home.directory.path == path)
    #expect(home.store.path == path + "/kith.sqlite")
    #expect(home.rc.path == configuration + "/rc.kith")
  }

  @Test("a home is made for its owner alone, and making it again changes nothing")
  func prepare() throws {
    let folder = try TemporaryFolder()
    let home = Home(directory: folder["a/b"])
    try home.prepare()
    try home.prepare()
    for path in [home.directory.path, home.scripts.path] {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
      #expect(mode?.intValue == 0o700)
    }
  }
}
