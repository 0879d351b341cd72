// Google Workspace, emulated: one tenant of the provider, its token endpoint, People and the Directory.

import Foundation

/// All of one tenant, the service account that acts for its users, and the tokens given out.
struct GoogleEmulation: EmulatedSystem {
  /// An access token and what it allows.
  struct Grant: Sendable {
    /// Whom it acts for; `nil` for the service account itself.
    var userID: String?
    var scopes: Set<String>
    /// Seconds since 1970.
    var expiresAt: Int
  }

  /// An API that the Cloud project has to enable.
  enum API: String, CaseIterable, Sendable {
    case people, directory

    var title: String {
      switch self {
      case .people: "People API"
      case .directory: "Admin SDK API"
      }
    }
  }

  let handle = "google"
  let account: GoogleServiceAccount
  var consent = GoogleConsent()
  var options = GoogleOptions()
  var directory: GoogleDirectory
  /// By user id.
  var books: [String: GoogleBook] = [:]
  var grants: [String: Grant] = [:]
  var disabledAPIs: Set<API> = []
  var usage = GoogleUsage()
  var counters = GoogleCounters()
  var random: SeededGenerator
  /// The addresses of the administrator and of the user with the shared label.
  let administrator: String
  let sourceUser: String

  init(_ seed: SeedWorld) {
    var random = SeededGenerator(seed: seed.seed &+ 7000)
    account = GoogleServiceAccount(&random)
    directory = GoogleDirectory(customerID: "C0" + random.key(length: 7).lowercased())
    administrator = "admin@kestrel.example"
    sourceUser = "dana.whitfield@kestrel.example"
    self.random = random
    fill(from: seed)
  }

