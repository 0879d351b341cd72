/// Files that only their owner may read: the vault and its key.
import Foundation

enum PrivateFile {
  enum Failure: Error {
    case missing
    /// Its mode lets others do what they may not.
    case open(mode: UInt16)
    case tooLarge
    case notAFile
    case unreadable(String)
    case unwritable(String)
  }

  /// Reads a file after looking at its mode, both on the one open descriptor.
  ///
  /// - Parameter forbidden: permission bits that may not be set.
  static func read(_ path: String, forbidden: UInt16, limit: Int) throws(Failure) -> Data {
    // Without O_NONBLOCK a pipe would keep the caller waiting for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw .missing }
      throw .unreadable(String(cString: strerror(errno)))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
    let mode = UInt16(status.st_mode & 0o777)
    guard mode & forbidden == 0 else { throw .open(mode: mode) }
    do {
      let data = try handle.read(upToCount: limit + 1) ?? Data()
      guard data.count <= limit else { throw Failure.tooLarge }
      return data
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .unreadable("it cannot be read")
    }
  }

  /// Puts a new content in the place of the old one in one step (mode 0600): a reader sees the one or the other.
  static func replace(_ file: URL, with data: Data) throws(Failure) {
    let temporary = file.path + ".\(getpid()).new"
    unlink(temporary)
    do {
      try create(temporary, with: data)
      guard rename(temporary, file.path) == 0 else {
        throw Failure.unwritable(String(cString: strerror(errno)))
      }
    } catch {
      unlink(temporary)
      throw error as? Failure ?? .unwritable("it cannot be written")
    }
  }

  /// Makes a file that may not exist yet.
  static func create(_ path: String, with data: Data) throws(Failure) {
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unwritable(String(cString: strerror(errno))) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: data)
      try handle.synchronize()
    } catch {
      throw .unwritable("there is no room, or the disk refused")
    }
  }
}
