// What control does to Google: administrators at work, and the vendor's own moods.

import Foundation

extension GoogleEmulation {
  var controlRoutes: [ControlRoute] { directoryRoutes + contactRoutes + accessRoutes }

  private var accessRoutes: [ControlRoute] {
    [
      ControlRoute(
        "POST", "/control/google/scopes",
        "Grants and revokes delegated scopes, by full name or what follows /auth/. refuses-as: "
          + "\(GoogleConsent.refusals.joined(separator: ", ")). delegated-by-address: the e-mail was pasted instead of the "
          + "number. immediately: tokens given out lose them too.",
        example: #"{"revoke":["contacts"],"immediately":true}"#),
      ControlRoute("POST", "/control/google/key", "Deletes the key, or brings it back.", example: #"{"valid":false}"#),
      ControlRoute(
        "POST", "/control/google/client",
        "The state of the service account: \(GoogleConsent.clientStates.joined(separator: ", ")).",
        example: #"{"state":"disabled_client"}"#),
      ControlRoute(
        "POST", "/control/google/apis", "Which APIs the project has enabled: people, directory.",
        example: #"{"people":false}"#),
      ControlRoute("POST", "/control/google/tokens/expire", "Expires all access tokens."),
      ControlRoute(
        "POST", "/control/google/sync-tokens/expire", "Expires sync tokens, of one user or of all.",
        example: #"{"user":"dana.whitfield@kestrel.example"}"#),
      ControlRoute(
        "POST", "/control/google/quotas",
        "Limits per minute and user (daily ones per day and project): "
          + "\(GoogleBucket.allCases.map(\.rawValue).joined(separator: ", ")). What was used is forgotten.",
        example: #"{"critical-writes":6}"#),
      ControlRoute(
        "POST", "/control/google/options", "The vendor's ways. \(GoogleOptions.summary)",
        example: #"{"batches-are-atomic":false,"contact-limit":20}"#),
      ControlRoute(
        "GET", "/control/google/counts",
        "By user: requests of each kind, and mutations that came while another was under way (serial-violations)."),
      ControlRoute("DELETE", "/control/google/counts", "Sets these counts to zero."),
    ]
  }

  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "POST scopes": return try changeScopes(request.body)
    case "POST key":
      consent.keyIsValid = request.body["valid"]?.flag ?? consent.keyIsValid
      return ["valid": .bool(consent.keyIsValid)]
    case "POST client":
      guard let state = request.body["state"]?.text, GoogleConsent.clientStates.contains(state) else {
        throw ControlProblem(
          400, "The service account has no such state.",
          fix: "Send state: \(GoogleConsent.clientStates.joined(separator: ", ")).")
      }
      consent.clientState = state
      return ["state": .string(state)]
    case "POST apis":
      for member in request.body.members ?? [] {
        guard let api = API(rawValue: member.name), let isEnabled = member.value.flag else {
          throw ControlProblem(400, "There is no API \"\(member.name)\" to switch.", fix: "Known: people, directory.")
        }
        if isEnabled { disabledAPIs.remove(api) } else { disabledAPIs.insert(api) }
      }
      return .object(API.allCases.map { .init(name: $0.rawValue, value: .bool(!disabledAPIs.contains($0))) })
    case "POST tokens expire":
      grants = [:]
      return ["expired": true]
    case "POST sync-tokens expire": return try expireSyncTokens(request.body)
    case "POST quotas":
      for member in request.body.members ?? [] {
        guard let bucket = GoogleBucket(rawValue: member.name), let limit = member.value.whole, limit >= 0 else {
          throw ControlProblem(
            400, "\"\(member.name)\" cannot be \(member.value.encoded).",
            fix: "Known: \(GoogleBucket.allCases.map(\.rawValue).joined(separator: ", ")), each a number.")
        }
        usage.setLimit(bucket, limit)
      }
      usage.forget()
      return usage.json
    case "POST options":
      try options.change(request.body)
      return options.json
    case "GET counts": return countsJSON
    case "DELETE counts":
      counters = GoogleCounters()
      return countsJSON
    default: break
    }
    if let answer = try controlContacts(request, at: moment) { return answer }
    return try controlDirectory(request, at: moment)
  }

  private mutating func changeScopes(_ body: JSON) throws(ControlProblem) -> JSON {
    func scopes(_ name: String) throws(ControlProblem) -> Set<String> {
      var scopes: Set<String> = []
      for text in (body[name]?.elements ?? []).compactMap(\.text) {
        let scope = text.hasPrefix("https://") ? text : GoogleConsent.prefix + text
        guard GoogleConsent.known.contains(scope) else {
          throw ControlProblem(
            400, "There is no scope \"\(text)\".",
            fix: "Known: \(GoogleConsent.known.sorted().joined(separator: ", ")).")
        }
        scopes.insert(scope)
      }
      return scopes
    }
    let revoked = try scopes("revoke")
    consent.delegated.formUnion(try scopes("grant"))
    consent.delegated.subtract(revoked)
    if let name = body["refuses-as"]?.text {
      guard GoogleConsent.refusals.contains(name) else {
        throw ControlProblem(
          400, "Scopes are not refused as \"\(name)\".",
          fix: "Known: \(GoogleConsent.refusals.joined(separator: ", ")).")
      }
      consent.refusesAs = name
    }
    consent.wasDelegatedByAddress = body["delegated-by-address"]?.flag ?? consent.wasDelegatedByAddress
    if body["immediately"]?.flag ?? false {
      for token in grants.keys { grants[token]?.scopes.subtract(revoked) }
    }
    return consent.json
  }

  private mutating func expireSyncTokens(_ body: JSON) throws(ControlProblem) -> JSON {
    if let name = body["user"]?.text {
      let id = directory.users[try userPlace(name)].id
      books[id]?.epoch += 1
      return ["expired": .string(name)]
    }
    for id in books.keys { books[id]?.epoch += 1 }
    return ["expired": true]
  }

  /// The place of a user who is there, or else of one who was deleted.
  func userPlace(_ name: String) throws(ControlProblem) -> Int {
    if let place = directory.presentPlace(key: name) { return place }
    let wanted = name.lowercased()
    if let place = directory.users.lastIndex(where: { $0.id == name || $0.primaryEmail == wanted }) { return place }
    throw ControlProblem(
      404, "There is no user \"\(name)\".", fix: "Name an id or an address; GET /control/google/users lists them.")
  }

  // MARK: - Showing

  /// By user, under the address of the moment.
  private var countsJSON: JSON {
    let users = directory.users.compactMap { user -> JSON.Member? in
      let calls = counters.calls[user.id] ?? [:]
      guard !calls.isEmpty else { return nil }
      return .init(
        name: user.primaryEmail,
        value: [
          "requests": .object(calls.map { .init(name: $0.key, value: .int($0.value)) }),
          "serial-violations": .int(counters.overlaps[user.id] ?? 0),
        ])
    }
    return ["users": .object(users), "total": counters.json]
  }

  func state(scope: String?) throws(ControlProblem) -> JSON {
    let wanted = scope?.lowercased()
    let users = directory.users.filter { user in
      guard let wanted else { return true }
      return user.id == wanted || user.answers(to: wanted)
    }.sorted { $0.id < $1.id }
    let rows = users.map { user -> JSON in
      let book = books[user.id]
      let contacts = book?.people.filter { $0.deletedAt == nil }.sorted { $0.id < $1.id } ?? []
      return [
        "user": controlJSON(user),
        "labels": .array((book?.labels ?? []).filter { !$0.isSystem && !$0.isDeleted }.map { controlJSON($0, book) }),
        "contacts": .array(contacts.map { $0.controlJSON(labels: book?.labelNames($0) ?? []) }),
      ]
    }
    return [
      "customer-id": .string(directory.customerID), "users": .array(rows),
      "groups": .array(directory.groups.map(controlJSON)),
      "org-units": .array(directory.units.map { .string(directory.path(of: $0.id)) }),
      "domains": .array(directory.domains.map(directory.json)), "consent": consent.json, "options": options.json,
      "quotas": usage.json, "counters": counters.json,
    ]
  }

  /// The key is printed as the key file's text, which a client takes as it would take the file's contents.
  func description(root: String) -> SystemAccess {
    let key = account.keyFile(tokenURI: "\(root)/token").encoded
    return SystemAccess(
      system: SandboxDescription.System(url: root, credentials: ["admin": administrator, "key": key], tenants: nil),
      connect: "connect google as g url=\(root) admin=\(administrator) key=env:SANDBOX_GOOGLE_KEY",
      environment: ["SANDBOX_GOOGLE_KEY": key])
  }
}
