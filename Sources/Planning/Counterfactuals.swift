/// "Would sync if …": found by flipping what stopped the record and asking the planner again, not by prose.
import Foundation
import Model

/// One way to change the facts, and the words for it.
struct Flip {
  var command: String
  /// The setting to be tried in a preview; `nil` where the flip is no setting.
  var trial: String?
  var change: @Sendable (inout Situation) -> Void
}

struct Counterfactuals {
  private let world: World
  private let decision: Decision
  private var situation: Situation { world.situation }
  private var subject: Subject? { decision.subject }
  /// The side of the record that is asked about.
  private var origin: Side { decision.source == nil ? .target : .source }

  init(_ world: World, _ decision: Decision) {
    self.world = world
    self.decision = decision
  }

  /// The smallest sets that turn the reason into an action: every single flip that does, else every pair that does; at
  /// most three.
  func search() -> [(counterfactual: Counterfactual, toTry: String?)] {
    guard subject != nil else { return [] }
    let flips = allFlips
    guard !flips.isEmpty else { return [] }
    let singles = flips.compactMap { outcome(of: [$0]) }
    if !singles.isEmpty { return Array(singles.prefix(3)) }
    var pairs: [(counterfactual: Counterfactual, toTry: String?)] = []
    for (index, first) in flips.enumerated() {
      // One cause can hide another of the same gate, which shows only once the first is put right.
      let hidden = hiddenFlips(behind: first)
      for second in flips.dropFirst(index + 1) + hidden {
        if let found = outcome(of: [first, second]),
          !pairs.contains(where: { $0.counterfactual == found.counterfactual })
        {
          pairs.append(found)
        }
        if pairs.count == 3 { return pairs }
      }
    }
    return pairs
  }

  private func hiddenFlips(behind first: Flip) -> [Flip] {
    var changed = situation
    first.change(&changed)
    let trial = World(changed)
    guard let subject, let next = Planner.decision(for: subject, in: trial),
      next.action == .skip || next.action == .conflict,
      next.reason.reason != decision.reason.reason
    else { return [] }
    return Counterfactuals(trial, next).flips(for: next.reason)
  }

  /// The planner's own answer under changed facts; `nil` when the record would still be stopped, or nothing changes.
  private func outcome(of flips: [Flip]) -> (counterfactual: Counterfactual, toTry: String?)? {
    var changed = situation
    for flip in flips { flip.change(&changed) }
    let trial = World(changed)
    guard let subject, let outcome = Planner.decision(for: subject, in: trial) else { return nil }
    if outcome.action.isChange {
      // A run that may still not start is no action.
      guard trial.runCauses.isEmpty || !decision.action.isChange else { return nil }
      if decision.action.isChange && world.runCauses.isEmpty { return nil }
    } else {
      guard outcome.action == .inStep, decision.action != .inStep else { return nil }
    }
    let trials = flips.compactMap(\.trial)
    return (
      Counterfactual(command: flips.map(\.command).joined(separator: ", and "), becomes: words(outcome)),
      trials.count == flips.count ? "preview with \(trials.joined(separator: " "))" : nil
    )
  }

  private func words(_ decision: Decision) -> String {
    switch decision.action {
    case .create: "1 create"
    case .update: decision.linking == .none ? "1 update" : "1 link with 1 update"
    case .deactivate: "1 deactivation"
    case .reactivate: "1 reactivation"
    case .delete: "1 delete"
    case .link: "1 link"
    case .unlink: "1 unlink"
    case .inStep: "in step, nothing differs"
    case .skip, .conflict: "nothing"
    }
  }

  // MARK: - What can be flipped

  private var allFlips: [Flip] {
    if decision.action.isChange { return world.runCauses.compactMap(runFlip) }
    if decision.action == .inStep { return noteFlips }
    var seen: Set<Reason> = []
    let causes = ([decision.reason] + decision.also).filter { seen.insert($0.reason).inserted }
    return causes.flatMap(flips)
  }

