// The records of one kind, with the orders that listings need kept at hand.

/// One record.
struct ITGlueRecord: Sendable {
  /// Sixteen digits, except for the vendor's own lists.
  let id: Int
  /// By the places of the schema; derived attributes stay null.
  var values: [JSON]
  /// Milliseconds since 1970.
  var created: Int
  var updated: Int
  /// The id of the record at the PSA, which the built-in sync knows.
  var remoteID: String?
  /// Whether the built-in sync owns the record while it is on.
  var isOwnedBySync = false
  /// An organization that is waiting to be deleted, and until when; milliseconds since 1970.
  var deletionDue: Int?
  var isDeleted = false
}

/// All records of one kind.
///
/// Places never change; a deleted record leaves the orders and keeps its place.
struct ITGlueTable: Sendable {
  let kind: ITGlueKind
  private(set) var records: [ITGlueRecord] = []
  private var placeOfID: [Int: Int] = [:]
  /// Places of what is there, by id.
  private(set) var byID: [Int] = []
  /// The same, by the time of the last change, then id.
  private(set) var byUpdate: [Int] = []
  /// Places by the record above, each by id.
  private var byParent: [Int: [Int]] = [:]
  /// Orders that were asked for since the last change.
  private var sorted: [String: [Int]] = [:]
  /// What a record looks like in a listing, and the state of all names at that time.
  private var texts: [(mark: Int, text: String)?] = []
  private let parentPlace: Int?

  init(_ kind: ITGlueKind) {
    self.kind = kind
    parentPlace = kind.parentAttribute.flatMap { ITGlueSchema.of(kind).places[$0] }
  }

  /// The place of a record that is there.
  func place(_ id: Int) -> Int? { placeOfID[id].flatMap { records[$0].isDeleted ? nil : $0 } }

  func record(_ id: Int) -> ITGlueRecord? { place(id).map { records[$0] } }

  func value(_ name: String, at place: Int) -> JSON {
    ITGlueSchema.of(kind).places[name].map { records[place].values[$0] } ?? .null
  }

  func children(of id: Int) -> [Int] { byParent[id] ?? [] }

  private func parent(at place: Int) -> Int? { parentPlace.flatMap { records[place].values[$0].whole } }

  // MARK: - Changing

  /// Adds a record, whose id must be above all others.
  @discardableResult
  mutating func add(_ record: ITGlueRecord) -> Int {
    let place = records.count
    records.append(record)
    texts.append(nil)
    placeOfID[record.id] = place
    byID.append(place)
    insertByUpdate(place)
    if let parent = parent(at: place) { byParent[parent, default: []].append(place) }
    sorted = [:]
    return place
  }

  mutating func replace(_ place: Int, with record: ITGlueRecord) {
    let former = parent(at: place)
    removeByUpdate(place)
    records[place] = record
    texts[place] = nil
    insertByUpdate(place)
    sorted = [:]
    let parent = parent(at: place)
    guard former != parent else { return }
    if let former { byParent[former]?.removeAll { $0 == place } }
    if let parent {
      byParent[parent, default: []].append(place)
      byParent[parent]?.sort()
    }
  }

  mutating func remove(_ place: Int) {
    guard !records[place].isDeleted else { return }
    removeByUpdate(place)
    // Places are given in the order of ids, so this is sorted both ways.
    var (low, high) = (0, byID.count)
    while low < high {
      let middle = (low + high) / 2
      if byID[middle] < place { low = middle + 1 } else { high = middle }
    }
    if low < byID.count, byID[low] == place { byID.remove(at: low) }
    if let parent = parent(at: place) { byParent[parent]?.removeAll { $0 == place } }
    records[place].isDeleted = true
    sorted = [:]
  }

  /// Removes all records above one that goes.
  mutating func removeChildren(of id: Int) -> Int {
    let gone = children(of: id)
    guard !gone.isEmpty else { return 0 }
    for place in gone { records[place].isDeleted = true }
    byID = byID.filter { !records[$0].isDeleted }
    byUpdate = byUpdate.filter { !records[$0].isDeleted }
    byParent[id] = nil
    sorted = [:]
    return gone.count
  }

  private func updateKey(_ place: Int) -> (Int, Int) { (records[place].updated, records[place].id) }

  /// The first index in ``byUpdate`` whose record was changed at that time or later.
  func firstIndex(updatedFrom milliseconds: Int) -> Int { index { $0.0 < milliseconds } }

  private func index(_ isBefore: ((Int, Int)) -> Bool) -> Int {
    var (low, high) = (0, byUpdate.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(updateKey(byUpdate[middle])) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func insertByUpdate(_ place: Int) {
    let key = updateKey(place)
    byUpdate.insert(place, at: index { $0 < key })
  }

  private mutating func removeByUpdate(_ place: Int) {
    let key = updateKey(place)
    let index = index { $0 < key }
    if index < byUpdate.count, byUpdate[index] == place { byUpdate.remove(at: index) }
  }

  // MARK: - Orders and texts

  /// What is there in an order, which is kept until the next change.
  mutating func places(sortedBy key: String, _ text: (Int) -> ITGlueSortValue) -> [Int] {
    if let known = sorted[key] { return known }
    let keyed = byID.map { (value: text($0), place: $0) }
    let made = keyed.sorted { $0.value == $1.value ? $0.place < $1.place : $0.value < $1.value }.map(\.place)
    sorted[key] = made
    return made
  }

  /// The record's text, unless it or a name in it has changed since it was written.
  func text(at place: Int, mark: Int) -> String? { texts[place].flatMap { $0.mark == mark ? $0.text : nil } }

  mutating func keep(_ text: String, at place: Int, mark: Int) { texts[place] = (mark, text) }
}

/// What a listing is sorted by; null comes last.
struct ITGlueSortValue: Comparable, Sendable {
  var number: Int?
  var text: String?

  init(number: Int) { self.number = number }
  init(text: String?) { self.text = text?.lowercased() }

  static func < (left: ITGlueSortValue, right: ITGlueSortValue) -> Bool {
    if let left = left.number, let right = right.number { return left < right }
    guard let left = left.text else { return false }
    return right.text.map { left < $0 } ?? true
  }
}
