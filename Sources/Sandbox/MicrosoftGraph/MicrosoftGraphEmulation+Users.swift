// Reading users: the listing and its pages, one user, the recycle bin, and the tenant's own facts.

import Foundation

extension MicrosoftGraphEmulation {
  /// The properties that `$select` names; unknown ones are refused.
  static func selection(_ request: EmulatedRequest) throws(GraphRefusal) -> GraphSelection {
    guard let text = request.option("$select") else { return GraphSelection(GraphProperty.defaults) }
    return try selection(named: text)
  }

  static func selection(named text: String) throws(GraphRefusal) -> GraphSelection {
    var properties: [GraphProperty] = []
    for name in text.split(separator: ",").map({ $0.filter { $0 != " " } }) {
      if GraphProperty.outsideTheDirectory.contains(name) {
        throw GraphRefusal(501, "NotImplemented", "The property '\(name)' is not supported on a collection of users.")
      }
      if name == "signInActivity" {
        throw .badRequest("The property 'signInActivity' is not supported here.")
      }
      guard let property = GraphProperty.byName[name] else {
        throw .badRequest(
          "Parsing OData Select and Expand failed: Could not find a property named '\(name)' on type 'microsoft.graph.user'."
        )
      }
      if !properties.contains(property) { properties.append(property) }
    }
    return GraphSelection(properties.isEmpty ? GraphProperty.defaults : properties)
  }

  /// Whether the request is in advanced mode; both halves are needed.
  private static func isAdvanced(_ request: EmulatedRequest) -> Bool {
    request.headers["consistencylevel"]?.lowercased() == "eventual" && request.option("$count")?.lowercased() == "true"
  }

  private static func filter(_ request: EmulatedRequest) throws(GraphRefusal) -> GraphFilter? {
    guard let text = request.option("$filter") else { return nil }
    let filter = try GraphFilter(reading: text)
    guard !filter.isAdvanced || isAdvanced(request) else {
      throw .unsupportedQuery("The specified filter requires the ConsistencyLevel header and the $count option.")
    }
    return filter
  }

  /// `GET /users`. Page size 100 unless `$top` says otherwise, at most 999; in no order that means anything.
  mutating func listing(
    _ request: EmulatedRequest, _ grant: Grant, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    for option in ["$skip", "$orderby", "$expand", "$search"] where request.option(option) != nil {
      throw .unsupportedQuery("'\(option)' is not supported by the emulated service.")
    }
    let filter = try MicrosoftGraphEmulation.filter(request)
    return try page(request, grant, at: moment, of: "users") { $0.isPresent && (filter?.holds(for: $0) ?? true) }
  }

  /// `GET /directory/deletedItems/microsoft.graph.user`: what was deleted in the last 30 days.
  mutating func deletedUsers(
    _ request: EmulatedRequest, _ grant: Grant, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    try page(request, grant, at: moment, of: "directoryObjects") { user in
      if case .deleted(let date) = user.standing { moment.now.timeIntervalSince(date) < 30 * 86_400 } else { false }
    }
  }

  private mutating func page(
    _ request: EmulatedRequest, _ grant: Grant, at moment: Moment, of set: String, where isMeant: (GraphUser) -> Bool
  ) throws(GraphRefusal) -> EmulatedResponse {
    let selection = try MicrosoftGraphEmulation.selection(request)
    var top = 100
    if let text = request.option("$top") {
      guard let wanted = Int(text), wanted > 0 else {
        throw .badRequest("Invalid value '\(text)' for $top query option found.")
      }
      guard wanted <= 999 else {
        throw .unsupportedQuery("Invalid page size specified: '\(text)'. Must be between 1 and 999 inclusive.")
      }
      top = wanted
    }
    var place = 0
    if let token = request.option("$skiptoken") {
      guard let mark = GraphPageMark(token: token), mark.kind == .listing, mark.tenant == tenants[grant.tenant].id
      else {
        throw GraphRefusal(
          400, "Directory_ExpiredPageToken", "The specified page token value has expired or is invalid.")
      }
      place = mark.place
    }

    var out = "{\"@odata.context\":"
    JSON.string("\(moment.root)/v1.0/$metadata#\(set)").write(into: &out)
    let users = tenants[grant.tenant].users
    if request.option("$skiptoken") == nil, MicrosoftGraphEmulation.isAdvanced(request) {
      out += ",\"@odata.count\":\(users.filter(isMeant).count)"
    }
    var rows = ""
    var written = 0
    var hasMore = false
    let isEmptyPage = tenants[grant.tenant].emptyPages > 0
    if isEmptyPage {
      tenants[grant.tenant].emptyPages -= 1
      hasMore = true
    }
    while !isEmptyPage, place < users.count {
      if isMeant(users[place]) {
        if written == top {
          hasMore = true
          break
        }
        if written > 0 { rows += "," }
        selection.write(users[place], into: &rows)
        written += 1
      }
      place += 1
    }
    var link: String?
    if hasMore, !moment.endsListingsEarly {
      let mark = GraphPageMark(
        kind: .listing, tenant: tenants[grant.tenant].id, place: place, nonce: random.below(1 << 40))
      link = nextLink(request, mark, at: moment)
    }
    if let link {
      out += ",\"@odata.nextLink\":"
      JSON.string(link).write(into: &out)
    }
    out += ",\"value\":[" + rows + "]}"
    var answer = EmulatedResponse(status: 200, body: out, contentType: "application/json;odata.metadata=minimal")
    answer.nextLink = link
    return answer
  }

