/// Columns that can hold a few words only: what each of them may be is checked in conditions, and offered for them.
import CommandLanguage
import Model
import Planning

extension Column {
  static func action(
    priority: Int, help: String = "what the next plan would do: create, update, deactivate, link, skip …"
  ) -> Column {
    Column(
      "action", priority: priority, style: .state, choices: Action.allCases.map { Choice($0.rawValue) }, help: help)
  }

  static func reason(
    _ name: String = "reason", priority: Int, help: String = "why, in one word; show reasons lists them"
  ) -> Column {
    Column(
      name, priority: priority, style: .reason, choices: Reason.allCases.map { Choice($0.rawValue, $0.sentence) },
      help: help)
  }

  static func kind(priority: Int) -> Column {
    Column(
      "kind", priority: priority, choices: RecordKind.allCases.map { Choice($0.rawValue, $0.plural) },
      help: "company, person, configuration or member")
  }

  /// The side that a change is written to; blank where nothing is.
  static func at(priority: Int, help: String) -> Column {
    Column("at", priority: priority, choices: Side.allCases.map { Choice($0.rawValue) }, help: help)
  }

  /// The state of the record at one of the sides.
  static func state(at side: Side, priority: Int) -> Column {
    state(side.rawValue, priority: priority, help: "the state at the \(side.rawValue)")
  }

  /// - Parameter states: those that there can be.
  static func state(
    _ name: String, of states: [RecordState] = RecordState.allCases, priority: Int, help: String
  ) -> Column {
    Column(
      name, priority: priority, style: .state, choices: states.map { Choice($0.rawValue, $0.help) }, help: help)
  }

  /// How a run ended.
  static func outcome(priority: Int, help: String = "how the last run ended") -> Column {
    Column(
      "outcome", priority: priority, style: .state, choices: RunOutcome.allCases.map { Choice($0.rawValue) }, help: help
    )
  }

  /// Whether two records are a remembered pair: by a sign, or by the words that are given.
  static func link(
    _ linked: String = LinkSign.linked, _ broken: String = LinkSign.broken, priority: Int,
    help: String = "whether the two records are remembered as a pair"
  ) -> Column {
    Column(
      "link", priority: priority,
      choices: [Choice(linked, "a remembered pair"), Choice(broken, "one of the two is gone")], help: help)
  }
}

extension RecordState {
  fileprivate var help: String {
    switch self {
    case .active: "in use there"
    case .inactive: "switched off there"
    case .gone: "not there any more"
    }
  }
}
