/// Microsoft 365 users become contacts of one company at the PSA.
import Model

extension Recipe {
  /// `m365-contacts`: who is licensed and may sign in at Microsoft 365 is an active contact at the PSA.
  package static let m365Contacts: Recipe = {
    let mapping = ["first-name", "last-name", "title", "phone", "mobile", "email"].map {
      FieldMapping(target: FieldName($0), source: FieldName($0))
    }
    return Recipe(
      handle: "m365-contacts",
      name: "Microsoft 365 users to contacts",
      summary: "Keeps a company's contacts at the PSA in step with the users of its Microsoft 365 tenant.",
      sourceSystems: ["m365", "file"],
      targetSystems: ["connectwise", "autotask"],
      isPerCompany: true,
      stages: [
        Stage(
          kind: .person,
          mapping: mapping,
          matchKeys: [
            MatchRule(source: "email", targets: ["addresses", "email"], rule: .email, aliases: "addresses")
          ],
          nameFields: ["first-name", "last-name"],
          requiredFields: [RequiredField("email", .missingEmail)],
          source: SideRules(
            outsider: M365Rules.guest, states: [M365Rules.signIn, M365Rules.licence], scopes: [M365Rules.domain]),
          rules: M365Rules.rules)
      ],
      settings: SettingDeclaration.common + [
        SettingDeclaration(
          .updateExisting, .flag, default: .flag(false),
          help: "Update, deactivate and reactivate contacts that exist; off, people are only created and linked."),
        SettingDeclaration(
          .reactivate, .flag, default: .flag(true), help: "Reactivate a contact when its user is active again."),
        SettingDeclaration(
          .outOfScope, .choice(["leave", "deactivate"]), default: .text("leave"),
          help: "What becomes of a linked contact whose user is out of scope now."),
        SettingDeclaration(
          .targetEdits, .choice(["keep", "overwrite"]), default: .text("keep"),
          help: "Whether an edit made at the PSA stays until the field changes at Microsoft 365."),
        SettingDeclaration(
          .tenant, .text, default: .text(""),
          help: "The company's Microsoft 365 tenant: its id or a verified domain; of a file, the tenant in its column.",
          isRequired: true),
        SettingDeclaration(
          .domains, .list, default: .list([]), help: "Only people with an address in one of these domains; none: all."),
        SettingDeclaration(
          .ignoreLicences, .list, default: .list([]),
          help: "Licences that do not make a user active, by sku id or part number."),
      ] + SettingDeclaration.mappings(mapping) + SettingDeclaration.companyGuards,
      sourcePartition: .tenant,
      defaultSuffix: "contacts",
      defaultSchedule: "every day at 02:00",
      steps: [
        "set tenant to the company's Microsoft 365 tenant", "check", "preview", "enable",
        "set update-existing to on, once the links look right", "schedule",
      ])
  }()
}

/// The rules of Microsoft 365 users.
enum M365Rules {
  /// Guests belong to another organisation. A user type that was not given is a member's.
  static func guest(_ context: RuleContext) -> Cause? {
    guard let type = context.record.fields.text("user-type"), type.trimmedNFC.lowercased() == "guest" else {
      return nil
    }
    return Cause(
      .guest, evidence: [Evidence("user-type", "is", wanted: "Member", found: type, at: context.system.name)])
  }

  /// Sign-in enabled. An answer without the flag, which Graph gives unless it is asked for, says nothing.
  static func signIn(_ context: RuleContext) -> StateFinding {
    switch context.record.fields.flag("account-enabled") {
    case true?: return .active
    case false?:
      return .inactive(
        Cause(
          .signInDisabled,
          evidence: [Evidence("account-enabled", "is", wanted: "yes", found: "no", at: context.system.name)]))
    case nil: return .unknown(notGiven("account-enabled", context))
    }
  }

