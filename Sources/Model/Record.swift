/// One person, company, member or configuration as a system gave it.
package import Foundation

/// A vendor's immutable id of a record, unique within one system, kind and partition; never a name or an address.
package struct RecordID: TextID {
  package let rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }

  /// Ids that are whole numbers compare as numbers, so that lists read 9, 10, 11; numbers come before texts.
  package static func < (left: RecordID, right: RecordID) -> Bool {
    switch (Int(left.rawValue), Int(right.rawValue)) {
    case (let a?, let b?) where a != b: a < b
    case (_?, nil): true
    case (nil, _?): false
    default: left.rawValue < right.rawValue
    }
  }
}

/// What a record is. Its plural is what `show` and `load` call it.
package enum RecordKind: String, Hashable, Sendable, Codable, CaseIterable {
  case company, person, configuration, member

  package var plural: String {
    switch self {
    case .company: "companies"
    case .person: "people"
    case .configuration: "configurations"
    case .member: "members"
    }
  }
}

/// Whether a record counts as being there.
///
/// A connector reports `active`, or `inactive` where its system has such a flag, or `gone` for a deletion that the
/// system told of; the recipe's state rules may turn an active source record into an inactive one (no licence).
package enum RecordState: String, Hashable, Sendable, Codable, CaseIterable {
  case active, inactive, gone
}

/// The stamp by which a system shows that a record was changed; compared for equality only.
package struct RecordVersion: Hashable, Sendable, Codable {
  package let rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// One record as read.
///
/// `fields` holds only what the system said: a key that is missing was not asked for or not sent, and says nothing.
package struct Record: Hashable, Sendable, Codable {
  package var id: RecordID
  package var kind: RecordKind
  package var state: RecordState
  package var fields: FieldValues
  package var version: RecordVersion?
  /// When the system says the record last changed; `nil` where it does not say (Microsoft Graph).
  package var modified: Date?
  /// When the system says the record was made; `nil` where it does not say.
  package var created: Date?
  /// The record of the company that it belongs to at its system; `nil` for a company, and for a record without one.
  package var parent: RecordID?
  /// What only the record's own connector understands and needs for a later write, such as the ids of a ConnectWise
  /// contact's communication items. Nothing else looks inside.
  package var native: String?

  package init(
    id: RecordID, kind: RecordKind, state: RecordState, fields: FieldValues, version: RecordVersion? = nil,
    modified: Date? = nil, created: Date? = nil, parent: RecordID? = nil, native: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.state = state
    self.fields = fields
    self.version = version
    self.modified = modified
    self.created = created
    self.parent = parent
    self.native = native
  }

  /// The record after a delta spoke of it: fields that the delta names are replaced, all others stay.
  package func merging(_ delta: Record) -> Record {
    var merged = delta
    merged.fields = fields.merging(delta.fields)
    merged.native = delta.native ?? native
    merged.version = delta.version ?? version
    merged.modified = delta.modified ?? modified
    merged.created = delta.created ?? created
    // Systems with companies send whole records: one that says nothing of its company has none any more.
    merged.parent = delta.parent
    return merged
  }

  /// A stable hash of everything a decision may look at; equal records of two readings have equal fingerprints.
  package var fingerprint: Fingerprint {
    var hasher = FingerprintHasher()
    hasher.combine(id.rawValue)
    hasher.combine(kind.rawValue)
    hasher.combine(state.rawValue)
    hasher.combine(fields)
    if let parent { hasher.combine(parent.rawValue) }
    return hasher.finalize()
  }
}
