// The verb table of the language page, all of it: that each verb can be declared is the first thing these tests prove.

import CommandLanguage

extension ShopVocabulary {
  static let company = SlotType("company")
  static let connection = SlotType("connection")
  static let record = SlotType("record")
  static let plan = SlotType("plan", .reference(prefix: "p"))
  static let planLine = SlotType("plan-line", .part(prefix: "p"))
  static let run = SlotType("run", .reference(prefix: "r"))
  static let file = SlotType("file")
  static let setting = SlotType("setting")
  static let settingValue = SlotType("setting-value", .value)
  static let because: [Element] = [.keyword("because"), .slot("because", .text)]

  static let confirmKinds =
    ["creates", "updates", "deactivates", "reactivates", "deletes", "failures"].map {
      LimitKind($0, .countOrAny, help: "at most so many \($0)")
    } + [LimitKind("first", .none, help: "also where it is the first plan")]
  static let guardKinds = [
    LimitKind("deactivates", .count, help: "exactly so many"), LimitKind("nothing-matched", .none, help: "although"),
  ]
  static let wait: [Element] = [.keyword("wait"), .slot("wait", .duration)]
  static let confirm: [Element] = [.keyword("confirm"), .keyword("within"), .limits("confirm", confirmKinds)]
  static let overGuard: [Element] = [.keyword("over"), .keyword("guard"), .limits("guard", guardKinds)]
  static let manyCompanies: Element = .optional([.many([.slot("companies", company)])])
  static let ofCompany: Element = .optional([.keyword("of"), .slot("company", company)])
  static let since: Element = .optional([.keyword("since"), .slot("since", .when)])

  static let allVerbs: [VerbDeclaration] = connections + reading + settingUp + plans + decisions + scripts + rest

  private static let connections = [
    VerbDeclaration(
      "connect", group: "connections", summary: "add a connection",
      forms: [
        Form(
          "connect",
          [
            .slot("system", SlotType("system")), .keyword("as"), .slot("name", SlotType("new-name")),
            .optional([.pairs("connection")]),
          ])
      ]),
    VerbDeclaration(
      "disconnect", group: "connections", summary: "drop a connection",
      forms: [Form("disconnect", [.slot("connection", connection)])]),
    VerbDeclaration(
      "check", group: "connections", summary: "test connections",
      forms: [
        Form("script", [.keyword("script"), .slot("script", SlotType("script"))]),
        Form("check", [.optional([.many([.slot("connections", connection)])])], subject: .unknown),
      ]),
  ]

  private static let reading = [
    VerbDeclaration(
      "load", group: "reading", summary: "read into the store",
      forms: [
        Form(
          "companies",
          [
            .keyword("companies"), .keyword("from"),
            .oneOf([[.keyword("file"), .slot("file", file)], [.slot("connection", connection)]]),
          ]),
        Form("people", [.keyword("people"), ofCompany]),
        Form("everything", [.keyword("everything")]),
      ]),
    VerbDeclaration(
      "show", group: "reading", summary: "list or explain things",
      details: "Every list takes `where` and filters.",
      forms: [
        Form("company", [.keyword("company"), .slot("company", company)]),
        Form("person", [.keyword("person"), .slot("person", record)]),
        Form("records", [.keyword("records"), .keyword("at"), .slot("connection", connection)], subject: .unknown),
        Form(
          "plan", [.keyword("plan"), .slot("plan", plan), .optional([.condition(.fixed("plan-lines"))])],
          subject: .fixed("plan-lines")),
        Form("run", [.keyword("run"), .slot("run", run)], subject: .unknown),
        Form(
          "things",
          [.slot("things", SlotType("things")), ofCompany, since, .optional([.condition(.slot("things"))])],
          subject: .slot("things"), summary: "what there is"),
      ],
      examples: [
        .init("show people where title is blank", "who has no title"), .init("show plan p12", "one plan"),
      ]),
    VerbDeclaration(
      "why", group: "reading", summary: "explain what happened, or did not",
      forms: [
        Form("where", [.condition(.fixed("people"))], subject: .fixed("people")),
        Form("line", [.slot("line", planLine)]),
        Form("run", [.slot("run", run)]),
        Form("company", [.slot("company", company), .optional([.keyword("now")])]),
        Form(
          "record",
          [.slot("record", record), .options([[.keyword("now")], [.keyword("at"), .slot("run", run)]])]),
      ]),
  ]

