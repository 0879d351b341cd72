/// Lists of which the target may hold more than the source's part: what others put there stays.
import Model

enum HeldList {
  /// The target's list as it is compared: the source's own part, where all of it is there.
  static func part(_ source: FieldValue?, of held: FieldValue?) -> FieldValue? {
    guard let source, let wanted = source.items, let items = held?.items else { return held }
    return wanted.allSatisfy(items.contains) ? source : held
  }

  /// What is written: the source's values, and those of the target that never came from the source.
  static func joined(_ source: FieldValue, to held: FieldValue?, before: FieldValue?) -> FieldValue {
    guard let wanted = source.items else { return source }
    let withdrawn = Set(before?.items ?? []).union(wanted)
    return .list(wanted + (held?.items ?? []).filter { !withdrawn.contains($0) })
  }
}
