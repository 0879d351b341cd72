// Where the vendor's documents on Desk are silent: the instance's ways, which control can switch.

/// Ways of a Desk; what holds at first is the likelier way, or the more dangerous.
enum DeskWay: String, TeamworkFlag {
  /// `$eq` and `$in` on texts pay no regard to case.
  case filtersIgnoreCase = "filters-ignore-case"
  /// A field that cannot be filtered by is passed over, so that everything is listed.
  case ignoresUnknownFilters = "ignores-unknown-filters"
  /// Listings show deleted records also where nothing was said about `state`.
  case listsDeleted = "lists-deleted-by-default"
  /// Listings never show deleted records, whatever the filter says.
  case hidesDeleted = "never-lists-deleted"
  /// A deleted record is still read by id, with its state.
  case readsDeleted = "reads-deleted-by-id"
  case contactPointsMoveUpdated = "contact-points-move-updated-at"
  case domainsMoveUpdated = "domains-move-updated-at"
  /// A customer's `updatedAt` moves when a company takes it in or lets it go.
  case membershipMovesUpdated = "membership-moves-updated-at"
  case avatarMovesUpdated = "avatar-moves-updated-at"
  /// Contact points that an update leaves out stay.
  case keepsOmittedContactPoints = "keeps-omitted-contact-points"
  /// `customer.email` without a contact point makes one.
  case emailAloneSuffices = "email-alone-suffices"
  /// Contact points of networks show in the flat keys too, and win over them.
  case contactPointsFillNetworks = "contact-points-fill-flat-networks"
  /// A customer placed by its domain falls back to that company after being moved.
  case reattachesDomainMatches = "reattaches-domain-matches"
  case refusesMovingDomainMatches = "refuses-moving-domain-matches"
  case portalIsOn = "portal-is-on"
  /// A welcome mail goes out when `sendWelcomeEmail` is left out and the portal is on.
  case welcomesUnlessRefused = "welcomes-unless-refused"
  case nameConflictIgnoresCase = "name-conflict-ignores-case"
  /// PUT blanks the properties that it leaves out.
  case putBlanks = "put-blanks-what-is-omitted"
  /// The type of a relation is a number, as in the reference.
  case numericRelations = "numeric-relation-types"
  /// The company relation is the array `companies`, as in older material.
  case companiesRelation = "relation-is-companies"
  case deletesAnswer200 = "deletes-answer-200"
  /// `X-Rate-Limit-Reset` is an instant, not a duration.
  case resetIsEpoch = "rate-limit-reset-is-epoch"
  case sendsRetryAfter = "sends-retry-after"
  case limitsFrozenClock = "rate-limit-with-frozen-clock"

  var isOnAtFirst: Bool {
    switch self {
    case .filtersIgnoreCase, .readsDeleted, .contactPointsMoveUpdated, .domainsMoveUpdated, .membershipMovesUpdated,
      .avatarMovesUpdated, .keepsOmittedContactPoints, .emailAloneSuffices, .contactPointsFillNetworks,
      .reattachesDomainMatches, .portalIsOn, .welcomesUnlessRefused, .nameConflictIgnoresCase, .putBlanks:
      true
    case .ignoresUnknownFilters, .listsDeleted, .hidesDeleted, .refusesMovingDomainMatches, .numericRelations,
      .companiesRelation, .deletesAnswer200, .resetIsEpoch, .sendsRetryAfter, .limitsFrozenClock:
      false
    }
  }
}

/// Limits of a Desk.
enum DeskLimit: String, TeamworkNumber {
  case requestsPerMinute = "rate-limit-per-minute"
  case defaultPageSize = "default-page-size"
  case duplicateNameStatus = "duplicate-name-status"
  case duplicateEmailStatus = "duplicate-email-status"

  var valueAtFirst: Int {
    switch self {
    case .requestsPerMinute: 120
    case .defaultPageSize: 50
    case .duplicateNameStatus: 400
    case .duplicateEmailStatus: 400
    }
  }
}