  private static let settingUp = [
    VerbDeclaration(
      "use", group: "setting up", summary: "set the context",
      forms: [Form("nothing", [.keyword("nothing")]), Form("use", [.slot("company", company)])]),
    VerbDeclaration(
      "set", group: "setting up", summary: "change a setting",
      forms: [
        Form(
          "set",
          [
            .slot("key", setting), .keyword("to"), .slot("value", settingValue),
            .optional([.keyword("for"), .slot("company", company)]),
          ])
      ]),
    VerbDeclaration(
      "unset", group: "setting up", summary: "forget a setting", forms: [Form("unset", [.slot("key", setting)])]),
    VerbDeclaration(
      "add", group: "setting up", summary: "add a company, a sync or a value",
      forms: [
        Form("company", [.keyword("company"), .slot("name", .text)]),
        Form(
          "sync",
          [
            .keyword("sync"), .slot("recipe", SlotType("recipe")),
            .optional([.keyword("for"), .slot("company", company)]),
            .keyword("from"), .slot("from", connection), .keyword("to"), .slot("to", connection),
            .options([[.keyword("as"), .slot("name", .text)], [.pairs("settings")], [.keyword("now")]]),
          ]),
        Form("value", [.slot("value", .value), .keyword("to"), .slot("key", setting)]),
      ]),
    VerbDeclaration(
      "remove", group: "setting up", summary: "remove a company, a sync or a value",
      forms: [
        Form("thing", [.oneOf([[.keyword("company")], [.keyword("sync")]]), .slot("company", company)]),
        Form("value", [.slot("value", .value), .keyword("from"), .slot("key", setting)]),
      ]),
    VerbDeclaration(
      "map", group: "setting up", summary: "say which company is which",
      forms: [Form("map", [.slot("company", company), .keyword("to"), .slot("id", .text)])]),
    VerbDeclaration(
      "rename", group: "setting up", summary: "give another name",
      forms: [
        Form(
          "rename",
          [
            .oneOf([[.keyword("company")], [.keyword("sync")]]), .slot("company", company), .keyword("to"),
            .slot("name", .text),
          ])
      ]),
    VerbDeclaration(
      "enable", group: "setting up", summary: "let it run", forms: [Form("enable", [.slot("sync", company)])]),
    VerbDeclaration(
      "disable", group: "setting up", summary: "stop it", forms: [Form("disable", [.slot("sync", company)])]),
  ]

  private static let plans = [
    VerbDeclaration(
      "preview", group: "syncing", summary: "plan without writing",
      forms: [
        Form(
          "preview",
          [
            manyCompanies,
            .options([[.keyword("offline")], [.keyword("with"), .pairs("settings")], [.keyword("strict")]]),
          ],
          subject: .fixed("plans"))
      ]),
    VerbDeclaration(
      "drop", group: "syncing", summary: "take a change out", forms: [Form("drop", [.slot("line", planLine)])]),
    VerbDeclaration(
      "restore", group: "syncing", summary: "put a change back",
      forms: [
        Form("line", [.slot("line", planLine)]), Form("store", [.keyword("from"), .slot("file", file)]),
      ]),
    VerbDeclaration(
      "sync", group: "syncing", effect: .writes, summary: "plan and write in one go",
      forms: [
        Form(
          "sync", [manyCompanies, .options([[.keyword("dry", help: "send nothing")], wait, confirm])],
          subject: .fixed("runs"), givesOne: true
        )
      ]),
    VerbDeclaration(
      "apply", group: "syncing", effect: .writes, summary: "write a plan",
      forms: [
        Form(
          "apply", [.slot("plan", plan), .options([[.keyword("rest")], [.keyword("dry")], wait, confirm, overGuard])])
      ]),
    VerbDeclaration("undo", group: "syncing", summary: "plan the way back", forms: [Form("undo", [.slot("run", run)])]),
  ]

