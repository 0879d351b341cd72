/// `show conflicts`: what only a person can settle, field by field, with what both sides hold and held.
package import Foundation
package import Model

package struct ConflictRow: Hashable, Sendable {
  package var kind: RecordKind
  package var label: String
  package var name: String
  package var source: RecordID
  package var target: RecordID
  /// Under the common name, which is the target's.
  package var field: FieldName
  /// `both-changed`, or `differs-since-linked` for a difference that was there when the pair was found.
  package var reason: Reason
  package var sourceValue: FieldValue?
  package var targetValue: FieldValue?
  /// What each side held when the field was last settled.
  package var sourceBaseline: FieldValue?
  package var targetBaseline: FieldValue?
  /// When the later of the two edits was made, where both systems say; of an old difference, when the pair was linked.
  package var since: Date?

  /// The plan leaves it to a person; a difference since the link is only listed.
  package var isOpen: Bool { reason == .bothChanged }

  /// What `resolve` and `take` remember: one side's value holds, as long as both sides hold what they hold now.
  package func ruling(taking side: Side) -> Verdict.Ruling {
    .take(from: side, field: field, of: source, source: sourceValue, target: targetValue)
  }
}

package enum Conflicts {
  /// The conflicts first, then the differences that were there from the beginning; each stage by label and field.
  package static func table(_ situations: [Situation]) -> [ConflictRow] {
    let staging = Staging(situations)
    let rows = zip(staging.worlds, staging.decisions).flatMap { world, decisions in
      decisions.flatMap { Self.rows(of: $0, in: world) }
    }
    var seen: Set<[String]> = []
    let once = rows.filter { seen.insert([$0.kind.rawValue, $0.source.rawValue, $0.field.rawValue]).inserted }
    let order = Dictionary(uniqueKeysWithValues: situations.enumerated().map { ($1.stage.kind, $0) })
    return once.sorted { left, right in
      if left.isOpen != right.isOpen { return left.isOpen }
      if left.kind != right.kind { return order[left.kind] ?? 0 < order[right.kind] ?? 0 }
      return (left.label, left.source, left.field) < (right.label, right.source, right.field)
    }
  }

  private static func rows(of decision: Decision, in world: World) -> [ConflictRow] {
    guard let source = decision.source, let target = decision.target else { return [] }
    return decision.notes.filter { $0.reason == .bothChanged || $0.reason == .differsSinceLinked }.map { note in
      let edits = [world.sources[source]?.modified, world.targets[target]?.modified].compactMap { $0 }
      return ConflictRow(
        kind: decision.kind, label: decision.label, name: decision.name, source: source, target: target,
        field: note.field, reason: note.reason, sourceValue: note.source, targetValue: note.target,
        sourceBaseline: note.baseline, targetBaseline: note.otherBaseline,
        since: note.reason == .bothChanged ? edits.max() : world.linkBySource[source]?.since)
    }
  }
}
