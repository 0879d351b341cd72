/// The file beneath the store: made so that only its owner reads it, and looked at before SQLite touches it.
import Foundation
import GRDB

/// What the first bytes of a file say, without opening it as a database.
enum StoreHeader: Equatable {
  /// Nothing is there, or an empty file.
  case absent
  case store(version: Int)
  /// Some other program's database, or one that nothing was written into yet.
  case database(applicationID: Int32, version: Int)
  case notADatabase

  /// - Parameters:
  ///   - bytes: the first 100 bytes; fewer when the file has no more.
  init(_ bytes: [UInt8]) {
    if bytes.isEmpty {
      self = .absent
      return
    }
    guard bytes.count >= 100, bytes.starts(with: Array("SQLite format 3".utf8) + [0]) else {
      self = .notADatabase
      return
    }
    func number(at offset: Int) -> Int32 {
      Int32(bitPattern: bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) })
    }
    let version = Int(number(at: 60))
    let applicationID = number(at: 68)
    self =
      applicationID == Schema.applicationID
      ? .store(version: version) : .database(applicationID: applicationID, version: version)
  }
}

enum StoreFile {
  /// Makes the folder (mode 0700) and the file (mode 0600) where they are missing, and refuses a file that is not ours.
  static func prepare(_ file: URL) throws(StoreError) {
    try makeFolder(file.deletingLastPathComponent())
    try refuseForeign(file)
    try makePrivateFile(file, mayExist: true)
  }

  /// Refuses what is no store, is another program's, or was written by a newer kith.
  static func refuseForeign(_ file: URL) throws(StoreError) {
    switch try header(of: file) {
    case .absent, .database(applicationID: 0, version: 0): return
    case .store(let version): try refuseNewer(version)
    case .notADatabase: throw .damaged("\(file.lastPathComponent) does not begin like a store")
    case .database:
      throw StoreError(
        .invalid, "\(file.path) is a database of another program.", hint: "Choose another home with --home.")
    }
  }

  static func refuseNewer(_ version: Int) throws(StoreError) {
    if version > Schema.version { throw newer(version) }
  }

  static func newer(_ version: Int) -> StoreError {
    StoreError(
      .newer(version: version),
      "The store was written by a newer kith (store version \(version); this kith knows \(Schema.version)).",
      hint: "Use the newer kith, or restore a backup from before the change.")
  }

  static func header(of file: URL) throws(StoreError) -> StoreHeader {
    guard FileManager.default.fileExists(atPath: file.path) else { return .absent }
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      return StoreHeader(Array(try handle.read(upToCount: 100) ?? Data()))
    } catch {
      throw StoreError(.invalid, "\(file.path) cannot be read.", hint: "See who owns it and what its mode is.")
    }
  }

  /// Makes a folder that only its owner may enter; one that is there already is left as it is.
  static func makeFolder(_ folder: URL) throws(StoreError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) {
      if isFolder.boolValue { return }
      throw StoreError(.invalid, "\(folder.path) is a file, not a folder.", hint: "Choose another home with --home.")
    }
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw StoreError(.invalid, "The folder \(folder.path) cannot be made.", hint: "See who owns the folder above it.")
    }
  }

  /// Makes an empty file of mode 0600, in one step, so that it is never readable by others for a moment.
  static func makePrivateFile(_ file: URL, mayExist: Bool) throws(StoreError) {
    let descriptor = open(file.path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
      return
    }
    switch errno {
    case EEXIST where mayExist: return
    case EEXIST:
      throw StoreError(.exists, "\(file.path) exists already.", hint: "Name a file that does not exist yet.")
    case ENOSPC, EDQUOT: throw .noRoom
    default:
      throw StoreError(
        .invalid, "\(file.path) cannot be written: \(String(cString: strerror(errno))).",
        hint: "See who owns the folder.")
    }
  }

  /// Runs `body` while no other process opens, restores or migrates the store in this folder.
  static func alone<Result>(
    in folder: URL, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.invalid, "The folder \(folder.path) cannot be opened.", hint: "See who owns it.")
    }
    defer { close(descriptor) }
    // Bounded: a process that died gives the lock back, one that hangs is somebody's to end.
    for _ in 0..<1_500 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        defer { flock(descriptor, LOCK_UN) }
        return try body()
      }
      usleep(10_000)
    }
    throw StoreError(.locked, "Another process is opening the store and does not finish.", hint: "Try again later.")
  }
}
