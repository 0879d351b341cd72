// A fault that somebody asked for: which requests it meets, how often, and what it does to them.

/// What a fault does.
enum FaultKind: String, Sendable, CaseIterable {
  /// Answers `status` without doing anything.
  case status
  /// Does what was asked and cuts the answer's JSON in half, under an honest length.
  case malformedJSON = "malformed-json"
  /// 200 with a well-formed, empty listing and no further page.
  case empty200 = "empty-200"
  /// 200 without a body.
  case noBody = "no-body"
  /// Does what was asked, announces the whole answer, sends half of it and closes the connection.
  case truncate
  /// Answers with the page before this one again.
  case repeatPage = "repeat-page"
  /// Ends a listing early: no further page is announced.
  case endEarly = "end-early"
  /// Closes the connection; nothing was done.
  case dropConnection = "drop-connection"
  /// Does what was asked, then closes the connection without an answer.
  case commitThenDrop = "commit-then-drop"
  /// Never answers; nothing was done.
  case hang
  /// Does what was asked, and answers after `delay-milliseconds`.
  case delay
  /// A page of HTML with `status` (502 where none is given), as a gateway sends it.
  case html
  /// Does what was asked, and follows the answer with blanks up to `megabytes`.
  case hugeBody = "huge-body"
  /// 302 to `location`, which is another host unless told.
  case redirectElsewhere = "redirect-elsewhere"
}

/// One rule; the first that meets a request applies.
struct FaultRule: Sendable {
  var id: Int
  var kind: FaultKind
  var system: String?
  var method: String?
  /// `*` stands for any text; compared with the path below the system and below its API root.
  var path: String?
  var queryContains: String?
  /// Which page of a listing, counted from 1.
  var page: Int?
  /// How many requests pass before the rule begins.
  var skip: Int
  /// How often it applies; `nil` until it is deleted.
  var times: Int?
  /// From 0 to 1; `nil` always.
  var probability: Double?
  var status: Int
  var retryAfter: String?
  var body: String?
  var delay: Duration
  var megabytes: Int
  var location: String?
  /// How often it has applied.
  var applied = 0

  /// Whether the rule, as far as the request itself goes, is meant.
  func meets(_ request: EmulatedRequest, resourcePath: String, page: Int) -> Bool {
    if let system, system != request.system { return false }
    if let method, method != request.method { return false }
    if let path, !glob(path, matches: request.rawPath), !glob(path, matches: resourcePath) { return false }
    if let queryContains, !request.target.contains(queryContains) { return false }
    if let wanted = self.page, wanted != page { return false }
    return true
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init(name: "id", value: .int(id)), .init(name: "kind", value: .string(kind.rawValue)),
      .init(name: "applied", value: .int(applied)), .init(name: "skip", value: .int(skip)),
    ]
    func add(_ name: String, _ value: JSON?) { if let value { members.append(.init(name: name, value: value)) } }
    add("system", system.map { .string($0) })
    add("method", method.map { .string($0) })
    add("path", path.map { .string($0) })
    add("query-contains", queryContains.map { .string($0) })
    add("page", page.map { .int($0) })
    add("times", times.map { .int($0) })
    add("probability", probability.map { .double($0) })
    add("status", .int(status))
    add("retry-after", retryAfter.map { .string($0) })
    return JSON.object(members).sorted
  }
}

extension FaultRule {
  private static let known: Set<String> = [
    "system", "method", "path", "query-contains", "page", "skip", "times", "probability", "status", "retry-after",
    "body",
    "kind", "delay-milliseconds", "megabytes", "location",
  ]

  /// Reads a rule as control takes it; an unknown key is refused, so that a misspelt rule does not fail silently.
  init(reading json: JSON, id: Int) throws(ControlProblem) {
    guard let members = json.members else {
      throw ControlProblem(
        400, "A fault rule is a JSON object.", fix: #"Send, for example, {"kind":"status","status":503}."#)
    }
    if let unknown = members.first(where: { !FaultRule.known.contains($0.name) }) {
      throw ControlProblem(
        400, "A fault rule has no \"\(unknown.name)\".",
        fix: "Known: \(FaultRule.known.sorted().joined(separator: ", ")).")
    }
    let kindName = json["kind"]?.text ?? "status"
    guard let kind = FaultKind(rawValue: kindName) else {
      throw ControlProblem(
        400, "There is no kind of fault \"\(kindName)\".",
        fix: "Known: \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    let status = json["status"]?.whole ?? (kind == .html ? 502 : 503)
    guard (200...599).contains(status) else {
      throw ControlProblem(400, "\(status) is no status of an answer.", fix: "Give a number from 200 to 599.")
    }
    self.init(
      id: id, kind: kind, system: json["system"]?.text, method: json["method"]?.text?.uppercased(),
      path: json["path"]?.text, queryContains: json["query-contains"]?.text, page: json["page"]?.whole,
      skip: max(0, json["skip"]?.whole ?? 0), times: json["times"]?.whole, probability: json["probability"]?.number,
      status: status, retryAfter: json["retry-after"].map { $0.text ?? $0.encoded },
      body: json["body"].map { $0.text ?? $0.encoded },
      delay: .milliseconds(min(600_000, max(0, json["delay-milliseconds"]?.whole ?? 1000))),
      megabytes: min(4096, max(1, json["megabytes"]?.whole ?? 64)), location: json["location"]?.text)
  }
}
