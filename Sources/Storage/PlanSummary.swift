/// A plan without its decisions: what lists of plans show.
package import Foundation
package import Model

package struct PlanSummary: Hashable, Sendable {
  package var id: PlanID
  package var sync: SyncName
  package var purpose: PlanPurpose
  package var madeAt: Date
  package var state: PlanState
  /// How many decisions have each action; dropped ones count as skipped.
  package var counts: [Action: Int]
  package var changeCounts: [ChangeKind: Int]
  package var guards: [GuardFinding]
  package var obstacles: [Cause]
  package var whatIf: [String: String]
  package var fingerprint: Fingerprint
  package var isHeld: Bool { !guards.isEmpty || !obstacles.isEmpty }
  /// Whether carrying it out would send anything or move a link.
  package var hasChanges: Bool { counts.contains { $0.key.isChange && $0.value > 0 } }
}
