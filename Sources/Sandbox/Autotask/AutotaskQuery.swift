// Queries: what their bodies say, and how their pages hang together.

import Foundation

/// A query, taken apart.
struct AutotaskQuery: Sendable {
  static let largestPage = 500

  var filter: AutotaskFilter
  var pageSize: Int
  /// The fields that were asked for, by their places; `nil` for all.
  var columns: [Int]?
  var userColumns: [Int]?
  /// The same for the same query, whatever the order of its members.
  var fingerprint: String

  /// - Parameter json: `MaxRecords`, `IncludeFields` and `filter`, in any case.
  init(
    reading json: JSON, for entity: AutotaskEntity, _ options: AutotaskOptions
  ) throws(AutotaskRefusal) {
    guard json.members != nil else { throw .malformed("The query is not a JSON object.") }
    filter = try AutotaskFilter(reading: json.named("filter"), for: entity, options)
    pageSize = AutotaskQuery.largestPage
    if let value = json.named("MaxRecords"), value != .null {
      guard let size = value.whole, (1...AutotaskQuery.largestPage).contains(size) else {
        throw .invalid("MaxRecords must be between 1 and \(AutotaskQuery.largestPage).")
      }
      pageSize = size
    }
    if let value = json.named("IncludeFields"), value != .null {
      guard let names = value.elements else { throw .malformed("IncludeFields must be a list of names.") }
      var columns: [Int] = []
      var userColumns: [Int] = []
      for name in names {
        guard let name = name.text else { throw .malformed("IncludeFields must be a list of names.") }
        if let column = entity.column(name) {
          columns.append(column)
        } else if let column = entity.userColumn(name) {
          userColumns.append(column)
        } else {
          throw .unknownField(name, in: entity)
        }
      }
      if !names.isEmpty { (self.columns, self.userColumns) = (Set(columns).sorted(), Set(userColumns).sorted()) }
    }
    fingerprint = AutotaskQuery.fingerprint(of: json)
  }

  /// All records of one company, as the child route lists them.
  init(company: Int, in entity: AutotaskEntity) {
    filter = .compare(
      AutotaskComparison(subject: .field(entity.companyColumn ?? 0), verb: .eq, values: [.int(company)]))
    pageSize = AutotaskQuery.largestPage
    fingerprint = "company-\(company)"
  }

  /// FNV-1a over the sorted query.
  private static func fingerprint(of json: JSON) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in json.sorted.encoded.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 36)
  }
}

/// Where a page begins, as the links to pages carry it.
struct AutotaskPageMark: Sendable {
  /// The ids behind which earlier pages began, the last one last.
  var previous: [Int]
  /// The id behind which this one begins; `nil` for the first.
  var after: Int?
  var pageSize: Int
  /// Of the query that the page belongs to.
  var query: String

  /// How many earlier pages a link remembers.
  static let longestTrail = 8

  /// `{"pageSize":500,"previousIds":[…],"nextIds":[…]}`, with a mark of the query that the client takes as it is.
  init?(reading text: String) {
    guard let json = try? JSON(reading: text), let size = json["pageSize"]?.whole,
      (1...AutotaskQuery.largestPage).contains(size), let next = json["nextIds"]?.elements,
      let previous = json["previousIds"]?.elements, let query = json["query"]?.text
    else { return nil }
    self.previous = previous.compactMap(\.whole)
    after = next.last?.whole
    pageSize = size
    self.query = query
  }

  init(previous: [Int], after: Int?, pageSize: Int, query: String) {
    self.previous = previous
    self.after = after
    self.pageSize = pageSize
    self.query = query
  }

  var text: String {
    let json: JSON = [
      "pageSize": .int(pageSize), "previousIds": .array(previous.map { .int($0) }),
      "nextIds": .array(after.map { [.int($0)] } ?? []), "query": .string(query),
    ]
    return json.encoded
  }

  /// The mark of the page that begins behind this page's last row.
  func following(_ last: Int) -> AutotaskPageMark {
    let trail = (previous + (after.map { [$0] } ?? [])).suffix(AutotaskPageMark.longestTrail)
    return AutotaskPageMark(previous: Array(trail), after: last, pageSize: pageSize, query: query)
  }

  /// The mark of the page before this one; `nil` for the first.
  var preceding: AutotaskPageMark? {
    guard after != nil else { return nil }
    return AutotaskPageMark(
      previous: Array(previous.dropLast()), after: previous.last, pageSize: pageSize, query: query)
  }
}

/// The envelope of a page.
enum AutotaskPage {
  static func details(count: Int, size: Int, previous: String?, next: String?) -> JSON {
    [
      "count": .int(count), "requestCount": .int(size), "prevPageUrl": previous.map { .string($0) } ?? .null,
      "nextPageUrl": next.map { .string($0) } ?? .null,
    ]
  }

  static func json(rows: [JSON], size: Int, previous: String?, next: String?) -> JSON {
    [
      "items": .array(rows),
      "pageDetails": details(count: rows.count, size: size, previous: previous, next: next),
    ]
  }
}

/// Writes records as JSON text; names are quoted once for all rows of a page.
struct AutotaskRecordWriter {
  private let columns: [(name: String, place: Int)]
  private let userColumns: [(name: String, place: Int, isProtected: Bool)]

  /// - Parameters:
  ///   - columns: the fields to write; `nil` for all, with all user-defined ones.
  ///   - revealing: protected fields as they are, as control shows them.
  init(_ entity: AutotaskEntity, columns: [Int]? = nil, userColumns: [Int]? = nil, revealing: Bool = false) {
    let places = columns ?? Array(entity.fields.indices)
    self.columns = places.enumerated().map { index, place in
      ((index == 0 ? "" : ",") + "\"" + entity.fields[place].name + "\":", place)
    }
    let userPlaces = userColumns ?? (columns == nil ? Array(entity.userFields.indices) : [])
    self.userColumns = userPlaces.enumerated().map { index, place in
      let name = JSON.string(entity.userFields[place].name).encoded
      return (
        (index == 0 ? "" : ",") + "{\"name\":" + name + ",\"value\":", place,
        entity.userFields[place].isProtected && !revealing
      )
    }
  }

  /// What a protected field shows instead of its value.
  static let mask = "*****"

  func write(_ row: AutotaskRow, into out: inout String) {
    out += "{"
    for column in columns {
      out += column.name
      row.values[column.place].write(into: &out)
    }
    out += columns.isEmpty ? "\"userDefinedFields\":[" : ",\"userDefinedFields\":["
    for column in userColumns {
      out += column.name
      let value = row.userValues[column.place]
      AutotaskValue(column.isProtected && value != nil ? AutotaskRecordWriter.mask : value).write(into: &out)
      out += "}"
    }
    out += "]}"
  }

  func text(_ row: AutotaskRow) -> String {
    var out = ""
    write(row, into: &out)
    return out
  }
}
