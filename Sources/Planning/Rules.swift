/// The rule of the product that each reason enforces, one sentence each: what `why` ends with.
import Model

extension Reason {
  /// `nil` for reasons that enforce no rule of the sync but report what happened to a run.
  package var rule: String? {
    switch self {
    case .syncDisabled: "a sync writes nothing until it is enabled"
    case .checkNotPassed, .credentialRejected, .permissionMissing:
      "a sync runs only after every check has passed since its connections last changed"
    case .settingsInvalid: "a sync runs only with settings that its recipe can use"
    case .sourceIncomplete, .targetIncomplete:
      "absence counts only in a complete reading with its certificate, or when the system itself says so"
    case .notAtSource: "only what was read at the source can be carried over"
    case .notListed: "a file creates and updates; what it leaves out is left as it is"
    case .deletedAtSource: "a deletion at the source deletes nothing at the target"
    case .companyUnmapped: "records go only to the company that their company is mapped to"
    case .companyInactive: "nothing is written to a company that is not active"
    case .excluded: "no rule touches a record that a person excluded"
    case .linkBroken: "a record that was deleted at the target is not created again by itself"
    case .ambiguousTarget, .ambiguousSource:
      "a pair is never guessed: the key must point to exactly one record on each side"
    case .alreadyLinked: "one target record is never linked to two source records"
    case .nearMiss, .nameOnly, .notMatched, .matched: "an existing record is matched by the recipe's keys, exactly"
    case .keyRenamed: "once linked, a pair is followed by its ids, whatever its key becomes"
    case .rejectedBefore: "two records that a person keeps apart are never linked"
    case .pairedByPerson: "what a person paired stays paired"
    case .recreated: "a re-created record takes over the pair of the one that was deleted"
    case .guest: "guests belong to another organisation and are not carried over"
    case .signInDisabled: "a record that is inactive at the source is not active at the target"
    case .unlicensed: "a record without a licence is not active at the target"
    case .inactiveAtSource: "a record that is inactive is not created on the other side"
    case .neverManaged, .inactiveAtTarget: "a record that this sync never linked is left alone"
    case .activeAgain: "a record is reactivated when it is active again at the source"
    case .domainNotSelected: "where domains are selected, only people with an address in one of them are carried over"
    case .missingFirstName: "a person needs a first name to be carried over"
    case .missingLastName: "a person needs a last name to be carried over"
    case .missingEmail: "a person without an e-mail address cannot be matched or created"
    case .invalidValue, .tooLong: "a value that the target cannot take is not sent"
    case .inStep, .equalAfterNormalising, .valueRewritten:
      "values are compared by the field's own rule: a difference of form is no change"
    case .blankAtSource: "a blank at the source overwrites nothing, unless clear-blanks is on"
    case .blankAtTarget: "a blank overwrites nothing, unless clear-blanks is on"
    case .editedAtTarget: "an edit at the target stays until that field changes at the source"
    case .changedAtSource: "a change at the source is carried over"
    case .differsAtFirstMatch: "at the first match the source fills in and corrects, if update-existing is on"
    case .fieldUnmapped: "only mapped fields are carried over"
    case .createOff: "records are created only while create is on"
    case .updateOff: "existing records are updated only while update-existing is on"
    case .reactivateOff: "records are reactivated only while reactivate is on"
    case .outOfScopeLeft:
      "a linked record that is out of scope now stays as it is, unless out-of-scope says otherwise"
    case .massChange, .nothingMatched, .allChanged, .settingsEffect, .firstPlan:
      "a plan over a limit is held as a whole, before anything is sent"
    case .flapping: "a field that keeps changing back is not written again and again"
    case .dropped, .stalePlan, .recordMoved, .versionConflict: "only what was looked at is sent"
    case .notPromoted: "a company made on this side goes to the other only when it is promoted"
    case .typeNotSynced, .statusNotSynced: "only records whose type and status are both among those chosen sync"
    case .orphaned: "a record whose counterpart is gone is kept and never deleted"
    case .ownerCompany: "the provider's own company is no client"
    case .otherCompany: "a pair stays within one pair of companies"
    case .noCompany, .companyNotSynced: "a record syncs only with the company that it belongs to"
    case .missingName, .missingType, .missingStatus, .missingManufacturer, .missingModel, .missingPhone:
      "a record needs what the other side demands of it"
    case .manyValues: "a value that the other side has no room for is not sent"
    case .differsSinceLinked: "a difference that was there when the pair was found stays until somebody edits it"
    case .changedAtTarget: "in a two-way sync a change on either side is carried over"
    case .createContactsOff: "new customers become contacts only while create-contacts is on"
    case .readOnlySide: "changes travel in one direction unless two-way is on"
    case .notYetPushed: "switching two-way on sends nothing that was there before"
    case .bothChanged, .otherSideWins: "a field that both sides edited is settled by conflicts, or by a person"
    case .settledByPerson: "what a person settled holds"
    case .importHeld: "records that arrive in bulk are sent only when a person says so"
    case .budgetUsed: "a system's hourly budget is never exceeded"
    case .dependencyFailed: "nothing is created in a company that has not arrived"
    case .memberInactive: "member-status says which members become active employees"
    case .memberTypeNotSelected, .noMemberTypeSelected:
      "only members of a chosen type sync, and none chosen means nobody"
    case .notInGroup: "only what is in the source group is carried over"
    case .notADestination: "a destination struck from the list is cleaned; one that merely left a group is kept"
    case .groupIncomplete: "whoever is missing where not everybody could be looked for has not left"
    case .settingChanged: "what the settings say of every record is carried to those that are there, too"
    case .userSuspended, .userNotFound, .groupNotFound, .contactsServiceOff:
      "only users who are there and have contacts send or receive them"
    case .missingProfile: "a new employee needs a profile"
    case .idMismatch, .emailMismatch: "two are one person only if the e-mail address and an employee id are both equal"
    case .waitingForUpload: "what was written into a file is not written into another one"
    case .deletedByPerson: "what a person deleted stays deleted, except where the product's own rule says otherwise"
    case .invitationWaits: "only new active employees are invited, and only while invite is automatic"
    case .localAddition: "what a user added is that user's own"
    case .createOnlyField: "some fields are given to new records and never changed afterwards"
    case .photoUnavailable: "a photo that the target does not take is left out"
    case .runEndedEarly, .leaseHeld, .deltaExpired, .snapshotOld, .rateLimited, .serverError, .outcomeUnknown,
      .partlyApplied, .valueRefused, .duplicateAtTarget, .targetGone, .recordForbidden, .undone, .quotaFull:
      nil
    }
  }
}
