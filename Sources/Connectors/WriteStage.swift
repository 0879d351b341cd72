/// Writes that are sent each by itself: a few at once, and what becomes of one that an error cuts short.
import Model

extension [Write] {
  /// Carries out each write by itself, so many at once; the outcomes stand in the order of the writes. A cancelled
  /// caller stops writes that have not begun; what has begun is seen through.
  func carriedOut(
    atOnce limit: Int, _ carryOut: @escaping @Sendable (Write, Departure) async -> WriteOutcome
  ) async -> [WriteOutcome] {
    await withTaskGroup(of: (Int, WriteOutcome).self) { group in
      var outcomes = [WriteOutcome](repeating: .notSent(.cancelled), count: count)
      var next = 0
      func startOne() {
        guard next < count else { return }
        let (index, write) = (next, self[next])
        next += 1
        group.addTask { (index, await Departure.carryOut { departure in await carryOut(write, departure) }) }
      }
      for _ in 0..<limit { startOne() }
      for await (index, outcome) in group {
        outcomes[index] = outcome
        startOne()
      }
      return outcomes
    }
  }
}

/// How far one write has come: what an error at this point says of it.
enum WriteStage: Sendable {
  /// Nothing of the write has left, whatever was asked for it.
  case preparing
  /// Its first request leaves.
  case sending
  /// A request of it was carried out.
  case carriedOut

  func outcome(of error: ConnectorError) -> WriteOutcome {
    switch self {
    case .preparing: .notSent(error.beforeSending)
    case .sending where error.delivery == .notSent: .notSent(error)
    // Whatever was answered without being understood may have been done.
    case .sending, .carriedOut: .unknown(error.message)
    }
  }
}

extension WriteOutcome {
  static func refused(
    _ reason: Reason, _ message: String, field: FieldName? = nil, isPartial: Bool = false
  ) -> WriteOutcome {
    .rejected(WriteRejection(reason: reason, field: field, message: message, isPartial: isPartial))
  }

  /// The target can be no record of the system, whose kinds of id look otherwise.
  /// - Parameter record: "a ConnectWise contact".
  static func noID(_ write: Write, of record: String) -> WriteOutcome {
    refused(.targetGone, "\(write.target?.rawValue ?? "nothing") is no id of \(record)")
  }
}
