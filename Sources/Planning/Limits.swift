/// `confirm within creates 20, deactivates 0`: how much a run may change, said before it starts.
package import Model

/// How many changes of one kind are allowed.
package enum Limit: Hashable, Sendable {
  case atMost(Int)
  case any

  func allows(_ count: Int) -> Bool {
    switch self {
    case .atMost(let limit): count <= limit
    case .any: true
    }
  }
}

/// The numbers of a `confirm within`. A kind of change that is not named has the limit 0, so that a script that forgot
/// deactivations can never deactivate. It only narrows: no guard is lifted by it.
package struct Limits: Hashable, Sendable {
  package var kinds: [ChangeKind: Limit]
  /// Not named: any number of failures.
  package var failures: Limit
  /// `first`: the first plan of a sync may be applied although nobody is watching.
  package var first: Bool

  package init(_ kinds: [ChangeKind: Limit] = [:], failures: Limit = .any, first: Bool = false) {
    self.kinds = kinds
    self.failures = failures
    self.first = first
  }

  /// The words that `confirm within` takes for kinds of change.
  package static let words: [ChangeKind] = [.creates, .updates, .deactivates, .reactivates, .deletes]

  /// A sentence for each limit that the plan is over, in the order of ``words``; empty when it stays within.
  package static func exceeded(by plan: Plan, _ limits: Limits) -> [String] {
    exceeded(by: plan.changeCounts, limits, what: plan.id.map(\.description) ?? "the plan")
  }

  /// The same for several plans together.
  /// - Parameter what: what they are called in the sentence.
  package static func exceeded(by counts: [ChangeKind: Int], _ limits: Limits, what: String) -> [String] {
    words.compactMap { kind in
      let count = counts[kind] ?? 0
      let limit = limits.kinds[kind] ?? .atMost(0)
      guard !limit.allows(count), case .atMost(let number) = limit else { return nil }
      let said =
        limits.kinds[kind] == nil ? "\(kind.rawValue) was not named, so its limit is 0" : "the limit is \(number)"
      return "\(what) \(kind.rawValue) \(count); \(said)"
    }
  }
}
