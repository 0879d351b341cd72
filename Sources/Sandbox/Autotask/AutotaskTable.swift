// The records of one kind, with the indexes that keep a page quick whatever the table's size.

/// One record: a value for every field of its entity, in their order.
struct AutotaskRow: Sendable {
  var values: [AutotaskValue]
  /// One for every user-defined field.
  var userValues: [String?]
  /// Tickets refer to it, so that it cannot be deleted.
  var isInUse = false
  /// How often it was saved; the vendor's screens show each as a version of a configuration item.
  var version = 1
  fileprivate(set) var isDeleted = false

  init(_ entity: AutotaskEntity, id: Int) {
    values = Array(repeating: .null, count: entity.fields.count)
    userValues = Array(repeating: nil, count: entity.userFields.count)
    values[0] = .int(id)
  }

  var id: Int { values[0].int ?? 0 }
}

/// All records of one kind, by ascending id.
struct AutotaskTable: Sendable {
  /// Every value that a column of stamps has had; those that a row has no longer are sorted out by the filter itself.
  private struct Changes: Sendable {
    private var list: [(milliseconds: Int, place: Int)] = []
    private var isSorted = true

    mutating func append(_ milliseconds: Int, at place: Int) {
      if let last = list.last, last.milliseconds > milliseconds { isSorted = false }
      list.append((milliseconds, place))
    }

    mutating func settle() {
      guard !isSorted else { return }
      list.sort { $0.milliseconds < $1.milliseconds }
      isSorted = true
    }

    /// The places that had a stamp from this one on, ascending.
    func places(from milliseconds: Int) -> [Int] {
      var (low, high) = (0, list.count)
      while low < high {
        let middle = (low + high) / 2
        if list[middle].milliseconds >= milliseconds { high = middle } else { low = middle + 1 }
      }
      return Set(list[low...].map(\.place)).sorted()
    }
  }

  var entity: AutotaskEntity
  /// Deleted ones stay as empty places.
  private(set) var rows: [AutotaskRow] = []
  private(set) var count = 0
  private var places: [Int: Int] = [:]
  private var placesOfCompany: [Int: [Int]] = [:]
  private var modified = Changes()
  private var active = Changes()
  private(set) var nextID = 1

  init(_ entity: AutotaskEntity) { self.entity = entity }

  // MARK: - Changing

  /// Ids below this one are given to nothing new.
  mutating func reserveIDs(upTo id: Int) { nextID = max(nextID, id) }

  /// Adds a record; its id must be above all others.
  mutating func add(_ row: AutotaskRow) {
    precondition(rows.last.map { $0.id < row.id } ?? true, "records must be added by ascending id")
    places[row.id] = rows.count
    if let company = company(of: row) { placesOfCompany[company, default: []].append(rows.count) }
    note(row, at: rows.count, former: nil)
    rows.append(row)
    count += 1
    nextID = max(nextID, row.id + 1)
  }

  /// Replaces a record; neither its id nor its company changes.
  mutating func replace(_ place: Int, with row: AutotaskRow) {
    note(row, at: place, former: rows[place])
    rows[place] = row
  }

  mutating func remove(_ place: Int) {
    guard !rows[place].isDeleted else { return }
    rows[place].isDeleted = true
    count -= 1
  }

  private mutating func note(_ row: AutotaskRow, at place: Int, former: AutotaskRow?) {
    if let column = entity.modifiedColumn, let stamp = row.values[column].instant,
      former?.values[column].instant != stamp
    {
      modified.append(stamp, at: place)
    }
    if let column = entity.activityColumn, let stamp = row.values[column].instant,
      former?.values[column].instant != stamp
    {
      active.append(stamp, at: place)
    }
  }

  /// Puts the indexes in order; to be called before a query.
  mutating func settle() {
    modified.settle()
    active.settle()
  }

  // MARK: - Finding

  private func company(of row: AutotaskRow) -> Int? { entity.companyColumn.flatMap { row.values[$0].int } }

  /// The place of a record that is not deleted.
  func place(_ id: Int) -> Int? {
    guard let place = places[id], !rows[place].isDeleted else { return nil }
    return place
  }

