/// The pairs of one sync, found by either of their records.
import Model

struct PairMemory: Sendable {
  private var links: [Side: [RecordKind: [RecordID: Link]]] = [:]

  init(_ links: [Link]) {
    for link in links {
      self.links[.source, default: [:]][link.kind, default: [:]][link.source] = link
      self.links[.target, default: [:]][link.kind, default: [:]][link.target] = link
    }
  }

  /// The pair of a record, whether it still holds or is broken.
  func link(_ kind: RecordKind, _ side: Side, _ id: RecordID?) -> Link? { id.flatMap { links[side]?[kind]?[$0] } }

  /// The pair of a record, where it holds.
  func linked(_ kind: RecordKind, _ side: Side, _ id: RecordID?) -> Link? {
    link(kind, side, id).flatMap { $0.state == .linked ? $0 : nil }
  }

  /// The record of a side that a record of the other side is paired with.
  func counterpart(_ kind: RecordKind, at side: Side, of other: RecordID?) -> RecordID? {
    linked(kind, side.other, other)?.id(side)
  }

  /// The records of one side that belong to somebody already.
  func taken(_ kind: RecordKind, _ side: Side) -> Set<RecordID> {
    Set((links[side]?[kind] ?? [:]).lazy.filter { $0.value.state == .linked }.map(\.key))
  }
}

extension Link {
  func id(_ side: Side) -> RecordID { side == .source ? source : target }
}
