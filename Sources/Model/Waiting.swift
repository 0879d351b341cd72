/// A change that was written into a file, which a person has yet to upload: sent by us, and not there yet.
package import Foundation

/// Kept until a reading shows the change at the target, or a person forgets it; meanwhile it is not written again.
package struct Waiting: Hashable, Sendable {
  package var kind: RecordKind
  /// The record that it was made from.
  package var source: RecordID
  package var action: WriteKind
  /// What was written, under the target's field names.
  package var values: FieldValues
  /// The file's path.
  package var file: String
  package var run: RunID
  package var at: Date

  package init(
    kind: RecordKind, source: RecordID, action: WriteKind, values: FieldValues, file: String, run: RunID, at: Date
  ) {
    self.kind = kind
    self.source = source
    self.action = action
    self.values = values
    self.file = file
    self.run = run
    self.at = at
  }
}
