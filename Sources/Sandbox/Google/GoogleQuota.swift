// What a minute and a day allow.

/// The budgets that requests draw on.
///
/// Source: People API guide "Read and manage contacts" for the costs; the numbers are one project's defaults, since they
/// only stand in the console.
enum GoogleBucket: String, CaseIterable, Sendable {
  case criticalReads = "critical-reads"
  case criticalWrites = "critical-writes"
  case groupReads = "group-reads"
  /// Deletes of contacts and writes of labels.
  case writes
  /// First pages of full readings with a sync token.
  case fullSyncs = "full-syncs"
  /// Of the whole project, by day.
  case dailyContactWrites = "daily-contact-writes"
  case directory

  var limitAtFirst: Int {
    switch self {
    case .criticalReads: 60
    case .criticalWrites, .writes: 30
    case .groupReads: 90
    case .fullSyncs: 20
    case .dailyContactWrites: 100_000
    case .directory: 2400
    }
  }

  var isDaily: Bool { self == .dailyContactWrites }

  /// As errors call it.
  var name: String {
    switch self {
    case .criticalReads: "Critical read requests (Contact and Profile Reads)"
    case .criticalWrites: "Critical write requests (Contact Creates and Updates)"
    case .groupReads: "Read requests (Contact Group Reads)"
    case .writes: "Write requests (Contact Deletes and Contact Group Writes)"
    case .fullSyncs: "FBS quota"
    case .dailyContactWrites: "Daily Contact Writes (Total)"
    case .directory: "Queries"
    }
  }

  /// The refusal of a request that found too little left.
  func refusal(limit: Int, project: String) -> GoogleRefusal {
    switch self {
    case .directory:
      // "403 userRateLimitExceeded: default 2 400 queries per minute per user per project".
      return GoogleRefusal(
        403, "RESOURCE_EXHAUSTED", "userRateLimitExceeded",
        "User Rate Limit Exceeded. Rate of requests for user exceed "
          + "configured project quota, you may consider re-evaluating expected per-user traffic to the API.",
        domain: "usageLimits")
    case .fullSyncs:
      return GoogleRefusal(
        429, "RESOURCE_EXHAUSTED", "rateLimitExceeded", "Resource has been exhausted (e.g. check quota).",
        domain: "usageLimits",
        details: [
          [
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [["description": "FBS quota limit exceeded"]],
          ]
        ])
    case .criticalReads, .criticalWrites, .groupReads, .writes, .dailyContactWrites:
      let span = isDaily ? "\(name) per day" : "\(name) per minute per user"
      return GoogleRefusal(
        429, "RESOURCE_EXHAUSTED", "rateLimitExceeded",
        "Quota exceeded for quota metric '\(name)' and limit '\(span)' of service 'people.googleapis.com' for consumer "
          + "'project_number:\(project)'.",
        domain: "usageLimits",
        details: [
          GoogleRefusal.info(
            "RATE_LIMIT_EXCEEDED", domain: "googleapis.com",
            metadata: [
              "quota_limit": .string(span), "quota_limit_value": .string(limit.description),
              "quota_metric": .string(name), "service": "people.googleapis.com",
              "consumer": .string("projects/\(project)"),
            ])
        ])
    }
  }
}

/// What was used of each budget, by user and by minute or day.
struct GoogleUsage: Sendable {
  private struct Key: Hashable {
    var user: String
    var bucket: GoogleBucket
  }

  private var limits: [GoogleBucket: Int] = [:]
  private var used: [Key: (window: Int, count: Int)] = [:]

  func limit(_ bucket: GoogleBucket) -> Int { limits[bucket] ?? bucket.limitAtFirst }

  mutating func setLimit(_ bucket: GoogleBucket, _ limit: Int) { limits[bucket] = limit }

  /// Forgets what was used.
  mutating func forget() { used = [:] }

  /// Draws on all budgets, or, where one has too little left, on none.
  ///
  /// - Returns: the budget that has too little left.
  mutating func draw(_ costs: [(bucket: GoogleBucket, units: Int)], user: String, at seconds: Int) -> GoogleBucket? {
    func place(_ bucket: GoogleBucket) -> (key: Key, window: Int) {
      (Key(user: bucket.isDaily ? "" : user, bucket: bucket), bucket.isDaily ? seconds / 86_400 : seconds / 60)
    }
    func count(_ bucket: GoogleBucket) -> Int {
      let (key, window) = place(bucket)
      guard let entry = used[key], entry.window == window else { return 0 }
      return entry.count
    }
    for (bucket, units) in costs where count(bucket) + units > limit(bucket) { return bucket }
    for (bucket, units) in costs {
      let (key, window) = place(bucket)
      used[key] = (window, count(bucket) + units)
    }
    return nil
  }

  var json: JSON { .object(GoogleBucket.allCases.map { .init(name: $0.rawValue, value: .int(limit($0))) }) }
}
