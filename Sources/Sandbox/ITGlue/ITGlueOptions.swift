// The ways of IT Glue that its reference leaves open; control sets each to the one or the other.

/// How one emulated account behaves where the documents are silent or disagree.
struct ITGlueOptions: Sendable {
  /// Whether IT Glue's own integration with a PSA runs.
  enum BuiltInSync: String, Sendable, CaseIterable {
    case off
    /// Links can be read, nothing is locked.
    case paused
    case on
  }

  var builtInSync = BuiltInSync.off
  /// The status of a wrong key: the endpoint tables say 401, the introduction says 403.
  var badKeyStatus = 401
  /// The status of a record that was created; locations always answer 201.
  var createStatus = 200
  /// `filter[name]` of organizations and configurations finds parts of names, without regard to letter case.
  var nameFilterContains = false
  var refusesUnknownFilters = true
  /// Ranges of time longer than a week are refused.
  var refusesLongRanges = true
  /// A page size above 1000 is refused instead of being cut down.
  var refusesLargePages = false
  /// Pages larger than this time out.
  var slowPagesOver: Int?
  /// Only pages with something included time out.
  var onlyIncludesAreSlow = false
  /// Sent e-mails and phones are added to those there are, instead of replacing them.
  var mergesLists = false
  /// The leading plus of a number is kept.
  var keepsPlus = false
  var refusesUnknownLabels = false
  /// Attributes that the server fills are refused instead of being passed over.
  var refusesReadOnly = false
  /// One bad entry of a bulk request undoes the others.
  var bulkIsAtomic = false
  var organizationNamesAreUnique = true
  var listNamesAreUnique = true
  /// `parent-id` cannot be set.
  var refusesParents = false
  /// Changing only e-mails or phones changes the contact's `updated-at`.
  var listsMoveUpdatedAt = true
  /// Saving without a change moves `updated-at`.
  var savingMovesUpdatedAt = true
  /// How long a deleted organization is still there.
  var deletionSeconds = 30
  var requestsPerWindow = 3000
  var limitsFrozenClock = false
  /// 429 carries a Retry-After.
  var sendsRetryAfter = false

  static let windowSeconds = 300
  static let largestPage = 1000
  static let defaultPage = 50

  /// Sets one option by its name in control; false for a name or a value that there is none of.
  mutating func set(_ name: String, _ value: JSON) -> Bool {
    func choice(_ first: String, _ second: String, _ set: (inout ITGlueOptions, Bool) -> Void) -> Bool {
      guard value.text == first || value.text == second else { return false }
      set(&self, value.text == second)
      return true
    }
    func flag(_ path: WritableKeyPath<ITGlueOptions, Bool>) -> Bool {
      guard let flag = value.flag else { return false }
      self[keyPath: path] = flag
      return true
    }
    func number(_ path: WritableKeyPath<ITGlueOptions, Int>, _ range: ClosedRange<Int>) -> Bool {
      guard let number = value.whole, range.contains(number) else { return false }
      self[keyPath: path] = number
      return true
    }
    switch name {
    case "built-in-sync":
      guard let state = value.text.flatMap({ BuiltInSync(rawValue: $0) }) else { return false }
      builtInSync = state
      return true
    case "bad-key": return value == 402 ? false : number(\.badKeyStatus, 401...403)
    case "create-status": return number(\.createStatus, 200...201)
    case "name-filter": return choice("exact", "contains") { $0.nameFilterContains = $1 }
    case "unknown-filters": return choice("ignored", "refused") { $0.refusesUnknownFilters = $1 }
    case "long-ranges": return choice("allowed", "refused") { $0.refusesLongRanges = $1 }
    case "large-pages": return choice("cut", "refused") { $0.refusesLargePages = $1 }
    case "slow-pages-over":
      guard value == .null || value.whole.map({ $0 > 0 }) == true else { return false }
      slowPagesOver = value.whole
      return true
    case "slow-only-with-include": return flag(\.onlyIncludesAreSlow)
    case "lists": return choice("replace", "merge") { $0.mergesLists = $1 }
    case "phone-plus": return choice("stripped", "kept") { $0.keepsPlus = $1 }
    case "unknown-labels": return choice("created", "refused") { $0.refusesUnknownLabels = $1 }
    case "read-only-attributes": return choice("ignored", "refused") { $0.refusesReadOnly = $1 }
    case "bulk": return choice("partial", "atomic") { $0.bulkIsAtomic = $1 }
    case "unique-organization-names": return flag(\.organizationNamesAreUnique)
    case "unique-list-names": return flag(\.listNamesAreUnique)
    case "parents": return choice("settable", "refused") { $0.refusesParents = $1 }
    case "lists-move-updated-at": return flag(\.listsMoveUpdatedAt)
    case "saving-moves-updated-at": return flag(\.savingMovesUpdatedAt)
    case "deletion-seconds": return number(\.deletionSeconds, 0...86_400)
    case "rate-limit": return number(\.requestsPerWindow, 1...1_000_000)
    case "rate-limit-with-frozen-clock": return flag(\.limitsFrozenClock)
    case "retry-after": return flag(\.sendsRetryAfter)
    default: return false
    }
  }

  var json: JSON {
    [
      "built-in-sync": .string(builtInSync.rawValue), "bad-key": .int(badKeyStatus),
      "create-status": .int(createStatus), "name-filter": nameFilterContains ? "contains" : "exact",
      "unknown-filters": refusesUnknownFilters ? "refused" : "ignored",
      "long-ranges": refusesLongRanges ? "refused" : "allowed", "large-pages": refusesLargePages ? "refused" : "cut",
      "slow-pages-over": slowPagesOver.map { .int($0) } ?? .null, "slow-only-with-include": .bool(onlyIncludesAreSlow),
      "lists": mergesLists ? "merge" : "replace", "phone-plus": keepsPlus ? "kept" : "stripped",
      "unknown-labels": refusesUnknownLabels ? "refused" : "created",
      "read-only-attributes": refusesReadOnly ? "refused" : "ignored", "bulk": bulkIsAtomic ? "atomic" : "partial",
      "unique-organization-names": .bool(organizationNamesAreUnique), "unique-list-names": .bool(listNamesAreUnique),
      "parents": refusesParents ? "refused" : "settable", "lists-move-updated-at": .bool(listsMoveUpdatedAt),
      "saving-moves-updated-at": .bool(savingMovesUpdatedAt), "deletion-seconds": .int(deletionSeconds),
      "rate-limit": .int(requestsPerWindow), "rate-limit-with-frozen-clock": .bool(limitsFrozenClock),
      "retry-after": .bool(sendsRetryAfter),
    ]
  }
}
