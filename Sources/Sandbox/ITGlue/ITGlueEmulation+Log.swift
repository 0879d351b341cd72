// The log of the account's activity.

/// One line of the account's activity; it names the record, but has no id of it.
struct ITGlueLogEntry: Sendable {
  var id: Int
  /// Milliseconds since 1970.
  var created: Int
  var action: String
  var kind: ITGlueKind
  var name: String
  var organization: Int?
}

extension ITGlueEmulation {
  /// "`GET /logs`: account activity, last 30 days; only `filter[created_at]` and `sort=created_at`; `page[number]` 1..5."
  func logAnswer(_ request: EmulatedRequest, at moment: Moment) throws(ITGlueRefusal) -> EmulatedResponse {
    let number = request.option("page[number]").flatMap { Int($0) } ?? 1
    guard (1...5).contains(number) else {
      throw ITGlueRefusal(400, "Bad Request", detail: "page[number] must be from 1 to 5.")
    }
    for item in request.query where item.name.hasPrefix("filter[") && item.name != "filter[created_at]" {
      throw ITGlueRefusal(400, "Bad Request", detail: "\(item.name) is not a filter.")
    }
    let size = min(1000, max(1, request.option("page[size]").flatMap { Int($0) } ?? 50))
    var entries = log.filter { moment.milliseconds - $0.created <= 30 * 86_400_000 }
    if let text = request.option("filter[created_at]") {
      let range = try range(ITGlueQuery.alternatives(text), at: moment)
      entries = entries.filter { range.contains($0.created) }
    }
    if request.option("sort") != "created_at" { entries.reverse() }
    let rows = entries.dropFirst((number - 1) * size).prefix(size).map { entry -> JSON in
      [
        "id": .string(entry.id.description), "type": "logs",
        "attributes": [
          "created-at": .string(ITGlueEmulation.instant(entry.created)), "level": "info", "account-id": 1,
          "user-id": 1, "organization-id": entry.organization.map { .int($0) } ?? .null,
          "action": .string(entry.action), "resource-type": .string(entry.kind.rawValue),
          "resource-name": .string(entry.name), "ip-address": "127.0.0.1",
        ],
      ]
    }
    let pages = (entries.count + size - 1) / size
    return response(
      200,
      JSON.object([
        .init(name: "data", value: .array(Array(rows))),
        .init(
          name: "meta",
          value: [
            "current-page": .int(number), "next-page": number < min(pages, 5) ? .int(number + 1) : .null,
            "prev-page": number > 1 ? .int(number - 1) : .null, "total-pages": .int(pages),
            "total-count": .int(entries.count), "filters": .object([]),
          ]),
      ]).encoded)
  }
}
