/// The first line of an explanation: what becomes of the record, and its cause in words and values.
import Model

enum Headline {
  /// "Not updated: update-existing is off for acme/contacts."
  static func text(_ decision: Decision, blockedBy obstacle: Cause?, held: GuardFinding?, in situation: Situation)
    -> String
  {
    if decision.isDropped { return "\(refusal(decision, situation)): a person took this change out of the plan." }
    if decision.action.isChange {
      if let obstacle { return "\(notDone(decision.action)): \(clause(obstacle, decision, situation))." }
      if let held { return "\(notDone(decision.action)): the plan is held: \(held.sentence)." }
      return "\(willBe(decision)): \(clause(decision.reason, decision, situation))." + lastAttempt(decision, situation)
    }
    if decision.action == .inStep {
      // Somebody who left and whose record is inactive already: the state is what a person asks about.
      if let state = decision.also.first(where: { $0.reason.gate == .state || $0.reason == .deletedAtSource }),
        decision.reason.reason == .inStep
      {
        return "In step: inactive on both sides, because \(clause(state, decision, situation))."
      }
      guard decision.reason.reason != .inStep else {
        return "In step: \(Wording.resting(decision.notes, situation) ?? "nothing differs")."
      }
      return "In step: \(clause(decision.reason, decision, situation))."
    }
    if decision.action == .conflict, decision.reason.reason == .bothChanged {
      return "A conflict: \(clause(decision.reason, decision, situation))."
    }
    return "\(refusal(decision, situation)): \(clause(decision.reason, decision, situation))."
  }

  /// What became of it the last time, where that was no good.
  private static func lastAttempt(_ decision: Decision, _ situation: Situation) -> String {
    guard let attempt = situation.standing.failure(of: decision) else { return "" }
    return " \(attempt.run) tried it: \(attempt.outcomeWords)."
  }

  private static func willBe(_ decision: Decision) -> String {
    if decision.action == .unlink, decision.reason.reason == .orphaned { return "Will be an orphan" }
    return switch decision.action {
    case .create: "Will be created"
    case .update: "Will be updated"
    case .deactivate: "Will be deactivated"
    case .reactivate: "Will be reactivated"
    case .delete: "Will be deleted"
    case .link: "Will be linked"
    case .unlink: "The link will be remembered as broken"
    case .inStep: "In step"
    case .skip, .conflict: "Not synced"
    }
  }

  private static func notDone(_ action: Action) -> String {
    switch action {
    case .create: "Not created"
    case .update: "Not updated"
    case .deactivate: "Not deactivated"
    case .reactivate: "Not reactivated"
    case .delete: "Not deleted"
    case .link: "Not linked"
    case .unlink, .inStep, .skip, .conflict: "Not synced"
    }
  }

  /// What a skipped record would have been, but for its reason.
  private static func refusal(_ decision: Decision, _ situation: Situation) -> String {
    switch decision.reason.reason {
    case .orphaned: return "An orphan"
    case .neverManaged, .inactiveAtTarget, .excluded, .ownerCompany, .notListed: return "Left alone"
    case .recordForbidden:
      switch decision.reason.evidence.first?.attribute {
      case "deactivate": return "Not deactivated"
      case "reactivate": return "Not reactivated"
      default: break
      }
    case .notAtSource: return "Not found"
    case .updateOff:
      let would = decision.reason.evidence.first { $0.attribute == "would" }?.found ?? ""
      if would.hasPrefix("active →") { return "Not deactivated" }
      return would.hasPrefix("inactive →") ? "Not reactivated" : "Not updated"
    case .reactivateOff: return "Not reactivated"
    case .ambiguousTarget, .ambiguousSource, .alreadyLinked, .rejectedBefore, .linkBroken, .idMismatch, .emailMismatch:
      return "Not linked"
    default: break
    }
    if let held = decision.heldAction { return notDone(held) }
    guard let source = decision.source else { return situation.direction == .twoWay ? "Not created" : "Left alone" }
    let isLinked = situation.links.contains {
      $0.kind == situation.stage.kind && $0.source == source && $0.state == .linked
    }
    if isLinked { return "Not updated" }
    return decision.target == nil ? "Not created" : "Not linked"
  }

  // MARK: - The cause in words

