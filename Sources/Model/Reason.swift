/// Why a record ends where it ends: one name for one cause, everywhere.

/// The gates that each record passes, in this order.
package enum Gate: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  case run, read, company, match, state, scope, data, compare, policy, `guard`, apply, verify

  package static func < (left: Gate, right: Gate) -> Bool { left.position < right.position }
  private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Who can do something about a reason.
package enum ReasonClass: String, Hashable, Sendable, Codable, CaseIterable {
  case expected
  case fixSource = "fix-source"
  case fixTarget = "fix-target"
  case configure, wait, decide
}

/// Every reason that a recipe of this house can give.
///
/// A new reason is one case; the compiler then asks for its gate, its class, its sentence and its rule.
package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
  // run
  case syncDisabled = "sync-disabled"
  case checkNotPassed = "check-not-passed"
  case credentialRejected = "credential-rejected"
  case permissionMissing = "permission-missing"
  case runEndedEarly = "run-ended-early"
  case leaseHeld = "lease-held"
  case settingsInvalid = "settings-invalid"
  // read
  case sourceIncomplete = "source-incomplete"
  case targetIncomplete = "target-incomplete"
  case notAtSource = "not-at-source"
  case notListed = "not-listed"
  case deletedAtSource = "deleted-at-source"
  case deltaExpired = "delta-expired"
  case snapshotOld = "snapshot-old"
  // company
  case companyUnmapped = "company-unmapped"
  case companyInactive = "company-inactive"
  case notPromoted = "not-promoted"
  case typeNotSynced = "type-not-synced"
  case statusNotSynced = "status-not-synced"
  case orphaned
  case ownerCompany = "owner-company"
  case otherCompany = "other-company"
  // match
  case excluded
  case linkBroken = "link-broken"
  case ambiguousTarget = "ambiguous-target"
  case ambiguousSource = "ambiguous-source"
  case alreadyLinked = "already-linked"
  case nearMiss = "near-miss"
  case nameOnly = "name-only"
  case keyRenamed = "key-renamed"
  case rejectedBefore = "rejected-before"
  case matched
  case pairedByPerson = "paired-by-person"
  case recreated
  case notMatched = "not-matched"
  case idMismatch = "id-mismatch"
  case emailMismatch = "email-mismatch"
  // state
  case guest
  case signInDisabled = "sign-in-disabled"
  case unlicensed
  case neverManaged = "never-managed"
  case inactiveAtTarget = "inactive-at-target"
  case inactiveAtSource = "inactive-at-source"
  case activeAgain = "active-again"
  // scope
  case domainNotSelected = "domain-not-selected"
  case noCompany = "no-company"
  case companyNotSynced = "company-not-synced"
  case memberInactive = "member-inactive"
  case memberTypeNotSelected = "member-type-not-selected"
  case noMemberTypeSelected = "no-member-type-selected"
  case notInGroup = "not-in-group"
  case notADestination = "not-a-destination"
  case userSuspended = "user-suspended"
  case userNotFound = "user-not-found"
  case groupNotFound = "group-not-found"
  case groupIncomplete = "group-incomplete"
  case contactsServiceOff = "contacts-service-off"
  // data
  case missingFirstName = "missing-first-name"
  case missingLastName = "missing-last-name"
  case missingEmail = "missing-email"
  case invalidValue = "invalid-value"
  case tooLong = "too-long"
  case missingName = "missing-name"
  case missingType = "missing-type"
  case missingStatus = "missing-status"
  case missingManufacturer = "missing-manufacturer"
  case missingModel = "missing-model"
  case missingPhone = "missing-phone"
  case manyValues = "many-values"
  case missingProfile = "missing-profile"
  case photoUnavailable = "photo-unavailable"
  // compare
  case inStep = "in-step"
  case equalAfterNormalising = "equal-after-normalising"
  case blankAtSource = "blank-at-source"
  case blankAtTarget = "blank-at-target"
  case editedAtTarget = "edited-at-target"
  case changedAtSource = "changed-at-source"
  case settingChanged = "setting-changed"
  case differsAtFirstMatch = "differs-at-first-match"
  case fieldUnmapped = "field-unmapped"
  case differsSinceLinked = "differs-since-linked"
  case changedAtTarget = "changed-at-target"
  case localAddition = "local-addition"
  case createOnlyField = "create-only-field"
  // policy
  case createOff = "create-off"
  case updateOff = "update-off"
  case reactivateOff = "reactivate-off"
  case outOfScopeLeft = "out-of-scope-left"
  case createContactsOff = "create-contacts-off"
  case readOnlySide = "read-only-side"
  case notYetPushed = "not-yet-pushed"
  case bothChanged = "both-changed"
  case otherSideWins = "other-side-wins"
  case settledByPerson = "settled-by-person"
  case waitingForUpload = "waiting-for-upload"
  case deletedByPerson = "deleted-by-person"
  case invitationWaits = "invitation-waits"
  // guard
  case massChange = "mass-change"
  case nothingMatched = "nothing-matched"
  case allChanged = "all-changed"
  case flapping
  case settingsEffect = "settings-effect"
  case firstPlan = "first-plan"
  case dropped
  case stalePlan = "stale-plan"
  case recordMoved = "record-moved"
  case importHeld = "import-held"
  case budgetUsed = "budget-used"
  // apply
  case rateLimited = "rate-limited"
  case serverError = "server-error"
  case outcomeUnknown = "outcome-unknown"
  case partlyApplied = "partly-applied"
  case valueRefused = "value-refused"
  case duplicateAtTarget = "duplicate-at-target"
  case targetGone = "target-gone"
  case recordForbidden = "record-forbidden"
  case versionConflict = "version-conflict"
  case undone
  case dependencyFailed = "dependency-failed"
  case quotaFull = "quota-full"
  // verify
  case valueRewritten = "value-rewritten"

  package var gate: Gate {
    switch self {
    case .syncDisabled, .checkNotPassed, .credentialRejected, .permissionMissing, .runEndedEarly, .leaseHeld,
      .settingsInvalid:
      .run
    case .sourceIncomplete, .targetIncomplete, .notAtSource, .notListed, .deletedAtSource, .deltaExpired, .snapshotOld:
      .read
    case .companyUnmapped, .companyInactive, .notPromoted, .typeNotSynced, .statusNotSynced, .orphaned, .ownerCompany,
      .otherCompany:
      .company
    case .excluded, .linkBroken, .ambiguousTarget, .ambiguousSource, .alreadyLinked, .nearMiss, .nameOnly, .keyRenamed,
      .rejectedBefore, .matched, .pairedByPerson, .recreated, .notMatched, .idMismatch, .emailMismatch:
      .match
    case .guest, .signInDisabled, .unlicensed, .neverManaged, .inactiveAtTarget, .inactiveAtSource, .activeAgain: .state
    case .domainNotSelected, .noCompany, .companyNotSynced, .memberInactive, .memberTypeNotSelected,
      .noMemberTypeSelected, .notInGroup, .notADestination, .userSuspended, .userNotFound, .groupNotFound,
      .groupIncomplete, .contactsServiceOff:
      .scope
    case .missingFirstName, .missingLastName, .missingEmail, .invalidValue, .tooLong, .missingName, .missingType,
      .missingStatus, .missingManufacturer, .missingModel, .missingPhone, .manyValues, .missingProfile,
      .photoUnavailable:
      .data
    case .inStep, .equalAfterNormalising, .blankAtSource, .blankAtTarget, .editedAtTarget, .changedAtSource,
      .differsAtFirstMatch, .fieldUnmapped, .differsSinceLinked, .changedAtTarget, .localAddition, .createOnlyField,
      .settingChanged:
      .compare
    case .createOff, .updateOff, .reactivateOff, .outOfScopeLeft, .createContactsOff, .readOnlySide, .notYetPushed,
      .bothChanged, .otherSideWins, .settledByPerson, .waitingForUpload, .deletedByPerson, .invitationWaits:
      .policy
    case .massChange, .nothingMatched, .allChanged, .flapping, .settingsEffect, .firstPlan, .dropped, .stalePlan,
      .recordMoved, .importHeld, .budgetUsed:
      .guard
    case .rateLimited, .serverError, .outcomeUnknown, .partlyApplied, .valueRefused, .duplicateAtTarget, .targetGone,
      .recordForbidden, .versionConflict, .undone, .dependencyFailed, .quotaFull:
      .apply
    case .valueRewritten: .verify
    }
  }

  package var reasonClass: ReasonClass {
    switch self {
    case .deletedAtSource, .notListed, .excluded, .keyRenamed, .matched, .pairedByPerson, .recreated, .notMatched,
      .guest,
      .signInDisabled, .inactiveAtSource, .activeAgain, .inStep, .equalAfterNormalising, .blankAtSource,
      .blankAtTarget, .editedAtTarget,
      .changedAtSource, .differsAtFirstMatch, .rejectedBefore, .undone, .outOfScopeLeft, .orphaned, .ownerCompany,
      .differsSinceLinked, .changedAtTarget, .otherSideWins, .settledByPerson, .deletedByPerson, .invitationWaits,
      .localAddition, .createOnlyField, .photoUnavailable, .settingChanged:
      .expected
    case .notAtSource, .unlicensed, .missingFirstName, .missingLastName, .missingEmail, .invalidValue, .tooLong,
      .ambiguousSource, .noCompany, .companyNotSynced, .missingName, .missingType, .missingStatus, .missingManufacturer,
      .missingModel, .missingPhone, .manyValues, .notInGroup, .userSuspended:
      .fixSource
    case .companyInactive, .ambiguousTarget, .nearMiss, .valueRefused, .duplicateAtTarget, .recordForbidden,
      .otherCompany, .idMismatch, .emailMismatch, .quotaFull:
      .fixTarget
    case .syncDisabled, .checkNotPassed, .credentialRejected, .permissionMissing, .settingsInvalid, .companyUnmapped,
      .domainNotSelected, .createOff, .updateOff, .reactivateOff, .valueRewritten, .fieldUnmapped, .notPromoted,
      .typeNotSynced, .statusNotSynced, .createContactsOff, .readOnlySide, .memberInactive, .memberTypeNotSelected,
      .noMemberTypeSelected, .notADestination, .userNotFound, .groupNotFound, .contactsServiceOff, .missingProfile:
      .configure
    case .runEndedEarly, .leaseHeld, .sourceIncomplete, .targetIncomplete, .deltaExpired, .snapshotOld, .rateLimited,
      .serverError, .outcomeUnknown, .partlyApplied, .versionConflict, .budgetUsed, .dependencyFailed,
      .waitingForUpload, .groupIncomplete:
      .wait
    case .linkBroken, .alreadyLinked, .nameOnly, .neverManaged, .inactiveAtTarget, .massChange, .nothingMatched,
      .allChanged, .flapping, .settingsEffect, .firstPlan, .dropped, .stalePlan, .recordMoved, .targetGone,
      .notYetPushed, .bothChanged, .importHeld:
      .decide
    }
  }

  /// What the reason means, in one sentence that needs no record to be understood.
  package var sentence: String {
    switch self {
    case .syncDisabled: "The sync is switched off."
    case .checkNotPassed: "The connections have not passed a check since they last changed."
    case .credentialRejected: "A system refused the credential."
    case .permissionMissing: "A system refused a permission that the recipe needs."
    case .runEndedEarly: "The last run ended before every change had an outcome."
    case .leaseHeld: "Another run of this sync is under way."
    case .settingsInvalid: "A setting has a value that the recipe cannot use."
    case .sourceIncomplete: "The source was not read to its end."
    case .targetIncomplete: "The target was not read to its end."
    case .notAtSource: "No such record was found at the source."
    case .notListed: "The file does not list the record, and by leaving it out a file proves nothing."
    case .deletedAtSource: "The record was deleted at the source."
    case .deltaExpired: "The mark of the last reading has expired; everything is read again."
    case .snapshotOld: "The last reading is old."
    case .companyUnmapped: "The company is not mapped to a company at the target."
    case .companyInactive: "The company is not active at the target."
    case .notPromoted: "The company was made on this side and was not chosen to go to the other."
    case .typeNotSynced: "The type is not among those chosen to sync."
    case .statusNotSynced: "The status is not among those chosen to sync."
    case .orphaned: "Its counterpart was deleted or no longer meets the settings; the record is kept and left alone."
    case .ownerCompany: "The provider's own company is no client and never syncs."
    case .otherCompany: "The pair belongs to different companies on the two sides."
    case .excluded: "A person excluded this record."
    case .linkBroken: "One side of the pair was deleted."
    case .ambiguousTarget: "Several records at the target have this key."
    case .ambiguousSource: "Several records at the source have this key."
    case .alreadyLinked: "The matching record is linked to somebody else."
    case .nearMiss: "A record at the target nearly matches."
    case .nameOnly: "A record at the target has the same name but another key."
    case .keyRenamed: "The key changed; the pair is followed by its ids."
    case .rejectedBefore: "A person said that these two are never one."
    case .matched: "Found at the target by its key."
    case .pairedByPerson: "Paired by a person."
    case .recreated: "The record was re-created at the source and takes over its predecessor's link."
    case .notMatched: "Nothing at the target matches."
    case .guest: "The user is a guest."
    case .signInDisabled: "Sign-in is disabled."
    case .unlicensed: "The user has no licence that counts."
    case .neverManaged: "The record was never linked by this sync, so it is left alone."
    case .inactiveAtTarget: "The record is inactive at the target and was never linked."
    case .inactiveAtSource: "The record is inactive at the source and was never linked."
    case .activeAgain: "The record is active again at the source."
    case .domainNotSelected: "The e-mail domain is not among those selected."
    case .noCompany: "The record belongs to no company."
    case .companyNotSynced: "The record's company does not sync."
    case .missingFirstName: "The first name is blank."
    case .missingLastName: "The last name is blank."
    case .missingEmail: "The record has no e-mail address."
    case .invalidValue: "A value is not one that the target takes."
    case .tooLong: "A value is longer than the target takes."
    case .missingName: "The name is blank."
    case .missingType: "The type is blank."
    case .missingStatus: "The status is blank."
    case .missingManufacturer: "The manufacturer is blank."
    case .missingModel: "The model is blank."
    case .missingPhone: "The phone number is blank."
    case .manyValues: "There are more values than the other side has room for."
    case .inStep: "Both sides are in step."
    case .equalAfterNormalising: "The values differ only in their form."
    case .blankAtSource: "The field is blank at the source, and a blank overwrites nothing."
    case .blankAtTarget: "The field is blank at the target, and a blank overwrites nothing."
    case .editedAtTarget: "The field was edited at the target and has not changed at the source since."
    case .changedAtSource: "A field changed at the source."
    case .settingChanged: "A setting says otherwise than before."
    case .differsAtFirstMatch: "Fields differed when the pair was found."
    case .fieldUnmapped: "The field is not mapped."
    case .differsSinceLinked: "The field differed when the pair was found, and nobody has edited it since."
    case .changedAtTarget: "A field changed at the target."
    case .createOff: "Creating records is off."
    case .updateOff: "Updating existing records is off."
    case .reactivateOff: "Reactivating records is off."
    case .outOfScopeLeft: "The record is out of scope now and is left as it is."
    case .createContactsOff: "Making contacts of new customers is off."
    case .readOnlySide: "The sync runs in one direction, and this is the other."
    case .notYetPushed: "The record was there before two-way was switched on, and has not been edited since."
    case .bothChanged: "The field was edited on both sides."
    case .otherSideWins: "The field was edited on both sides, and the settings say which one wins."
    case .settledByPerson: "A person said which side's value holds."
    case .massChange: "One run would change more than its limits allow."
    case .nothingMatched: "Almost nobody matches: this may be the wrong tenant or company."
    case .allChanged: "One run would update most of the linked records."
    case .flapping: "The same field was written three times within a day."
    case .settingsEffect: "A changed setting would change records."
    case .firstPlan: "This is the first plan of the sync, and nobody is watching."
    case .dropped: "A person took this change out of the plan."
    case .stalePlan: "The plan is out of date."
    case .recordMoved: "The record was edited after the plan was made."
    case .importHeld: "It arrived together with many others, which looks like an import."
    case .budgetUsed: "The requests that the system allows for this time are used up."
    case .rateLimited: "The system asked for fewer requests."
    case .serverError: "The system answered with an error of its own."
    case .outcomeUnknown: "It is not known whether the change arrived."
    case .partlyApplied: "The change arrived in part."
    case .valueRefused: "The target refused a value."
    case .duplicateAtTarget: "The target says that such a record exists."
    case .targetGone: "The record no longer exists at the target."
    case .recordForbidden: "The target does not allow this record to be changed."
    case .versionConflict: "The record was changed at the same time by somebody else."
    case .undone: "An earlier run is being reversed."
    case .dependencyFailed: "The company that it belongs to has not arrived."
    case .memberInactive: "The member is inactive."
    case .memberTypeNotSelected: "The member's type is not among those chosen to sync."
    case .noMemberTypeSelected: "No member type is chosen, so nobody syncs."
    case .notInGroup: "The record is not in the group that syncs."
    case .notADestination: "The user is not among the destinations any more."
    case .userSuspended: "The user is suspended or archived."
    case .userNotFound: "There is no such user."
    case .groupNotFound: "There is no such group."
    case .groupIncomplete: "Not everybody in the group, unit or domain could be found."
    case .contactsServiceOff: "The contacts service is switched off for the user."
    case .missingProfile: "No profile is set for new employees."
    case .idMismatch: "The e-mail address is equal, and no employee id is."
    case .emailMismatch: "An employee id is equal, and the e-mail address is not."
    case .waitingForUpload: "It was written into a file that waits to be uploaded."
    case .deletedByPerson: "A person deleted it at the target."
    case .invitationWaits: "Nobody is invited by the sync; the invitation is sent by hand."
    case .localAddition: "The record was added by the user and is left alone."
    case .createOnlyField: "The field is given to new records and never changed afterwards."
    case .photoUnavailable: "The photo cannot be had or is not one that the target takes."
    case .quotaFull: "The account at the target has no room for more."
    case .valueRewritten: "The target stores the value in a form of its own."
    }
  }
}

/// One observation behind a reason: *attribute, operator, wanted, found, where*.
package struct Evidence: Hashable, Sendable, Codable {
  package var attribute: String
  package var relation: String
  package var wanted: String?
  package var found: String
  /// Where the value was seen: "Microsoft 365", "ConnectWise contact 8841".
  package var place: String?
  package init(
    _ attribute: String, _ relation: String = "is", wanted: String? = nil, found: String, at place: String? = nil
  ) {
    self.attribute = attribute
    self.relation = relation
    self.wanted = wanted
    self.found = found
    self.place = place
  }
}

/// A reason with its evidence, for one record.
package struct Cause: Hashable, Sendable, Codable {
  package var reason: Reason
  package var evidence: [Evidence]
  /// What to do about it: a command, or an instruction in a vendor's words; `nil` when there is nothing to do.
  package var fix: String?
  /// Ids of the records that the reason speaks of (the candidates of an ambiguous match).
  package var records: [RecordID]
  package init(_ reason: Reason, evidence: [Evidence] = [], fix: String? = nil, records: [RecordID] = []) {
    self.reason = reason
    self.evidence = evidence
    self.fix = fix
    self.records = records
  }
}
