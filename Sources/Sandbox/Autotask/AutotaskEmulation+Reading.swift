// Reading: one record, queries, counts, lists below a company, and what the metadata says.

import Foundation

extension AutotaskEmulation {
  /// The longest URL that the query by GET may have.
  ///
  /// Source: Autotask developer help, "Basic query calls"; public clients change to POST near this length.
  private static let longestURL = 2048

  // MARK: - One record

  func itemAnswer(_ kind: AutotaskKind, _ id: Int) throws(AutotaskRefusal) -> EmulatedResponse {
    guard let row = self[kind].row(id), self[kind].isShown(row, hiddenCompanies) else {
      if options.missingRecord == .nullItem { return EmulatedResponse(200, ["item": nil]) }
      throw AutotaskRefusal(404, .errors(["No record was found for the id \(id)."]))
    }
    return EmulatedResponse(
      status: 200, body: "{\"item\":" + AutotaskRecordWriter(self[kind].entity).text(row) + "}")
  }

  // MARK: - Queries

  /// `query`, `query/count` and `query/next`, by POST with a body or by GET with `search`.
  mutating func queryAnswer(
    _ request: EmulatedRequest, _ kind: AutotaskKind, _ part: String, at moment: Moment
  ) throws(AutotaskRefusal) -> EmulatedResponse {
    let search = request.option("search")
    var body = request.body
    switch request.method {
    case "POST": break
    case "GET":
      guard let search else {
        // A page that was announced to a POST is asked for with GET.
        if part == "next" { counters.pagesByWrongMethod += 1 }
        throw .methodNotAllowed("GET")
      }
      guard moment.root.utf8.count + request.target.utf8.count <= AutotaskEmulation.longestURL || part == "next" else {
        throw AutotaskRefusal(414, .html)
      }
      body = Array(search.utf8)
    default: throw .methodNotAllowed(request.method)
    }
    guard let json = try? JSON(reading: body) else {
      if part == "next" { counters.pagesWithAnotherBody += 1 }
      throw .malformed("The query is not valid JSON.")
    }
    tables[kind.rawValue].settle()
    let query = try AutotaskQuery(reading: json, for: self[kind].entity, options)
    if part == "count" {
      return EmulatedResponse(200, ["queryCount": .int(self[kind].count(query.filter, hidden: hiddenCompanies))])
    }
    var path = kind.name + "/query/next?"
    if request.method == "GET", let search { path += "search=" + EmulatedRequest.encoded(search) + "&" }
    return try page(query, kind, part == "next" ? request.option("paging") ?? "" : nil, path, request, at: moment)
  }

  /// `GET Companies/{id}/Contacts`, and its further pages.
  mutating func childListing(
    _ request: EmulatedRequest, _ kind: AutotaskKind, of company: Int, at moment: Moment
  ) throws(AutotaskRefusal) -> EmulatedResponse {
    let segment = kind == .locations ? "Locations" : kind.name
    return try page(
      AutotaskQuery(company: company, in: self[kind].entity), kind, request.option("paging"),
      "Companies/\(company)/\(segment)/next?", request, at: moment)
  }

  /// - Parameters:
  ///   - paging: the mark that a further page's link carried; `nil` for the first page.
  ///   - path: the path of further pages, up to their mark.
  private mutating func page(
    _ query: AutotaskQuery, _ kind: AutotaskKind, _ paging: String?, _ path: String, _ request: EmulatedRequest,
    at moment: Moment
  ) throws(AutotaskRefusal) -> EmulatedResponse {
    var mark = AutotaskPageMark(previous: [], after: nil, pageSize: query.pageSize, query: query.fingerprint)
    if let paging {
      guard let sent = AutotaskPageMark(reading: paging) else { throw .invalid("The paging parameter is not valid.") }
      guard sent.query == query.fingerprint else {
        counters.pagesWithAnotherBody += 1
        throw .invalid("The paging parameter does not belong to this query.")
      }
      mark = sent
    }
    let table = self[kind]
    var (rows, hasMore) = table.page(
      query.filter, above: mark.after ?? Int.min, size: mark.pageSize, hidden: hiddenCompanies)
    if moment.endsListingsEarly {
      rows = Array(rows.prefix(rows.count / 2))
      hasMore = false
    }
    if hasMore, let columns = query.columns, !columns.contains(0) {
      // "id must be included or paging breaks": the listing just ends.
      counters.listingsCutForWantOfID += 1
      hasMore = false
    }
    func link(_ mark: AutotaskPageMark) -> String {
      self.link(to: path + "paging=" + EmulatedRequest.encoded(mark.text), for: request, at: moment)
    }
    let next = hasMore ? rows.last.map { link(mark.following($0.id)) } : nil
    var body = "{\"items\":["
    let writer = AutotaskRecordWriter(table.entity, columns: query.columns, userColumns: query.userColumns)
    for (index, row) in rows.enumerated() {
      if index > 0 { body += "," }
      writer.write(row, into: &body)
    }
    body += "],\"pageDetails\":"
    AutotaskPage.details(
      count: rows.count, size: mark.pageSize, previous: mark.preceding.map { link($0) }, next: next
    ).write(into: &body)
    var answer = EmulatedResponse(status: 200, body: body + "}")
    if options.nextPageLinks == .own { answer.nextLink = next }
    return answer
  }

  // MARK: - Metadata

  /// `entityInformation` with its parts.
  func information(on kind: AutotaskKind, _ part: String) -> JSON {
    let entity = self[kind].entity
    switch part {
    case "fields": return ["fields": .array(entity.fields.map(\.json))]
    case "userdefinedfields": return ["fields": .array(entity.userFields.map(\.json))]
    default:
      let rights = rights(on: kind)
      func access(_ flag: Bool) -> JSON { flag ? "All" : "None" }
      let (create, update) = (entity.canCreate && rights.create, entity.canUpdate && rights.update)
      let delete = entity.canDelete && rights.delete
      return [
        "info": [
          "name": .string(kind.singular), "canCreate": .bool(entity.canCreate), "canUpdate": .bool(entity.canUpdate),
          "canQuery": true, "canDelete": .bool(entity.canDelete), "userAccessForCreate": access(create),
          "userAccessForQuery": access(rights.query), "userAccessForUpdate": access(update),
          "userAccessForDelete": access(delete), "hasUserDefinedFields": .bool(!entity.userFields.isEmpty),
          "supportsWebhookCallouts": .bool([.companies, .contacts, .configurationItems].contains(kind)),
        ]
      ]
    }
  }
}