  func row(_ id: Int) -> AutotaskRow? { place(id).map { rows[$0] } }

  /// The places of a company's records that are not deleted, ascending.
  func places(ofCompany id: Int) -> [Int] { (placesOfCompany[id] ?? []).filter { !rows[$0].isDeleted } }

  /// The first place whose id is above this one.
  func firstPlace(above id: Int) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].id > id { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// A value by the name of its field.
  func value(_ row: AutotaskRow, _ name: String) -> AutotaskValue {
    entity.column(name).map { row.values[$0] } ?? .null
  }

  /// The places among which all rows are that can meet a filter, ascending; `nil` where only looking at all tells.
  func candidates(_ filter: AutotaskFilter) -> [Int]? {
    switch filter {
    case .all(let parts): return parts.compactMap { candidates($0) }.min { $0.count < $1.count }
    case .any(let parts):
      var union: Set<Int> = []
      for part in parts {
        guard let places = candidates(part) else { return nil }
        union.formUnion(places)
      }
      return union.sorted()
    case .compare(let comparison): return candidates(comparison)
    }
  }

  private func candidates(_ comparison: AutotaskComparison) -> [Int]? {
    guard case .field(let column) = comparison.subject, !comparison.isImpossible else {
      return comparison.isImpossible ? [] : nil
    }
    let wanted = comparison.values.compactMap(\.int)
    switch comparison.verb {
    case .eq, .in:
      if column == 0 { return Set(wanted).compactMap { place($0) }.sorted() }
      if column == entity.companyColumn { return Set(wanted).flatMap { places(ofCompany: $0) }.sorted() }
    case .gt, .gte:
      guard let start = comparison.values.first?.instant else { return nil }
      if column == entity.modifiedColumn { return modified.places(from: start) }
      if column == entity.activityColumn { return active.places(from: start) }
    default: break
    }
    return nil
  }

  /// The id that all rows that meet a filter are above.
  func lowerBound(_ filter: AutotaskFilter) -> Int {
    switch filter {
    case .all(let parts): return parts.map { lowerBound($0) }.max() ?? Int.min
    case .any: return Int.min
    case .compare(let comparison):
      guard case .field(0) = comparison.subject, let id = comparison.values.first?.int else { return Int.min }
      switch comparison.verb {
      case .gt: return id
      case .gte: return id == Int.min ? id : id - 1
      default: return Int.min
      }
    }
  }

  /// The first rows above an id that meet a filter, and whether there are more.
  func page(
    _ filter: AutotaskFilter, above id: Int, size: Int, hidden: Set<Int>
  ) -> (rows: [AutotaskRow], hasMore: Bool) {
    var found: [AutotaskRow] = []
    func isFull(_ place: Int) -> Bool {
      guard isShown(rows[place], hidden), filter.holds(rows[place]) else { return false }
      if found.count == size { return true }
      found.append(rows[place])
      return false
    }
    if let candidates = candidates(filter) {
      for place in candidates where rows[place].id > id && isFull(place) { return (found, true) }
    } else {
      for place in firstPlace(above: max(id, lowerBound(filter)))..<rows.count where isFull(place) {
        return (found, true)
      }
    }
    return (found, false)
  }

  func count(_ filter: AutotaskFilter, hidden: Set<Int>) -> Int {
    if let candidates = candidates(filter) {
      return candidates.count { isShown(rows[$0], hidden) && filter.holds(rows[$0]) }
    }
    let start = firstPlace(above: lowerBound(filter))
    if start == 0, hidden.isEmpty, filter.asksForIDsOnly { return count }
    return rows[start...].count { isShown($0, hidden) && filter.holds($0) }
  }

  /// Whether a row exists for the API user: rows of companies that its security level hides do not.
  func isShown(_ row: AutotaskRow, _ hidden: Set<Int>) -> Bool {
    guard !row.isDeleted else { return false }
    guard !hidden.isEmpty else { return true }
    return !hidden.contains(entity.kind == .companies ? row.id : company(of: row) ?? -1)
  }
}
