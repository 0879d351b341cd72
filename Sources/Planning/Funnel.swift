/// `why` for a company: how many records were read, and where each of them ended. The figures add up.
package import Model

package struct Funnel: Sendable {
  /// How many records of one reason ended at a gate.
  package struct Stop: Hashable, Sendable {
    package var reason: Reason
    package var count: Int
    package init(reason: Reason, count: Int) {
      self.reason = reason
      self.count = count
    }
  }
  /// One gate at which records ended, the most frequent reason first.
  package struct Stage: Hashable, Sendable {
    package var gate: Gate
    package var stops: [Stop]
    package var count: Int { stops.reduce(0) { $0 + $1.count } }
    package init(gate: Gate, stops: [Stop]) {
      self.gate = gate
      self.stops = stops
    }
  }
  /// How many records came through, by what is done with them.
  package struct Ending: Hashable, Sendable {
    package var action: Action
    package var count: Int
    package init(action: Action, count: Int) {
      self.action = action
      self.count = count
    }
  }

  package var kind: RecordKind
  /// The records of the source reading, and in a two-way stage those that only the target has: the sum of all stages and endings.
  package var read: Int
  package var stages: [Stage]
  package var endings: [Ending]
  /// The most likely cause of what a person may be wondering about, in one line.
  package var headline: String
  /// The gates that concern the company as a whole.
  package var companyLines: [GateLine]
  /// Linked records that are no longer at the source, by what is done with their pair; not part of ``read``.
  package var gone: [Ending]
  /// Records that only the target has; not part of ``read``.
  package var targetOnly: Int
  /// How many of ``read`` only the target has; 0 in a one-way stage.
  package var fromTarget: Int

  package init(
    kind: RecordKind = .person, read: Int, stages: [Stage], endings: [Ending], headline: String,
    companyLines: [GateLine], gone: [Ending] = [],
    targetOnly: Int, fromTarget: Int = 0
  ) {
    let sum = stages.reduce(0) { $0 + $1.count } + endings.reduce(0) { $0 + $1.count }
    precondition(sum == read, "the funnel does not add up")
    self.kind = kind
    self.read = read
    self.stages = stages
    self.endings = endings
    self.headline = headline
    self.companyLines = companyLines
    self.gone = gone
    self.targetOnly = targetOnly
    self.fromTarget = fromTarget
  }
}
