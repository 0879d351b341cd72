/// Copies of the whole store: taken while it is in use, and put back after they were looked at.
package import Foundation
import GRDB

extension Store {
  /// Writes a copy of the store as it is now (mode 0600), while others may go on using it.
  ///
  /// It holds everything but the secrets, which are not in the store.
  ///
  /// - Throws: `.exists` when the file is there already; `.noRoom`; `.damaged`. No file is left behind then.
  package func backup(to file: URL) throws(StoreError) {
    try StoreFile.makePrivateFile(file, mayExist: false)
    do {
      try writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [file.path]) }
      try StoreFile.flush(file)
    } catch {
      try? FileManager.default.removeItem(at: file)
      throw error
    }
  }

  /// Puts a backup in the place of the store, which no process may be using, and keeps what was there beside it.
  ///
  /// The backup is looked at first: nothing is touched unless it is a whole store that this kith can open.
  ///
  /// - Parameters:
  ///   - backup: stays where it is.
  ///   - kept: where the file that is replaced goes, with what SQLite keeps beside it; it may not exist yet.
  /// - Throws: `.notFound`, `.damaged`, `.newer`, `.invalid` for a backup that cannot be restored; `.exists`; `.noRoom`.
  package static func restore(from backup: URL, to path: URL, keepingOldAt kept: URL) throws(StoreError) {
    guard FileManager.default.fileExists(atPath: backup.path) else { throw .notFound("backup", backup.path) }
    guard !FileManager.default.fileExists(atPath: kept.path) else {
      throw StoreError(.exists, "\(kept.path) exists already.", hint: "Name a file that does not exist yet.")
    }
    let folder = path.deletingLastPathComponent()
    try StoreFile.makeFolder(folder)
    let copy = folder.appendingPathComponent(path.lastPathComponent + ".restoring")
    try StoreFile.alone(in: folder) { () throws(StoreError) in
      StoreFile.remove(copy)
      defer { StoreFile.remove(copy) }
      try StoreFile.copy(backup, to: copy)
      try verifyBackup(copy)
      try StoreFile.flush(copy)
      for suffix in ["", "-wal", "-shm"] {
        try StoreFile.move(path.path + suffix, to: kept.path + suffix)
      }
      try StoreFile.move(copy.path, to: path.path)
    }
  }

  /// Refuses what is no whole store of ours, without changing it.
  private static func verifyBackup(_ file: URL) throws(StoreError) {
    guard case .store(let version) = try StoreFile.header(of: file) else {
      throw StoreError(.damaged, "The backup is not a store of kith.", hint: "Name a file that backup wrote.")
    }
    try StoreFile.refuseNewer(version)
    do {
      var configuration = Configuration()
      configuration.readonly = true
      try DatabaseQueue(path: file.path, configuration: configuration).read { db in try verify(db) }
    } catch {
      throw StoreError(error)
    }
  }
}

extension StoreFile {
  fileprivate static func copy(_ file: URL, to copy: URL) throws(StoreError) {
    try makePrivateFile(copy, mayExist: false)
    do {
      let input = try FileHandle(forReadingFrom: file)
      defer { try? input.close() }
      let output = try FileHandle(forWritingTo: copy)
      defer { try? output.close() }
      while let piece = try input.read(upToCount: 1 << 20), !piece.isEmpty { try output.write(contentsOf: piece) }
    } catch {
      throw StoreError(
        .invalid, "\(file.path) cannot be copied to \(copy.path).", hint: "See its mode, and whether there is room.")
    }
  }

  /// Removes a file of SQLite's, with what lies beside it.
  fileprivate static func remove(_ file: URL) {
    for suffix in ["", "-wal", "-shm"] { unlink(file.path + suffix) }
  }

  /// Moves a file where there is one.
  fileprivate static func move(_ old: String, to new: String) throws(StoreError) {
    guard rename(old, new) != 0, errno != ENOENT else { return }
    throw StoreError(
      .invalid, "\(old) cannot be moved to \(new): \(String(cString: strerror(errno))).",
      hint: "Choose a place on the same disk.")
  }

  /// Makes sure that a file is on the disk.
  fileprivate static func flush(_ file: URL) throws(StoreError) {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else { throw .noRoom }
  }
}
