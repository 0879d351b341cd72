/// Settings that recipes share, declared once.
package import Model

extension SettingKey {
  package static let enabled: SettingKey = "enabled"
  package static let create: SettingKey = "create"
  package static let updateExisting: SettingKey = "update-existing"
  package static let reactivate: SettingKey = "reactivate"
  package static let clearBlanks: SettingKey = "clear-blanks"
  package static let outOfScope: SettingKey = "out-of-scope"
  package static let targetEdits: SettingKey = "target-edits"
  package static let fullReadEvery: SettingKey = "full-read-every"
  package static let tenant: SettingKey = "tenant"
  package static let domains: SettingKey = "domains"
  package static let ignoreLicences: SettingKey = "ignore-licences"

  package static let conflicts: SettingKey = "conflicts"
  package static let pushEvery: SettingKey = "push-every"
  package static let twoWay: SettingKey = "two-way"
  package static let createContacts: SettingKey = "create-contacts"
  package static let contacts: SettingKey = "contacts"
  package static let configurations: SettingKey = "configurations"
  package static let guardImport: SettingKey = "guard.import"

  package static let memberStatus: SettingKey = "member-status"
  package static let memberTypes: SettingKey = "member-types"
  package static let profile: SettingKey = "profile"
  package static let invite: SettingKey = "invite"

  static let guardRemovals: SettingKey = "guard.removals"
  static let guardRemovalsShare: SettingKey = "guard.removals-share"
  static let guardRemovalsWeek: SettingKey = "guard.removals-week"
  static let guardRemovalsWeekShare: SettingKey = "guard.removals-week-share"
  static let guardUpdates: SettingKey = "guard.updates"
  static let guardUpdatesShare: SettingKey = "guard.updates-share"
  static let guardReactivates: SettingKey = "guard.reactivates"
  static let guardAddresses: SettingKey = "guard.addresses"
  static let guardClears: SettingKey = "guard.clears"
  static let guardCreates: SettingKey = "guard.creates"
  static let guardMatchedShare: SettingKey = "guard.matched-share"
  static let guardFlapping: SettingKey = "guard.flapping"
}

extension SettingDeclaration {
  /// What every recipe can be told.
  static let common: [SettingDeclaration] = [
    SettingDeclaration(
      .enabled, .flag, default: .flag(false),
      help: "Whether runs may write. Switched by enable and disable; enable needs a passed check.",
      changesDecisions: false),
    SettingDeclaration(.create, .flag, default: .flag(true), help: "Create records that the target does not have."),
    SettingDeclaration(
      .clearBlanks, .flag, default: .flag(false),
      help: "Clear a field at the target when it was filled at the source and is blank now."),
    SettingDeclaration(
      .fullReadEvery, .duration, default: .duration(7 * 86_400),
      help: "How often everything is read again instead of only what changed.", changesDecisions: false),
  ]

  /// The limits on what one run may change. They hold a plan; they do not change what it decides.
  static let guards: [SettingDeclaration] = limits + [flapping]

  /// The same for recipes in which a wrong tenant or account shows by nobody matching.
  static let companyGuards: [SettingDeclaration] =
    limits + [
      share(
        .guardMatchedShare, 10, "Below this share of the smaller side being matched, the tenant may be the wrong one."),
      flapping,
    ]

  private static let limits: [SettingDeclaration] = [
    limit(.guardRemovals, 5, "Deactivations and deletes of one run, together with guard.removals-share."),
    share(.guardRemovalsShare, 10, "Their share of the pairs that are active at the target."),
    limit(.guardRemovalsWeek, 15, "Deactivations and deletes of 7 days, together with guard.removals-week-share."),
    share(.guardRemovalsWeekShare, 30, "Their share of the pairs that were active when the 7 days began."),
    limit(.guardUpdates, 50, "Updates of one run, together with guard.updates-share; from the second run."),
    share(.guardUpdatesShare, 50, "Their share of the linked records."),
    limit(.guardReactivates, 20, "Reactivations of one run; from the second run."),
    limit(.guardAddresses, 20, "Changed e-mail addresses of one run; from the second run."),
    limit(.guardClears, 20, "Records with cleared fields of one run; from the second run."),
    limit(.guardCreates, 500, "Creates of one run; from the second run."),
  ]

  private static let flapping = SettingDeclaration(
    .guardFlapping, .count, default: .count(3),
    help: "Writes of one field of one record within 24 hours; a record beyond that is skipped.")

  /// Who wins a field that both sides edited. `others`: further words that the recipe takes.
  static func conflicts(_ systems: [SystemID], default word: String = "ask", others: [String] = [])
    -> SettingDeclaration
  {
    SettingDeclaration(
      .conflicts, .choice(["ask", "newest"] + others + systems.map(\.rawValue)), default: .text(word),
      help: "Which side wins a field that was edited on both: ask leaves both and lists them; newest, where both "
        + "systems say when a record last changed.")
  }

  /// One `mapping.FIELD` for each mapped field of a stage.
  static func mappings(_ mapping: [FieldMapping], prefix: String = "") -> [SettingDeclaration] {
    mapping.map { entry in
      SettingDeclaration(
        SettingKey("mapping.\(prefix)\(entry.target)"), .text, default: .text(entry.source.rawValue),
        help: "What feeds \(entry.target): a source field, constant:TEXT for the same text everywhere, or none.")
    }
  }

  private static func limit(_ key: SettingKey, _ count: Int, _ help: String) -> SettingDeclaration {
    SettingDeclaration(key, .count, default: .count(count), help: help, changesDecisions: false)
  }

  private static func share(_ key: SettingKey, _ percent: Int, _ help: String) -> SettingDeclaration {
    SettingDeclaration(key, .percent, default: .count(percent), help: help, changesDecisions: false)
  }
}
