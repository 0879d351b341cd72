/// ConnectWise's members become employees at Crewhu.
import Model

extension Recipe {
  /// `crewhu-employees`: `member-status` says which members become which employees; nobody is made twice on a guess.
  package static let crewhuEmployees: Recipe = {
    let mapping =
      ["email", "first-name", "last-name"].map { FieldMapping(target: $0, source: $0) }
      + [
        FieldMapping(
          target: "employee-ids", source: "employee-ids", isList: true, isVerbatim: true, mayHoldMore: true)
      ] + ["location", "team", "position", "hire-date", "photo"].map { FieldMapping(target: $0, source: $0) }
    return Recipe(
      handle: "crewhu-employees",
      name: "ConnectWise members to Crewhu employees",
      summary: "Makes employees at Crewhu of ConnectWise's members, and keeps them in step.",
      sourceSystems: ["connectwise"],
      targetSystems: ["crewhu"],
      isPerCompany: false,
      stages: [
        Stage(
          kind: .member, mapping: mapping,
          matchKeys: [
            MatchRule(
              source: "email", targets: ["email"], rule: .identical,
              meeting: MatchRule.Meeting(
                source: "employee-ids", target: "employee-ids", rule: .identical, keyAlone: .idMismatch,
                listAlone: .emailMismatch))
          ],
          nameFields: ["first-name", "last-name"], requiredFields: [RequiredField("email", .missingEmail)],
          source: SideRules(inactive: MemberRules.inactive, scopes: [MemberRules.type]),
          states: MemberRules.states, remakesDeleted: true,
          givens: [
            GivenField(.profile, missing: MemberRules.missingProfile) { .text($0.settings.text(.profile).trimmedNFC) },
            GivenField(.state) { MemberRules.made($0) == .inactive ? .text(RecordState.inactive.rawValue) : nil },
            GivenField(.invite) { MemberRules.isInvited($0) ? .flag(true) : nil },
          ],
          creationHints: MemberRules.hints, rules: MemberRules.rules)
      ],
      settings: SettingDeclaration.common + [
        SettingDeclaration(
          .updateExisting, .flag, default: .flag(true),
          help: "Update the fields of employees that exist; their state is a matter of member-status."),
        SettingDeclaration(
          .targetEdits, .choice(["keep", "overwrite"]), default: .text("keep"),
          help: "Whether an edit made at Crewhu stays until the field changes at ConnectWise."),
        SettingDeclaration(
          .memberStatus, .choice(["active", "all", "inactive"]), default: .text("active"),
          help: "active: active members become active employees. all: inactive ones become inactive employees too. "
            + "inactive: the active members are made as inactive employees."),
        SettingDeclaration(
          .memberTypes, .list, default: .list([]),
          help: "Types of member that sync, by name or id; none chosen means that nobody does."),
        SettingDeclaration(
          .profile, .text, default: .text(""),
          help: "The profile, one of Crewhu's active ones, that new employees are given.", isNeededToEnable: true),
        SettingDeclaration(
          .invite, .choice(["automatic", "manual"]), default: .text("manual"),
          help: "Whether Crewhu invites each new active employee at once."),
      ] + SettingDeclaration.mappings(mapping) + SettingDeclaration.companyGuards,
      defaultSuffix: "crewhu-employees",
      defaultSchedule: "every day at 02:00",
      steps: [
        "set member-types to the types that sync", "set profile to the one that new employees are given", "check",
        "preview", "enable", "schedule",
      ], concerns: MemberRules.concerns)
  }()
}

/// The rules of ConnectWise's members.
enum MemberRules {
  /// The three meanings of `member-status`; the third name misleads: it takes the members that are active.
  static func states(_ settings: Settings) -> StateTravel {
    switch settings.text(.memberStatus) {
    case "all": StateTravel(includesInactive: true, isUnconditional: true)
    case "inactive": StateTravel(made: .inactive, reactivates: false, deactivates: false, isUnconditional: true)
    default: StateTravel(deactivates: false, isUnconditional: true)
    }
  }