  /// Any licence that is not among those to be ignored.
  static func licence(_ context: RuleContext) -> StateFinding {
    guard let value = context.record.fields["licences"] else {
      // A source that knows of no licences says so, and whom it counts.
      return context.record.fields.flag("licensed") == true ? .active : .unknown(notGiven("licences", context))
    }
    let ids = (value.items ?? value.text.map { [$0] } ?? []).map(\.trimmedNFC).filter { !$0.isEmpty }
    let ignored = context.settings.list(.ignoreLicences)
    let keys = Set(ignored.map { $0.trimmedNFC.lowercased() })
    let names = context.record.fields.items("licence-names")
    func unlicensed() -> StateFinding {
      let held = names ?? ids
      let found = held.isEmpty ? "none" : held.joined(separator: ", ")
      let wanted = ignored.isEmpty ? "any licence" : "any licence but \(ignored.joined(separator: ", "))"
      return .inactive(
        Cause(
          .unlicensed,
          evidence: [Evidence("licences", "have", wanted: wanted, found: found, at: context.system.name)],
          fix: "assign a licence to \(context.label) at \(context.system.name)"))
    }
    let counting = ids.filter { !keys.contains($0.lowercased()) }
    if counting.isEmpty { return unlicensed() }
    guard keys.contains(where: { !isIdentifier($0) }) else { return .active }
    guard let names else {
      return .unknown(
        Cause(
          .permissionMissing,
          evidence: [
            Evidence("licence-names", "are", wanted: "given", found: "not given", at: context.system.name),
            Evidence("ignore-licences", "has", found: ignored.joined(separator: ", ")),
          ],
          fix: "grant Organization.Read.All, or set ignore-licences to sku ids"))
    }
    // Names stand in the order of the ids; where they do not pair off, only ids are believed.
    guard names.count == ids.count else { return .active }
    let isActive = zip(ids, names).contains { id, name in
      !keys.contains(id.lowercased()) && !keys.contains(name.trimmedNFC.lowercased())
    }
    return isActive ? .active : unlicensed()
  }

  /// The domain after the last `@`, where domains were selected. A record without an address is left to the data gate.
  static func domain(_ context: RuleContext) -> Cause? {
    let selected = context.settings.list(.domains)
    let keys = selected.map { entry in
      let key = entry.trimmedNFC.lowercased()
      return key.hasPrefix("@") ? String(key.dropFirst()) : key
    }
    guard !keys.isEmpty, let email = context.record.fields.text("email")?.trimmedNFC.lowercased(), !email.isEmpty
    else { return nil }
    let domain = email.lastIndex(of: "@").map { String(email[email.index(after: $0)...]) } ?? ""
    guard !keys.contains(domain) else { return nil }
    return Cause(
      .domainNotSelected,
      evidence: [
        Evidence(
          "domain", "is one of", wanted: selected.joined(separator: ", "),
          found: domain.isEmpty ? "none (\(email))" : domain, at: context.system.name)
      ],
      fix: domain.isEmpty ? "correct the e-mail address of \(context.label)" : "add \(domain) to domains")
  }

  static let rules: [Reason: String] = [
    .deletedAtSource: "a linked contact whose user was deleted becomes inactive, never deleted",
    .companyUnmapped: "people go only to the company that their company is mapped to",
    .nearMiss: "an existing contact is matched by its e-mail address",
    .nameOnly: "an existing contact is matched by its e-mail address",
    .notMatched: "an existing contact is matched by its e-mail address",
    .matched: "an existing contact is matched by its e-mail address",
    .keyRenamed: "once linked, a pair is followed by its ids, whatever its address becomes",
    .recreated: "a re-created account takes over the contact of the account that was deleted",
    .signInDisabled: "only users who may sign in are active contacts",
    .unlicensed: "only users with a licence are active contacts",
    .neverManaged: "a contact that this sync never linked is left alone",
    .inactiveAtTarget: "a contact that this sync never linked is left alone",
    .activeAgain: "a contact is reactivated when its user is active again",
    .missingFirstName: "the PSA demands a first name of a new contact",
    .createOff: "contacts are created only while create is on",
    .updateOff: "existing contacts are updated, deactivated and reactivated only while update-existing is on",
    .reactivateOff: "contacts are reactivated only while reactivate is on",
    .outOfScopeLeft:
      "a linked contact whose user is out of scope now stays as it is, unless out-of-scope says otherwise",
  ]

  private static func notGiven(_ field: String, _ context: RuleContext) -> Cause {
    Cause(
      .sourceIncomplete,
      evidence: [Evidence(field, "is", wanted: "given", found: "not given", at: context.system.name)],
      fix: "load people")
  }

  /// A sku id: 8-4-4-4-12 hexadecimal digits.
  private static func isIdentifier(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
  }
}
