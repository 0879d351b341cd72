/// Teamwork.com's clients and their people, in step with the companies and customers of Teamwork Desk, both ways.
import Foundation
import Model

extension Recipe {
  /// `teamwork-desk`: what is made at Teamwork.com goes to Desk by itself; what is made at Desk only when it is chosen.
  package static let teamworkDesk: Recipe = {
    let company = ["name", "website", "email"].map { FieldMapping(target: $0, source: $0) }
    let person =
      ["first-name", "last-name", "email"].map { FieldMapping(target: $0, source: $0) }
      + [FieldMapping(target: "other-emails", source: "other-emails", isList: true, roomAtSource: 3, besides: "email")]
      + ["photo", "twitter", "facebook", "linkedin"].map { FieldMapping(target: $0, source: $0) }
    return Recipe(
      handle: "teamwork-desk",
      name: "Teamwork.com clients and Teamwork Desk companies",
      summary: "Keeps clients and their people in step between Teamwork.com and Teamwork Desk, both ways.",
      sourceSystems: ["teamwork"],
      targetSystems: ["desk"],
      isPerCompany: false,
      stages: [
        Stage(
          kind: .company, direction: { _ in .twoWay }, mapping: company, mappingPrefix: "company.",
          matchKeys: [MatchRule(source: "name", targets: ["name"], rule: .exact)], nameFields: ["name"],
          requiredFields: [RequiredField("name", .missingName)],
          source: SideRules(outsider: SharedRules.owner),
          target: SideRules(creation: TeamworkRules.promoted), leaving: .parts, rules: TeamworkRules.companyRules),
        Stage(
          kind: .person, hasParents: true, direction: { _ in .twoWay }, mapping: person, mappingPrefix: "person.",
          matchKeys: [
            MatchRule(source: "email", targets: ["email"], rule: .email),
            MatchRule(source: "addresses", targets: ["addresses"], rule: .email),
          ],
          keysSpanCompanies: true, targetsMerge: true,
          nameFields: ["first-name", "last-name"],
          requiredFields: [
            RequiredField("first-name", .missingFirstName), RequiredField("last-name", .missingLastName),
            RequiredField("email", .missingEmail),
          ],
          source: SideRules(receiving: TeamworkRules.contactsOnly),
          target: SideRules(creation: TeamworkRules.newCustomer, moving: TeamworkRules.heldByDomain), leaving: .parts,
          rules: TeamworkRules.personRules),
      ],
      settings: SettingDeclaration.common + [
        SettingDeclaration.conflicts(["teamwork", "desk"]),
        SettingDeclaration(
          .createContacts, .flag, default: .flag(false),
          help: "Make contacts at Teamwork.com of new customers of synced companies; those that are there stay as they "
            + "are."),
      ] + SettingDeclaration.mappings(company, prefix: "company.")
        + SettingDeclaration.mappings(person, prefix: "person.") + SettingDeclaration.guards,
      defaultSuffix: "teamwork-desk",
      defaultSchedule: "every hour",
      steps: ["check", "preview", "enable", "promote companies of Desk that are clients", "schedule"])
  }()
}

/// The rules of Teamwork.com and Desk.
enum TeamworkRules {
  /// A company made at Desk goes to Teamwork.com only when somebody chose it.
  static func promoted(_ context: RuleContext) -> Cause? {
    guard !context.isPromoted else { return nil }
    return Cause(
      .notPromoted,
      evidence: [Evidence("promoted", "is", wanted: "yes", found: "no", at: context.system.name)],
      fix: "promote \(context.label.typed)")
  }

  /// New customers only: who was there before the setting was switched on is not made up for.
  static func newCustomer(_ context: RuleContext) -> Cause? {
    let name = SettingKey.createContacts.rawValue
    guard context.settings.flag(.createContacts) else {
      return Cause(
        .createContactsOff, evidence: [Evidence(name, "is", wanted: "on", found: "off")],
        fix: "set \(name) to on, for new customers")
    }
    let since = context.settings.changes[.createContacts]?.at
    if let since, let created = context.record.created, created > since { return nil }
    return Cause(
      .createContactsOff,
      evidence: [
        Evidence(
          "created", "is after",
          wanted: since.map { "\(minute($0)), when \(name) was switched on" } ?? "a known moment",
          found: context.record.created.map(minute) ?? "not given", at: context.system.name)
      ],
      fix: "make \(context.label) a contact at Teamwork.com by hand; the two are then linked")
  }

  /// A user's login is never written to: only people of type contact are.
  static func contactsOnly(_ context: RuleContext) -> Cause? {
    let type = context.record.fields.text("user-type")?.trimmedNFC ?? ""
    guard type.lowercased() != "contact" else { return nil }
    return Cause(
      .readOnlySide,
      evidence: [
        Evidence(
          "user-type", "is", wanted: "contact", found: type.isEmpty ? "not given" : type, at: context.system.name)
      ],
      fix: "edit \(context.label) at \(context.system.name)")
  }

  /// Desk puts a customer back whom it placed by the domain of the main address.
  static func heldByDomain(_ context: RuleContext) -> Evidence? {
    guard context.record.fields.text("add-method")?.lowercased() == "auto" else { return nil }
    return Evidence(
      "add-method", "is", wanted: "manual", found: "auto, by the domain of its address", at: context.system.name)
  }

  static let companyRules: [Reason: String] = [
    .differsAtFirstMatch: "when a pair is found, blanks are filled from the other side, and values that differ stay",
    .matched: "a client and a company are matched by their exact name",
    .notMatched: "a client and a company are matched by their exact name",
    .nearMiss: "a client and a company are matched by their exact name",
    .notPromoted: "a company made at Desk goes to Teamwork.com only when it is promoted",
    .linkBroken: "deleting either side breaks the link, and the other side stays",
    .neverManaged: "a company that this sync never linked is left alone",
  ]

  static let personRules: [Reason: String] = [
    .differsAtFirstMatch: "when a pair is found, blanks are filled from the other side, and values that differ stay",
    .matched: "people are matched by their main address, then by any other, within their company",
    .notMatched: "people are matched by their main address, then by any other, within their company",
    .nearMiss: "people are matched by their main address, then by any other, within their company",
    .linkBroken: "deleting either side breaks the link, and the other side stays",
    .noCompany: "a customer syncs only if it belongs to a synced company",
    .companyNotSynced: "a customer syncs only if it belongs to a synced company",
    .missingFirstName: "a person needs first and last name, a main address and a company",
    .missingLastName: "a person needs first and last name, a main address and a company",
    .missingEmail: "a person needs first and last name, a main address and a company",
    .readOnlySide: "only people of type contact are written to, never a user's login",
    .manyValues: "Teamwork.com has room for three other addresses",
  ]
}
