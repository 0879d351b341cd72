/// One mapped field between two systems: its name on each side, how it is compared, and which sides take it.
import Model

struct CarriedField {
  let mapped: MappedField
  let mapping: FieldMapping
  /// The source's own name; `nil` for a constant, and for a field whose source name another field has already.
  let sourceName: FieldName?
  let rule: ComparisonRule
  /// What fills a new record of the source, where the target has no such field at all and a constant was set for it.
  let standIn: FieldValue?
  /// The sides on which an existing record's field can be written.
  let receivers: Set<Side>
  /// The sides on which a new record's field can be filled: also from what the other side only knows as a fact.
  let fills: Set<Side>
  /// A difference that nobody made since the pair was settled stays as it is.
  let carriesChangesOnly: Bool

  /// The common name, which is the target's.
  var name: FieldName { mapped.target }

  /// What a record of one side has in this field; `nil` when that was not said.
  func value(of record: Record, at side: Side) -> FieldValue? {
    if side == .target, standIn != nil { return standIn }
    return side == .source ? mapped.value(from: record) : record.fields[name].map(mapped.normalised)
  }

  /// The field's name at one side.
  func name(at side: Side) -> FieldName { side == .source ? sourceName ?? name : name }

  /// Why a side cannot take a value; `nil` when it can.
  func fault(in value: FieldValue, for side: Side, _ situation: Situation) -> FieldFault? {
    let check = FieldCheck(situation.system(side), situation.stage.kind)
    return check.fault(in: value, of: name(at: side), longest: mapping.longest)
      ?? (side == .source ? mapping.roomAtSource : nil).flatMap { check.overflow(of: value, name, room: $0) }
  }

  /// Every mapped field of a stage that travels at all, in the recipe's order.
  static func all(_ situation: Situation) -> [CarriedField] {
    let stage = situation.stage
    let sourceNames = stage.sourceNames(under: situation.settings)
    let isTwoWay = situation.direction == .twoWay
    return zip(stage.mapping(under: situation.settings), stage.mapping).compactMap { mapped, mapping in
      guard mapped.source != .none else { return nil }
      let target = situation.targetSystem.field(mapped.target, of: stage.kind)
      let source = sourceNames[mapped.target].flatMap { situation.sourceSystem.field($0, of: stage.kind) }
      let isFedByField = if case .field = mapped.source { true } else { false }
      var fills: Set<Side> = []
      var receivers: Set<Side> = []
      if target?.isWritable == true {
        fills.insert(.target)
        if source?.isFact != true || mapping.followsFact { receivers.insert(.target) }
      }
      let standIn = target == nil ? standIn(mapped, mapping, situation) : nil
      if isTwoWay, standIn != nil { fills.insert(.source) }
      if isTwoWay, isFedByField, source?.isWritable == true, let target {
        fills.insert(.source)
        if !target.isFact { receivers.insert(.source) }
      }
      for side in Side.allCases where mapping.givenOnceBy.contains(situation.system(side).id) {
        receivers.remove(side)
      }
      guard !fills.isEmpty else { return nil }
      return CarriedField(
        mapped: mapped, mapping: mapping, sourceName: standIn == nil ? sourceNames[mapped.target] : mapping.source,
        rule: isTwoWay ? coarser(source?.rule, target?.rule) : target?.rule ?? .exact, standIn: standIn,
        receivers: receivers, fills: fills, carriesChangesOnly: mapping.followsFact && source?.isFact == true)
    }
  }

  private static func standIn(_ mapped: MappedField, _ mapping: FieldMapping, _ situation: Situation) -> FieldValue? {
    guard case .constant(let text) = mapped.source, !text.isBlank,
      situation.sourceSystem.field(mapping.source, of: situation.stage.kind)?.isWritable == true
    else { return nil }
    return .text(text.trimmedNFC)
  }

  /// Of two systems' rules for one field, the one that takes more for equal: what one of them cannot tell apart is no
  /// edit.
  static func coarser(_ left: ComparisonRule?, _ right: ComparisonRule?) -> ComparisonRule {
    let rules = [left, right]
    return [.phoneDigits, .phone, .emailSet, .email].first(where: rules.contains) ?? .exact
  }
}

/// Why a system does not take a value.
typealias FieldFault = (reason: Reason, evidence: Evidence)

/// Whether a system can take a value in a field.
struct FieldCheck {
  private let system: SystemDescription
  private let kind: RecordKind

  init(_ system: SystemDescription, _ kind: RecordKind) {
    self.system = system
    self.kind = kind
  }

  /// - Parameter longest: a limit of the recipe's own, in characters.
  func fault(in value: FieldValue, of name: FieldName, longest: Int? = nil) -> FieldFault? {
    guard let field = system.field(name, of: kind) else { return nil }
    let texts = value.items ?? value.text.map { [$0] } ?? []
    for text in texts where !text.isEmpty {
      if field.rule == .email || field.rule == .emailSet, !Self.isAddress(text) {
        return (
          .invalidValue, Evidence(name.rawValue, "is", wanted: "an e-mail address", found: text, at: system.name)
        )
      }
      let limit = [field.maximumLength, longest].compactMap { $0 }.min()
      if let limit, text.unicodeScalars.count > limit {
        let found = "\(text.unicodeScalars.count) characters"
        return (.tooLong, Evidence(name.rawValue, "has", wanted: "at most \(limit)", found: found, at: system.name))
      }
    }
    return nil
  }

  func overflow(of value: FieldValue, _ name: FieldName, room: Int) -> FieldFault? {
    guard let count = value.items?.count, count > room else { return nil }
    return (
      .manyValues, Evidence(name.rawValue, "has", wanted: "at most \(room)", found: "\(count) values", at: system.name)
    )
  }

  /// One `@` with something on both sides, and no white space or control character: what any system would take.
  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
    }
  }
}
