/// The folder of files that wait to be uploaded: each is written whole or not at all, and none is ever overwritten.
import Foundation
import Synchronization

struct CrewhuUploads: Sendable {
  private let folder: String
  private let now: @Sendable () -> Date

  /// - Parameter folder: absolute, below the home folder (`~/…`), or below the current one.
  init(folder: String, now: @escaping @Sendable () -> Date) {
    self.folder = (folder as NSString).expandingTildeInPath
    self.now = now
  }

  private var path: String {
    folder.hasPrefix("/") ? folder : FileManager.default.currentDirectoryPath + "/" + folder
  }

  /// The folder's path, where a file could be written into it; nothing is made yet.
  func checked() throws(ConnectorError) -> String {
    let path = path
    var nearest = path
    while !FileManager.default.fileExists(atPath: nearest), nearest != "/" {
      nearest = (nearest as NSString).deletingLastPathComponent
    }
    guard access(nearest, W_OK | X_OK) == 0 else { throw unwritable("cannot be written to") }
    return path
  }

  /// Makes the folder, where it is not there, and gives its path.
  func ready() throws(ConnectorError) -> String {
    let path = path
    do {
      // Whoever works with kith, and nobody else: the files hold people's names and addresses.
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw unwritable("cannot be made")
    }
    guard access(path, W_OK | X_OK) == 0 else { throw unwritable("cannot be written to") }
    return path
  }

  /// Writes a file named by day, time (UTC) and a counter, readable by its owner only, and gives its path.
  ///
  /// - Parameter mark: stands at the end of the name.
  func write(_ text: String, marked mark: String) throws(ConnectorError) -> String {
    let folder = try ready()
    let stamp = now().formatted(
      Date.VerbatimFormatStyle(
        format:
          "\(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits)-\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\(second: .twoDigits)",
        locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    let temporary = "\(folder)/.crewhu-\(stamp)-\(getpid())-\(UUID().uuidString).part"
    defer { unlink(temporary) }
    do throws(WriteFailure) {
      try Self.create(temporary, with: Data(text.utf8))
      for counter in 1...9999 {
        let file = "\(folder)/crewhu-\(stamp)-\(counter)\(mark).csv"
        // Unlike renaming, linking never replaces a file that is there.
        if link(temporary, file) == 0 { return file }
        guard errno == EEXIST else { throw WriteFailure(errno) }
      }
      throw WriteFailure(EEXIST)
    } catch {
      throw unwritable("cannot take a file: \(error.words)")
    }
  }

  private struct WriteFailure: Error {
    var words: String
    init(_ code: Int32) { words = String(cString: strerror(code)) }
  }

  private static func create(_ path: String, with data: Data) throws(WriteFailure) {
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw WriteFailure(errno) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: data)
      try handle.synchronize()
    } catch {
      throw WriteFailure(ENOSPC)
    }
  }

  private func unwritable(_ words: String) -> ConnectorError {
    ConnectorError(
      .misconfigured, "the folder for uploads \(path) \(words)", hint: "set uploads to a folder of your own",
      delivery: .notSent)
  }
}
