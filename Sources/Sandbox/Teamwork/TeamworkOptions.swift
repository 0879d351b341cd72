// Where the vendor's documents are silent: the instance's ways, which control can switch.

/// Ways of a Teamwork.com site; what holds at first is the likelier way, or the more dangerous.
enum TeamworkWay: String, TeamworkFlag {
  /// `updatedAfter` returns what changed in that very second too.
  case updatedAfterInclusive = "updated-after-is-inclusive"
  /// `updatedAfter` goes by `createdAt` where a company was never edited.
  case updatedAfterCoversNeverEdited = "updated-after-covers-never-edited"
  /// `updatedAfter` also returns companies that were deleted since.
  case updatedAfterShowsDeletedCompanies = "updated-after-shows-deleted-companies"
  /// `orderBy=id` is known.
  case ordersByID = "orders-by-id"
  /// Changes of phones, other addresses and networks move a person's `updatedAt`.
  case detailsMoveUpdated = "details-move-updated-at"
  case avatarMovesUpdated = "avatar-moves-updated-at"
  /// v1 shows LinkedIn, Facebook and the web address that were written.
  case readsNetworks = "reads-social-networks"
  /// An invitation goes out when `sendInvite` is left out.
  case invitesUnlessRefused = "invites-unless-refused"
  case nameConflictIgnoresCase = "name-conflict-ignores-case"
  case deletedCompanyHoldsName = "deleted-company-holds-name"
  case deletedPersonHoldsEmail = "deleted-person-holds-email"
  /// A deleted person is still read by id.
  case readsDeletedPerson = "reads-deleted-person"
  /// v1 takes `firstName` for `first-name`.
  case takesCamelCase = "takes-camel-case"
  /// Collaborators and client users are listed only when asked for.
  case needsIncludeSwitches = "collaborators-and-clients-must-be-asked-for"
  /// Flags of v1 listings are the texts "1" and "0".
  case listsFlagsAsText = "v1-lists-flags-as-text"
  case errorsAsContent = "v1-errors-as-content"
  case nullClearsManager = "null-clears-manager"
  case multiCurrency = "multi-currency"
  /// `X-RateLimit-Reset` is an instant, not a duration.
  case resetIsEpoch = "rate-limit-reset-is-epoch"
  case sendsRetryAfter = "sends-retry-after"
  case limitsFrozenClock = "rate-limit-with-frozen-clock"

  var isOnAtFirst: Bool {
    switch self {
    case .ordersByID, .detailsMoveUpdated, .avatarMovesUpdated, .invitesUnlessRefused, .nameConflictIgnoresCase,
      .listsFlagsAsText, .nullClearsManager, .resetIsEpoch:
      true
    case .updatedAfterInclusive, .updatedAfterCoversNeverEdited, .updatedAfterShowsDeletedCompanies, .readsNetworks,
      .deletedCompanyHoldsName, .deletedPersonHoldsEmail, .readsDeletedPerson, .takesCamelCase, .needsIncludeSwitches,
      .errorsAsContent, .multiCurrency, .sendsRetryAfter, .limitsFrozenClock:
      false
    }
  }
}

/// Limits of a Teamwork.com site.
enum TeamworkLimit: String, TeamworkNumber {
  case requestsPerMinute = "rate-limit-per-minute"
  /// Records of one query; the listing ends there without a word.
  case queryCap = "records-per-query"
  case v1PageSize = "v1-default-page-size"
  case duplicateEmailStatus = "duplicate-email-status"
  /// After so many list pages without `updatedAfter` within an hour the rate limit falls to a third; 0 never.
  case fullPagesBeforeLowerLimit = "full-pages-before-lower-limit"

  var valueAtFirst: Int {
    switch self {
    case .requestsPerMinute: 150
    case .queryCap: 50_000
    case .v1PageSize: 50
    case .duplicateEmailStatus: 409
    case .fullPagesBeforeLowerLimit: 0
    }
  }
}
