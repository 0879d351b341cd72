/// What kith remembers of a pair of records: that they are one person, and what both sides held.
package import Foundation

/// The two sides of a sync.
package enum Side: String, Hashable, Sendable, Codable, CaseIterable {
  case source, target
  package var other: Side { self == .source ? .target : .source }
}

/// The name of a sync, unique in the store: `acme/contacts`.
package struct SyncName: TextID {
  package let rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A number of a plan (`p12`) or a run (`r33`), counted up in the store and never used again.
package struct PlanID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  package let number: Int
  package init(_ number: Int) { self.number = number }
  /// Parses `p12`; `nil` for anything else.
  package init?(_ text: String) {
    guard text.hasPrefix("p"), let number = Int(text.dropFirst()), number > 0 else { return nil }
    self.number = number
  }
  package var description: String { "p\(number)" }
  package static func < (left: PlanID, right: PlanID) -> Bool { left.number < right.number }
}

/// A number of a run: `r33`.
package struct RunID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  package let number: Int
  package init(_ number: Int) { self.number = number }
  /// Parses `r33`; `nil` for anything else.
  package init?(_ text: String) {
    guard text.hasPrefix("r"), let number = Int(text.dropFirst()), number > 0 else { return nil }
    self.number = number
  }
  package var description: String { "r\(number)" }
  package static func < (left: RunID, right: RunID) -> Bool { left.number < right.number }
}

/// One decision of one plan: `p12/7`.
package struct PlanRef: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  package let plan: PlanID
  package let number: Int
  package init(plan: PlanID, number: Int) {
    self.plan = plan
    self.number = number
  }
  /// Parses `p12/7`; `nil` for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let plan = PlanID(String(parts[0])), let number = Int(parts[1]), number > 0 else {
      return nil
    }
    self.init(plan: plan, number: number)
  }
  package var description: String { "\(plan)/\(number)" }
  package static func < (left: PlanRef, right: PlanRef) -> Bool {
    (left.plan, left.number) < (right.plan, right.number)
  }
}

/// Whether a link still holds a pair together.
package enum LinkState: Hashable, Sendable, Codable {
  case linked
  /// One side was deleted; the other stays as it is, and neither comes back by itself.
  case broken(missing: Side, since: Date)
}

/// How a link came to be.
package enum MatchKey: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Found by the recipe's key, with the value that was equal.
  case key(FieldName, value: String)
  /// The record was created by this sync.
  case created
  /// A person paired the two.
  case person
  /// The source record was re-created and took over its predecessor's target.
  case succeeded(RecordID)

  package var description: String {
    switch self {
    case .key(let field, _): "by \(field)"
    case .created: "created by this sync"
    case .person: "paired by a person"
    case .succeeded: "took over from a re-created record"
    }
  }
}

/// A remembered pair of immutable ids: once linked, a pair is never matched again, so that no renaming can lose it.
package struct Link: Hashable, Sendable, Codable {
  package var kind: RecordKind
  package var source: RecordID
  package var target: RecordID
  package var state: LinkState
  package var madeBy: MatchKey
  /// The run that made it.
  package var run: RunID?
  package var since: Date
  /// `relink` was said: the next plan makes or pairs the missing side again.
  package var isToBeRelinked: Bool

  package init(
    kind: RecordKind, source: RecordID, target: RecordID, state: LinkState, madeBy: MatchKey, run: RunID?, since: Date,
    isToBeRelinked: Bool = false
  ) {
    self.kind = kind
    self.source = source
    self.target = target
    self.state = state
    self.madeBy = madeBy
    self.run = run
    self.since = since
    self.isToBeRelinked = isToBeRelinked
  }
}

/// The values that both sides held when the link was last settled; field by field, side by side.
///
/// Both sides are held under the *target's* field names, after the mapping: `source` is what the mapping gave,
/// `target` is what the target answered that it holds. A field without a key has no baseline yet.
package struct Baseline: Hashable, Sendable, Codable {
  package var source: FieldValues
  package var target: FieldValues
  package init(source: FieldValues = [:], target: FieldValues = [:]) {
    self.source = source
    self.target = target
  }
}

/// A decision that only a person can make; each stays in force until it is taken back or replaced.
package struct Verdict: Hashable, Sendable, Codable {
  package enum Ruling: Hashable, Sendable, Codable {
    /// These two are one person.
    case pair(source: RecordID, target: RecordID)
    /// These two are never one person.
    case neverPair(source: RecordID, target: RecordID)
    /// This record takes no part in the sync.
    case exclude(Side, RecordID)
    /// This record goes to the other side, though records of its side are not created there by themselves.
    case promote(Side, RecordID)
    /// This record of the target, as it is now, goes to the source, though it arrived in bulk or before two-way.
    case push(RecordID)
    /// In this field the value of one side holds for both, as long as both hold what they held when it was said.
    case take(from: Side, field: FieldName, of: RecordID, source: FieldValue?, target: FieldValue?)
  }
  package var kind: RecordKind
  package var ruling: Ruling
  package var reason: String
  package var madeBy: String
  package var madeAt: Date
  package init(kind: RecordKind = .person, ruling: Ruling, reason: String, madeBy: String, madeAt: Date) {
    self.kind = kind
    self.ruling = ruling
    self.reason = reason
    self.madeBy = madeBy
    self.madeAt = madeAt
  }
}