  private static func clause(_ cause: Cause, _ decision: Decision, _ situation: Situation) -> String {
    let target = situation.targetSystem.name
    // The side of the record that the sentence is about, and the other.
    let origin: Side = decision.source == nil ? .target : .source
    let (own, other) = (situation.noun(origin), situation.noun(origin.other))
    let found = cause.evidence.first?.found ?? ""
    let attribute = cause.evidence.first?.attribute ?? ""
    switch cause.reason {
    case .syncDisabled: return "\(situation.sync.name) is switched off"
    case .updateOff: return "update-existing is off for \(situation.sync.name)"
    case .createOff: return "create is off for \(situation.sync.name)"
    case .reactivateOff: return "reactivate is off for \(situation.sync.name)"
    case .guest: return "the user is a guest"
    case .signInDisabled: return "sign-in is disabled at \(situation.sourceSystem.name)"
    case .unlicensed: return found == "none" ? "the user has no licence" : "no licence counts (\(found))"
    case .domainNotSelected:
      return "the domain \(found) is not among those selected (\(cause.evidence.first?.wanted ?? ""))"
    case .missingEmail: return "the \(own) has no e-mail address"
    case .missingFirstName: return "the first name is blank"
    case .missingLastName: return "the last name is blank"
    case .invalidValue:
      let place = cause.evidence.first?.place ?? target
      return "\(attribute) is \(found), and \(place) takes only \(cause.evidence.first?.wanted ?? "others")"
        + left(decision)
    case .tooLong, .manyValues:
      let place = cause.evidence.first?.place ?? target
      return "\(attribute) has \(found), and \(place) takes \(cause.evidence.first?.wanted ?? "fewer")" + left(decision)
    case .ambiguousTarget:
      let nouns = Wording.plural(situation.noun(.target))
      return "\(number(cause.records.count)) \(target) \(nouns) have this \(situation.stage.keyWord)"
    case .ambiguousSource:
      let word = situation.stage.keyWord == "e-mail address" ? "address" : situation.stage.keyWord
      return "\(number(cause.records.count)) \(Wording.plural(situation.noun(.source))) lay claim to the same "
        + "\(situation.noun(.target)) or \(word)"
    case .alreadyLinked: return "\(attribute) is linked to \(found)"
    case .excluded: return "excluded by \(found)"
    case .linkBroken: return linkBroken(attribute, found)
    case .deletedAtSource: return "the \(situation.noun(.source)) was deleted at \(situation.sourceSystem.name)"
    case .activeAgain:
      return "the \(situation.noun(.source)) is active at \(situation.sourceSystem.name) "
        + "and the \(situation.noun(.target)) is inactive"
    case .editedAtTarget: return "\(fields(cause)) edited at \(target), and unchanged at the source since"
    case .blankAtSource where decision.action == .inStep:
      return "\(fields(cause)) blank at the source, and a blank overwrites nothing"
    case .blankAtTarget where decision.action == .inStep:
      return "\(fields(cause)) blank at \(target), and a blank overwrites nothing"
    case .differsSinceLinked where decision.action == .inStep:
      return "\(fields(cause)) different when the two were linked, and nobody has edited "
        + "\(cause.evidence.count == 1 ? "it" : "them") since"
    case .notMatched:
      return "no \(situation.system(origin.other).name) \(other) has \(cause.evidence.first?.wanted ?? "this key")"
    case .matched:
      let noun = situation.noun(.target)
      return "\(decision.target.map { "\(noun) \($0)" } ?? "a \(noun)") has \(found)"
    case .changedAtSource, .changedAtTarget, .differsAtFirstMatch, .otherSideWins, .settledByPerson:
      let to = decision.side == .source ? " (to \(situation.sourceSystem.name))" : ""
      return decision.changes.map { Wording.values(of: $0) }.joined(separator: ", ") + to
    case .settingChanged:
      return "\(decision.changes.map { Wording.values(of: $0) }.joined(separator: ", ")), as the settings say now"
    case .bothChanged:
      let names = decision.notes.filter { $0.reason == .bothChanged }.map(\.field.rawValue).joined(separator: ", ")
      return "\(names.isEmpty ? "a field" : names) was edited on both sides"
    case .recreated:
      return "the account was re-created and takes over \(situation.noun(.target)) \(decision.target?.rawValue ?? "")"
    case .typeNotSynced, .statusNotSynced, .memberTypeNotSelected, .noMemberTypeSelected:
      let chosen = cause.evidence.first?.wanted ?? Selection.noneChosen
      let has = found == Selection.blank ? "it has no \(attribute)" : "its \(attribute) is \(found)"
      if chosen == Selection.noneChosen { return "\(has), and no \(attribute) is chosen to sync yet" }
      return has + (found == Selection.blank ? ", and wants one of those" : ", not one of those")
        + " chosen (\(chosen))"
    case .recordForbidden:
      let wanted = cause.evidence.first?.wanted.map { "; it would need \($0)" } ?? ""
      return "\(cause.evidence.first?.place ?? target) takes no \(attribute) through this connection\(wanted)"
    case .memberInactive: return "the \(own) is inactive at \(situation.sourceSystem.name)"
    case .missingProfile: return "no profile is set for new \(Wording.plural(other))"
    case .idMismatch:
      return "\(cause.evidence.first?.place ?? "a record") has this \(situation.stage.keyWord), and none of its "
        + "\(attribute) is one of the \(own)'s"
    case .emailMismatch:
      return "\(cause.evidence.first?.place ?? "a record") has an id of the \(own), and its "
        + "\(situation.stage.keyWord) is \(found)"
    case .waitingForUpload:
      let written = cause.evidence.dropFirst().first?.found ?? ""
      return "it is in \(found) (written \(written)), which waits to be uploaded"
    case .deletedByPerson:
      return "\(attribute) was \(found), and comes back while its \(own) is selected"
    case .noCompany: return "the \(own) belongs to no \(situation.system(origin).noun(.company))"
    case .companyNotSynced: return "its \(attribute) is \(found)"
    case .otherCompany:
      let places = cause.evidence.filter { $0.wanted == nil }.map { "\($0.found) at \($0.place ?? "")" }
      let held = cause.evidence.first { $0.wanted != nil }.map { ", where it is held (\($0.attribute) \($0.found))" }
      return "it belongs to \(places.joined(separator: " and to "))\(held ?? "")"
    case .notPromoted: return "it was made at \(situation.system(origin).name) and was not promoted"
    case .createContactsOff:
      return found == "off"
        ? "create-contacts is off for \(situation.sync.name)" : "the \(own) was there before create-contacts was on"
    case .readOnlySide where attribute == "two-way": return "two-way is off, and it is only at \(target)"
    case .readOnlySide:
      guard let fact = cause.evidence.first, let wanted = fact.wanted else { return Wording.detail(cause) }
      return "its \(attribute) is \(found)\(fact.place.map { " at \($0)" } ?? ""), and only \(wanted) is written to"
    case .notYetPushed: return "it has not been edited at \(target) since two-way was switched on"
    case .importHeld: return "it arrived together with \(found), which looks like an import"
    case .missingName, .missingType, .missingStatus, .missingManufacturer, .missingModel, .missingPhone:
      let place = cause.evidence.first?.place ?? ""
      if found == "no field" {
        return "\(place) has no \(attribute), and \(situation.system(origin.other).name) wants one"
      }
      return "\(attribute) is \(found) at \(place)"
    case .orphaned: return orphaned(cause, decision, situation)
    case .neverManaged: return "this sync never linked it"
    case .inactiveAtTarget: return "it is inactive, and this sync never linked it"
    case .sourceIncomplete, .targetIncomplete, .companyUnmapped, .companyInactive, .checkNotPassed, .settingsInvalid,
      .permissionMissing:
      return Wording.detail(cause)
    default: return sentence(cause.reason)
    }
  }

