/// The kinds of word that kith's verbs take, beyond the lexical ones.
import CommandLanguage
import Model

extension SlotType {
  static let company = SlotType("company")
  /// A company, which stands for all of its syncs, or one sync.
  static let companyOrSync = SlotType("company|sync")
  static let sync = SlotType("sync")
  static let connection = SlotType("connection")
  /// A connection, or a file that lists companies.
  static let connectionOrFile = SlotType("connection|file")
  static let system = SlotType("system")
  /// One of the two systems of a sync, by the system's handle or by the connection's name.
  static let side = SlotType("system|connection")
  static let recipe = SlotType("recipe")
  static let name = SlotType("name")
  static let person = SlotType("person")
  static let recordID = SlotType("id")
  /// A field of a record, by kith's name.
  static let fieldName = SlotType("field")
  static let plan = SlotType("plan", .reference(prefix: "p"))
  static let planLine = SlotType("plan-line", .part(prefix: "p"))
  static let run = SlotType("run", .reference(prefix: "r"))
  /// What `why` explains: a person, a company, a plan or a line of it, a run.
  static let explainable = SlotType("person|company|plan-line|run")
  static let setting = SlotType("setting")
  static let settingValue = SlotType("value", .value)
  static let things = SlotType("things")
  static let topic = SlotType("topic")
  static let path = SlotType("file")
  /// A saved script by its name, or a file by its path.
  static let script = SlotType("script")
  /// A name that a saved script has, or will have.
  static let scriptName = SlotType("script-name")
  static let scriptRun = SlotType("script-run", .reference(prefix: "s"))
  static let level = SlotType("level")
}

extension LimitKind {
  /// The words of `confirm within`.
  static let confirmKinds: [LimitKind] = [
    LimitKind("creates", .countOrAny, help: "new records"),
    LimitKind("updates", .countOrAny, help: "changed records"),
    LimitKind("deactivates", .countOrAny, help: "records made inactive"),
    LimitKind("reactivates", .countOrAny, help: "records made active again"),
    LimitKind("deletes", .countOrAny, help: "records deleted"),
    LimitKind("failures", .countOrAny, help: "records that may fail before it stops"),
    LimitKind("first", .none, help: "lets the first plan of a sync through"),
  ]

  /// The words of `over guard`.
  static let guardKinds: [LimitKind] =
    ChangeKind.allCases.map { LimitKind($0.rawValue, .count, help: "the exact number of the held plan") } + [
      LimitKind("nothing-matched", .none, help: "almost nobody matches"),
      LimitKind("source-incomplete", .none, help: "the source was read as empty"),
      LimitKind("target-incomplete", .none, help: "the target was read as empty"),
      LimitKind("settings-effect", .count, help: "what a changed setting would change"),
      LimitKind("import", .count, help: "records that came in bulk and are to be sent after all"),
    ]
}

extension Element {
  /// `[confirm within KIND N, …]`
  static let confirmWithin = Element.optional([
    .keyword("confirm"), .keyword("within"), .limits("confirm", LimitKind.confirmKinds),
  ])
  /// `[over guard KIND N, …]`
  static let overGuard = Element.optional([
    .keyword("over"), .keyword("guard"), .limits("guard", LimitKind.guardKinds),
  ])
  static let forCompany = Element.optional([.keyword("for"), .slot("company", .companyOrSync)])
  static let ofCompany = Element.optional([.keyword("of"), .slot("company", .companyOrSync)])
  static let companies = Element.optional([.many([.slot("company", .companyOrSync)])])
}
