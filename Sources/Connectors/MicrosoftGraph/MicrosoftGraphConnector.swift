import Foundation
/// Microsoft 365 users through Microsoft Graph v1.0: one app registration, any number of tenants, reading only.
package import Model
import Synchronization

package final class MicrosoftGraphConnector: ConnectableSystem {
  package static var description: SystemDescription { MicrosoftGraphFeatures.description }

  let calls: MicrosoftGraphCalls
  /// Part numbers by SKU id for each tenant that was asked; `nil` where the tenant refused.
  let licenceNames = Mutex<[String: [String: String]?]>([:])

  package init(_ setup: ConnectorSetup) throws(ConnectorError) { calls = try MicrosoftGraphCalls(setup) }

  package var requestCount: Int { calls.line.requestCount }

  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(_, _, isDelta: true): 1
    // The mark, then the pages: an empty tenant has one too.
    case .read(_, let count, isDelta: false):
      1 + max(1, (max(count, 0) + MicrosoftGraphFeatures.pageSize - 1) / MicrosoftGraphFeatures.pageSize)
    case .write: 0
    }
  }

  // MARK: Reading

  /// A complete reading takes a mark from now first, and lists then with large pages: what changes in between is told
  /// again by the next reading of changes, so that nothing is lost. A reading since a mark follows its delta link.
  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in
      let tenant = try checked(kind, scope)
      if let mark {
        try await readChanges(tenant, since: mark, yield)
      } else {
        try await readAll(tenant, yield)
      }
    }
  }

  private func readAll(_ tenant: String, _ yield: @Sendable (Page) -> Void) async throws(ConnectorError) {
    let mark = try await latestMark(tenant)
    var links = LinkTrail()
    var address: WebAddress? = users(
      tenant: tenant, [],
      [
        ("$top", String(MicrosoftGraphFeatures.pageSize)), ("$select", GraphUser.selection),
      ])
    var watch = GraphListingWatch()
    var number = 0
    while let next = address {
      number += 1
      let purpose = "users page \(number)"
      let page = try await page(tenant, next, purpose: purpose)
      guard watch.note(page.value, isDelta: false) else { throw Self.circle(tenant, purpose) }
      let names = try await names(for: page.value, tenant)
      // An empty page may be followed by a full one: only the missing link ends the list.
      address = try page.nextLink.map { link throws(ConnectorError) in
        try links.follow(link, from: calls.cloud.graph, purpose: purpose)
      }
      yield(
        Page(
          records: page.value.map { MicrosoftGraphMapping.record($0, names: names) }, number: number,
          isLast: address == nil, mark: address == nil ? mark : nil, isDelta: false))
    }
  }

  /// A delta link that tells what changes from now on.
  private func latestMark(_ tenant: String) async throws(ConnectorError) -> DeltaMark {
    var links = LinkTrail()
    var watch = GraphListingWatch()
    var address = users(tenant: tenant, ["delta"], [("$deltatoken", "latest"), ("$select", GraphUser.selection)])
    while true {
      let page = try await page(tenant, address, purpose: "mark of the users")
      guard watch.note(page.value, isDelta: true) else { throw Self.circle(tenant, "mark of the users") }
      if let link = page.deltaLink { return try checkedMark(link) }
      guard let link = page.nextLink else {
        throw ConnectorError(.malformed, "Microsoft 365 (tenant \(tenant)) gave no delta link for its users")
      }
      address = try links.follow(link, from: calls.cloud.graph, purpose: "mark of the users")
    }
  }

  private func readChanges(
    _ tenant: String, since mark: DeltaMark, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    guard var address = GraphMark.link(mark.rawValue), address.origin == calls.cloud.graph.origin else {
      throw ConnectorError(
        .deltaExpired, "the mark of the last reading was made elsewhere or by an older kith",
        hint: "everything is read again", delivery: .notSent)
    }
    var links = LinkTrail()
    var round = GraphRound()
    var watch = GraphListingWatch()
    var number = 0
    while true {
      number += 1
      let purpose = "changed users page \(number)"
      let page = try await page(tenant, address, purpose: purpose)
      guard watch.note(page.value, isDelta: true) else { throw Self.circle(tenant, purpose) }
      for user in page.value { round.note(user) }
      let names = try await names(for: page.value, tenant)
      var records = page.value.map { MicrosoftGraphMapping.record($0, names: names) }
      if let link = page.nextLink {
        yield(Page(records: records, number: number, isLast: false, isDelta: true))
        address = try links.follow(link, from: calls.cloud.graph, purpose: purpose)
        continue
      }
      guard let link = page.deltaLink else {
        throw ConnectorError(
          .malformed, "Microsoft 365 (tenant \(tenant)): \(purpose) has neither a next nor a delta link")
      }
      let newMark = try checkedMark(link)
      let unclear = round.unclear.sorted().map { RecordID($0) }
      if !unclear.isEmpty {
        let found = try await read(unclear, of: .person, in: ReadScope(partition: tenant))
        let ids = Set(found.map(\.id))
        records += found
        records += unclear.filter { !ids.contains($0) }.map {
          Record(id: $0, kind: .person, state: .gone, fields: [:], native: "removed: not found")
        }
      }
      yield(Page(records: records, number: number, isLast: true, mark: newMark, isDelta: true))
      return
    }
  }

  private static func circle(_ tenant: String, _ purpose: String) -> ConnectorError {
    ConnectorError(.malformed, "Microsoft 365 (tenant \(tenant)): \(purpose) brought only users of earlier pages")
  }

  private func checkedMark(_ link: String) throws(ConnectorError) -> DeltaMark {
    var trail = LinkTrail()
    return DeltaMark(GraphMark.text(try trail.follow(link, from: calls.cloud.graph, purpose: "delta link")))
  }

  func page(_ tenant: String, _ address: WebAddress, purpose: String) async throws(ConnectorError) -> GraphPage {
    let response = try await calls.call(tenant, HTTPRequest(.get, address, purpose: purpose, lane: tenant))
    return try JSONWire.decode(
      GraphPage.self, from: response.body, purpose: "Microsoft 365 (tenant \(tenant)), \(purpose)")
  }

  /// The licences' part numbers, asked for once a tenant, and only when somebody has a licence.
  private func names(for users: [GraphUser], _ tenant: String) async throws(ConnectorError) -> [String: String]? {
    if let known = licenceNames.withLock({ $0[tenant] }) { return known }
    // Without a licence there is nothing to name, and an empty list is the whole truth.
    guard users.contains(where: { $0.assignedLicenses.value?.isEmpty == false }) else { return [:] }
    let names: [String: String]?
    do throws(ConnectorError) {
      names = try await readLicenceNames(tenant)
    } catch  where error.kind == .forbidden {
      names = nil
    }
    licenceNames.withLock { $0[tenant] = .some(names) }
    return names
  }

  func readLicenceNames(_ tenant: String) async throws(ConnectorError) -> [String: String] {
    let address = calls.cloud.graph.appending(["v1.0", "subscribedSkus"])
    let response = try await calls.call(tenant, HTTPRequest(.get, address, purpose: "licence names", lane: tenant))
    let skus = try JSONWire.decode(
      GraphSubscribedSKUs.self, from: response.body, purpose: "Microsoft 365 (tenant \(tenant)), licence names")
    let pairs = skus.value.compactMap { sku in sku.skuPartNumber.map { (sku.skuId.lowercased(), $0) } }
    return Dictionary(pairs) { first, _ in first }
  }

  // MARK: Single records

  /// By `$batch`, twenty at a time; items that the tenant throttled are asked for again after the longest pause named.
  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    let tenant = try checked(kind, scope)
    var seen: Set<RecordID> = []
    // Without an id the address would be that of all users.
    var open = ids.filter { !$0.rawValue.isBlank && seen.insert($0).inserted }
    var users: [GraphUser] = []
    var fruitless = 0
    while !open.isEmpty {
      let chunk = Array(open.prefix(MicrosoftGraphFeatures.batchSize))
      let answer = try await batch(chunk, tenant)
      users += answer.found
      let again = Set(answer.again)
      open = chunk.filter { again.contains($0) } + open.dropFirst(chunk.count)
      fruitless = again.count == chunk.count ? fruitless + 1 : 0
      if !again.isEmpty {
        guard fruitless < 4, answer.pause <= MicrosoftGraphFeatures.pace.patience else {
          throw ConnectorError(
            .throttled(retryAfterSeconds: answer.pause),
            "Microsoft 365 (tenant \(tenant)) throttled the reading of single users",
            hint: "wait, then try again")
        }
        calls.line.pause(tenant, seconds: max(answer.pause, fruitless > 0 ? Double(1 << fruitless) : 0.5))
      }
    }
    let names = try await names(for: users, tenant)
    return users.map { MicrosoftGraphMapping.record($0, names: names) }
  }

  private func batch(_ ids: [RecordID], _ tenant: String) async throws(ConnectorError) -> (
    found: [GraphUser], again: [RecordID], pause: Double
  ) {
    let requests = ids.enumerated().map { index, id -> JSONValue in
      // Below the version segment; encoded as an address of its own would be.
      let path = WebAddress(origin: calls.cloud.graph.origin, path: "")
        .appending(["users", id.rawValue], query: [("$select", GraphUser.selection)])
      return ["id": .text(String(index)), "method": "GET", "url": .text("\(path.path)?\(path.query ?? "")")]
    }
    let purpose = "\(ids.count) single users"
    let request = HTTPRequest(
      .post, calls.cloud.graph.appending(["v1.0", "$batch"]),
      headers: [HTTPHeader("Content-Type", "application/json")], body: JSONWire.encode(["requests": .list(requests)]),
      purpose: purpose, lane: tenant, isRepeatable: true)
    // An envelope of 424 has been documented for batches with throttled items.
    let response = try await calls.call(tenant, request, accepting: [424])
    let batch = try JSONWire.decode(
      GraphBatch.self, from: response.body, purpose: "Microsoft 365 (tenant \(tenant)), \(purpose)")
    var (found, again, pause): ([GraphUser], [RecordID], Double) = ([], [], 0)
    for (index, id) in ids.enumerated() {
      guard let item = batch.responses.first(where: { $0.id == String(index) }) else {
        // Not the same as 404: nothing was said of this user.
        throw ConnectorError(.malformed, "Microsoft 365 (tenant \(tenant)): \(purpose): the answer leaves out \(id)")
      }
      let retryAfter = RetryAfter.seconds(item.header("retry-after"), now: calls.now())
      switch item.status {
      case 200..<300: if let user = item.user { found.append(user) }
      case 404: break
      case 424, 429, 503, 504:
        again.append(id)
        pause = max(pause, retryAfter ?? 1)
      default:
        throw calls.errors.graph(
          status: item.status, body: item.error, purpose: "user \(id)", tenant: tenant, retryAfter: retryAfter,
          requestID: response.requestID)
      }
    }
    return (found, again, pause)
  }

  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    let tenant = try checked(kind, scope)
    let properties: [FieldName: String] = ["email": "mail", "user-principal-name": "userPrincipalName"]
    guard let property = properties[field] else {
      throw ConnectorError(
        .rejected, "Microsoft 365 users are not looked up by \(field)", hint: "use email or user-principal-name",
        delivery: .notSent)
    }
    let literal = value.replacingOccurrences(of: "'", with: "''")
    var links = LinkTrail()
    var watch = GraphListingWatch()
    var found: [GraphUser] = []
    var address: WebAddress? = users(
      tenant: tenant, [],
      [
        ("$filter", "\(property) eq '\(literal)'"), ("$select", GraphUser.selection),
      ])
    while let next = address {
      let page = try await page(tenant, next, purpose: "users by \(field)")
      guard watch.note(page.value, isDelta: false) else { throw Self.circle(tenant, "users by \(field)") }
      found += page.value
      address = try page.nextLink.map { link throws(ConnectorError) in
        try links.follow(link, from: calls.cloud.graph, purpose: "users by \(field)")
      }
    }
    let names = try await names(for: found, tenant)
    return found.map { MicrosoftGraphMapping.record($0, names: names) }
  }

  /// Nothing is written to Microsoft 365: each write is refused, and nothing is sent.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    batch.map { _ in
      .rejected(WriteRejection(reason: .recordForbidden, message: "kith reads Microsoft 365 and never writes to it"))
    }
  }

  // MARK: Requests

  func users(tenant: String, _ segments: [String], _ query: [(key: String, value: String)]) -> WebAddress {
    calls.cloud.graph.appending(["v1.0", "users"] + segments, query: query)
  }

  private func checked(_ kind: RecordKind, _ scope: ReadScope) throws(ConnectorError) -> String {
    guard kind == .person else {
      throw ConnectorError(.rejected, "Microsoft 365 has no \(kind.plural) for kith", delivery: .notSent)
    }
    guard let tenant = scope.partition, Self.isTenant(tenant) else {
      throw ConnectorError(
        .misconfigured, "\(scope.partition ?? "nothing") is neither a tenant id nor a domain",
        hint: "set tenant to the tenant's id or one of its domains", delivery: .notSent)
    }
    return tenant
  }

  /// A GUID or a domain name: letters, digits, dots and dashes, and nothing that could lead elsewhere in an address.
  static func isTenant(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain && !text.isEmpty && text.utf8.count <= 255 && text.contains { $0.isLetter || $0.isNumber }
  }
}

/// The links followed so far in one reading: each may be followed once, and only where the credential may go.
private struct LinkTrail {
  private var followed: Set<WebAddress> = []

  mutating func follow(_ link: String, from base: WebAddress, purpose: String) throws(ConnectorError) -> WebAddress {
    guard let address = WebAddress(link) else {
      throw ConnectorError(.malformed, "\(purpose): its link is no web address")
    }
    guard address.origin == base.origin else {
      throw ConnectorError(
        .malformed, "\(purpose): its link leads from \(base.origin) to \(address.origin), which is another host")
    }
    guard followed.insert(address).inserted else {
      throw ConnectorError(.malformed, "\(purpose): its link leads back to a page that was read already")
    }
    return address
  }
}
