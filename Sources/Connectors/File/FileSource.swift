/// The file itself: opened, read whole, and told from one that changed meanwhile.
import Foundation

/// By what a file is known to be the same as before.
struct FileStamp: Hashable, Sendable {
  var size: Int
  var changedAt: Date
  var node: UInt64
}

enum FileSource {
  /// Reads the whole file.
  ///
  /// - Throws: ``ConnectorError`` that names the file, the cause and the fix.
  static func read(_ path: String) throws(ConnectorError) -> (bytes: [UInt8], stamp: FileStamp) {
    let (descriptor, before) = try opened(path)
    defer { close(descriptor) }
    guard before.size <= FileFeatures.largestFile else {
      throw ConnectorError(
        .tooLarge,
        "\(path) has \(before.size >> 20) MB; kith reads files of up to \(FileFeatures.largestFile >> 20) MB",
        hint: "split it, or export fewer columns", delivery: .notSent)
    }
    var bytes = [UInt8](repeating: 0, count: before.size + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw unreadable(path, errno) }
      if got == 0 { break }
      count += got
    }
    guard count == before.size, try stamp(path, descriptor) == before else {
      throw ConnectorError(
        .unreachable, "\(path) was changed while it was read", hint: "try again once it is written to its end",
        delivery: .notSent)
    }
    bytes.removeLast(bytes.count - count)
    return (bytes, before)
  }

  /// What the file is known by now.
  static func stamp(_ path: String) throws(ConnectorError) -> FileStamp {
    let (descriptor, stamp) = try opened(path)
    close(descriptor)
    return stamp
  }

  private static func opened(_ path: String) throws(ConnectorError) -> (Int32, FileStamp) {
    // Without O_NONBLOCK a pipe would keep the caller waiting for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    do throws(ConnectorError) {
      return (descriptor, try stamp(path, descriptor))
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func stamp(_ path: String, _ descriptor: Int32) throws(ConnectorError) -> FileStamp {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR:
      throw ConnectorError(.misconfigured, "\(path) is a folder", hint: "name the file in it", delivery: .notSent)
    default:
      throw ConnectorError(
        .misconfigured, "\(path) is no file but a pipe or a device", hint: "name a file", delivery: .notSent)
    }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return FileStamp(
      size: Int(status.st_size),
      changedAt: Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9),
      node: UInt64(status.st_ino))
  }

  private static func unreadable(_ path: String, _ code: Int32) -> ConnectorError {
    switch code {
    case ENOENT, ENOTDIR:
      // A file that is put there every night may be on its way: this is a system that does not answer.
      ConnectorError(
        .unreachable, "there is no file \(path)", hint: "put it there, or say where it is:  path=FILE",
        delivery: .notSent)
    case EACCES, EPERM:
      ConnectorError(
        .forbidden, "\(path) may not be read by this user", hint: "give the user who runs kith the right to read it",
        delivery: .notSent)
    default:
      ConnectorError(
        .unreachable, "\(path) cannot be read: \(String(cString: strerror(code)))", hint: "try again",
        delivery: .notSent)
    }
  }
}
