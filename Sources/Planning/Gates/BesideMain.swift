/// Lists of further values that stand beside a main one: whatever is the main value at one side is no further one there.
import Model

/// The main values of a pair, for comparing the lists beside them.
struct BesideMain {
  var source: String?
  var target: String?
  /// How one value is compared with another.
  var rule: ComparisonRule

  /// A list of the other side as one side takes it: without its own main value, and with the other side's main value
  /// where it is among its further ones already.
  ///
  /// Two sides that have different main values of the same person thus keep all that they hold.
  func fitted(_ value: FieldValue, to side: Side, holding held: FieldValue) -> FieldValue {
    let own = (side == .source ? source : target).map(rule.key)
    let other = side == .source ? target : source
    var seen: Set<String> = Set([own].compactMap { $0 })
    var items: [String] = []
    if let other = other.map(rule.key), other != own, let kept = held.texts.first(where: { rule.key($0) == other }) {
      items.append(kept)
    }
    items = (items + value.texts).filter { seen.insert(rule.key($0)).inserted }
    return items.isEmpty ? .null : .list(items)
  }

  /// Whether neither side lacks anything that the other one has.
  func isInStep(_ a: FieldValue, _ b: FieldValue) -> Bool {
    isHeld(b, at: .source, by: a) && isHeld(a, at: .target, by: b)
  }

  private func isHeld(_ value: FieldValue, at side: Side, by held: FieldValue) -> Bool {
    let own = (side == .source ? source : target).map { [rule.key($0)] } ?? []
    return Set(fitted(value, to: side, holding: held).texts.map(rule.key))
      == Set(held.texts.map(rule.key)).subtracting(own)
  }
}

extension FieldValue {
  fileprivate var texts: [String] { (items ?? text.map { [$0] } ?? []).filter { !$0.isBlank } }
}
