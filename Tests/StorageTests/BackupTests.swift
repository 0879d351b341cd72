import Foundation
import Model
import Testing

@testable import Storage

@Suite struct BackupTests {
  @Test("a backup taken in use is a store like the one it was taken of, for its owner alone")
  func roundTrip() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Fixture.person("u1", email: "zoe@acme.example")])
    let backup = fixture.folder["backup.sqlite"]
    try fixture.store.backup(to: backup)
    let mode = try FileManager.default.attributesOfItem(atPath: backup.path)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
    #expect(failure { try fixture.store.backup(to: backup) }?.kind == .exists)

    try fixture.store.remove(sync: Fixture.sync)
    try fixture.store.close()
    let file = fixture.folder["home/kith.sqlite"]
    try Store.restore(from: backup, to: file, keepingOldAt: fixture.folder["home/old.sqlite"])
    let restored = try Store.open(at: file)
    #expect(try restored.syncs().map(\.name) == [Fixture.sync])
    #expect(try restored.snapshot(Fixture.people).records.count == 1)
    let old = try Store.open(at: fixture.folder["home/old.sqlite"])
    #expect(try old.syncs().isEmpty)
    #expect(FileManager.default.fileExists(atPath: backup.path))
  }

  @Test("what was written last, and is not in the main file yet, is kept with the file that is replaced")
  func keepsLog() throws {
    let fixture = try Fixture.withSync()
    let backup = fixture.folder["backup.sqlite"]
    try fixture.store.backup(to: backup)
    // A process that died: its log lies beside the file.
    let (folder, store) = try JournalTests.afterCrash(fixture)
    try store.save(Fixture.connection("later", system: "m365"))
    let file = folder["kith.sqlite"]
    let dead = try TemporaryFolder()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(at: folder["kith.sqlite\(suffix)"], to: dead["kith.sqlite\(suffix)"])
    }
    try Store.restore(from: backup, to: dead["kith.sqlite"], keepingOldAt: dead["old.sqlite"])
    #expect(try Store.open(at: dead["kith.sqlite"]).connections().count == 2)
    #expect(try Store.open(at: dead["old.sqlite"]).connections().count == 3)
    #expect(FileManager.default.fileExists(atPath: file.path))
  }

  @Test("G26 a backup that is damaged, newer or no store is refused and nothing is touched")
  func refused() throws {
    let fixture = try Fixture.withSync()
    let good = fixture.folder["good.sqlite"]
    try fixture.store.backup(to: good)
    try fixture.store.close()
    let file = fixture.folder["home/kith.sqlite"]
    let before = try Data(contentsOf: file)
    let bytes = try Data(contentsOf: good)
    var newer = bytes
    newer[63] = 99
    var zeroed = bytes
    zeroed.replaceSubrange(4_096..<8_192, with: Data(count: 4_096))
    let cases: [(String, Data?, StoreError.Kind)] = [
      ("missing", nil, .notFound), ("empty", Data(), .damaged), ("text", Data("notes".utf8), .damaged),
      ("short", bytes.prefix(8_192), .damaged), ("zeroed", zeroed, .damaged), ("newer", newer, .newer(version: 99)),
    ]
    for (name, content, kind) in cases {
      let backup = fixture.folder["\(name).sqlite"]
      try content?.write(to: backup)
      let error = failure {
        try Store.restore(from: backup, to: file, keepingOldAt: fixture.folder["\(name)-old.sqlite"])
      }
      #expect(error?.kind == kind, "\(name): \(String(describing: error))")
      #expect(try Data(contentsOf: file) == before, "\(name)")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: fixture.folder["home"].path).allSatisfy {
        !$0.contains("restoring")
      })
    let error = failure { try Store.restore(from: good, to: file, keepingOldAt: good) }
    #expect(error?.kind == .exists)
  }
}
