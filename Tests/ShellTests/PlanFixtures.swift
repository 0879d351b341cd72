/// Plans, runs and checks for the rendering tests.
import Foundation
import Model

let acme: SyncName = "acme/contacts"

func certificate(minutesAgo: Double = 180, count: Int = 221) -> ReadCertificate {
  let moment = morning.addingTimeInterval(-minutesAgo * 60)
  return ReadCertificate(
    completeness: .complete, startedAt: moment, finishedAt: moment, pagesAsked: 1, pagesReceived: 1, sawEnd: true,
    declaredTotal: nil, recordCount: count, snapshotCount: count, completeAt: moment, earlierCounts: [], requests: 1)
}

func decision(
  _ number: Int, _ action: Action, _ reason: Reason, label: String = "jane.doe@acme.example", source: RecordID? = "s1",
  target: RecordID? = nil, changes: [FieldChange] = [], evidence: [Evidence] = [], records: [RecordID] = [],
  isDropped: Bool = false
) -> Decision {
  Decision(
    number: number, source: source, target: target, label: label, name: "Jane Doe", action: action,
    reason: Cause(reason, evidence: evidence, records: records), changes: changes, isDropped: isDropped)
}

/// So many decisions of each action, numbered from 1.
func decisions(_ counts: [(Action, Reason, Int)]) -> [Decision] {
  let actions = counts.flatMap { Array(repeating: ($0.0, $0.1), count: $0.2) }
  return actions.enumerated().map { decision($0.offset + 1, $0.element.0, $0.element.1) }
}

func plan(
  _ decisions: [Decision], number: Int? = 12, purpose: PlanPurpose = .sync, state: PlanState = .open,
  guards: [GuardFinding] = [], obstacles: [Cause] = [], whatIf: [String: String] = [:], requests: Int = 7
) -> Plan {
  Plan(
    id: number.map { PlanID($0) }, sync: acme, purpose: purpose, madeAt: morning,
    settings: Fingerprint(rawValue: "settings"),
    state: state, decisions: decisions, guards: guards, obstacles: obstacles, sourceRead: certificate(),
    targetRead: certificate(minutesAgo: 179), whatIf: whatIf, requests: requests, requestFloor: 6)
}
