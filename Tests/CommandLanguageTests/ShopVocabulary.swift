// A vocabulary with every verb of the shell, over a small invented provider: what the tests parse, check and complete with.

import CommandLanguage

struct ShopVocabulary: Vocabulary {
  var verbs: [VerbDeclaration] { Self.allVerbs }

  func check(_ text: String, as slot: SlotType, in context: Invocation) -> NameCheck {
    let names: [String]
    switch slot.name {
    case "company", "sync": names = Self.companies.map(\.text) + Self.syncs.map(\.text) + ["nothing"]
    case "things": names = Self.fieldsOf.keys.sorted()
    case "connection": names = ["cw", "m365", "at"]
    case "setting": names = Self.settings.map(\.name)
    case "system": names = ["m365", "connectwise"]
    case "recipe": names = ["m365-contacts"]
    case "topic": names = verbs.map(\.name)
    case "setting-value":
      guard let key = context.text("key"), let setting = Self.settings.first(where: { $0.name == key }),
        setting.type == .flag
      else { return .unchecked }
      return ["on", "off"].contains(text) ? .known : .wrong("\(key) is a flag", fix: "say on or off")
    default: return .unchecked
    }
    return names.contains(text) ? .known : .unknown(nearest: nearest(text, among: names))
  }

  func candidates(
    for slot: SlotType, prefix: String, in context: Invocation, limit: Int
  ) -> [VocabularyEntry] {
    switch slot.name {
    case "company": Self.companies + Self.syncs
    case "things": Self.fieldsOf.keys.sorted().map { VocabularyEntry($0) }
    case "connection": [VocabularyEntry("cw", "ConnectWise"), VocabularyEntry("m365", "Microsoft 365")]
    case "system": [VocabularyEntry("m365", "Microsoft 365"), VocabularyEntry("connectwise", "ConnectWise")]
    case "setting": Self.settings.map { VocabularyEntry($0.name, $0.help) }
    case "setting-value": context.text("key") == "create" ? [VocabularyEntry("on"), VocabularyEntry("off")] : []
    default: []
    }
  }

  func fields(of subject: String) -> [Column]? { Self.fieldsOf[subject] }

  func values(
    of field: String, subject: String, prefix: String, in context: Invocation, limit: Int
  ) -> [VocabularyEntry] {
    subject == "people" && field == "reason"
      ? [VocabularyEntry("unlicensed", "no licence"), VocabularyEntry("update-off", "updates are off")] : []
  }

  func standing(of kind: LimitKind, in context: Invocation) -> LimitStanding? {
    context.text("plan") == "p12" && kind.name == "creates" ? LimitStanding(7, in: "p12") : nil
  }

  func pairKeys(_ set: String, in context: Invocation) -> [PairKey]? {
    switch set {
    case "settings": Self.settings
    case "connection":
      context.text("system") == "m365"
        ? [PairKey("tenant", type: .text), PairKey("client-secret", help: "of the app", isSecret: true)]
        : [
          PairKey("url", type: .text), PairKey("private-key", isSecret: true), PairKey("client-secret", isSecret: true),
        ]
    default: nil
    }
  }

  // MARK: - Names

  static let companies = [
    VocabularyEntry("acme", "Acme Dental", detail: "214 people   last run 3 h ago, 2 failed"),
    VocabularyEntry("acorn", "Acorn Freight", detail: "61 people   no sync"),
    VocabularyEntry("for", "For Good Ltd"),
    VocabularyEntry("東京歯科", "Tokyo Dental"),
    VocabularyEntry("big blue", "Big Blue"),
  ]

  static let syncs = [VocabularyEntry("acme/contacts", "m365-contacts")]

  static let settings = [
    PairKey("create", type: .flag, help: "make missing contacts"),
    PairKey("update-existing", type: .flag, help: "change contacts that were there"),
    PairKey("full-read-every", type: .duration),
    PairKey("domains", type: .value),
    PairKey("guard.updates", type: .count),
  ]

  static let fieldsOf: [String: [Column]] = [
    "people": [
      Column("name"), Column("email", ignoresCase: true), Column("first-name"), Column("last-name"), Column("title"),
      Column("reason", style: .reason), Column("active", type: .flag), Column("licences", type: .list),
    ],
    "companies": [Column("name"), Column("people", type: .count)],
    "runs": [
      Column("run", style: .id), Column("outcome", choices: [.init("ok"), .init("failed"), .init("not sent")]),
      Column("started", type: .date), Column("took", type: .duration),
      Column("failed", type: .count), Column("done", type: .count),
    ],
    "syncs": [Column("name"), Column("enabled", type: .flag), Column("last-run", type: .date)],
    "plan-lines": [Column("ref"), Column("person"), Column("action"), Column("reason")],
    "plans": [Column("plan"), Column("made", type: .date)],
    "settings": [Column("key"), Column("value")],
    "history": [Column("line"), Column("code", type: .count)],
  ]
}
