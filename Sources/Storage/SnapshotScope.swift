/// What one snapshot is of, and how a reading of it is named.
package import Model

/// One kind of record in one partition (a tenant, a company) of one connection.
package struct SnapshotScope: Hashable, Sendable, Codable {
  package var connection: String
  package var kind: RecordKind
  /// Empty where the connection as a whole is read.
  package var partition: String
  package init(connection: String, kind: RecordKind, partition: String) {
    self.connection = connection
    self.kind = kind
    self.partition = partition
  }
}

/// Whether a reading brings everything or what changed.
package enum ReadingMode: String, Hashable, Sendable, Codable {
  case complete, delta
}

/// A reading that is under way.
package struct ReadingID: Hashable, Sendable {
  let number: Int64
}

/// A record as completion shows it.
package struct RecordMatch: Hashable, Sendable {
  /// Its e-mail address, else its name, else its id.
  package var label: String
  /// Empty when the record has no name.
  package var name: String
  package var id: RecordID
  package init(label: String, name: String, id: RecordID) {
    self.label = label
    self.name = name
    self.id = id
  }
}

extension Record {
  /// What a person calls the record: its name, in one piece or in two; empty when it has none.
  var displayName: String {
    if let name = fields.text("name") ?? fields.text("display-name"), !name.isBlank { return name.trimmedNFC }
    let parts = [fields.text("first-name"), fields.text("last-name")].compactMap { $0?.trimmedNFC }
    return parts.filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Its e-mail address, else its name, else its id.
  var displayLabel: String {
    if let email = fields.text("email"), !email.isBlank { return email.trimmedNFC }
    let name = displayName
    return name.isEmpty ? id.rawValue : name
  }
}
