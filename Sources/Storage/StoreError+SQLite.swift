/// What an error of SQLite, or a row that cannot be read, means to a person.
import Foundation
import GRDB

/// A row whose content is not what was written.
struct DamagedRow: Error {
  var table: String
}

extension StoreError {
  /// Any error that came up inside the store, as one of ours.
  init(_ error: any Error) {
    switch error {
    case let error as StoreError: self = error
    case let error as DamagedRow: self = .damaged("a row of “\(error.table)” is not what was written")
    case let error as DatabaseError: self.init(error)
    case is DecodingError, is RowDecodingError: self = .damaged("a row cannot be read")
    case is EncodingError:
      self.init(.invalid, "A value cannot be kept in the store.")
    default: self.init(.invalid, "The store could not be used: \(error).")
    }
  }

  private init(_ error: DatabaseError) {
    let words = error.message ?? error.resultCode.description
    self = Self.meaning(primary: error.resultCode.rawValue, extended: error.extendedResultCode.rawValue, words: words)
  }

  /// What a result code of SQLite means; `words` are SQLite's own and hold no value of any row.
  static func meaning(primary: Int32, extended: Int32, words: String) -> StoreError {
    switch ResultCode(rawValue: primary) {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_TOOBIG:
      // Our statements are fixed: one that does not fit the tables met tables that are not ours any more.
      return .damaged(words)
    case .SQLITE_FULL:
      return .noRoom
    case .SQLITE_IOERR:
      return isWriting(extended) ? .noRoom : .damaged(words)
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
      return StoreError(
        .locked, "Another process keeps the store to itself.", hint: "Wait for it to end, or end it, and try again.")
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_READONLY:
      return StoreError(
        .invalid, "The store cannot be opened for writing: \(words).",
        hint: "See who owns the folder, and whether it is mounted for reading only.")
    case .SQLITE_CONSTRAINT:
      return StoreError(.invalid, "The store refused a change that would contradict what it holds: \(words).")
    default:
      return StoreError(.invalid, "The store could not be used: \(words).")
    }
  }

  private static func isWriting(_ extended: Int32) -> Bool {
    let writing: [ResultCode] = [
      .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_IOERR_TRUNCATE, .SQLITE_IOERR_SHMSIZE,
      .SQLITE_IOERR_SHMMAP,
    ]
    return writing.contains { $0.rawValue == extended }
  }

  /// The file is not what was written into it.
  static func damaged(_ what: String) -> StoreError {
    StoreError(
      .damaged, "The store is damaged: \(what).",
      hint: "Restore a backup, or move the file aside and start anew: existing pairs are found again by their keys.")
  }

  /// Nothing more can be written; the change under way was undone as a whole.
  static let noRoom = StoreError(
    .noRoom, "There is no room to write the store; nothing was half written.",
    hint: "Free some space (or raise the largest file size) and try again.")

  static func notFound(_ what: String, _ name: String, hint: String? = nil) -> StoreError {
    StoreError(.notFound, "There is no \(what) \(name).", hint: hint)
  }
}