  /// "IT Glue contact 12 was deleted, seen 2026-03-02", or what else took it away.
  private static func linkBroken(_ what: String, _ found: String) -> String {
    guard found.hasPrefix("deleted") else { return "\(what) is \(found)" }
    return "\(what) was deleted" + (found.firstIndex(of: ",").map { String(found[$0...]) } ?? "")
  }

  /// Why a target is an orphan: what took its source out of the sync, or that it is deleted.
  private static func orphaned(_ cause: Cause, _ decision: Decision, _ situation: Situation) -> String {
    let kept = "; the \(situation.targetSystem.name) \(situation.noun(.target)) is kept"
    let gate = decision.also.first { $0.reason == .typeNotSynced || $0.reason == .statusNotSynced }
    if let fact = gate?.evidence.first {
      let has =
        fact.found == Selection.blank ? "it has no \(fact.attribute)" : "its \(fact.attribute) is \(fact.found)"
      let chosen =
        fact.wanted == Selection.noneChosen
        ? "and no \(fact.attribute) is chosen to sync"
        : "which is not among those chosen (\(fact.wanted ?? ""))"
      return "\(has) at \(situation.sourceSystem.name), \(chosen)\(kept)"
    }
    return linkBroken(cause.evidence.first?.attribute ?? "", cause.evidence.first?.found ?? "gone") + kept
  }

  /// Of a pair that is in step all the same, the one field that was left out.
  private static func left(_ decision: Decision) -> String {
    decision.action == .inStep ? "; it is left as it is" : ""
  }

  /// "title was" or "title, phone were".
  private static func fields(_ cause: Cause) -> String {
    let names = cause.evidence.map(\.attribute)
    return "\(names.joined(separator: ", ")) \(names.count == 1 ? "was" : "were")"
  }

  private static func sentence(_ reason: Reason) -> String {
    let sentence = reason.sentence.hasSuffix(".") ? String(reason.sentence.dropLast()) : reason.sentence
    return sentence.prefix(1).lowercased() + sentence.dropFirst()
  }

  private static func number(_ count: Int) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return words.indices.contains(count) ? words[count] : String(count)
  }
}
