/// `data`: does the record have what the target demands.
import Model

enum DataGate {
  static func pass(_ walk: inout Walk) {
    guard let source = walk.source, walk.isAskedAsActive else {
      walk.say(.data, .notReached, "not asked of somebody who left")
      return
    }
    let isNew = walk.targetID == nil
    var passed: [String] = []
    var isStopped = false
    for required in walk.stage.required(by: walk.situation.targetSystem) where isNew || !required.isForCreateOnly {
      guard let field = walk.world.mapping.first(where: { $0.target == required.field }) else { continue }
      if let cause = cause(required, field, source, isNew: isNew, walk) {
        walk.stop(cause, at: .data)
        isStopped = true
      } else {
        passed.append(required.field.rawValue)
      }
    }
    if !isStopped { walk.say(.data, .passed, passed.joined(separator: ", ")) }
  }

  private static func cause(
    _ required: RequiredField, _ field: MappedField, _ source: Record, isNew: Bool, _ walk: Walk
  ) -> Cause? {
    let system = walk.situation.sourceSystem
    let value = field.value(from: source)
    // Of an existing pair, a field that was not said says nothing.
    if value == nil && !isNew && field.source != .none { return nil }
    guard let value, !value.isBlank else {
      return Cause(
        required.reason,
        evidence: [
          Evidence(
            names(field, walk), "is", wanted: "filled",
            found: field.source == .none ? "not mapped" : value == nil ? "not given" : "blank", at: system.name)
        ],
        fix: field.source == .none
          ? "set \(walk.stage.mappingKey(field.target)) to a field"
          : "fill in \(vendorName(field, walk)) of \(walk.label) at \(system.name)")
    }
    return FieldCheck(walk.situation.targetSystem, walk.stage.kind).fault(in: value, of: field.target).map { fault in
      Cause(fault.reason, evidence: [fault.evidence], fix: "correct \(vendorName(field, walk)) at \(system.name)")
    }
  }

  /// "email (mail)": kith's name and the vendor's.
  private static func names(_ field: MappedField, _ walk: Walk) -> String {
    let vendor = vendorName(field, walk)
    return vendor == field.target.rawValue ? vendor : "\(field.target) (\(vendor))"
  }

  private static func vendorName(_ field: MappedField, _ walk: Walk) -> String {
    guard case .field(let name) = field.source else { return field.target.rawValue }
    return walk.situation.sourceSystem.field(name, of: walk.stage.kind)?.vendorName ?? name.rawValue
  }
}

/// Whether the target can take a value in a field.
struct FieldCheck {
  private let system: SystemDescription
  private let kind: RecordKind

  init(_ system: SystemDescription, _ kind: RecordKind) {
    self.system = system
    self.kind = kind
  }

  func fault(in value: FieldValue, of name: FieldName) -> (reason: Reason, evidence: Evidence)? {
    guard let text = value.text, let field = system.field(name, of: kind) else { return nil }
    if field.rule == .email, !Self.isAddress(text) {
      return (
        .invalidValue, Evidence(name.rawValue, "is", wanted: "an e-mail address", found: text, at: system.name)
      )
    }
    if let limit = field.maximumLength, text.unicodeScalars.count > limit {
      let found = "\(text.unicodeScalars.count) characters"
      return (.tooLong, Evidence(name.rawValue, "has", wanted: "at most \(limit)", found: found, at: system.name))
    }
    return nil
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
