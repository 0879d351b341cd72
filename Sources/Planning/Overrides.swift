/// `over guard deactivates 31`: what lets a held plan through, bound to its exact numbers.
package import Model

/// The words that were said, each with its number where one was said.
package struct Overrides: Hashable, Sendable {
  package var words: [String: Int?]
  package init(_ words: [String: Int?] = [:]) { self.words = words }

  /// The word of the first-plan guard, which `confirm within first` lifts and `over guard` does not.
  package static let firstWord = "first"

  /// The word of the guard that skips records which arrived in bulk, while the rest of the plan goes on.
  package static let importWord = "import"

  /// What a plan sends under these words: its changes, and, where the import guard was named with the exact number of
  /// the records that it skips, theirs too; in the order of the plan.
  package func work(of plan: Plan) -> [Decision] {
    let held = plan.decisions.count { $0.lifted != nil }
    let isLifted = held > 0 && words[Self.importWord] == .some(held)
    return plan.decisions.compactMap { decision in
      if decision.action.isChange && !decision.isDropped { return decision }
      return isLifted ? decision.lifted : nil
    }
  }

  /// The guards that stay: not named, or named with another number than the plan's. The sentence of one that was named
  /// wrongly says the number that it takes. A guard that does not hold the plan and stays goes on skipping its records.
  package static func unlifted(_ guards: [GuardFinding], by overrides: Overrides, first: Bool = false) -> [GuardFinding]
  {
    guards.compactMap { finding in
      if finding.word == firstWord { return first ? nil : finding }
      guard finding.canBeLifted, let said = overrides.words[finding.word] else { return finding }
      if said == finding.count { return nil }
      var wrong = finding
      let words = finding.count.map { "\(finding.word) \($0)" } ?? finding.word
      wrong.sentence += "; it takes “over guard \(words)”, not “\(finding.word)\(said.map { " \($0)" } ?? "")”"
      return wrong
    }
  }

  /// What has to be typed after `over guard` to lift these guards, `first` left out: "deactivates 31, nothing-matched".
  package static func words(lifting guards: [GuardFinding]) -> String {
    guards.filter { $0.word != firstWord && $0.canBeLifted }
      .map { finding in finding.count.map { "\(finding.word) \($0)" } ?? finding.word }
      .joined(separator: ", ")
  }
}
