/// The PSA's companies, configurations and contacts, in step with IT Glue's organizations; two-way where it is switched on.
import Foundation
import Model

extension Recipe {
  /// `itglue-psa`: the PSA is the truth; with `two-way on`, an edit at IT Glue reaches it too.
  package static let itGluePSA: Recipe = {
    let company =
      ["name", "type"].map { FieldMapping(target: $0, source: $0) }
      + [
        // Autotask has a flag where IT Glue has any number of statuses.
        FieldMapping(target: "status", source: "status", followsFact: true),
        FieldMapping(target: "identifier", source: "identifier", givenOnceBy: ["connectwise"]),
        // IT Glue's organizations have none, and Autotask demands one: a constant can stand for it.
        FieldMapping(target: "phone", source: "phone"),
      ]
    let configuration =
      [
        "name", "type", "status", "serial-number", "manufacturer", "model", "asset-tag", "notes", "installed-at",
        "installed-by", "purchased-at", "warranty-expires-at", "primary-ip", "default-gateway",
      ].map { FieldMapping(target: FieldName($0), source: FieldName($0), followsFact: $0 == "status") }
      + [FieldMapping(target: "mac-address", source: "mac-address", longest: 17)]
    let person =
      ["first-name", "last-name", "title", "email", "phone", "mobile", "fax"].map {
        FieldMapping(target: FieldName($0), source: FieldName($0))
      } + [FieldMapping(target: "other-emails", source: "other-emails", isList: true, roomAtSource: 2)]
    return Recipe(
      handle: "itglue-psa",
      name: "PSA companies and IT Glue organizations",
      summary: "Keeps IT Glue's organizations, configurations and contacts in step with the PSA; both ways if asked.",
      sourceSystems: ["connectwise", "autotask"],
      targetSystems: ["itglue"],
      isPerCompany: false,
      stages: [
        Stage(
          kind: .company, direction: ITGlueRules.direction, mapping: company, mappingPrefix: "company.",
          matchKeys: [
            MatchRule(source: "id", targets: ["psa-id"], rule: .exact),
            MatchRule(source: "name", targets: ["name"], rule: .exact),
          ],
          nameFields: ["name"], requiredFields: [RequiredField("name", .missingName)],
          source: SideRules(
            outsider: SharedRules.owner, takesInactive: true, scopes: Selection.both("organization")),
          target: SideRules(
            outsider: SharedRules.owner, scopes: Selection.both("organization"), creation: ITGlueRules.pushed,
            sending: ITGlueRules.pushed),
          firstMatch: .wins(.source), leaving: .orphans, rules: ITGlueRules.rules("organization")),
        Stage(
          kind: .configuration, hasParents: true, direction: ITGlueRules.direction,
          isOn: { $0.flag(.configurations) }, mapping: configuration, mappingPrefix: "configuration.",
          matchKeys: [
            MatchRule(
              source: "name", targets: ["name"], rule: .exact,
              parts: ["type", "serial-number", "mac-address"].map { MatchRule.Part(source: $0, target: $0) })
          ],
          nameFields: ["name"], requiredFields: [RequiredField("name", .missingName)],
          source: SideRules(takesInactive: true, scopes: Selection.both("configuration")),
          target: SideRules(
            scopes: Selection.both("configuration"), creation: ITGlueRules.pushed, sending: ITGlueRules.pushed),
          firstMatch: .wins(.source), leaving: .orphans, rules: ITGlueRules.rules("configuration")),
        Stage(
          kind: .person, hasParents: true, direction: ITGlueRules.direction, isOn: { $0.flag(.contacts) },
          mapping: person, mappingPrefix: "person.",
          matchKeys: [
            MatchRule(
              source: "first-name", targets: ["first-name"], rule: .exact,
              parts: [MatchRule.Part(source: "last-name", target: "last-name")])
          ],
          nameFields: ["first-name", "last-name"], requiredFields: [],
          source: SideRules(),
          target: SideRules(creation: ITGlueRules.pushed, sending: ITGlueRules.pushed),
          firstMatch: .wins(.source), leaving: .orphans, rules: ITGlueRules.rules("contact")),
      ],
      settings: SettingDeclaration.common + [
        SettingDeclaration(
          .twoWay, .flag, default: .flag(false),
          help:
            "Whether an edit of a mapped field at IT Glue reaches the PSA; what was there before it was switched on "
            + "stays until it is edited."),
        SettingDeclaration.conflicts(["connectwise", "autotask", "itglue"], default: "psa", others: ["psa"]),
        SettingDeclaration(
          .targetEdits, .choice(["keep", "overwrite"]), default: .text("overwrite"),
          help: "While two-way is off: whether an edit made at IT Glue stays until the field changes at the PSA."),
        SettingDeclaration(
          .pushEvery, .duration, default: .duration(30), help: "How soon an edit at IT Glue reaches the PSA.",
          changesDecisions: false),
        ITGlueRules.selection("organization-types", "Types of organization that sync"),
        ITGlueRules.selection("organization-statuses", "Statuses of organization that sync"),
        ITGlueRules.selection("configuration-types", "Types of configuration that sync"),
        ITGlueRules.selection("configuration-statuses", "Statuses of configuration that sync"),
        SettingDeclaration(.configurations, .flag, default: .flag(true), help: "Whether configurations sync."),
        SettingDeclaration(.contacts, .flag, default: .flag(false), help: "Whether contacts sync."),
      ] + SettingDeclaration.mappings(company, prefix: "company.")
        + SettingDeclaration.mappings(configuration, prefix: "configuration.")
        + SettingDeclaration.mappings(person, prefix: "person.") + SettingDeclaration.guards + [
          SettingDeclaration(
            .guardImport, .count, default: .count(20),
            help: "Records of IT Glue, new or changed in one reading; beyond that they wait to be sent by a person.")
        ],
      startsWithLaterEdits: .twoWay,
      conflictWords: ["psa": .source],
      defaultSuffix: "itglue-psa",
      defaultSchedule: "every hour",
      steps: [
        "set organization-types and organization-statuses to those that sync",
        "set configuration-types and configuration-statuses to those that sync", "check", "preview", "enable",
        "set two-way to on, once the links look right", "schedule",
      ])
  }()
}

