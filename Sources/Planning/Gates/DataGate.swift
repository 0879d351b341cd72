/// `data`: does the record have what the other side demands.
import Model

enum DataGate {
  static func pass(_ walk: inout Walk) {
    guard let record = walk.originRecord, walk.isAskedAsActive else {
      walk.say(.data, .notReached, "not asked of somebody who left")
      return
    }
    let isNew = walk.origin == .source ? walk.targetID == nil : walk.sourceID == nil
    var passed: [String] = []
    var isStopped = false
    for required in walk.stage.required(by: walk.receiver, at: walk.origin.other)
    where isNew || !required.isForCreateOnly {
      guard let mapped = walk.world.mapping.first(where: { $0.target == required.field }) else { continue }
      if let cause = cause(required, mapped, record, at: walk.origin, isNew: isNew, walk) {
        walk.stop(cause, at: .data)
        isStopped = true
      } else {
        passed.append(required.field.rawValue)
      }
    }
    if isNew {
      let context = walk.world.context(record, at: walk.origin)
      for given in walk.stage.givens {
        guard let missing = given.missing else { continue }
        if given.value(context).map(\.isBlank) ?? true {
          walk.stop(missing(context), at: .data)
          isStopped = true
        } else {
          passed.append(given.field.rawValue)
        }
      }
    }
    if !isStopped, let cause = lost(walk) {
      walk.stop(cause, at: .data)
      isStopped = true
    }
    if !isStopped { walk.say(.data, .passed, passed.isEmpty ? "nothing is demanded" : passed.joined(separator: ", ")) }
  }

  /// In a two-way pair, what the target's record must not lose either. A blank that the other side is about to fill is
  /// no loss.
  private static func lost(_ walk: Walk) -> Cause? {
    guard walk.world.isTwoWay, walk.link != nil, let id = walk.sourceID, let target = walk.target else { return nil }
    for required in walk.stage.requiredFields where !required.isForCreateOnly {
      guard let mapped = walk.world.mapping.first(where: { $0.target == required.field }),
        walk.situation.baselines[id]?.target[required.field] != nil
      else { continue }
      if let cause = cause(required, mapped, target, at: .target, isNew: false, walk) { return cause }
    }
    return nil
  }

  private static func cause(
    _ required: RequiredField, _ mapped: MappedField, _ record: Record, at side: Side, isNew: Bool, _ walk: Walk
  ) -> Cause? {
    let system = walk.situation.system(side)
    let carried = walk.world.fields.first { $0.name == mapped.target }
    let value =
      carried.map { $0.value(of: record, at: side) }
      ?? (side == .source ? mapped.value(from: record) : record.fields[mapped.target].map(mapped.normalised))
    // Of an existing pair, a field that was not said says nothing.
    if value == nil && !isNew && mapped.source != .none { return nil }
    guard let value, !value.isBlank else {
      return Cause(
        required.reason,
        evidence: [
          Evidence(
            names(mapped, side, walk), "is", wanted: "filled",
            found: mapped.source == .none
              ? "not mapped" : isUnknown(mapped, side, walk) ? "no field" : value == nil ? "not given" : "blank",
            at: system.name)
        ],
        fix: mapped.source == .none
          ? "set \(walk.stage.mappingKey(mapped.target)) to a field"
          : isUnknown(mapped, side, walk)
            ? "set \(walk.stage.mappingKey(mapped.target)) to constant:TEXT, for new records at \(walk.receiver.name)"
            : "fill in \(vendorName(mapped, side, walk)) of \(walk.label) at \(system.name)")
    }
    // Of a two-way pair a value that the other side cannot take leaves only its own field alone.
    guard isNew || !walk.world.isTwoWay else { return nil }
    return carried?.fault(in: value, for: side.other, walk.situation).map { fault in
      Cause(
        fault.reason, evidence: [fault.evidence],
        fix: "correct \(vendorName(mapped, side, walk)) at \(system.name)")
    }
  }

  /// A field that the record's own system does not have at all.
  private static func isUnknown(_ field: MappedField, _ side: Side, _ walk: Walk) -> Bool {
    switch (side, field.source) {
    case (.target, _): walk.situation.targetSystem.field(field.target, of: walk.stage.kind) == nil
    case (.source, .field(let name)): walk.situation.sourceSystem.field(name, of: walk.stage.kind) == nil
    case (.source, _): false
    }
  }

  /// "email (mail)": kith's name and the vendor's.
  private static func names(_ field: MappedField, _ side: Side, _ walk: Walk) -> String {
    let vendor = vendorName(field, side, walk)
    return vendor == field.target.rawValue ? vendor : "\(field.target) (\(vendor))"
  }

  private static func vendorName(_ field: MappedField, _ side: Side, _ walk: Walk) -> String {
    let system = walk.situation.system(side)
    if side == .target { return system.field(field.target, of: walk.stage.kind)?.vendorName ?? field.target.rawValue }
    guard case .field(let name) = field.source else { return field.target.rawValue }
    return system.field(name, of: walk.stage.kind)?.vendorName ?? name.rawValue
  }
}
