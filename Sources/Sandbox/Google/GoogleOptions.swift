// Where the vendor's documents are silent: the ways of this Google, which control can switch.

/// A way that is either so or not; what holds at first is the likelier way, or the more dangerous.
enum GoogleWay: String, CaseIterable, Sendable {
  /// A token can be had for an alias, not only for the primary address.
  case aliasesAreSubjects = "aliases-work-as-sub"
  /// Suspended and archived users get tokens; their contacts are then denied.
  case suspendedGetTokens = "suspended-users-get-tokens"
  /// Where the contacts service is off for a user, the token is denied already.
  case serviceOffAtToken = "service-off-denies-the-token"
  /// Who was granted `contacts` may ask for `contacts.readonly` too.
  case contactsCoverReading = "contacts-covers-contacts-readonly"
  /// An update with the person's etag alone, without that of the source, is accepted.
  case topLevelEtagSuffices = "top-level-etag-suffices"
  /// A stale etag is always worded as that of the source.
  case namesSourceEtag = "stale-etag-names-the-source"
  /// A batch with an error changes nothing; otherwise its good items are carried out though it fails.
  case batchesAreAtomic = "batches-are-atomic"
  /// The people of a batch come back in another order than they were sent.
  case shufflesCreated = "created-people-in-another-order"
  /// A batch of deletes passes over contacts that are gone.
  case batchDeleteForgives = "batch-delete-forgives"
  /// A change of labels moves the contact's etag.
  case membershipsMoveEtag = "memberships-move-the-etag"
  /// A change of labels shows in the next delta.
  case membershipsInDeltas = "memberships-in-deltas"
  /// The members of a deleted label that are in no other go to the trash; otherwise to My Contacts.
  case labelDeletionTrashes = "label-deletion-trashes-lone-members"
  /// The token of an incremental answer lives another seven days.
  case chainedTokensRenew = "chained-sync-tokens-renew"
  /// Too many contacts are answered with 429 instead of 400.
  case overflowIs429 = "overflow-answers-429"
  case sendsRetryAfter = "sends-retry-after"
  case limitsFrozenClock = "quotas-with-frozen-clock"
  /// Members outside the tenant have the type EXTERNAL.
  case outsidersAreExternal = "outsiders-have-type-external"

  var isOnAtFirst: Bool {
    switch self {
    case .batchesAreAtomic, .membershipsMoveEtag, .membershipsInDeltas, .labelDeletionTrashes: true
    default: false
    }
  }
}

/// A way that has a number.
enum GoogleNumber: String, CaseIterable, Sendable {
  /// Contacts of one account, those in the trash counted.
  case contactLimit = "contact-limit"
  /// How long a write does not show in readings.
  case readLag = "read-lag-seconds"
  /// How long a change of a user does not show in searches.
  case searchLag = "search-lag-seconds"
  case tokenLifetime = "token-lifetime-seconds"

  var valueAtFirst: Int {
    switch self {
    case .contactLimit: 25_000
    case .readLag, .searchLag: 0
    case .tokenLifetime: 3599
    }
  }
}

/// All ways of one Google.
struct GoogleOptions: Sendable {
  private var flags: [GoogleWay: Bool] = [:]
  private var numbers: [GoogleNumber: Int] = [:]

  subscript(way: GoogleWay) -> Bool { flags[way] ?? way.isOnAtFirst }
  subscript(number: GoogleNumber) -> Int { numbers[number] ?? number.valueAtFirst }

  /// Sets what a body names; an unknown name or a wrong value is refused.
  mutating func change(_ body: JSON) throws(ControlProblem) {
    for member in body.members ?? [] {
      if let way = GoogleWay(rawValue: member.name), let value = member.value.flag {
        flags[way] = value
      } else if let number = GoogleNumber(rawValue: member.name), let value = member.value.whole, value >= 0 {
        numbers[number] = value
      } else {
        throw ControlProblem(
          400, "\"\(member.name)\" cannot be \(member.value.encoded).", fix: GoogleOptions.summary)
      }
    }
  }

  var json: JSON {
    .object(
      GoogleWay.allCases.map { .init(name: $0.rawValue, value: .bool(self[$0])) }
        + GoogleNumber.allCases.map { .init(name: $0.rawValue, value: .int(self[$0])) })
  }

  /// The words of `GET /control`.
  static var summary: String {
    "Flags: \(GoogleWay.allCases.map(\.rawValue).joined(separator: ", ")). "
      + "Numbers: \(GoogleNumber.allCases.map(\.rawValue).joined(separator: ", "))."
  }
}
