/// Whether a side is read completely, or only what changed since the last reading: a table over what is known of it.
package import Connectors
package import Foundation
import Model

package enum ReadingChoice: Hashable, Sendable {
  package enum Cause: String, Hashable, Sendable {
    case neverRead = "it was never read completely"
    case noMark = "no mark of an earlier reading"
    case due = "the last complete reading is too old"
    case asCheap = "a complete reading costs no more"
    case absence = "only a complete reading proves that a record is gone"
  }

  case complete(Cause)
  case since(DeltaMark)

  /// What is known of one side before it is read.
  package struct Known: Sendable {
    package var mark: DeltaMark?
    /// When everything was last read; `nil`: never.
    package var completeAt: Date?
    /// The setting `full-read-every`.
    package var fullReadEvery: Duration
    /// The fewest requests that either kind of reading needs.
    package var completeRequests: Int
    package var deltaRequests: Int
    package init(
      mark: DeltaMark?, completeAt: Date?, fullReadEvery: Duration, completeRequests: Int, deltaRequests: Int
    ) {
      self.mark = mark
      self.completeAt = completeAt
      self.fullReadEvery = fullReadEvery
      self.completeRequests = completeRequests
      self.deltaRequests = deltaRequests
    }
  }

  package init(_ known: Known, now: Date) {
    guard let completeAt = known.completeAt else {
      self = .complete(.neverRead)
      return
    }
    guard let mark = known.mark else {
      self = .complete(.noMark)
      return
    }
    if now.timeIntervalSince(completeAt) >= known.fullReadEvery.seconds {
      self = .complete(.due)
    } else if known.completeRequests <= known.deltaRequests {
      self = .complete(.asCheap)
    } else {
      self = .since(mark)
    }
  }
}
