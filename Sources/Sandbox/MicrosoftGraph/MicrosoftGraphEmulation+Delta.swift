// `GET /users/delta`: snapshots, rounds of changes, replays and resets.

extension MicrosoftGraphEmulation {
  /// Directory objects: delta tokens are documented as valid for seven days.
  static let deltaTokenLifetime = 7 * 86_400

  /// One page of a delta round.
  ///
  /// Source: "Use delta query to track changes" and "user: delta". The server chooses the page size and ignores `$top`;
  /// options of the first call are baked into the tokens.
  mutating func delta(
    _ request: EmulatedRequest, _ grant: Grant, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    let tenant = tenants[grant.tenant]
    guard let token = request.option("$deltatoken") ?? request.option("$skiptoken") else {
      return try deltaPage(firstMark(request, tenant, at: moment), grant, at: moment)
    }
    if token.lowercased() == "latest" {
      var mark = try firstMark(request, tenant, at: moment)
      mark.place = tenant.users.count
      return try deltaPage(mark, grant, at: moment)
    }
    guard !token.isEmpty else { return try deltaPage(firstMark(request, tenant, at: moment), grant, at: moment) }
    guard var mark = GraphPageMark(token: token), mark.kind != .listing, mark.tenant == tenant.id else {
      throw .badRequest("Badly formed token.")
    }
    guard mark.epoch == tenant.deltaEpoch, moment.seconds - mark.issuedAt <= Self.deltaTokenLifetime else {
      throw reset(mark, tenant, at: moment)
    }
    if mark.kind == .deltaEnd {
      // A new round begins where the last one began to read.
      mark.kind = .deltaPage
      (mark.before, mark.since, mark.until, mark.place) = (mark.since, mark.until, tenant.change, 0)
      mark.sendsChangesOnly = request.headers["prefer"]?.lowercased().contains("return=minimal") ?? false
      mark.repeats = tenant.replaysNextRound
      if mark.repeats {
        mark.since = mark.before ?? 0
        tenants[grant.tenant].replaysNextRound = false
      }
    }
    return try deltaPage(mark, grant, at: moment)
  }

  private mutating func firstMark(
    _ request: EmulatedRequest, _ tenant: GraphTenant, at moment: Moment
  ) throws(GraphRefusal) -> GraphPageMark {
    for option in ["$orderby", "$expand", "$search"] where request.option(option) != nil {
      throw .badRequest("'\(option)' is not supported with delta.")
    }
    _ = try MicrosoftGraphEmulation.selection(request)
    var mark = GraphPageMark(kind: .deltaPage, tenant: tenant.id, nonce: random.below(1 << 40))
    mark.until = tenant.change
    mark.epoch = tenant.deltaEpoch
    mark.issuedAt = moment.seconds
    mark.select = request.option("$select")
    mark.repeats = tenant.replaysNextRound
    if let text = request.option("$filter") {
      guard let ids = try GraphFilter(reading: text).ids, ids.count <= 50 else {
        throw .badRequest("Only filters on up to 50 ids are supported with delta.")
      }
      mark.ids = ids
    }
    return mark
  }

  private func reset(_ mark: GraphPageMark, _ tenant: GraphTenant, at moment: Moment) -> GraphRefusal {
    switch tenant.deltaReset {
    case .gone:
      let select = mark.select.map { "$select=\(EmulatedRequest.encoded($0))&" } ?? ""
      return GraphRefusal(
        410, "resyncRequired", "The delta token has expired; begin again.",
        headers: [.init(name: "Location", value: "\(moment.root)/v1.0/users/delta?\(select)$deltatoken=")])
    case .syncStateNotFound:
      return GraphRefusal(400, "syncStateNotFound", "The sync state generation is not found.")
    }
  }

  private mutating func deltaPage(
    _ mark: GraphPageMark, _ grant: Grant, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    let selection =
      try mark.select.map { (text) throws(GraphRefusal) in
        try MicrosoftGraphEmulation.selection(named: text)
      } ?? GraphSelection(GraphProperty.defaults)
    let users = tenants[grant.tenant].users
    let wanted = mark.ids.map { Set($0) }
    var place = mark.place
    var rows: [String] = []
    let isEmptyPage = tenants[grant.tenant].emptyPages > 0 && place < users.count
    if isEmptyPage { tenants[grant.tenant].emptyPages -= 1 }
    while !isEmptyPage, place < users.count, rows.count < tenants[grant.tenant].deltaPageSize {
      let user = users[place]
      place += 1
      if let wanted, !wanted.contains(user.id) { continue }
      if let row = MicrosoftGraphEmulation.deltaRow(user, mark, selection) { rows.append(row) }
    }
    // The vendor may name one object several times in a round.
    if mark.repeats { rows += stride(from: 0, to: rows.count, by: 3).map { rows[$0] } }

    var next = mark
    next.nonce = random.below(1 << 40)
    var members = "{\"@odata.context\":"
    JSON.string("\(moment.root)/v1.0/$metadata#users").write(into: &members)
    var link: String?
    let isLast = place >= users.count && !isEmptyPage
    next.place = place
    if isLast {
      next.kind = .deltaEnd
      next.issuedAt = moment.seconds
      next.place = 0
      if !moment.endsListingsEarly {
        members += ",\"@odata.deltaLink\":"
        JSON.string("\(moment.root)/v1.0/users/delta?$deltatoken=\(next.token)").write(into: &members)
      }
    } else if !moment.endsListingsEarly {
      link = "\(moment.root)/v1.0/users/delta?$skiptoken=\(next.token)"
      members += ",\"@odata.nextLink\":"
      JSON.string(link ?? "").write(into: &members)
    }
    members += ",\"value\":[" + rows.joined(separator: ",") + "]}"
    var answer = EmulatedResponse(status: 200, body: members, contentType: "application/json;odata.metadata=minimal")
    answer.nextLink = link
    return answer
  }

  /// What a round says of one user; `nil` for nothing.
  private static func deltaRow(_ user: GraphUser, _ mark: GraphPageMark, _ selection: GraphSelection) -> String? {
    var row = ""
    guard let since = mark.since else {
      guard user.isPresent else { return nil }
      selection.writeDelta(user, onlyAfter: nil, into: &row)
      return row
    }
    guard user.changed(after: since, in: selection) else { return nil }
    switch user.standing {
    case .present:
      // A user that came back is sent whole.
      let isWhole = !mark.sendsChangesOnly || user.standingChange > since
      selection.writeDelta(user, onlyAfter: isWhole ? nil : since, into: &row)
    case .deleted:
      guard user.standingChange > since else { return nil }
      row = "{\"id\":\"\(user.id)\",\"@removed\":{\"reason\":\"changed\"}}"
    case .purged:
      guard user.standingChange > since else { return nil }
      row = "{\"id\":\"\(user.id)\",\"@removed\":{\"reason\":\"deleted\"}}"
    }
    return row
  }
}
