/// The kinds of word that kith's verbs take, beyond the lexical ones.
import CommandLanguage
import Model

extension SlotType {
  static let company = SlotType("company", help: "a company, by its handle", isNamed: true)
  /// A company, which stands for all of its syncs, or one sync.
  static let companyOrSync = SlotType(
    "company|sync", help: "a company, which means all of its syncs, or one sync", isNamed: true)
  static let sync = SlotType("sync", help: "a sync, by its name", isNamed: true)
  static let connection = SlotType("connection", help: "a connection, by its name", isNamed: true)
  /// A connection, or a file that lists companies.
  static let connectionOrFile = SlotType("connection|file", help: "a connection, or a CSV file that lists companies")
  static let system = SlotType("system", help: "a system that kith knows", isNamed: true)
  /// One of the two systems of a sync, by the system's handle or by the connection's name.
  static let side = SlotType(
    "system|connection", help: "one of the two systems of a sync, by its name or by its connection", isNamed: true)
  static let recipe = SlotType("recipe", help: "a kind of sync", isNamed: true)
  static let name = SlotType("name", help: "a new name: small letters, digits, dashes and slashes")
  static let person = SlotType("person", help: "a person or another record: e-mail address, name in quotes, or id")
  static let recordID = SlotType("id", help: "the id that the system itself gives")
  /// A field of a record, by kith's name.
  static let fieldName = SlotType("field", help: "a field that both sides have", isNamed: true)
  static let plan = SlotType("plan", .reference(prefix: "p"), help: "a plan: p12", isNamed: true)
  static let planLine = SlotType("plan-line", .part(prefix: "p"), help: "a change of a plan: p12/7", isNamed: true)
  static let run = SlotType("run", .reference(prefix: "r"), help: "a run: r33", isNamed: true)
  /// What `why` explains: a person, a company, a plan or a line of it, a run.
  static let explainable = SlotType(
    "person|company|plan-line|run", help: "a person by address, name or id; a company, p12/7 or r33")
  static let setting = SlotType("setting", help: "a setting, by its key", isNamed: true)
  static let settingValue = SlotType("value", .value, help: "what the setting takes; a list is written [one, two]")
  static let things = SlotType("things", help: "what there are lists of", isNamed: true)
  static let topic = SlotType("topic", help: "a verb, a reason, a setting, a list, a word: anything that is shown")
  static let path = SlotType("file", help: "the path of a file")
  /// A saved script by its name, or a file by its path.
  static let script = SlotType("script", help: "a saved script, or the path of a file that ends in .kith")
  /// A name that a saved script has, or will have.
  static let scriptName = SlotType("script-name", help: "the name of a saved script: small letters, digits and dashes")
  static let scriptRun = SlotType(
    "script-run", .reference(prefix: "s"), help: "a run of a script: s12", isNamed: true)
  static let level = SlotType("level", help: "info, warning or error", isNamed: true)
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
    .keyword("confirm", help: "the most that may change, checked before the first write"),
    .keyword("within", help: "a number, or any, for each kind of change; a kind that is not named may not happen"),
    .limits("confirm", LimitKind.confirmKinds),
  ])
  /// `[over guard KIND N, …]`
  static let overGuard = Element.optional([
    .keyword("over", help: "although a guard holds the plan"),
    .keyword("guard", help: "each guard by name, with its exact number"), .limits("guard", LimitKind.guardKinds),
  ])
  static let forCompany = Element.optional([
    .keyword("for", help: "of which company or sync; else the one in use"), .slot("company", .companyOrSync),
  ])
  static let ofCompany = Element.optional([
    .keyword("of", help: "of which company or sync; else the one in use"), .slot("company", .companyOrSync),
  ])
  static let companies = Element.optional([.many([.slot("company", .companyOrSync)])])
}
