// The ways of an Autotask database that the vendor does not document, or that differ between databases.

/// What control can switch; each begins with the likelier or the more dangerous way.
struct AutotaskOptions: Sendable {
  enum ActiveLiterals: String, Sendable, CaseIterable {
    /// In filters a contact's `isActive` is 1 or 0; all else finds nothing.
    case numbers
    /// Also the texts "true" and "false".
    case texts
    /// Also the booleans.
    case any
  }

  enum EmptyFilter: String, Sendable, CaseIterable {
    case refused
    case everything
  }

  enum CompanyChange: String, Sendable, CaseIterable {
    case ignored
    case refused
  }

  enum ContactsRoot: String, Sendable, CaseIterable {
    case html404 = "html-404"
    case tolerated
  }

  enum Deactivation: String, Sendable, CaseIterable {
    case keepsContacts = "keeps-contacts"
    case deactivatesContacts = "deactivates-contacts"
  }

  enum InactivePicks: String, Sendable, CaseIterable {
    case refused
    case accepted
  }

  enum Links: String, Sendable, CaseIterable {
    case own
    /// To another host, which a client must not follow with its credentials.
    case elsewhere
  }

  enum MissingRecord: String, Sendable, CaseIterable {
    case nullItem = "null-item"
    case status404 = "404"
  }

  enum RetryAfter: String, Sendable, CaseIterable {
    case absent
    case seconds
    case date
  }

  enum TrackedModified: String, Sendable, CaseIterable {
    case edits
    case never
  }

  var activeLiterals = ActiveLiterals.texts
  /// 401, or 500 as some wrappers report.
  var badCredentialsStatus = 401
  var companyDeactivation = Deactivation.keepsContacts
  var contactCompanyChange = CompanyChange.ignored
  var contactsRoot = ContactsRoot.html404
  var deactivationMovesLastModified = true
  var emptyFilter = EmptyFilter.refused
  var inactivePicks = InactivePicks.refused
  var injectsLatency = true
  /// Whether hourly limit and latency hold also while the clock stands still.
  var limitsFrozenClock = false
  var missingRecord = MissingRecord.nullItem
  var nextPageLinks = Links.own
  /// How long every answer takes, so that requests sent at once really meet.
  var processingMilliseconds = 10
  var requestsPerHour = 10_000
  var retryAfter = RetryAfter.absent
  /// 500, as is common, or 403, as the documents say.
  var missingRightsStatus = 500
  var threads = 3
  /// How much longer than the answer takes its thread is counted.
  var threadLingerMilliseconds = 0
  var threadStatus = 429
  var trackedModified = TrackedModified.edits
  /// 401, or 404 as a page of the web server.
  var wrongZoneStatus = 401
  var zoneLinks = Links.own
  var zoneURLEndsWithSlash = true
}

// MARK: - By name

extension AutotaskOptions {
  /// Every option with its value.
  var json: JSON {
    [
      "company-deactivation": .string(companyDeactivation.rawValue),
      "contact-company-change": .string(contactCompanyChange.rawValue),
      "contacts-root-writes": .string(contactsRoot.rawValue),
      "deactivation-moves-last-modified": .bool(deactivationMovesLastModified),
      "empty-filter": .string(emptyFilter.rawValue), "inactive-picklist-values": .string(inactivePicks.rawValue),
      "is-active-literals": .string(activeLiterals.rawValue), "latency-injection": .bool(injectsLatency),
      "limits-with-frozen-clock": .bool(limitsFrozenClock), "missing-record": .string(missingRecord.rawValue),
      "next-page-links": .string(nextPageLinks.rawValue), "processing-milliseconds": .int(processingMilliseconds),
      "requests-per-hour": .int(requestsPerHour), "retry-after": .string(retryAfter.rawValue),
      "status-of-bad-credentials": .int(badCredentialsStatus), "status-of-missing-rights": .int(missingRightsStatus),
      "status-of-thread-limit": .int(threadStatus), "status-of-wrong-zone": .int(wrongZoneStatus),
      "thread-linger-milliseconds": .int(threadLingerMilliseconds), "threads": .int(threads),
      "tracked-modified": .string(trackedModified.rawValue), "zone-links": .string(zoneLinks.rawValue),
      "zone-url-ends-with-slash": .bool(zoneURLEndsWithSlash),
    ]
  }

  /// Sets one option.
  mutating func set(_ name: String, to value: JSON) throws(ControlProblem) {
    switch name {
    case "company-deactivation": companyDeactivation = try choice(name, value)
    case "contact-company-change": contactCompanyChange = try choice(name, value)
    case "contacts-root-writes": contactsRoot = try choice(name, value)
    case "deactivation-moves-last-modified": deactivationMovesLastModified = try flag(name, value)
    case "empty-filter": emptyFilter = try choice(name, value)
    case "inactive-picklist-values": inactivePicks = try choice(name, value)
    case "is-active-literals": activeLiterals = try choice(name, value)
    case "latency-injection": injectsLatency = try flag(name, value)
    case "limits-with-frozen-clock": limitsFrozenClock = try flag(name, value)
    case "missing-record": missingRecord = try choice(name, value)
    case "next-page-links": nextPageLinks = try choice(name, value)
    case "processing-milliseconds": processingMilliseconds = try number(name, value, 0...60_000)
    case "requests-per-hour": requestsPerHour = try number(name, value, 1...1_000_000_000)
    case "retry-after": retryAfter = try choice(name, value)
    case "status-of-bad-credentials": badCredentialsStatus = try status(name, value, [401, 500])
    case "status-of-missing-rights": missingRightsStatus = try status(name, value, [403, 500])
    case "status-of-thread-limit": threadStatus = try status(name, value, [429, 500])
    case "status-of-wrong-zone": wrongZoneStatus = try status(name, value, [401, 404])
    case "thread-linger-milliseconds": threadLingerMilliseconds = try number(name, value, 0...60_000)
    case "threads": threads = try number(name, value, 1...1000)
    case "tracked-modified": trackedModified = try choice(name, value)
    case "zone-links": zoneLinks = try choice(name, value)
    case "zone-url-ends-with-slash": zoneURLEndsWithSlash = try flag(name, value)
    default:
      throw ControlProblem(
        400, "There is no option \"\(name)\".",
        fix: "Known: \((json.members ?? []).map(\.name).joined(separator: ", ")).")
    }
  }

  private func problem(_ name: String, _ value: JSON, _ known: String) -> ControlProblem {
    ControlProblem(400, "\"\(name)\" cannot be \(value.encoded).", fix: "Known: \(known).")
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ value: JSON
  ) throws(ControlProblem) -> Choice {
    guard let choice = Choice(rawValue: value.text ?? value.encoded) else {
      throw problem(name, value, Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  private func flag(_ name: String, _ value: JSON) throws(ControlProblem) -> Bool {
    guard let flag = value.flag else { throw problem(name, value, "true, false") }
    return flag
  }

  private func number(_ name: String, _ value: JSON, _ range: ClosedRange<Int>) throws(ControlProblem) -> Int {
    guard let number = value.whole, range.contains(number) else {
      throw problem(name, value, "\(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func status(_ name: String, _ value: JSON, _ known: [Int]) throws(ControlProblem) -> Int {
    guard let status = value.whole, known.contains(status) else {
      throw problem(name, value, known.map(\.description).joined(separator: ", "))
    }
    return status
  }
}
