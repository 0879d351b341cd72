// Records with listings that stay in order as records change, so that a page costs the same in a large site as in a small.

/// A record of Teamwork.com or of Desk, found by its id.
protocol TeamworkRow: Sendable {
  var id: Int { get }
}

/// All records of one kind, by ascending id; deleted ones stay.
struct TeamworkTable<Record: TeamworkRow>: Sendable {
  /// Where a record stands in a listing: by number, then by text, then by place.
  struct Mark: Sendable {
    var number: Int
    var text: String
    var place: Int

    func precedes(_ other: Mark) -> Bool {
      if number != other.number { return number < other.number }
      if text != other.text { return text < other.text }
      return place < other.place
    }
  }

  /// What a record is sorted by.
  struct Key: Sendable {
    var number = 0
    var text = ""
  }

  /// Which records are listed, and in what order.
  struct Selection: Sendable {
    /// The same name always stands for the same selection.
    var name: String
    var accepts: @Sendable (Record) -> Bool
    var key: @Sendable (Record) -> Key
  }

  private struct Listing: Sendable {
    let selection: Selection
    var marks: [Mark]

    func mark(_ record: Record, at place: Int) -> Mark {
      let key = selection.key(record)
      return Mark(number: key.number, text: key.text, place: place)
    }

    /// The first position whose mark does not stand before this one.
    func position(of mark: Mark) -> Int {
      var low = 0
      var high = marks.count
      while low < high {
        let middle = (low + high) / 2
        if marks[middle].precedes(mark) { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// How many listings are kept in order; beyond that the one that was not asked for longest is dropped.
  private static var keptListings: Int { 12 }

  private(set) var records: [Record] = []
  private var places: [Int: Int] = [:]
  /// The one asked for last stands last.
  private var listings: [Listing] = []
  /// Encoded records, by form and place.
  private var texts: [String: [Int: String]] = [:]

  subscript(place: Int) -> Record { records[place] }

  func place(id: Int) -> Int? { places[id] }

  func record(id: Int) -> Record? { places[id].map { records[$0] } }

  // MARK: - Changing

  /// Adds a record, whose id must be above all others.
  mutating func append(_ record: Record) {
    precondition(records.last.map { $0.id < record.id } ?? true, "ids of a table ascend")
    let place = records.count
    places[record.id] = place
    records.append(record)
    for index in listings.indices where listings[index].selection.accepts(record) {
      let mark = listings[index].mark(record, at: place)
      listings[index].marks.insert(mark, at: listings[index].position(of: mark))
    }
  }

  mutating func replace(_ place: Int, with record: Record) {
    let former = records[place]
    for index in listings.indices {
      if listings[index].selection.accepts(former) {
        let position = listings[index].position(of: listings[index].mark(former, at: place))
        if position < listings[index].marks.count, listings[index].marks[position].place == place {
          listings[index].marks.remove(at: position)
        }
      }
      if listings[index].selection.accepts(record) {
        let mark = listings[index].mark(record, at: place)
        listings[index].marks.insert(mark, at: listings[index].position(of: mark))
      }
    }
    records[place] = record
    forgetText(of: place)
  }

  // MARK: - Listing

  /// Whether a selection is in order already, so that no candidates need be found for it.
  func holds(_ name: String) -> Bool { listings.contains { $0.selection.name == name } }

  /// How many records a selection has.
  ///
  /// - Parameter candidates: places among which all of the selection are; `nil` for all.
  mutating func count(of selection: Selection, among candidates: [Int]? = nil) -> Int {
    listings[prepare(selection, candidates)].marks.count
  }

  /// The places of some of a selection, in its order.
  mutating func places(
    of selection: Selection, among candidates: [Int]? = nil, from start: Int, count: Int, isDescending: Bool = false
  ) -> [Int] {
    let marks = listings[prepare(selection, candidates)].marks
    guard start >= 0, start < marks.count, count > 0 else { return [] }
    let end = min(marks.count, start + count)
    return (start..<end).map { marks[isDescending ? marks.count - 1 - $0 : $0].place }
  }

  /// The places of a selection that is ordered by number, from a number on.
  mutating func places(of selection: Selection, from number: Int) -> [Int] {
    let listing = listings[prepare(selection, nil)]
    let start = listing.position(of: Mark(number: number, text: "", place: -1))
    return listing.marks[start...].map(\.place)
  }

  private mutating func prepare(_ selection: Selection, _ candidates: [Int]?) -> Int {
    if let index = listings.firstIndex(where: { $0.selection.name == selection.name }) {
      if index < listings.count - 1 { listings.append(listings.remove(at: index)) }
      return listings.count - 1
    }
    var listing = Listing(selection: selection, marks: [])
    for place in candidates ?? Array(records.indices) where selection.accepts(records[place]) {
      listing.marks.append(listing.mark(records[place], at: place))
    }
    listing.marks.sort { $0.precedes($1) }
    if listings.count >= Self.keptListings { listings.removeFirst() }
    listings.append(listing)
    return listings.count - 1
  }

  /// Drops all listings, since what they select by has changed.
  mutating func forgetListings() { listings = [] }

  // MARK: - Encoded records

  /// A record's text, where it was kept since the record changed.
  ///
  /// - Parameter form: names how the record is shown.
  func text(at place: Int, form: String) -> String? { texts[form]?[place] }

  /// Keeps a record's text until the record changes.
  mutating func keep(_ text: String, at place: Int, form: String) { texts[form, default: [:]][place] = text }

  mutating func forgetText(of place: Int) {
    for form in texts.keys { texts[form]?[place] = nil }
  }

  mutating func forgetTexts() { texts = [:] }
}
