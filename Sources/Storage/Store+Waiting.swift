/// What was written into files that wait to be uploaded.
import Foundation
import GRDB
package import Model

extension Store {
  /// The changes of a sync that wait, by kind and the source's id.
  package func waiting(of sync: SyncName) throws(StoreError) -> [Waiting] {
    try read { db in
      try UploadRow.all(db, "WHERE sync = ?", [SyncRow.id(sync, db)]).map(\.waiting).sorted {
        $0.kind == $1.kind ? $0.source < $1.source : $0.kind.rawValue < $1.kind.rawValue
      }
    }
  }

  /// Forgets that changes wait: they have arrived, or a person says that the file is lost.
  package func stopWaiting(_ waiting: [Waiting], of sync: SyncName) throws(StoreError) {
    guard !waiting.isEmpty else { return }
    try write { db in
      let id = try SyncRow.id(sync, db)
      for change in waiting {
        try db.cachedStatement(sql: "DELETE FROM waiting WHERE sync = ? AND kind = ? AND source = ?")
          .execute(arguments: [id, change.kind.rawValue, change.source.rawValue])
      }
    }
  }
}

struct UploadRow: SealedRow {
  static let table = SealedTable(
    "waiting", key: ["sync", "kind", "source"],
    columns: ["sync", "kind", "source", "action", "field_values", "file", "run", "at_ms"])

  var sync: Int64
  var waiting: Waiting

  init(sync: Int64, waiting: Waiting) {
    self.sync = sync
    self.waiting = waiting
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    let (kind, source, action) = (try row.word(RecordKind.self), try row.text(), try row.word(WriteKind.self))
    let (values, file) = (try row.fields(), try row.text())
    waiting = Waiting(
      kind: kind, source: RecordID(source), action: action, values: values, file: file, run: RunID(try row.number()),
      at: try row.date())
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      sync, waiting.kind.rawValue, waiting.source.rawValue, waiting.action.rawValue,
      FieldText.encode(waiting.values), waiting.file, waiting.run.number, waiting.at.milliseconds,
    ]
  }
}