  private func nextLink(_ request: EmulatedRequest, _ mark: GraphPageMark, at moment: Moment) -> String {
    let options = request.query.filter { $0.name.lowercased() != "$skiptoken" }
      .map { "\($0.name)=\(EmulatedRequest.encoded($0.value))" }
    let query = (options + ["$skiptoken=\(mark.token)"]).joined(separator: "&")
    return "\(moment.root)/\(request.path.joined(separator: "/"))?\(query)"
  }

  /// `GET /users/{id}`, also by login.
  func user(
    _ name: String, _ request: EmulatedRequest, _ grant: Grant, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    let selection = try MicrosoftGraphEmulation.selection(request)
    let tenant = tenants[grant.tenant]
    guard let place = tenant.place(of: name), tenant.users[place].isPresent else { throw .notFound(name) }
    var row = ""
    selection.write(tenant.users[place], into: &row)
    var body = "{\"@odata.context\":"
    JSON.string("\(moment.root)/v1.0/$metadata#users/$entity").write(into: &body)
    body += "," + row.dropFirst()
    return EmulatedResponse(status: 200, body: body, contentType: "application/json;odata.metadata=minimal")
  }

  /// `GET /users/$count`, which is text and needs the consistency header.
  func count(_ request: EmulatedRequest, _ grant: Grant) throws(GraphRefusal) -> EmulatedResponse {
    guard request.headers["consistencylevel"]?.lowercased() == "eventual" else {
      throw .badRequest("$count is not currently supported without the ConsistencyLevel header.")
    }
    return EmulatedResponse(
      status: 200, body: tenants[grant.tenant].presentCount.description, contentType: "text/plain")
  }

  /// `GET /organization`: one element, whose id is the tenant's.
  func organization(_ grant: Grant, at moment: Moment) -> EmulatedResponse {
    let tenant = tenants[grant.tenant]
    let domains = tenant.domains.map { domain -> JSON in
      [
        "capabilities": "Email, OfficeCommunicationsOnline", "isDefault": .bool(domain == tenant.domain),
        "isInitial": .bool(domain == tenant.domains.last), "name": .string(domain), "type": "Managed",
      ]
    }
    return EmulatedResponse(
      200,
      [
        "@odata.context": .string("\(moment.root)/v1.0/$metadata#organization"),
        "value": [
          ["id": .string(tenant.id), "displayName": .string(tenant.name), "verifiedDomains": .array(domains)]
        ],
      ])
  }

  /// `GET /subscribedSkus`: turns licence ids into part numbers.
  func subscribedSkus(_ grant: Grant, at moment: Moment) -> EmulatedResponse {
    let tenant = tenants[grant.tenant]
    var consumed: [String: Int] = [:]
    for user in tenant.users where user.isPresent {
      for licence in user[.assignedLicenses]?.elements ?? [] { consumed[licence["skuId"]?.text ?? "", default: 0] += 1 }
    }
    let rows = SeedLicence.allCases.map { licence -> JSON in
      let used = consumed[licence.skuID] ?? 0
      return [
        "id": .string("\(tenant.id)_\(licence.skuID)"), "skuId": .string(licence.skuID),
        "skuPartNumber": .string(licence.rawValue), "appliesTo": "User", "capabilityStatus": "Enabled",
        "consumedUnits": .int(used),
        "prepaidUnits": ["enabled": .int(used + 5), "suspended": 0, "warning": 0], "servicePlans": [],
      ]
    }
    return EmulatedResponse(
      200,
      ["@odata.context": .string("\(moment.root)/v1.0/$metadata#subscribedSkus"), "value": .array(rows)])
  }
}
