/// The gate of types and statuses: a record syncs only when both are among those chosen; none chosen lets nothing through.
import Model

/// What is chosen of one attribute, and how a record carries it.
struct Selection: Sendable {
  /// The setting with the chosen names or ids.
  var setting: SettingKey
  /// The field with the name, and the fact with the list of names where a record has several.
  var field: FieldName
  var list: FieldName?
  /// The fact with the id.
  var id: FieldName
  var reason: Reason
  /// Where nothing is chosen at all, if that is a reason of its own.
  var noneReason: Reason?

  /// What the evidence says where nothing is chosen, and where a record has neither name nor id.
  static let (noneChosen, blank) = ("one that is chosen, and none is", "blank")

  /// Why a record is not among those chosen; `nil` when it is.
  func cause(_ context: RuleContext) -> Cause? {
    let fields = context.record.fields
    let names = [fields.text(field)].compactMap { $0 } + (list.flatMap { fields.items($0) } ?? [])
    let held = (names + [fields.text(id)].compactMap { $0 }).map(\.trimmedNFC).filter { !$0.isEmpty }
    let chosen = context.settings.list(setting).map(\.trimmedNFC).filter { !$0.isEmpty }
    let keys = Set(chosen.map { $0.lowercased() })
    guard !held.contains(where: { keys.contains($0.lowercased()) }) else { return nil }
    let shown = names.map(\.trimmedNFC).reduce(into: [String]()) { shown, name in
      if !name.isEmpty, !shown.contains(name) { shown.append(name) }
    }
    let found = shown.isEmpty ? held.first ?? Self.blank : shown.joined(separator: ", ")
    return Cause(
      chosen.isEmpty ? noneReason ?? reason : reason,
      evidence: [
        Evidence(
          field.rawValue, chosen.isEmpty ? "is" : "is one of",
          wanted: chosen.isEmpty ? Self.noneChosen : chosen.joined(separator: ", "), found: found,
          at: context.system.name)
      ],
      fix: held.isEmpty
        ? "give \(context.label) a \(field) at \(context.system.name)" : "add \"\(found)\" to \(setting)")
  }

  /// The type and the status of a kind of record, whose settings begin with `word`: `organization-types`.
  static func both(_ word: String) -> [@Sendable (RuleContext) -> Cause?] {
    let type = Selection(
      setting: SettingKey("\(word)-types"), field: "type", list: "types", id: "type-id", reason: .typeNotSynced)
    let status = Selection(
      setting: SettingKey("\(word)-statuses"), field: "status", list: nil, id: "status-id", reason: .statusNotSynced)
    return [{ type.cause($0) }, { status.cause($0) }]
  }
}

/// Rules that several recipes share.
enum SharedRules {
  /// The provider's own company is no client.
  static func owner(_ context: RuleContext) -> Cause? {
    guard context.record.fields.flag("is-owner") == true else { return nil }
    return Cause(
      .ownerCompany,
      evidence: [Evidence("owner", "is", wanted: "no", found: "yes", at: context.system.name)])
  }
}
