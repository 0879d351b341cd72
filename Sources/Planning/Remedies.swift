/// What a person does about each reason, in general: what `help` teaches, and what `why` falls back on where a gate names
/// nothing nearer.
import Model

extension Reason {
  /// `nil` where nothing has to be done.
  package var remedy: String? {
    switch self {
    case .syncDisabled: "enable the sync once a preview looks right"
    case .checkNotPassed: "check, and put right what it names"
    case .credentialRejected: "renew the credential: set its key for the connection, then check"
    case .permissionMissing: "grant the permission that check names, then check again"
    case .runEndedEarly: "apply the plan's rest, or sync again"
    case .leaseHeld: "wait for the other run, or add  wait 20m"
    case .settingsInvalid: "set the setting to a value that it takes: help and its key say which"
    case .sourceIncomplete, .targetIncomplete: "load people again; check, if it stays so"
    case .notAtSource: "look for the address in another spelling, or check that the right tenant is read"
    case .deltaExpired, .snapshotOld: "load people"
    case .companyUnmapped: "map the company to its id at the target"
    case .companyInactive: "make the company active at the target, or disable its sync"
    case .notPromoted: "promote the company"
    case .typeNotSynced: "add its type to the types that sync, or give it another one"
    case .statusNotSynced: "add its status to the statuses that sync, or give it another one"
    case .otherCompany: "move the record to the same company on both sides, or forget the pair"
    case .linkBroken: "relink it, or forget the pair"
    case .ambiguousTarget: "merge the records at the target, or pair with the right one"
    case .ambiguousSource: "exclude those that are not meant, or correct their key"
    case .alreadyLinked: "forget the wrong pair"
    case .nearMiss: "make the key equal on both sides, or pair the two"
    case .nameOnly: "pair the two, or never pair them"
    case .idMismatch, .emailMismatch: "make the e-mail address and the employee id equal on both sides, or pair the two"
    case .unlicensed: "assign a licence at the source"
    case .neverManaged, .inactiveAtTarget: "make it active at the target, or pair it, if it is to be kept in step"
    case .domainNotSelected: "add the domain to domains, if such people are to come too"
    case .noCompany: "give the record a company at its own system"
    case .companyNotSynced: "find out why the company does not sync: why and its name"
    case .memberInactive: "make the member active, or set member-status to all"
    case .memberTypeNotSelected, .noMemberTypeSelected: "add the type to member-types"
    case .notInGroup: "add the record to the group at the source"
    case .notADestination: "add the user to destinations, if contacts are to go on"
    case .userSuspended: "make the user active again at the system"
    case .userNotFound, .groupNotFound: "correct the address in the setting that names it"
    case .groupIncomplete: "load people again; check, if it stays so"
    case .contactsServiceOff: "switch the contacts service on for the user"
    case .missingFirstName: "fill in the first name at the source"
    case .missingLastName: "fill in the last name at the source"
    case .missingEmail: "fill in the e-mail address at the source"
    case .missingName: "fill in the name"
    case .missingType: "give it a type"
    case .missingStatus: "give it a status"
    case .missingManufacturer: "fill in the manufacturer"
    case .missingModel: "fill in the model"
    case .missingPhone: "fill in the phone number"
    case .missingProfile: "set profile to the one that new employees get"
    case .invalidValue: "correct the value where it comes from"
    case .tooLong: "shorten the value where it comes from"
    case .manyValues: "remove values until the rest fits"
    case .fieldUnmapped: "set mapping.FIELD to the field that feeds it, if it is to be carried"
    case .createOff: "set create to on, if such records are to be made"
    case .updateOff: "set update-existing to on, once the links look right"
    case .reactivateOff: "set reactivate to on"
    case .createContactsOff: "set create-contacts to on"
    case .outOfScopeLeft: "set out-of-scope to deactivate, if it is not to stay"
    case .readOnlySide: "edit the other side, or set two-way to on where the recipe has it"
    case .notYetPushed: "push the record, or edit and save it"
    case .bothChanged: "resolve the conflict with the side whose value holds"
    case .waitingForUpload: "upload the file; if it is lost, forget the record, and the next sync writes it again"
    case .massChange, .allChanged, .nothingMatched, .settingsEffect:
      "look at the plan; if it is meant, apply it at the terminal, or over the guard with its exact number"
    case .firstPlan: "look at the plan and apply it at the terminal, or add  first  to confirm within"
    case .flapping: "find out what changes the field back"
    case .importHeld: "push the records, or apply the plan over guard import"
    case .dropped: "restore the change, if it is wanted after all"
    case .stalePlan, .recordMoved, .versionConflict: "preview again"
    case .budgetUsed, .rateLimited, .serverError: "wait; the next run goes on"
    case .outcomeUnknown, .partlyApplied, .dependencyFailed: "sync again: what arrived is looked up first"
    case .valueRefused: "correct the value as the system's own words say"
    case .duplicateAtTarget: "find the other record at the target and pair it, or merge the two"
    case .targetGone: "relink it, or forget the pair"
    case .recordForbidden: "give the connection's user the right to change it, or exclude it"
    case .quotaFull: "make room at the target"
    case .valueRewritten: "map the field otherwise, if the target's form is not wanted"
    case .excluded: "include it, if it is to take part again"
    case .rejectedBefore: "pair the two, if they are one after all"
    case .notListed, .deletedAtSource, .orphaned, .ownerCompany, .keyRenamed, .matched, .pairedByPerson, .recreated,
      .notMatched, .guest, .signInDisabled, .inactiveAtSource, .activeAgain, .inStep, .equalAfterNormalising,
      .blankAtSource, .blankAtTarget, .editedAtTarget, .changedAtSource, .differsAtFirstMatch, .differsSinceLinked,
      .changedAtTarget, .otherSideWins, .settledByPerson, .deletedByPerson, .invitationWaits, .localAddition,
      .createOnlyField, .photoUnavailable, .settingChanged, .undone:
      nil
    }
  }
}

extension ReasonClass {
  /// Who can do something about it, for help.
  package var words: String {
    switch self {
    case .expected: "nothing has to be done"
    case .fixSource: "somebody changes the record at the source"
    case .fixTarget: "somebody changes the record at the target"
    case .configure: "somebody changes a setting or a connection"
    case .wait: "it passes, or the next run goes on"
    case .decide: "only a person can say"
    }
  }
}