  private static let decisions = [
    VerbDeclaration(
      "pair", group: "deciding", summary: "these two are one",
      forms: [Form("pair", [.slot("a", record), .keyword("with"), .slot("b", record)])]),
    VerbDeclaration(
      "never pair", group: "deciding", summary: "these two are not one",
      forms: [Form("never", [.slot("a", record), .keyword("with"), .slot("b", record)])]),
    VerbDeclaration(
      "exclude", group: "deciding", summary: "leave this one alone",
      forms: [Form("exclude", [.slot("record", record)] + because)]),
    VerbDeclaration(
      "include", group: "deciding", summary: "end an exclude", forms: [Form("include", [.slot("record", record)])]),
    VerbDeclaration(
      "resolve", group: "deciding", summary: "settle a conflict",
      forms: [Form("resolve", [.slot("record", record), .keyword("with"), .slot("system", SlotType("system"))])]),
    VerbDeclaration(
      "take", group: "deciding", summary: "one side wins",
      forms: [
        Form(
          "take",
          [.slot("system", SlotType("system")), .optional([.keyword("for"), .many([.slot("records", record)])])])
      ]),
    VerbDeclaration(
      "relink", group: "deciding", summary: "make it again", forms: [Form("relink", [.slot("record", record)])]),
    VerbDeclaration(
      "forget", group: "deciding", summary: "drop the pair", forms: [Form("forget", [.slot("record", record)])]),
    VerbDeclaration(
      "promote", group: "deciding", summary: "let it cross", forms: [Form("promote", [.slot("company", company)])]),
    VerbDeclaration(
      "push", group: "deciding", summary: "send these", forms: [Form("push", [.many([.slot("records", record)])])]),
  ]

  private static let scripts = [
    VerbDeclaration(
      "run", group: "scripts", summary: "run a script",
      forms: [
        Form(
          "run", [.slot("script", SlotType("script")), .options([[.pairs("script-parameters")], [.keyword("dry")]])])
      ]),
    VerbDeclaration(
      "edit", group: "scripts", summary: "edit a script", forms: [Form("edit", [.slot("script", SlotType("script"))])]),
    VerbDeclaration(
      "save", group: "scripts", summary: "save what was typed",
      forms: [
        Form(
          "save",
          [
            .slot("script", SlotType("script")), .keyword("from"), .keyword("history"), .keyword("last"),
            .slot("last", .count),
          ])
      ]),
    VerbDeclaration(
      "schedule", group: "scripts", summary: "run at times",
      forms: [
        Form(
          "schedule",
          [
            .oneOf([[.keyword("sync"), .slot("sync", company)], [.slot("script", SlotType("script"))]]),
            .keyword("every"), .slot("every", .text), .optional([.keyword("at"), .slot("at", .text)]),
          ])
      ]),
    VerbDeclaration(
      "unschedule", group: "scripts", summary: "no more",
      forms: [Form("unschedule", [.slot("script", SlotType("script"))])]),
    VerbDeclaration(
      "install schedules", group: "scripts", summary: "hand them to the machine",
      forms: [
        Form("install", [.keyword("as"), .oneOf([[.keyword("systemd")], [.keyword("cron")]])])
      ]),
    VerbDeclaration(
      "wait", group: "scripts", summary: "wait for runs",
      forms: [Form("wait", [.keyword("runs"), .keyword("up"), .keyword("to"), .slot("time", .duration)])]),
  ]

  private static let rest = [
    VerbDeclaration("status", group: "other", summary: "one screen", forms: [Form("status", [])]),
    VerbDeclaration(
      "export", group: "other", summary: "the set-up as a script", forms: [Form("export", [.keyword("settings")])]),
    VerbDeclaration(
      "backup", group: "other", summary: "keep the store",
      forms: [Form("backup", [.keyword("to"), .slot("file", file)])]),
    VerbDeclaration(
      "say", group: "other", summary: "write a line",
      forms: [
        Form(
          "say",
          [
            .slot("text", .text),
            .optional([.keyword("level"), .oneOf([[.keyword("info")], [.keyword("warning")], [.keyword("error")]])]),
          ])
      ]),
    VerbDeclaration(
      "help", group: "other", summary: "explain",
      forms: [Form("help", [.optional([.many([.slot("topic", SlotType("topic"))])])])]),
    VerbDeclaration("quit", aliases: ["exit"], group: "other", summary: "leave", forms: [Form("quit", [])]),
  ]
}
