// Where what is known of Crewhu is silent: the account's ways, which control can switch.

/// Ways of an account; what holds at first is the likelier way, or the one that is harder on a client.
struct CrewhuOptions: Sendable {
  /// What is around the rows of a listing. The wire names are unverified.
  enum Envelope: String, Sendable, CaseIterable {
    /// Nothing: a bare array.
    case array
    /// `items`, `total`, `hasMore` and `nextStep`, as a public client hands them out.
    case object
    /// Another object, whose first array holds the rows.
    case data
  }

  /// How `employee_id` is shown. Whether it is one value or a list is unverified.
  enum EmployeeID: String, Sendable, CaseIterable {
    case list
    /// The first of them.
    case string
    /// All of them with commas between.
    case joined
  }

  enum Refusal: String, Sendable, CaseIterable {
    case ignored
    case refused
  }

  var envelope = Envelope.array
  var employeeID = EmployeeID.list
  var showsEmail = true
  var showsProfile = false
  /// Whether there is any API for writing and for lists and profiles, of which nothing is documented.
  var hasWriteAPI = true
  /// What becomes of a `limit` above the largest: cut down, or refused.
  var refusesLargePages = false
  /// What becomes of a filter on `_updated_at`, whose encoding is unverified.
  var updatedFilter = Refusal.ignored
  /// Whether an address that differs only in case counts as in use.
  var addressesIgnoreCase = false
  var requestsPerMinute = 240
  var limitsFrozenClock = false

  static let largestPage = 100
  static let usualPage = 50

  /// The words of `GET /control`.
  static let summary =
    "The account's ways. envelope (array, object, data), employee-id (list, string, joined), shows-email, shows-profile, "
    + "write-api (false: there is no such API, as far as anybody knows), large-pages (cut, refused), updated-filter "
    + "(ignored, refused), email-conflict-ignores-case, rate-limit-per-minute, rate-limit-with-frozen-clock."

  /// Sets what a body names; an unknown name or a wrong value is refused.
  mutating func change(_ body: JSON) throws(ControlProblem) {
    for member in body.members ?? [] {
      switch (member.name, member.value) {
      case ("envelope", .string(let text)) where Envelope(rawValue: text) != nil:
        envelope = Envelope(rawValue: text) ?? envelope
      case ("employee-id", .string(let text)) where EmployeeID(rawValue: text) != nil:
        employeeID = EmployeeID(rawValue: text) ?? employeeID
      case ("shows-email", .bool(let flag)): showsEmail = flag
      case ("shows-profile", .bool(let flag)): showsProfile = flag
      case ("write-api", .bool(let flag)): hasWriteAPI = flag
      case ("large-pages", "cut"), ("large-pages", "refused"): refusesLargePages = member.value == "refused"
      case ("updated-filter", .string(let text)) where Refusal(rawValue: text) != nil:
        updatedFilter = Refusal(rawValue: text) ?? updatedFilter
      case ("email-conflict-ignores-case", .bool(let flag)): addressesIgnoreCase = flag
      case ("rate-limit-per-minute", .int(let number)) where number > 0: requestsPerMinute = number
      case ("rate-limit-with-frozen-clock", .bool(let flag)): limitsFrozenClock = flag
      default:
        throw ControlProblem(
          400, "\"\(member.name)\" cannot be \(member.value.encoded).", fix: CrewhuOptions.summary)
      }
    }
  }

  var json: JSON {
    [
      "envelope": .string(envelope.rawValue), "employee-id": .string(employeeID.rawValue),
      "shows-email": .bool(showsEmail), "shows-profile": .bool(showsProfile), "write-api": .bool(hasWriteAPI),
      "large-pages": refusesLargePages ? "refused" : "cut", "updated-filter": .string(updatedFilter.rawValue),
      "email-conflict-ignores-case": .bool(addressesIgnoreCase), "rate-limit-per-minute": .int(requestsPerMinute),
      "rate-limit-with-frozen-clock": .bool(limitsFrozenClock),
    ]
  }
}
