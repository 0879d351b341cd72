/// One user's group of contacts becomes the same group in other users' contacts.
package import Model

extension SettingKey {
  package static let sourceUser: SettingKey = "source-user"
  package static let sourceGroup: SettingKey = "source-group"
  package static let destinations: SettingKey = "destinations"
  package static let label: SettingKey = "label"
  package static let myContacts: SettingKey = "my-contacts"
  package static let removeLeavers: SettingKey = "remove-leavers"
}

extension Recipe {
  /// `google-contacts`: the source's group is the truth for the copies; what users added themselves is theirs.
  package static let googleContacts: Recipe = {
    let lists: Set<FieldName> = [
      "emails", "phones", "addresses", "urls", "relations", "events", "im", "custom-fields", "calendar-urls",
    ]
    let fields: [FieldName] = [
      "first-name", "middle-name", "last-name", "prefix", "suffix", "nickname", "emails", "phones", "company-name",
      "title", "department", "addresses", "urls", "birthday", "relations", "events", "im", "custom-fields", "notes",
    ]
    let mapping = fields.map { FieldMapping(target: $0, source: $0, isList: lists.contains($0)) }
    return Recipe(
      handle: "google-contacts",
      name: "One user's contacts to other users",
      summary: "Gives a group of one user's Google contacts to other users, and keeps their copies in step.",
      sourceSystems: ["google"],
      targetSystems: ["google"],
      isPerCompany: false,
      stages: [
        Stage(
          kind: .person,
          // A copy carries the id of its origin, so that it is found again though the store is lost.
          mapping: mapping + [
            FieldMapping(target: "origin", source: "id", givenOnceBy: ["google"]),
            // Where a copy stands is a part of it: moved out of the label, it is put back like any other edit.
            FieldMapping(target: "in-group", source: "in-group", always: .yes),
            FieldMapping(target: "among-own", source: "among-own", always: .setting(.myContacts)),
          ],
          matchKeys: [MatchRule(source: "id", targets: ["origin"], rule: .exact)],
          nameFields: ["first-name", "last-name"],
          requiredFields: [],
          source: SideRules(), leaving: .removes, rules: rules)
      ],
      settings: SettingDeclaration.common + [
        SettingDeclaration(
          .sourceUser, .text, default: .text(""), help: "The address of the user whose contacts are given to others.",
          isRequired: true),
        SettingDeclaration(
          .sourceGroup, .text, default: .text(""), help: "The name of that user's group (label) of contacts.",
          isRequired: true),
        SettingDeclaration(
          .destinations, .list, default: .list([]),
          help: "Who receives them: user:ADDRESS, group:ADDRESS, ou:/PATH, domain:NAME; looked up anew at each run.",
          isRequired: true),
        SettingDeclaration(
          .label, .text, default: .text(""), help: "What the group is called there; none: as at the source."),
        SettingDeclaration(
          .myContacts, .flag, default: .flag(false), help: "Also list the copies under My Contacts."),
        SettingDeclaration(
          .removeLeavers, .flag, default: .flag(false),
          help: "Also clean users who merely left a group, unit or domain; off, they are kept and reported."),
        SettingDeclaration(
          .targetEdits, .choice(["keep", "overwrite"]), default: .text("overwrite"),
          help: "Whether an edit of a copy is put back at the next run or stays."),
      ] + SettingDeclaration.mappings(mapping) + SettingDeclaration.guards,
      sourcePartition: .sourceUser,
      fanOut: FanOut(
        source: .sourceUser, group: .sourceGroup, destinations: .destinations, label: .label,
        removesLeavers: .removeLeavers),
      defaultSchedule: "every day at 03:00",
      steps: ["check", "preview", "enable", "schedule"])
  }()

  private static let rules: [Reason: String] = [
    .deletedAtSource: "a contact that is deleted at the source is removed wherever this sync put it",
    .notInGroup: "a contact that leaves the source group is removed wherever this sync put it",
    .localAddition: "a contact that a user added is left alone",
    .linkBroken: "a copy that its user deleted is not made again by itself",
    .editedAtTarget:
      "an edit of a copy is put back, also where its user moved it out of the label, unless target-edits is keep",
    .notADestination:
      "a destination struck from the list is cleaned; one that merely left a group is kept and reported",
    .createOff: "copies are made only while create is on",
    .notMatched: "a copy is known by the id of its origin",
    .matched: "a copy is known by the id of its origin",
  ]
}
