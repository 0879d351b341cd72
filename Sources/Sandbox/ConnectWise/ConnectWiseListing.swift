// One way of listing for every collection: conditions, order, fields, and both kinds of paging.

/// A kind of record that can be listed.
struct ConnectWiseTable<Record> {
  var id: (Record) -> Int
  /// What a field says, by its path in lower case; `nil` for a field that does not exist.
  var field: (String) -> ((Record) -> ConditionValue)?
  /// The rows of an array of the record and what their fields say, for `childConditions`: array name, then field.
  var children: [String: (Record) -> [(String) -> ConditionValue?]]
  /// The fields of those arrays that exist, as `array/field` in lower case.
  var childFields: Set<String>
  var json: (Record) -> JSON
}

/// The records that a listing chooses from: by ascending id, with places left empty by deleted ones.
struct ConnectWiseCandidates<Record> {
  private let records: [Record]
  private let places: [Int]?
  private let isPresent: (Record) -> Bool

  /// - Parameter places: which of the records, ascending; `nil` for all.
  init(records: [Record], places: [Int]? = nil, isPresent: @escaping (Record) -> Bool = { _ in true }) {
    self.records = records
    self.places = places
    self.isPresent = isPresent
  }

  var count: Int { places?.count ?? records.count }

  /// `nil` for a deleted one.
  subscript(index: Int) -> Record? {
    let record = records[places?[index] ?? index]
    return isPresent(record) ? record : nil
  }

