/// What is known of the companies that the records of a later stage belong to.
package import Model

/// How a company stands in this sync, seen from one side.
package struct ParentStanding: Sendable, Hashable {
  package enum Sync: Sendable, Hashable {
    /// Linked to this record of the other side.
    case paired(RecordID)
    /// To be created on the other side by the same plan.
    case pending
    /// It does not sync, and this is why.
    case left(Cause)
  }
  package var name: String
  package var sync: Sync
  package init(name: String, sync: Sync) {
    self.name = name
    self.sync = sync
  }
}

package struct Parents: Sendable {
  private var standings: [Side: [RecordID: ParentStanding]] = [:]
  package init() {}

  /// The record of the other side that a company is linked to; `nil` for one that is not.
  func counterpart(of id: RecordID, at side: Side) -> RecordID? {
    if case .paired(let other)? = self[side, id]?.sync { other } else { nil }
  }

  package subscript(side: Side, id: RecordID) -> ParentStanding? {
    get { standings[side]?[id] }
    set { standings[side, default: [:]][id] = newValue }
  }
}