  // MARK: - Answering

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    var answer: EmulatedResponse
    switch request.path.first {
    case "token" where request.path.count == 1: return tokenAnswer(request, at: moment)
    case "admin":
      do throws(GoogleRefusal) {
        answer = try directoryAnswer(request, at: moment)
      } catch {
        answer = refusalAnswer(error, request, older: true)
      }
    default:
      var place: String?
      do throws(GoogleRefusal) {
        answer = try peopleAnswer(request, at: moment, occupying: &place)
      } catch {
        answer = refusalAnswer(error, request, older: false)
      }
      answer.occupies = place
    }
    guard answer.status == 200, let fields = request.option("fields"), let json = try? JSON(reading: answer.body)
    else { return answer }
    do throws(GoogleRefusal) {
      answer.body = try GoogleFieldSelector(fields).applied(to: json).encoded
    } catch {
      return refusalAnswer(error, request, older: request.path.first == "admin")
    }
    return answer
  }

  /// "Query parameter $.xgafv=1|2 selects the shape."
  private func refusalAnswer(_ refusal: GoogleRefusal, _ request: EmulatedRequest, older: Bool) -> EmulatedResponse {
    let isOlder =
      switch request.option("$.xgafv") {
      case "1": true
      case "2": false
      default: older
      }
    var answer = EmulatedResponse(refusal.code, refusal.json(older: isOlder))
    if refusal.code == 401 { answer.setHeader("WWW-Authenticate", #"Bearer realm="https://accounts.google.com/""#) }
    if let retryAfter = refusal.retryAfter { answer.setHeader("Retry-After", retryAfter.description) }
    return answer
  }

  /// The grant that a request's bearer token stands for.
  func signedIn(_ request: EmulatedRequest, at moment: Moment) throws(GoogleRefusal) -> Grant {
    let parts = (request.headers["authorization"] ?? "").split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer", let grant = grants[String(parts[1])],
      grant.expiresAt > moment.seconds
    else { throw .unauthenticated }
    return grant
  }

  func need(_ api: API) throws(GoogleRefusal) {
    if disabledAPIs.contains(api) { throw .apiDisabled(api.title, project: account.projectNumber) }
  }

  /// Draws on budgets, which stand still with the clock unless asked otherwise.
  mutating func draw(
    _ costs: [(bucket: GoogleBucket, units: Int)], user: String, at moment: Moment
  ) throws(GoogleRefusal) {
    guard !moment.clockIsFrozen || options[.limitsFrozenClock] else { return }
    guard let bucket = usage.draw(costs, user: user, at: moment.seconds) else { return }
    counters.throttled[bucket.rawValue, default: 0] += 1
    var refusal = bucket.refusal(limit: usage.limit(bucket), project: account.projectNumber)
    if options[.sendsRetryAfter] {
      refusal.retryAfter = bucket.isDaily ? 86_400 - moment.seconds % 86_400 : 60 - moment.seconds % 60
    }
    throw refusal
  }

  // MARK: - Parameters

  /// A number among the parameters.
  func number(
    _ name: String, _ request: EmulatedRequest, in range: ClosedRange<Int>, otherwise: Int
  ) throws(GoogleRefusal) -> Int {
    guard let text = request.option(name), !text.isEmpty else { return otherwise }
    guard let number = Int(text), range.contains(number) else {
      throw GoogleRefusal(
        400, "INVALID_ARGUMENT", "invalidParameter",
        "Invalid value '\(text)' for \(name). Values must be within the range: [\(range.lowerBound), "
          + "\(range.upperBound)]",
        details: [
          [
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [["field": .string(name), "description": "The value is out of range."]],
          ]
        ])
    }
    return number
  }

  func flag(_ name: String, _ request: EmulatedRequest) throws(GoogleRefusal) -> Bool {
    switch request.option(name) {
    case nil, "", "false": return false
    case "true": return true
    default: throw .invalid("Invalid value for \(name): a boolean is required.", field: name)
    }
  }

  /// A body, which must be a JSON object.
  func body(_ request: EmulatedRequest) throws(GoogleRefusal) -> JSON {
    guard let body = try? request.json(), body.members != nil else {
      throw .invalid("Invalid JSON payload received.")
    }
    return body
  }

  /// Refuses members of a body that mean nothing.
  func check(_ body: JSON, knows names: Set<String>) throws(GoogleRefusal) {
    for member in body.members ?? [] where !names.contains(member.name) {
      throw .invalid("Invalid JSON payload received. Unknown name \"\(member.name)\": Cannot find field.")
    }
  }

  /// The address of the page after this one: the same request with another page token.
  func nextLink(_ request: EmulatedRequest, _ token: String, at moment: Moment) -> String {
    let items = request.query.filter { $0.name != "pageToken" } + [.init(name: "pageToken", value: token)]
    let query = items.map { "\(EmulatedRequest.encoded($0.name))=\(EmulatedRequest.encoded($0.value))" }
    return "\(moment.root)\(request.rawPath)?\(query.joined(separator: "&"))"
  }

  // MARK: - What the sandbox asks of a system

  func route(of request: EmulatedRequest) -> String {
    switch request.path.first {
    case "people": GoogleCall.template(of: Array(request.path.dropFirst()))
    case "admin": GoogleEmulation.directoryTemplate(of: Array(request.path.dropFirst()))
    default: "/" + request.path.joined(separator: "/")
    }
  }

  func resourcePath(of request: EmulatedRequest) -> String {
    let below =
      switch request.path.first {
      case "people": request.path.dropFirst(2)
      case "admin": request.path.dropFirst(4)
      default: request.path[...]
      }
    return "/" + below.joined(separator: "/")
  }

  func isWrite(_ request: EmulatedRequest) -> Bool { request.method != "GET" && request.path.first != "token" }

  func errorBody(status: Int) -> JSON {
    let (name, reason) =
      switch status {
      case 400: ("INVALID_ARGUMENT", "badRequest")
      case 401: ("UNAUTHENTICATED", "authError")
      case 403: ("PERMISSION_DENIED", "forbidden")
      case 404: ("NOT_FOUND", "notFound")
      case 409: ("ALREADY_EXISTS", "duplicate")
      case 429: ("RESOURCE_EXHAUSTED", "rateLimitExceeded")
      case 503: ("UNAVAILABLE", "backendError")
      default: ("INTERNAL", "backendError")
      }
    let message: JSON = "An error was arranged."
    return [
      "error": [
        "code": .int(status), "message": message, "status": .string(name),
        "errors": [["domain": "global", "reason": .string(reason), "message": message]],
      ]
    ]
  }

  /// Lists that are empty are left out.
  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON { [:] }
}

/// What the tenant's administrator and the Cloud project allow the service account.
struct GoogleConsent: Sendable {
  static let prefix = "https://www.googleapis.com/auth/"

  /// Every scope that exists, as far as this tenant knows.
  static let known: Set<String> = Set(
    [
      "contacts", "contacts.readonly", "contacts.other.readonly", "directory.readonly", "userinfo.email",
      "userinfo.profile", "admin.directory.user", "admin.directory.user.readonly", "admin.directory.user.alias",
      "admin.directory.user.alias.readonly", "admin.directory.group", "admin.directory.group.readonly",
      "admin.directory.group.member", "admin.directory.group.member.readonly", "admin.directory.orgunit",
      "admin.directory.orgunit.readonly", "admin.directory.domain", "admin.directory.domain.readonly",
      "admin.directory.customer.readonly", "cloud-platform",
    ].map { prefix + $0 })

  /// What is delegated at first.
  var delegated: Set<String> = Set(
    [
      "contacts", "contacts.readonly", "admin.directory.user.readonly", "admin.directory.group.readonly",
      "admin.directory.group.member.readonly", "admin.directory.orgunit.readonly", "admin.directory.domain.readonly",
    ].map { prefix + $0 })
  /// How a scope that is not delegated is refused.
  var refusesAs = "unauthorized_client"
  static let refusals = ["unauthorized_client", "access_denied", "admin_policy_enforced"]
  /// The administrator pasted the account's e-mail instead of its number.
  var wasDelegatedByAddress = false
  /// Whether the key is there and enabled.
  var keyIsValid = true
  /// `active`, or the error that every token request gets.
  var clientState = "active"
  static let clientStates = ["active", "disabled_client", "deleted_client", "invalid_client", "org_internal"]

  var json: JSON {
    [
      "delegated": .array(delegated.sorted().map { .string($0) }), "refuses-as": .string(refusesAs),
      "delegated-by-address": .bool(wasDelegatedByAddress), "key-valid": .bool(keyIsValid),
      "client": .string(clientState),
    ]
  }
}

/// What happened over the APIs, by user and kind of request.
struct GoogleCounters: Sendable {
  /// By user id, then by kind of call.
  var calls: [String: [String: Int]] = [:]
  /// Mutations for one user that came while another was under way, by user id.
  var overlaps: [String: Int] = [:]
  var throttled: [String: Int] = [:]
  var created: [String: Int] = [:]
  var updated: [String: Int] = [:]
  var deleted: [String: Int] = [:]
  /// Labels deleted together with the contacts in them, because the request said so.
  var deletedWithContacts = 0
  /// Contacts that went to the trash because their only label was deleted.
  var loneMembersTrashed = 0
  /// Updates and batches refused for a stale etag.
  var staleEtags = 0
  var tokens = 0

  var json: JSON {
    func table(_ counts: [String: Int]) -> JSON { .object(counts.map { .init(name: $0.key, value: .int($0.value)) }) }
    return [
      "created": table(created), "updated": table(updated), "deleted": table(deleted), "throttled": table(throttled),
      "serial-violations": .int(overlaps.values.reduce(0, +)),
      "labels-deleted-with-contacts": .int(deletedWithContacts),
      "lone-members-trashed": .int(loneMembersTrashed), "stale-etags": .int(staleEtags), "tokens": .int(tokens),
    ]
  }
}
