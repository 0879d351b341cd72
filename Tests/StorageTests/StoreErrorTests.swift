import GRDB
import Testing

@testable import Storage

@Suite struct StoreErrorTests {
  @Test(
    "what a result code of SQLite means",
    arguments: [
      (ResultCode.SQLITE_CORRUPT, ResultCode.SQLITE_CORRUPT, StoreError.Kind.damaged),
      (.SQLITE_NOTADB, .SQLITE_NOTADB, .damaged),
      (.SQLITE_ERROR, .SQLITE_ERROR, .damaged),
      (.SQLITE_FULL, .SQLITE_FULL, .noRoom),
      (.SQLITE_IOERR, .SQLITE_IOERR_WRITE, .noRoom),
      (.SQLITE_IOERR, .SQLITE_IOERR_SHORT_READ, .damaged),
      (.SQLITE_BUSY, .SQLITE_BUSY_SNAPSHOT, .locked),
      (.SQLITE_READONLY, .SQLITE_READONLY, .invalid),
      (.SQLITE_CONSTRAINT, .SQLITE_CONSTRAINT_UNIQUE, .invalid),
    ])
  func meaning(_ primary: ResultCode, _ extended: ResultCode, _ kind: StoreError.Kind) {
    let error = StoreError.meaning(primary: primary.rawValue, extended: extended.rawValue, words: "words")
    #expect(error.kind == kind)
    #expect(error.message.hasSuffix("."))
  }
}