  private func runFlip(_ cause: Cause) -> Flip? {
    guard cause.reason == .syncDisabled else { return nil }
    return Flip(command: "enable \(situation.sync.name)") { $0.standing.isEnabled = true }
  }

  /// A pair that is in step with a difference: what would carry it over.
  private var noteFlips: [Flip] {
    let reasons = Set(decision.notes.map(\.reason))
    var flips: [Flip] = []
    if reasons.contains(.editedAtTarget) { flips.append(setting(.targetEdits, .text("overwrite"))) }
    if reasons.contains(.blankAtSource) { flips.append(setting(.clearBlanks, .flag(true))) }
    return flips
  }

  private func flips(for cause: Cause) -> [Flip] {
    guard let id = decision.source ?? decision.target else { return [] }
    let label = decision.label
    let system = situation.system(origin).name
    switch cause.reason {
    case .updateOff: return [setting(.updateExisting, .flag(true))]
    case .createOff: return [setting(.create, .flag(true))]
    case .reactivateOff: return [setting(.reactivate, .flag(true))]
    case .outOfScopeLeft: return [setting(.outOfScope, .text("deactivate"))]
    case .domainNotSelected:
      guard let domain = cause.evidence.first?.found, !domain.hasPrefix("none") else { return [] }
      let domains = situation.settings.list(.domains) + [domain]
      return [Flip(command: "add \(domain) to domains") { $0.settings = $0.settings.with(.domains, .list(domains)) }]
    case .unlicensed: return licenceFlips(id)
    case .signInDisabled:
      return [fact("enable sign-in for \(label) at \(system)", id, ["account-enabled": .flag(true)])]
    case .guest: return [fact("make \(label) a member at \(system)", id, ["user-type": .text("Member")])]
    case .missingEmail:
      return [fact("fill in the e-mail address at \(system)", id, ["email": .text("filled-in@\(selectedDomain)")])]
    case .missingFirstName: return [fact("fill in the first name at \(system)", id, ["first-name": .text("Filled")])]
    case .missingLastName: return [fact("fill in the last name at \(system)", id, ["last-name": .text("Filled")])]
    case .missingName, .missingType, .missingStatus, .missingManufacturer, .missingModel, .missingPhone:
      return fillFlips(cause, id, system)
    case .typeNotSynced, .statusNotSynced, .memberTypeNotSelected, .noMemberTypeSelected:
      return selectionFlips(cause, id)
    case .memberInactive: return memberFlips(label, system, id)
    case .missingProfile: return [setting(.profile, .text("Employee"))]
    case .idMismatch, .emailMismatch: return cause.records.prefix(3).map { pair(id, with: $0) }
    case .waitingForUpload: return [Flip(command: "forget \(label.typed)") { $0.waiting[id] = nil }]
    case .notPromoted:
      return [verdict("promote \(label.typed)", .promote(origin, id))]
    case .companyNotSynced:
      guard let fix = cause.fix, fix.hasPrefix("promote "), let company = cause.records.first,
        let name = situation.parents?[origin, company]?.name
      else { return [] }
      return [
        Flip(command: fix) { [origin] in
          $0.parents?[origin, company] = ParentStanding(name: name, sync: .pending)
        }
      ]
    case .notYetPushed, .importHeld:
      return decision.target.map { [verdict("push \(label.typed)", .push($0))] } ?? []
    case .bothChanged: return takeFlips
    case .readOnlySide where situation.settings.declarations[.twoWay] != nil && !situation.settings.flag(.twoWay):
      return [setting(.twoWay, .flag(true))]
    case .invalidValue where cause.evidence.first?.attribute == "email":
      return [fact("correct the e-mail address at \(system)", id, ["email": .text("corrected@\(selectedDomain)")])]
    case .tooLong where cause.evidence.first?.attribute == "first-name":
      return [fact("shorten the first name at \(system)", id, ["first-name": .text("Short")])]
    case .excluded:
      let excluded = cause.records.first ?? id
      return [
        Flip(command: cause.fix ?? "include \(label.typed)") { situation in
          situation.verdicts.removeAll {
            $0.ruling == .exclude(.source, excluded) || $0.ruling == .exclude(.target, excluded)
          }
        }
      ]
    case .ambiguousTarget, .rejectedBefore:
      return decision.source == nil ? [] : cause.records.prefix(3).map { pair(id, with: $0) }
    case .ambiguousSource: return decision.source == nil ? [] : rivalFlips(cause, id)
    case .alreadyLinked: return ownerFlips(cause, id)
    case .linkBroken: return [relink]
    case .companyInactive:
      return [Flip(command: cause.fix ?? "make the company active") { $0.company?.isActive = true }]
    default: return []
    }
  }

