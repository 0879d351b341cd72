/// Saved scripts: plain files `NAME.kith` in a folder of the home, readable and editable with every tool.
///
/// A script does what its owner may do, and the night's run does it with nobody watching: so who else may write a script's
/// file, or its folder, is looked at on every reading.
package import Foundation

/// A script as it was read from its file.
package struct ScriptFile: Hashable, Sendable {
  /// As it is called: a saved script by its name, another by its path.
  package var name: String
  /// The real path, symbolic links followed.
  package var path: String
  package var text: String
  package var modified: Date
  /// Why others could have written it; empty where only its owner could.
  package var doubts: [ScriptDoubt]
}

/// Somebody else may have written a script.
package struct ScriptDoubt: Hashable, Sendable {
  /// A sentence.
  package var message: String
  /// The line of a system shell that mends it.
  package var fix: String
}

package struct ScriptFolder: Sendable {
  package let directory: URL
  /// In bytes; a script is written by hand.
  package static let largest = 1 << 20
  private static let ending = ".kith"

  package init(_ directory: URL) { self.directory = directory }

  /// Whether a word is the name of a saved script: small letters, digits and dashes, a letter or digit first.
  package static func isName(_ word: String) -> Bool {
    guard let first = word.utf8.first, first != UInt8(ascii: "-"), word.utf8.count <= 64 else { return false }
    return word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
      default: false
      }
    }
  }

  /// Whether a word means a file by its path: it has a slash, or ends like a script's file.
  package static func isPath(_ word: String) -> Bool {
    word.contains("/") || word.hasSuffix(ending) && word.utf8.count > ending.utf8.count
  }

  /// Where the script of this name lies, or would.
  package func file(of name: String) -> URL { directory.appendingPathComponent(name + Self.ending) }

  /// The names of the scripts that are there, sorted. What is no script's name is left out.
  package func names() -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return files.filter { $0.hasSuffix(Self.ending) }.map { String($0.dropLast(Self.ending.count)) }
      .filter(Self.isName).sorted()
  }

  /// Reads a saved script.
  /// - Throws: `.notFound`; `.invalid` for a word that is no name, a link out of the folder, and what ``read(_:named:)``
  ///   refuses.
  package func script(named name: String) throws(StoreError) -> ScriptFile {
    guard Self.isName(name) else {
      throw StoreError(
        .invalid, "“\(name)” is no name of a script: small letters, digits and dashes.",
        hint: "a file elsewhere is named by its path, which has a slash or ends in \(Self.ending)")
    }
    let file = file(of: name)
    guard let folder = Self.realPath(directory.path), let real = Self.realPath(file.path) else {
      throw StoreError(.notFound, "There is no script \(name).", hint: "show scripts")
    }
    guard (real as NSString).deletingLastPathComponent == folder else {
      throw StoreError(
        .invalid, "The script \(name) is a link to \(real), outside of \(folder).",
        hint: "keep the script itself there, or run the other file by its path")
    }
    return try Self.read(real, named: name)
  }

  /// Reads a script by the path of its file.
  /// - Throws: `.notFound`; `.invalid` for what is no plain file, too large or not UTF-8.
  package static func script(at path: URL) throws(StoreError) -> ScriptFile {
    guard let real = realPath(path.path) else {
      throw StoreError(.notFound, "There is no file \(path.path).", hint: "show scripts lists the saved ones")
    }
    return try read(real, named: path.path)
  }

  private static func read(_ path: String, named name: String) throws(StoreError) -> ScriptFile {
    let data: Data
    do {
      data = try PrivateFile.read(path, forbidden: 0, limit: largest)
    } catch {
      throw refusal(error, name)
    }
    return ScriptFile(
      name: name, path: path, text: try text(of: data, named: name), modified: modified(path),
      doubts: doubts(about: path))
  }

  private static func refusal(_ failure: PrivateFile.Failure, _ name: String) -> StoreError {
    switch failure {
    case .missing: StoreError(.notFound, "There is no script \(name).", hint: "show scripts")
    case .notAFile: StoreError(.invalid, "\(name) is not a plain file.")
    case .tooLarge:
      StoreError(.invalid, "The script \(name) is too large.", hint: "\(largest >> 20) MiB are the most")
    case .open, .unreadable, .unwritable:
      StoreError(.invalid, "The script \(name) cannot be read.", hint: "see who owns the file and its mode")
    }
  }

  /// The text, without the mark that some editors put before UTF-8.
  static func text(of data: Data, named name: String) throws(StoreError) -> String {
    let bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 } ?? 1
    throw StoreError(
      .invalid, "The script \(name) is not UTF-8: line \(line) has other bytes.",
      hint: "save the file as UTF-8; other encodings are not read")
  }

  // MARK: - Who may write it

  /// Why others could have written the file: by its mode or owner, or by its folder's.
  private static func doubts(about path: String) -> [ScriptDoubt] {
    let folder = (path as NSString).deletingLastPathComponent
    var doubts: [ScriptDoubt] = []
    for (place, isFolder) in [(path, false), (folder, true)] {
      var status = stat()
      guard stat(place, &status) == 0 else { continue }
      let what = isFolder ? "the folder \(place)" : place
      if status.st_uid != geteuid(), status.st_uid != 0 {
        doubts.append(
          ScriptDoubt(message: "\(what) belongs to another user.", fix: "chown \(geteuid()) \(shellQuoted(place))"))
      }
      // In a folder with the sticky bit, as /tmp has, others cannot replace a file that is not theirs.
      let isSticky = isFolder && status.st_mode & S_ISVTX != 0
      if status.st_mode & 0o022 != 0, !isSticky {
        doubts.append(ScriptDoubt(message: "Others may write \(what).", fix: "chmod go-w \(shellQuoted(place))"))
      }
    }
    return doubts
  }

  /// A path as a system shell takes it.
  private static func shellQuoted(_ path: String) -> String {
    "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func modified(_ path: String) -> Date {
    var status = stat()
    guard stat(path, &status) == 0 else { return Date(timeIntervalSince1970: 0) }
    return Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9)
  }

  /// The path with every link followed; `nil` where nothing is there.
  private static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  // MARK: - Writing

  /// Saves a script (mode 0600).
  /// - Throws: `.exists` unless it may be replaced; `.invalid` where it cannot be written.
  package func save(_ text: String, as name: String, replacing: Bool) throws(StoreError) {
    guard Self.isName(name) else {
      throw StoreError(.invalid, "“\(name)” is no name of a script: small letters, digits and dashes.")
    }
    let file = file(of: name)
    do {
      if replacing {
        try PrivateFile.replace(file, with: Data(text.utf8))
      } else {
        try PrivateFile.create(file.path, with: Data(text.utf8))
      }
    } catch {
      if !replacing, FileManager.default.fileExists(atPath: file.path) {
        throw StoreError(.exists, "There is a script \(name) already.", hint: "add  overwrite  to replace it")
      }
      throw StoreError(
        .invalid, "The script \(name) cannot be written to \(directory.path).",
        hint: "see who owns the folder, and whether there is room")
    }
  }
}
