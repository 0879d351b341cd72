// What was asked of the sandbox: counts for assertions, and the last requests for reading.

/// Counts of the requests that reached the emulated systems since the last reset; control itself is not counted.
package struct RequestCounts: Sendable, Equatable {
  package var total = 0
  package var bySystem: [String: Int] = [:]
  /// By method and route, as in `GET /v1.0/users/{id}`.
  package var byRoute: [String: Int] = [:]
  /// By status of the answer; a connection closed without one counts under `dropped`, an endless wait under `hung`.
  package var byStatus: [String: Int] = [:]
  /// Requests that ask for a change, by system, whether or not it was made.
  package var writes: [String: Int] = [:]
  /// Requests whose change was made, by system, whether or not the client heard of it.
  package var committedWrites: [String: Int] = [:]
}

/// The counts, and the last requests in order.
struct RequestLog: Sendable {
  /// One request; neither headers nor bodies are kept, since both hold secrets.
  struct Entry: Sendable {
    var number: Int
    var at: String
    var method: String
    var target: String
    var status: String
    var fault: Int?
  }

  static let longest = 500

  private(set) var counts = RequestCounts()
  private(set) var entries: [Entry] = []

  mutating func record(
    _ request: EmulatedRequest, route: String, outcome: EmulatedResponse, isWrite: Bool, wasPerformed: Bool,
    fault: Int?,
    at instant: String
  ) {
    let status =
      switch outcome.delivery {
      case .dropped: "dropped"
      case .hung: "hung"
      case .whole, .truncated, .padded: outcome.status.description
      }
    counts.total += 1
    counts.bySystem[request.system, default: 0] += 1
    counts.byRoute["\(request.method) \(route)", default: 0] += 1
    counts.byStatus[status, default: 0] += 1
    if isWrite {
      counts.writes[request.system, default: 0] += 1
      if wasPerformed { counts.committedWrites[request.system, default: 0] += 1 }
    }
    if entries.count >= RequestLog.longest { entries.removeFirst(RequestLog.longest / 5) }
    entries.append(
      Entry(
        number: counts.total, at: instant, method: request.method, target: request.target, status: status, fault: fault)
    )
  }

  var json: JSON {
    let last = entries.map { entry -> JSON in
      [
        "number": .int(entry.number), "at": .string(entry.at), "method": .string(entry.method),
        "target": .string(entry.target), "status": .string(entry.status),
        "fault": entry.fault.map { .int($0) } ?? .null,
      ]
    }
    let whole: JSON = [
      "total": .int(counts.total), "by-system": .counts(counts.bySystem), "by-route": .counts(counts.byRoute),
      "by-status": .counts(counts.byStatus), "writes": .counts(counts.writes),
      "committed-writes": .counts(counts.committedWrites), "last": .array(last),
    ]
    return whole.sorted
  }
}
