import Foundation
import Model
import Testing

@testable import Storage

@Suite struct ScriptFolderTests {
  let folder: TemporaryFolder
  let scripts: ScriptFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder["scripts"], withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    scripts = ScriptFolder(folder["scripts"])
  }

  private func put(_ bytes: [UInt8], at name: String, mode: Int = 0o600) throws {
    let url = folder["scripts"].appendingPathComponent(name)
    try Data(bytes).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
  }

  @Test(
    "a name has small letters, digits and dashes, and no way out of the folder",
    arguments: [
      ("nightly", true), ("nightly-2", true), ("2nd", true), (String(repeating: "a", count: 64), true), ("", false),
      ("-x", false), ("Nightly", false), ("a.b", false), ("..", false), ("../x", false), ("a/b", false), ("a b", false),
      ("nächtlich", false), ("a\n", false), ("a\u{0}", false), (String(repeating: "a", count: 65), false),
    ])
  func names(word: String, isName: Bool) {
    #expect(ScriptFolder.isName(word) == isName)
    if !isName { #expect(failure { _ = try scripts.script(named: word) }?.kind == .invalid) }
    if !isName { #expect(failure { try scripts.save("say hi\n", as: word, replacing: true) }?.kind == .invalid) }
  }

  @Test(
    "a path has a slash or ends as a script's file does",
    arguments: [
      ("nightly", false), ("./nightly", true), ("a/b", true), ("x.kith", true), (".kith", false), ("x.txt", false),
    ])
  func paths(word: String, isPath: Bool) { #expect(ScriptFolder.isPath(word) == isPath) }

  @Test("a saved script is read, listed and not replaced by accident")
  func saving() throws {
    try scripts.save("language 1\n", as: "nightly", replacing: false)
    #expect(try scripts.script(named: "nightly").text == "language 1\n")
    #expect(try scripts.script(named: "nightly").doubts.isEmpty)
    #expect(failure { try scripts.save("say hi\n", as: "nightly", replacing: false) }?.kind == .exists)
    try scripts.save("say hi\n", as: "nightly", replacing: true)
    #expect(try scripts.script(named: "nightly").text == "say hi\n")
    try put(Array("x".utf8), at: "No Name.kith")
    try put(Array("x".utf8), at: "notes.txt")
    #expect(scripts.names() == ["nightly"])
    #expect(failure { _ = try scripts.script(named: "weekly") }?.kind == .notFound)
  }

  @Test(
    "who else may write a script is seen by the modes of its file and its folder",
    arguments: [
      (0o600, 0o700, 0), (0o644, 0o755, 0), (0o620, 0o700, 1), (0o602, 0o700, 1), (0o600, 0o770, 1), (0o666, 0o777, 2),
      // In a folder like /tmp others cannot replace the file.
      (0o600, 0o1777, 0), (0o646, 0o1777, 1),
    ])
  func modes(file: Int, folderMode: Int, doubts: Int) throws {
    try put(Array("say hi\n".utf8), at: "it's.kith", mode: file)
    chmod(folder["scripts"].path, mode_t(folderMode))
    let read = try ScriptFolder.script(at: folder["scripts"].appendingPathComponent("it's.kith"))
    #expect(read.doubts.count == doubts)
    // The line mends it, also where the path has a quote in it.
    for doubt in read.doubts {
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.arguments = ["-c", doubt.fix]
      try shell.run()
      shell.waitUntilExit()
    }
    #expect(try ScriptFolder.script(at: URL(fileURLWithPath: read.path)).doubts.isEmpty)
  }

  @Test("a link inside the folder is followed, one out of it is refused")
  func links() throws {
    try put(Array("say hi\n".utf8), at: "nightly.kith")
    try Data("say out\n".utf8).write(to: folder["outside.kith"])
    let path = folder["scripts"].path
    symlink("nightly.kith", path + "/alias.kith")
    symlink("../outside.kith", path + "/out.kith")
    symlink("nowhere", path + "/gone.kith")
    #expect(try scripts.script(named: "alias").text == "say hi\n")
    let refusal = failure { _ = try scripts.script(named: "out") }
    #expect(refusal?.kind == .invalid && refusal?.message.contains("link") == true)
    #expect(failure { _ = try scripts.script(named: "gone") }?.kind == .notFound)
    #expect(try ScriptFolder.script(at: folder["outside.kith"]).text == "say out\n")
  }

  @Test("what is no text, no plain file or too large is refused with its cause")
  func contents() throws {
    try put([0xEF, 0xBB, 0xBF] + Array("say hi\n".utf8), at: "marked.kith")
    #expect(try scripts.script(named: "marked").text == "say hi\n")
    try put(Array("say hi\n# caf".utf8) + [0xE9, 0x0A], at: "latin.kith")
    let latin = failure { _ = try scripts.script(named: "latin") }
    #expect(latin?.kind == .invalid && latin?.message.contains("line 2") == true)
    try put([UInt8](repeating: 0x20, count: ScriptFolder.largest + 1), at: "large.kith")
    #expect(failure { _ = try scripts.script(named: "large") }?.message.contains("too large") == true)
    try put([UInt8](repeating: 0x20, count: ScriptFolder.largest), at: "fits.kith")
    #expect(try scripts.script(named: "fits").text.utf8.count == ScriptFolder.largest)
    try FileManager.default.createDirectory(
      at: folder["scripts"].appendingPathComponent("folder.kith"), withIntermediateDirectories: true)
    #expect(failure { _ = try scripts.script(named: "folder") }?.kind == .invalid)
    // A pipe does not keep the reader waiting.
    mkfifo(folder["scripts"].appendingPathComponent("pipe.kith").path, 0o600)
    #expect(failure { _ = try scripts.script(named: "pipe") }?.kind == .invalid)
  }
}