  static func inactive(_ context: RuleContext) -> Cause {
    let includes = states(context.settings).includesInactive
    let name = SettingKey.memberStatus.rawValue
    return Cause(
      .memberInactive,
      evidence: [
        Evidence("state", "is", wanted: includes ? nil : "active", found: "inactive", at: context.system.name),
        Evidence(name, "is", found: context.settings.text(.memberStatus)),
      ], fix: includes ? nil : "set \(name) to all, for inactive members too")
  }

  /// By name or id; none chosen is nobody, not everybody.
  static func type(_ context: RuleContext) -> Cause? {
    Selection(
      setting: .memberTypes, field: "member-type", id: "member-type-id", reason: .memberTypeNotSelected,
      noneReason: .noMemberTypeSelected
    ).cause(context)
  }

  static func made(_ context: RuleContext) -> RecordState { states(context.settings).made(of: context.record.state) }

  /// Nobody inactive is invited, whatever the setting says.
  static func isInvited(_ context: RuleContext) -> Bool {
    context.settings.text(.invite) == "automatic" && made(context) == .active
  }

  static func hints(_ context: RuleContext) -> [Cause] {
    guard made(context) == .active, !isInvited(context) else { return [] }
    let name = SettingKey.invite.rawValue
    return [
      Cause(
        .invitationWaits,
        evidence: [Evidence(name, "is", wanted: "automatic", found: context.settings.text(.invite))],
        fix: "invite \(context.label) at Crewhu, or set \(name) to automatic before")
    ]
  }

  static func missingProfile(_ context: RuleContext) -> Cause {
    let name = SettingKey.profile.rawValue
    return Cause(
      .missingProfile,
      evidence: [Evidence(name, "is", wanted: "one of Crewhu's active profiles", found: "not set")],
      fix: "set \(name) to …")
  }

  // MARK: - The profile

  /// What `check` keeps of the profiles at Crewhu, where it can read them: names, separated by line breaks.
  static let (activeProfiles, wholeCompanyProfiles) = ("profiles", "whole-company-profiles")
  /// The one of Crewhu's own profiles whose scope is the whole company.
  static let admin = "Admin"

  /// A profile that is not there, or one that opens the whole company to every new employee.
  static func concerns(_ settings: Settings, _ findings: [String: String]) -> [SettingConcern] {
    let profile = settings.text(.profile).trimmedNFC
    guard !profile.isEmpty else { return [] }
    func names(_ key: String) -> [String]? {
      findings[key].map { $0.split(separator: "\n").map { String($0).trimmedNFC }.filter { !$0.isEmpty } }
    }
    if let active = names(activeProfiles), !active.contains(profile) {
      return [
        SettingConcern(
          key: .profile, isRefusal: true,
          sentence: "\(profile) is none of Crewhu's active profiles (\(active.joined(separator: ", "))).")
      ]
    }
    guard (names(wholeCompanyProfiles) ?? [admin]).contains(profile) else { return [] }
    return [
      SettingConcern(
        key: .profile, isRefusal: false,
        sentence: "The profile \(profile) sees the whole company, and every new employee is given it.")
    ]
  }

  static let rules: [Reason: String] = [
    .matched: "two are one person only if the e-mail address and an employee id are both equal, letter by letter",
    .notMatched: "two are one person only if the e-mail address and an employee id are both equal, letter by letter",
    .nearMiss: "two are one person only if the e-mail address and an employee id are both equal, letter by letter",
    .nameOnly: "two are one person only if the e-mail address and an employee id are both equal, letter by letter",
    .activeAgain: "an active member whose type is selected is an active employee, unless member-status is inactive",
    .deletedAtSource: "a member that is gone deactivates nobody unless member-status is all",
    .deletedByPerson: "an employee who was deleted comes back while the member is still selected",
    .createOnlyField: "the profile is given to new employees and never changed on existing ones",
    .neverManaged: "an employee that this sync never linked is left alone",
    .inactiveAtTarget: "an employee that this sync never linked is left alone",
    .missingEmail: "an employee needs an e-mail address",
    .updateOff: "the fields of existing employees are updated only while update-existing is on",
    .createOff: "employees are created only while create is on",
  ]
}
