// The requests of the last hour, which all integrations of one customer share.

/// A rolling count of requests.
struct AutotaskUsage: Sendable {
  static let window = 3600

  /// By second, in their order; `head` is the first that still counts.
  private var seconds: [(second: Int, requests: Int)] = []
  private var head = 0
  private(set) var count = 0

  /// Forgets what lies further back than an hour.
  mutating func settle(at second: Int) {
    while head < seconds.count, seconds[head].second <= second - AutotaskUsage.window || seconds[head].second > second {
      count -= seconds[head].requests
      head += 1
    }
    if head > 4096 {
      seconds.removeFirst(head)
      head = 0
    }
  }

  mutating func add(_ requests: Int, at second: Int) {
    settle(at: second)
    count += requests
    if let last = seconds.last, head < seconds.count, last.second == second {
      seconds[seconds.count - 1].requests += requests
    } else {
      seconds.append((second, requests))
    }
  }

  /// How many seconds it takes until fewer than this many are left.
  func wait(until limit: Int, at second: Int) -> Int {
    var left = count
    for entry in seconds[head...] {
      left -= entry.requests
      if left < limit { return max(1, entry.second + AutotaskUsage.window - second) }
    }
    return 1
  }

  /// What an answer waits at this much of the limit.
  ///
  /// Source: Autotask developer help, "Thresholds and limits": from half of it on, half a second to a second.
  static func latency(share: Double) -> Duration? {
    share < 0.5 ? nil : .milliseconds(Int(min(1000, 500 + (share - 0.5) * 1000)))
  }
}

/// What a client did that it must not do, or that a test wants to know.
struct AutotaskCounters: Sendable {
  /// By kind of record and what was done.
  var writes: [String: Int] = [:]
  /// Updates after which every field was as before.
  var unchangedUpdates = 0
  /// Fields of a body that do not exist or cannot be written, which the API passes over without a word.
  var ignoredFields: [String: Int] = [:]
  /// Fields that a PUT set to null because its body left them out.
  var fieldsNulledByPut = 0
  var companyChangesIgnored = 0
  /// The asterisks of a protected field, written back as if they were its value.
  var masksWritten = 0
  var primaryContactsMoved = 0
  var contactsDeactivatedWithCompany = 0
  /// Further pages asked for with GET after a POST query.
  var pagesByWrongMethod = 0
  /// Further pages asked for with another body than the first.
  var pagesWithAnotherBody = 0
  /// Listings cut off because the asked fields lacked `id`.
  var listingsCutForWantOfID = 0
  var threadRefusals = 0
  /// By endpoint.
  var mostInFlight: [String: Int] = [:]
  var requestsWhileSuspended = 0
  var requestsToWrongZone = 0
  var refusedSignIns = 0
  /// Refusals for a record itself (a 500 with texts): sending the same again cannot help.
  var validationRefusals = 0

  var json: JSON {
    return [
      "company-changes-ignored": .int(companyChangesIgnored),
      "contacts-deactivated-with-company": .int(contactsDeactivatedWithCompany),
      "fields-nulled-by-put": .int(fieldsNulledByPut), "ignored-fields": .counts(ignoredFields),
      "listings-cut-for-want-of-id": .int(listingsCutForWantOfID), "masks-written": .int(masksWritten),
      "most-in-flight": .counts(mostInFlight), "pages-by-wrong-method": .int(pagesByWrongMethod),
      "pages-with-another-body": .int(pagesWithAnotherBody), "primary-contacts-moved": .int(primaryContactsMoved),
      "refused-sign-ins": .int(refusedSignIns), "requests-to-wrong-zone": .int(requestsToWrongZone),
      "requests-while-suspended": .int(requestsWhileSuspended), "thread-refusals": .int(threadRefusals),
      "unchanged-updates": .int(unchangedUpdates), "validation-refusals": .int(validationRefusals),
      "writes": .counts(writes),
    ]
  }
}
