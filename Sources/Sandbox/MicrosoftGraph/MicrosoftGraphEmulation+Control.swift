// What control does to Microsoft 365: administrators at work, and the vendor's own moods.

import Foundation

extension MicrosoftGraphEmulation {
  var controlRoutes: [ControlRoute] {
    let tenant = "{tenant} is its id, a domain, or the identifier of the company at ConnectWise."
    return [
      ControlRoute("GET", "/control/m365/{tenant}/users", "All users with every property. \(tenant)"),
      ControlRoute(
        "POST", "/control/m365/{tenant}/users", "Creates a user, licensed and enabled unless told otherwise.",
        example: #"{"givenName":"Nora","surname":"Lind"}"#),
      ControlRoute("GET", "/control/m365/{tenant}/users/{user}", "One user; {user} is an id, a login or an address."),
      ControlRoute(
        "PATCH", "/control/m365/{tenant}/users/{user}", "Changes properties; null clears.",
        example: #"{"jobTitle":"Director","mobilePhone":null}"#),
      ControlRoute(
        "POST", "/control/m365/{tenant}/users/{user}/{act}",
        "act: disable, enable, unlicense, license, leave (disabled, without address and licences), delete, purge, restore, "
          + "recreate (deleted, and made anew with a new id)."),
      ControlRoute(
        "POST", "/control/m365/{tenant}/consent",
        "Gives or takes consent. Tokens given out keep their rights until they expire, unless immediately is true.",
        example: #"{"granted":false,"immediately":true}"#),
      ControlRoute(
        "POST", "/control/m365/{tenant}/delta",
        "expire (true, \"410\" or \"syncStateNotFound\"), replay, page-size.", example: #"{"expire":"410"}"#),
      ControlRoute(
        "POST", "/control/m365/{tenant}/listing", "Makes the next pages empty, with a next link.",
        example: #"{"empty-pages":2}"#),
      ControlRoute("POST", "/control/m365/tokens/expire", "Expires all access tokens."),
      ControlRoute(
        "POST", "/control/m365/tokens", "How long new tokens live.", example: #"{"lifetime-seconds":60}"#),
      ControlRoute("POST", "/control/m365/secret", "valid or expired.", example: #"{"valid":false}"#),
      ControlRoute(
        "POST", "/control/m365/throttling",
        "enabled; with-frozen-clock; units-per-10-seconds for all tenants.", example: #"{"units-per-10-seconds":100}"#),
    ]
  }

  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "POST tokens expire":
      grants = [:]
      return ["expired": true]
    case "POST tokens":
      guard let seconds = request.body["lifetime-seconds"]?.whole, (1...1_000_000).contains(seconds) else {
        throw ControlProblem(400, "No lifetime was given.", fix: #"Send {"lifetime-seconds":60}."#)
      }
      tokenLifetime = seconds
      return ["lifetime-seconds": .int(seconds)]
    case "POST secret":
      secretIsValid = request.body["valid"]?.flag ?? secretIsValid
      secretIsExpired = request.body["expired"]?.flag ?? secretIsExpired
      return ["valid": .bool(secretIsValid), "expired": .bool(secretIsExpired)]
    case "POST throttling":
      throttles = request.body["enabled"]?.flag ?? throttles
      throttlesFrozenClock = request.body["with-frozen-clock"]?.flag ?? throttlesFrozenClock
      if let units = request.body["units-per-10-seconds"]?.whole, units > 0 {
        for index in tenants.indices { tenants[index].budget.setLimit(Double(units)) }
      }
      return ["enabled": .bool(throttles), "with-frozen-clock": .bool(throttlesFrozenClock)]
    default: break
    }
    guard let name = request.path.first, request.path.count > 1 else { return nil }
    let tenant = try self.tenant(name)
    switch (request.method, request.path[1], request.path.count) {
    case ("GET", "users", 2): return .array(tenants[tenant].users.map(\.json))
    case ("POST", "users", 2): return try createUser(request.body, tenant, at: moment)
    case ("GET", "users", 3):
      return tenants[tenant].users[try user(request.path[2], tenant)].json
    case ("PATCH", "users", 3):
      let place = try user(request.path[2], tenant)
      let values = try properties(request.body)
      tenants[tenant].change(place) { user, change in
        for (property, value) in values { user.set(property, value, change: change) }
      }
      return tenants[tenant].users[place].json
    case ("POST", "users", 4):
      return try act(request.path[3], on: try user(request.path[2], tenant), tenant, at: moment)
    case ("POST", "consent", 2): return consent(request.body, tenant)
    case ("POST", "delta", 2): return try changeDelta(request.body, tenant)
    case ("POST", "listing", 2):
      tenants[tenant].emptyPages = max(0, request.body["empty-pages"]?.whole ?? 1)
      return ["empty-pages": .int(tenants[tenant].emptyPages)]
    default: return nil
    }
  }

  private func tenant(_ name: String) throws(ControlProblem) -> Int {
    guard let tenant = tenants.firstIndex(where: { $0.answers(to: name) }) else {
      throw ControlProblem(
        404, "There is no tenant \"\(name)\".",
        fix: "Known: \(tenants.prefix(10).map(\.company).joined(separator: ", "))\(tenants.count > 10 ? ", …" : "").")
    }
    return tenant
  }

  private func user(_ name: String, _ tenant: Int) throws(ControlProblem) -> Int {
    guard let place = tenants[tenant].place(of: name, byAddress: true), tenants[tenant].users[place].standing != .purged
    else {
      throw ControlProblem(
        404, "\(tenants[tenant].company) has no user \"\(name)\".",
        fix: "Name an id, a login or an address; GET /control/m365/\(tenants[tenant].company)/users lists them.")
    }
    return place
  }

  private func properties(_ body: JSON) throws(ControlProblem) -> [GraphProperty: JSON] {
    guard let members = body.members else {
      throw ControlProblem(400, "Properties are a JSON object.", fix: #"Send, for example, {"jobTitle":"Director"}."#)
    }
    var values: [GraphProperty: JSON] = [:]
    for member in members {
      guard let property = GraphProperty.byName[member.name], property != .id else {
        throw ControlProblem(
          400, "A user has no property \"\(member.name)\" to set.",
          fix: "Known: \(GraphProperty.names.dropFirst().joined(separator: ", ")).")
      }
      values[property] = member.value == .null ? property.unset : member.value
    }
    return values
  }

  private mutating func createUser(_ body: JSON, _ tenant: Int, at moment: Moment) throws(ControlProblem) -> JSON {
    var values = try properties(body)
    let given = values[.givenName]?.text ?? "New"
    let family = values[.surname]?.text ?? "Person"
    let local = "\(given).\(family)".lowercased().filter { $0.isASCII && !$0.isWhitespace }
    let login = values[.userPrincipalName]?.text ?? values[.mail]?.text ?? "\(local)@\(tenants[tenant].domain)"
    if tenants[tenant].place(of: login).map({ tenants[tenant].users[$0].isPresent }) ?? false {
      throw ControlProblem(
        409, "Another user has the login \"\(login)\".", fix: "Give another userPrincipalName.")
    }
    let address = values[.mail]?.text ?? (values[.mail] == nil ? login : nil)
    let defaults: [GraphProperty: JSON] = [
      .displayName: .string("\(given) \(family)"), .userPrincipalName: .string(login),
      .mail: .string(login), .accountEnabled: true, .userType: "Member", .businessPhones: [],
      .proxyAddresses: .array(address.map { [.string("SMTP:\($0)")] } ?? []),
      .assignedLicenses: [["disabledPlans": [], "skuId": .string(SeedLicence.businessPremium.skuID)]],
      .createdDateTime: .string(Instant.text(moment.now)),
    ]
    values.merge(defaults, uniquingKeysWith: { given, _ in given })
    let place = tenants[tenant].add(id: random.guid(), values: values.filter { $0.value != .null })
    return tenants[tenant].users[place].json
  }

  private mutating func act(
    _ name: String, on place: Int, _ tenant: Int, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let licence: JSON = [["disabledPlans": [], "skuId": .string(SeedLicence.businessPremium.skuID)]]
    let initial = tenants[tenant].domains.last ?? tenants[tenant].domain
    let standing = tenants[tenant].users[place].standing
    func mustBe(_ isRight: Bool, _ words: String) throws(ControlProblem) {
      guard isRight else {
        throw ControlProblem(409, "The user is \(words).", fix: "Look with GET, and name another act.")
      }
    }
    switch name {
    case "disable", "enable":
      tenants[tenant].change(place) { $0.set(.accountEnabled, .bool(name == "enable"), change: $1) }
    case "unlicense": tenants[tenant].change(place) { $0.set(.assignedLicenses, [], change: $1) }
    case "license": tenants[tenant].change(place) { $0.set(.assignedLicenses, licence, change: $1) }
    case "leave":
      tenants[tenant].change(place) { user, change in
        let local = (user.text(.userPrincipalName) ?? user.id).prefix { $0 != "@" }
        user.set(.accountEnabled, false, change: change)
        user.set(.mail, nil, change: change)
        user.set(.proxyAddresses, [], change: change)
        user.set(.assignedLicenses, [], change: change)
        user.set(.userPrincipalName, .string("\(local)@\(initial)"), change: change)
      }
    case "delete":
      try mustBe(standing == .present, "deleted already")
      tenants[tenant].change(place) { $0.move(to: .deleted(at: moment.now), change: $1) }
    case "purge":
      tenants[tenant].change(place) { $0.move(to: .purged, change: $1) }
    case "restore":
      try mustBe(standing != .present, "not deleted")
      tenants[tenant].change(place) { $0.move(to: .present, change: $1) }
    case "recreate":
      let former = tenants[tenant].users[place]
      if former.isPresent { tenants[tenant].change(place) { $0.move(to: .deleted(at: moment.now), change: $1) } }
      var values: [GraphProperty: JSON] = [:]
      for property in GraphProperty.allCases { values[property] = former[property] }
      values[.deletedDateTime] = nil
      values[.createdDateTime] = .string(Instant.text(moment.now))
      let anew = tenants[tenant].add(id: random.guid(), values: values)
      return tenants[tenant].users[anew].json
    default:
      throw ControlProblem(
        404, "There is no act \"\(name)\".",
        fix: "Known: disable, enable, unlicense, license, leave, delete, purge, restore, recreate.")
    }
    return tenants[tenant].users[place].json
  }

  private mutating func consent(_ body: JSON, _ tenant: Int) -> JSON {
    let isGranted = body["granted"]?.flag ?? true
    let named = body["permissions"]?.elements.map { Set($0.compactMap(\.text)) } ?? GraphTenant.allPermissions
    if isGranted {
      tenants[tenant].permissions.formUnion(named)
    } else {
      tenants[tenant].permissions.subtract(named)
    }
    if body["immediately"]?.flag ?? false {
      for (token, grant) in grants where grant.tenant == tenant {
        grants[token]?.permissions = tenants[tenant].permissions
      }
    }
    return ["permissions": .array(tenants[tenant].permissions.sorted().map { .string($0) })]
  }

  private mutating func changeDelta(_ body: JSON, _ tenant: Int) throws(ControlProblem) -> JSON {
    switch body["expire"] {
    case .bool(true)?: tenants[tenant].deltaEpoch += 1
    case .string(let name)?:
      guard let reset = GraphTenant.DeltaReset(rawValue: name) else {
        throw ControlProblem(
          400, "A delta token cannot expire as \"\(name)\".", fix: #"Send true, "410" or "syncStateNotFound"."#)
      }
      tenants[tenant].deltaReset = reset
      tenants[tenant].deltaEpoch += 1
    default: break
    }
    tenants[tenant].replaysNextRound = body["replay"]?.flag ?? tenants[tenant].replaysNextRound
    if let size = body["page-size"]?.whole {
      guard (1...1000).contains(size) else {
        throw ControlProblem(400, "\(size) is no page size.", fix: "Give a number from 1 to 1000.")
      }
      tenants[tenant].deltaPageSize = size
    }
    return [
      "page-size": .int(tenants[tenant].deltaPageSize), "replay": .bool(tenants[tenant].replaysNextRound),
      "expires-as": .string(tenants[tenant].deltaReset.rawValue),
    ]
  }

  // MARK: - Showing

  func state(scope: String?) throws(ControlProblem) -> JSON {
    // A company without a tenant has nothing here; only in a part that was asked for by a tenant's name it matters.
    let meant = tenants.filter { tenant in scope.map { tenant.answers(to: $0) } ?? true }
    let rows = meant.sorted { $0.company < $1.company }.map { tenant -> JSON in
      [
        "id": .string(tenant.id), "company": .string(tenant.company), "domain": .string(tenant.domain),
        "name": .string(tenant.name), "permissions": .array(tenant.permissions.sorted().map { .string($0) }),
        "users": .array(tenant.users.sorted { $0.id < $1.id }.map(\.json)),
      ]
    }
    return ["tenants": .array(rows)]
  }

  func description(root: String) -> SystemAccess {
    SystemAccess(
      system: SandboxDescription.System(
        url: root, credentials: ["client-id": clientID, "client-secret": clientSecret],
        tenants: tenants.map {
          SandboxDescription.Tenant(
            id: $0.id, domain: $0.domain, name: $0.name, company: $0.company, companyID: $0.companyID)
        }),
      connect: "connect m365 as ms url=\(root) client-id=\(clientID) client-secret=env:SANDBOX_M365_SECRET",
      environment: ["SANDBOX_M365_SECRET": clientSecret])
  }
}