  /// The first index whose id is above the given one.
  func firstIndex(above id: Int, _ idOf: (Record) -> Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if idOf(records[places?[middle] ?? middle]) <= id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A listing request, taken apart.
struct ConnectWiseListing {
  static let defaultPageSize = 25
  static let largestPageSize = 1000

  let request: EmulatedRequest
  let conditions: ConnectWiseCondition?
  let childConditions: ConnectWiseCondition?
  let customConditions: ConnectWiseCondition?

  init(_ request: EmulatedRequest) throws(ConnectWiseRefusal) {
    func condition(_ name: String) throws(ConnectWiseRefusal) -> ConnectWiseCondition? {
      guard let text = request.option(name), text.contains(where: { $0 != " " }) else { return nil }
      return try ConnectWiseCondition(reading: text)
    }
    self.request = request
    conditions = try condition("conditions")
    childConditions = try condition("childConditions")
    customConditions = try condition("customFieldConditions")
    if childConditions?.usesIn ?? false { throw .condition("in is not available in childConditions.") }
  }

  /// The records that meet the conditions, by ascending id.
  func matches<Record>(
    _ candidates: ConnectWiseCandidates<Record>, _ table: ConnectWiseTable<Record>,
    custom: ((Record, ConnectWiseCondition) -> Bool)? = nil
  ) throws(ConnectWiseRefusal) -> [Record] {
    let isWanted = try test(table, custom: custom)
    var matches: [Record] = []
    for index in 0..<candidates.count {
      if let record = candidates[index], isWanted?(record) ?? true { matches.append(record) }
    }
    return matches
  }

  /// Whether a record meets the conditions; `nil` where there are none.
  private func test<Record>(
    _ table: ConnectWiseTable<Record>, custom: ((Record, ConnectWiseCondition) -> Bool)?
  ) throws(ConnectWiseRefusal) -> ((Record) -> Bool)? {
    var getters: [String: (Record) -> ConditionValue] = [:]
    for path in conditions?.paths ?? [] {
      guard let getter = table.field(path.lowercased()) else { throw .condition("\(path) is not a recognized name.") }
      getters[path] = getter
    }
    for path in childConditions?.paths ?? [] where !table.childFields.contains(path.lowercased()) {
      throw .condition("\(path) is not a recognized name.")
    }
    if conditions == nil, childConditions == nil, customConditions == nil { return nil }
    let known = getters
    return { record in
      if let conditions, !conditions.holds({ known[$0]?(record) ?? .null }) { return false }
      if let childConditions, !childrenMeet(childConditions, record, table) { return false }
      if let customConditions { return custom?(record, customConditions) ?? false }
      return true
    }
  }

  /// Whether one row of the array that the condition names meets all of it.
  private func childrenMeet<Record>(
    _ condition: ConnectWiseCondition, _ record: Record, _ table: ConnectWiseTable<Record>
  ) -> Bool {
    let arrays = Set(condition.paths.map { String($0.lowercased().prefix { $0 != "/" }) })
    guard arrays.count == 1, let array = arrays.first, let rows = table.children[array] else {
      if case .and(let left, let right) = condition {
        return childrenMeet(left, record, table) && childrenMeet(right, record, table)
      }
      if case .or(let left, let right) = condition {
        return childrenMeet(left, record, table) || childrenMeet(right, record, table)
      }
      return false
    }
    return rows(record).contains { row in
      condition.holds { path in row(String(path.lowercased().dropFirst(array.count + 1))) ?? .null }
    }
  }

  // MARK: - Pages

  /// One page of the records that meet the conditions.
  ///
  /// - Parameter url: the address of the collection, for links.
  func answer<Record>(
    _ candidates: ConnectWiseCandidates<Record>, _ table: ConnectWiseTable<Record>, url: String, endsEarly: Bool,
    custom: ((Record, ConnectWiseCondition) -> Bool)? = nil
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    var size = request.option("pageSize").flatMap { Int($0) } ?? Self.defaultPageSize
    if size < 1 { size = Self.defaultPageSize }
    // More than the largest page is cut down without a word.
    size = min(size, Self.largestPageSize)
    guard request.headers["pagination-type"]?.lowercased() == "forward-only" else {
      return try numberedPage(
        try matches(candidates, table, custom: custom), table, url: url, size: size, endsEarly: endsEarly)
    }
    return try forwardPage(
      candidates, try test(table, custom: custom), table, url: url, size: size, endsEarly: endsEarly)
  }

  /// Forward-only: `pageId=N` means ids above N, always by id; the `Link` header always exists and is empty at the end.
  private func forwardPage<Record>(
    _ candidates: ConnectWiseCandidates<Record>, _ isWanted: ((Record) -> Bool)?, _ table: ConnectWiseTable<Record>,
    url: String, size: Int, endsEarly: Bool
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    guard request.option("orderBy") == nil else {
      throw ConnectWiseRefusal(
        status: 400, code: "InvalidPagination", message: "orderBy is not supported with forward-only pagination.")
    }
    var rows: [Record] = []
    let after = request.option("pageId").flatMap { Int($0) } ?? 0
    var index = after > 0 ? candidates.firstIndex(above: after, table.id) : 0
    // One more than the page, to know whether another follows.
    while index < candidates.count, rows.count <= size {
      if let record = candidates[index], isWanted?(record) ?? true { rows.append(record) }
      index += 1
    }
    let hasMore = rows.count > size
    rows = Array(rows.prefix(endsEarly ? min(rows.count, size) / 2 : size))
    var link: String?
    if hasMore, !endsEarly, let last = rows.last {
      link = self.link(url, ["pageId": table.id(last).description, "pageSize": size.description])
    }
    return answer(rows, table, link: link.map { "<\($0)>; rel=\"next\"" } ?? "", next: link)
  }

  /// Numbered pages; without `orderBy` the rows come in an order that nothing promises.
  private func numberedPage<Record>(
    _ matches: [Record], _ table: ConnectWiseTable<Record>, url: String, size: Int, endsEarly: Bool
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let number = request.option("page").flatMap { Int($0) } ?? 1
    guard number >= 1, number < 1_000_000 else {
      throw ConnectWiseRefusal(status: 400, code: "InvalidPagination", message: "page must be greater than zero.")
    }
    let ordered = try self.ordered(matches, table)
    var rows = Array(ordered.dropFirst((number - 1) * size).prefix(size))
    let last = max(1, (matches.count + size - 1) / size)
    var links: [String] = []
    var next: String?
    func add(_ page: Int, _ relation: String) {
      let target = link(url, ["page": page.description, "pageSize": size.description])
      links.append("<\(target)>; rel=\"\(relation)\"")
      if relation == "next" { next = target }
    }
    if endsEarly {
      rows = Array(rows.prefix(rows.count / 2))
    } else {
      if number < last {
        add(number + 1, "next")
        add(last, "last")
      }
      if number > 1 {
        add(1, "first")
        add(number - 1, "prev")
      }
    }
    return answer(rows, table, link: links.isEmpty ? nil : links.joined(separator: ", "), next: next)
  }

  private func ordered<Record>(
    _ matches: [Record], _ table: ConnectWiseTable<Record>
  ) throws(ConnectWiseRefusal) -> [Record] {
    guard let text = request.option("orderBy"), !text.isEmpty else { return shuffled(matches) }
    var keys: [(getter: (Record) -> ConditionValue, isAscending: Bool)] = []
    for part in text.split(separator: ",") {
      let words = part.split(separator: " ")
      guard let path = words.first else { continue }
      guard let getter = table.field(path.lowercased()) else {
        throw .condition("\(path) is not a recognized name.")
      }
      keys.append((getter, words.dropFirst().first?.lowercased() != "desc"))
    }
    if text.lowercased() == "id" || text.lowercased() == "id asc" { return matches }
    return matches.sorted { left, right in
      for key in keys {
        let (a, b) = (key.getter(left), key.getter(right))
        if ConditionValue.isOrdered(a, b) { return key.isAscending }
        if ConditionValue.isOrdered(b, a) { return !key.isAscending }
      }
      return table.id(left) < table.id(right)
    }
  }

  /// The same order for the same number of records, and no order that anyone could rely on.
  private func shuffled<Record>(_ matches: [Record]) -> [Record] {
    guard matches.count > 2 else { return matches }
    var step = matches.count / 2 + 1
    func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
    while divisor(step, matches.count) != 1 { step += 1 }
    return matches.indices.map { matches[($0 * step + 1) % matches.count] }
  }

  private func link(_ url: String, _ options: [String: String]) -> String {
    let replaced: Set<String> = ["page", "pageid", "pagesize"]
    let kept = request.query.filter { !replaced.contains($0.name.lowercased()) }
      .map { "\($0.name)=\(EmulatedRequest.encoded($0.value))" }
    let added = options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return url + "?" + (kept + added).joined(separator: "&")
  }

  private func answer<Record>(
    _ rows: [Record], _ table: ConnectWiseTable<Record>, link: String?, next: String?
  ) -> EmulatedResponse {
    let fields = ConnectWiseFields(request.option("fields"))
    var body = "["
    for (index, row) in rows.enumerated() {
      if index > 0 { body += "," }
      (fields?.restricted(table.json(row)) ?? table.json(row)).write(into: &body)
    }
    var answer = EmulatedResponse(status: 200, body: body + "]")
    if let link { answer.setHeader("Link", link) }
    answer.nextLink = next
    return answer
  }
}

/// The `fields` option: names, and paths into references. Unknown names are ignored, and `_info` must be named.
struct ConnectWiseFields: Sendable {
  private let paths: [[String]]

  /// `nil` where nothing was asked for.
  init?(_ text: String?) {
    let names = (text ?? "").split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    guard !names.isEmpty else { return nil }
    paths = names.map { $0.lowercased().split(separator: "/").map { String($0) } }
  }

  func restricted(_ record: JSON) -> JSON { restricted(record, paths) }

  private func restricted(_ value: JSON, _ paths: [[String]]) -> JSON {
    switch value {
    case .object(let members):
      return .object(
        members.compactMap { member in
          let below = paths.filter { $0.first == member.name.lowercased() }.map { Array($0.dropFirst()) }
          guard !below.isEmpty else { return nil }
          return .init(name: member.name, value: below.contains([]) ? member.value : restricted(member.value, below))
        })
    case .array(let rows): return .array(rows.map { restricted($0, paths) })
    default: return value
    }
  }
}