  private var selectedDomain: String {
    let domain = situation.settings.list(.domains).first ?? "example.com"
    return domain.hasPrefix("@") ? String(domain.dropFirst()) : domain
  }

  private func setting(_ key: SettingKey, _ value: SettingValue) -> Flip {
    Flip(command: "set \(key) to \(value.displayed)", trial: "\(key)=\(value.displayed)") {
      $0.settings = $0.settings.with(key, value)
    }
  }

  /// Something that has to become true at the record's own side.
  private func fact(_ command: String, _ id: RecordID, _ fields: FieldValues) -> Flip {
    Flip(command: command) { [origin] situation in
      func fill(_ records: inout [Record]) {
        for index in records.indices where records[index].id == id {
          records[index].fields = records[index].fields.merging(fields)
        }
      }
      if origin == .source { fill(&situation.source.records) } else { fill(&situation.target.records) }
    }
  }

  /// A required field under the name that it has at the record's own side.
  private func fillFlips(_ cause: Cause, _ id: RecordID, _ system: String) -> [Flip] {
    guard let common = world.mapping.map(\.target).first(where: { Reason.missing($0) == cause.reason }) else {
      return []
    }
    let key = situation.stage.mappingKey(common)
    if cause.fix?.hasPrefix("set \(key) to constant:") == true {
      // The record's own system has no such field: only a constant can fill it.
      return [
        Flip(command: "set \(key) to constant:TEXT") {
          $0.settings = $0.settings.with(key, .text("constant:5550100"))
        }
      ]
    }
    let own = origin == .target ? common : situation.stage.sourceNames(under: situation.settings)[common]
    return own.map { [fact("fill in the \(common) at \(system)", id, [$0: .text("Filled")])] } ?? []
  }

  /// Choosing what the record has; what it lacks can be of any kind that is chosen.
  private func selectionFlips(_ cause: Cause, _ id: RecordID) -> [Flip] {
    if let fix = cause.fix, fix.hasPrefix("give "), let attribute = cause.evidence.first?.attribute,
      let chosen = cause.evidence.first?.wanted?.split(separator: ", ").first, chosen != Selection.noneChosen
    {
      return [fact(fix, id, [FieldName(attribute): .text(String(chosen))])]
    }
    guard let fix = cause.fix, fix.hasPrefix("add "), let found = cause.evidence.first?.found,
      let key = situation.settings.declarations.keys.first(where: { fix.hasSuffix(" to \($0)") })
    else { return [] }
    let chosen = situation.settings.list(key) + [found]
    return [Flip(command: fix) { $0.settings = $0.settings.with(key, .list(chosen)) }]
  }

  private func verdict(_ command: String, _ ruling: Verdict.Ruling) -> Flip {
    Flip(command: command) { situation in
      situation.verdicts.append(
        Verdict(kind: situation.stage.kind, ruling: ruling, reason: "", madeBy: "", madeAt: situation.now))
    }
  }

  /// A field that both sides edited: either side's value, for all such fields of the pair.
  private var takeFlips: [Flip] {
    guard let id = decision.source else { return [] }
    let notes = decision.notes.filter { $0.reason == .bothChanged }
    return Side.allCases.map { side in
      Flip(command: "resolve \(decision.label.typed) with \(situation.system(side).id)") { situation in
        for note in notes {
          situation.verdicts.append(
            Verdict(
              kind: situation.stage.kind,
              ruling: .take(from: side, field: note.field, of: id, source: note.source, target: note.target),
              reason: "", madeBy: "", madeAt: situation.now))
        }
      }
    }
  }