/// The rules of IT Glue and a PSA.
enum ITGlueRules {
  static func direction(_ settings: Settings) -> Direction { settings.flag(.twoWay) ? .twoWay : .oneWay }

  static func selection(_ key: String, _ help: String) -> SettingDeclaration {
    SettingDeclaration(
      SettingKey(key), .list, default: .list([]), help: "\(help), by name or id; none chosen lets nothing through.")
  }

  /// What was at IT Glue before two-way was switched on waits for an edit, and what arrived in bulk for a person.
  static func pushed(_ context: RuleContext) -> Cause? {
    guard !context.isPushed else { return nil }
    return notYetPushed(context) ?? importHeld(context)
  }

  private static func notYetPushed(_ context: RuleContext) -> Cause? {
    let since = context.settings.changes[.twoWay]?.at
    if let since, let modified = context.record.modified, modified > since { return nil }
    return Cause(
      .notYetPushed,
      evidence: [
        Evidence(
          "last edit", "is",
          wanted: since.map { "after \(moment($0)), when two-way was switched on" } ?? "two-way on",
          found: context.record.modified.map(moment) ?? "not given", at: context.system.name)
      ],
      fix: "edit and save \(context.label) at \(context.system.name), or push \(context.label)")
  }

  private static func importHeld(_ context: RuleContext) -> Cause? {
    let limit = context.settings.count(.guardImport)
    guard context.arrivedWith > limit else { return nil }
    return Cause(
      .importHeld,
      evidence: [
        Evidence(
          "arrived", "with", wanted: "at most \(limit) in one reading",
          found: Wording.count(context.arrivedWith, "record"),
          at: context.system.name)
      ],
      fix: "push \(context.label.typed)")
  }

  static func rules(_ noun: String) -> [Reason: String] {
    let match =
      switch noun {
      case "organization": "an organization is matched by its link to the PSA, then by its exact name"
      case "configuration":
        "a configuration is matched by its exact name, type, serial number and MAC address, within its organization"
      default: "a contact is matched by its exact first and last name, within its organization"
      }
    return [
      .matched: match, .notMatched: match, .nearMiss: match, .nameOnly: match,
      .typeNotSynced: "a record syncs only when its type and its status are both among those chosen; none blocks",
      .statusNotSynced: "a record syncs only when its type and its status are both among those chosen; none blocks",
      .orphaned: "what is deleted at the PSA, or no longer meets the settings, stays at IT Glue as an orphan",
      .differsAtFirstMatch: "on the first match the PSA's values win",
      .otherSideWins: "the PSA wins where both sides edited a field, unless conflicts says otherwise",
      .editedAtTarget: "while two-way is off, the PSA is the truth and edits at IT Glue are put back",
      .readOnlySide: "while two-way is off, nothing goes from IT Glue to the PSA",
      .linkBroken: "a delete at IT Glue never travels to the PSA; the pair is remembered as broken",
      .missingManufacturer: "an Autotask configuration item needs manufacturer and model",
      .missingModel: "an Autotask configuration item needs manufacturer and model",
      .missingStatus: "a ConnectWise configuration needs a status",
      .noCompany: "a \(noun) syncs only with the organization that it belongs to",
      .companyNotSynced: "a \(noun) syncs only with the organization that it belongs to",
    ]
  }
}
