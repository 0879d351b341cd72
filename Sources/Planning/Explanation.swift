/// What `why` says about one record, as values; the shell gives them their layout.
package import Model

/// The smallest change of facts under which the record would be acted upon.
package struct Counterfactual: Hashable, Sendable {
  /// A command, or an instruction: "set update-existing to on".
  package var command: String
  /// What it would come to: "1 update", "in step, nothing differs".
  package var becomes: String
  package init(command: String, becomes: String) {
    self.command = command
    self.becomes = becomes
  }
}

/// The whole answer to `why RECORD`.
package struct Explanation: Sendable {
  /// "Not updated: update-existing is off for acme/contacts."
  package var headline: String
  package var label: String
  package var name: String
  package var decision: Decision
  package var gates: [GateLine]
  /// What later gates would have said, and what stands against the run as a whole.
  package var also: [Cause]
  package var nearMisses: [NearMiss]
  /// One entry a way; each is complete by itself.
  package var counterfactual: [Counterfactual]
  /// What to do where no single way or pair of ways was found; `nil` where one was, or where nothing is to be done.
  package var nextStep: String?
  /// A command that shows the effect without doing it: "preview with update-existing=on".
  package var toTry: String?
  /// The rule of the product that the reason enforces, in one sentence.
  package var rule: String?
  /// How many other records of the plan have the same reason.
  package var sameReason: Int
  /// The command that lists them; `nil` when there are none.
  package var sameReasonCommand: String?

  package init(
    headline: String, label: String, name: String, decision: Decision, gates: [GateLine], also: [Cause] = [],
    nearMisses: [NearMiss] = [], counterfactual: [Counterfactual] = [], nextStep: String? = nil, toTry: String? = nil,
    rule: String? = nil,
    sameReason: Int = 0, sameReasonCommand: String? = nil
  ) {
    self.headline = headline
    self.label = label
    self.name = name
    self.decision = decision
    self.gates = gates
    self.also = also
    self.nearMisses = nearMisses
    self.counterfactual = counterfactual
    self.nextStep = nextStep
    self.toTry = toTry
    self.rule = rule
    self.sameReason = sameReason
    self.sameReasonCommand = sameReasonCommand
  }
}