  /// Active again at its own side, or every member taken in.
  private func memberFlips(_ label: String, _ system: String, _ id: RecordID) -> [Flip] {
    [
      Flip(command: "make \(label) active at \(system)") { situation in
        for index in situation.source.records.indices where situation.source.records[index].id == id {
          situation.source.records[index].state = .active
        }
      }, setting(.memberStatus, .text("all")),
    ]
  }

  private func licenceFlips(_ id: RecordID) -> [Flip] {
    let any = "00000000-0000-4000-8000-000000000000"
    var flips = [
      fact(
        "assign a licence to \(decision.label) at \(situation.sourceSystem.name)", id,
        ["licences": .list([any]), "licence-names": .list(["ANY_LICENCE"])])
    ]
    let held = world.sources[id].map { ($0.fields.items("licences") ?? []) + ($0.fields.items("licence-names") ?? []) }
    let keys = Set((held ?? []).map { $0.lowercased() })
    for ignored in situation.settings.list(.ignoreLicences) where keys.contains(ignored.trimmedNFC.lowercased()) {
      flips.append(
        Flip(command: "remove \(ignored) from ignore-licences") { situation in
          let rest = situation.settings.list(.ignoreLicences).filter { $0 != ignored }
          situation.settings = situation.settings.with(.ignoreLicences, .list(rest))
        })
    }
    return flips
  }

  private func pair(_ id: RecordID, with target: RecordID) -> Flip {
    Flip(command: "pair \(decision.label.typed) with \(target)") { situation in
      situation.verdicts.removeAll { $0.ruling == .neverPair(source: id, target: target) }
      situation.verdicts.append(
        Verdict(
          kind: situation.stage.kind, ruling: .pair(source: id, target: target), reason: "", madeBy: "",
          madeAt: situation.now))
    }
  }

  /// Others with the same address: pair with the one contact, or leave the others out.
  private func rivalFlips(_ cause: Cause, _ id: RecordID) -> [Flip] {
    let rivals = cause.records.filter { $0 != id }
    var flips = (world.matches[id]?.candidates ?? []).prefix(2).map { pair(id, with: $0) }
    for rival in rivals.prefix(2) {
      let label = world.sources[rival].map { World.label(of: $0, in: situation.stage) } ?? rival.rawValue
      // Two records with one address are told apart only by their ids.
      flips.append(exclude(rival, named: label == decision.label ? rival.rawValue : label))
    }
    return flips
  }

  private func exclude(_ id: RecordID, named name: String) -> Flip {
    Flip(command: "exclude \(name.typed) because \"…\"") { situation in
      situation.verdicts.append(
        Verdict(
          kind: situation.stage.kind, ruling: .exclude(.source, id), reason: "", madeBy: "", madeAt: situation.now))
    }
  }

  private func ownerFlips(_ cause: Cause, _ id: RecordID) -> [Flip] {
    guard let target = cause.records.first, let owner = cause.records.dropFirst().first else { return [] }
    let label = world.sources[owner].map { World.label(of: $0, in: situation.stage) } ?? owner.rawValue
    return [
      Flip(command: "forget \(label.typed)") { situation in
        situation.links.removeAll { $0.kind == situation.stage.kind && $0.source == owner && $0.target == target }
        situation.baselines[owner] = nil
      },
      exclude(owner, named: label),
    ]
  }

  private var relink: Flip {
    Flip(command: "relink \(decision.label.typed)") { [decision] situation in
      for index in situation.links.indices
      where situation.links[index].kind == situation.stage.kind
        && (situation.links[index].source == decision.source || situation.links[index].target == decision.target)
      {
        situation.links[index].isToBeRelinked = true
      }
    }
  }
}
