// What each filter asks of a record.

import Foundation

extension ITGlueEmulation {
  /// What a filter asks of the record at a place.
  func test(
    _ filter: ITGlueFilter, _ kind: ITGlueKind, at moment: Moment
  ) throws(ITGlueRefusal) -> (Int) -> Bool {
    let isWanted = try plainTest(filter, kind, at: moment)
    return filter.excludes ? { !isWanted($0) } : isWanted
  }

  private func plainTest(
    _ filter: ITGlueFilter, _ kind: ITGlueKind, at moment: Moment
  ) throws(ITGlueRefusal) -> (Int) -> Bool {
    let table = self[kind]
    let schema = ITGlueSchema.of(kind)
    let values = Set(filter.values)
    func attribute(_ name: String) -> Int { schema.places[name] ?? 0 }
    switch filter.form {
    case .identity:
      let ids = Set(filter.values.compactMap { Int($0) })
      return { ids.contains(table.records[$0].id) }
    case .name:
      let place = attribute("name")
      if options.nameFilterContains {
        let wanted = filter.values.map { $0.lowercased() }
        return { row in
          let name = (table.records[row].values[place].text ?? "").lowercased()
          return wanted.contains { $0.isEmpty || name.contains($0) }
        }
      }
      return { values.contains(table.records[$0].values[place].text ?? "") }
    case .text(let name):
      let place = attribute(name)
      return { table.records[$0].values[place].text.map { values.contains($0) } ?? false }
    case .number(let name):
      let place = attribute(name)
      let numbers = Set(filter.values.compactMap { Int($0) })
      return { table.records[$0].values[place].whole.map { numbers.contains($0) } ?? false }
    case .flag(let name):
      let place = attribute(name)
      let wanted = filter.values.map { ["true", "1"].contains($0) }
      // Null is neither true nor false.
      return { table.records[$0].values[place].flag.map { wanted.contains($0) } ?? false }
    case .createdAt:
      let range = try range(filter.values, at: moment)
      return { range.contains(table.records[$0].created) }
    case .updatedAt:
      let range = try range(filter.values, at: moment)
      return { range.contains(table.records[$0].updated) }
    case .primaryEmail:
      let wanted = Set(filter.values.map { $0.lowercased() })
      let place = attribute("contact-emails")
      return { row in
        (table.records[row].values[place].elements ?? []).contains {
          $0["primary"] == true && wanted.contains(($0["value"]?.text ?? "").lowercased())
        }
      }
    case .psaID:
      let isLinked = options.builtInSync != .off
      return { row in isLinked && isLink(table.records[row]) && values.contains(table.records[row].remoteID ?? "") }
    case .psaType:
      let isLinked = options.builtInSync != .off && values == ["manage"]
      return { row in isLinked && isLink(table.records[row]) }
    case .nothing: return { _ in false }
    }
  }

  /// `start,end` in UTC, each open where it is `*`.
  func range(_ values: [String], at moment: Moment) throws(ITGlueRefusal) -> ClosedRange<Int> {
    func bound(_ text: String) throws(ITGlueRefusal) -> Int? {
      if text == "*" || text.isEmpty { return nil }
      guard let date = Instant.date(text),
        let milliseconds = Int(exactly: (date.timeIntervalSince1970 * 1000).rounded(.down))
      else { throw ITGlueRefusal(400, "Bad Request", detail: "\(text) is not a date.") }
      return milliseconds
    }
    guard values.count == 2 else {
      throw ITGlueRefusal(400, "Bad Request", detail: "A range has a start and an end.")
    }
    let (start, end) = (try bound(values[0]), try bound(values[1]))
    let week = 7 * 86_400_000
    if options.refusesLongRanges {
      guard let start, (end ?? moment.milliseconds) - start <= week else {
        throw ITGlueRefusal(400, "Bad Request", detail: "The range must not be longer than a week.")
      }
    }
    let lower = start ?? Int.min
    return lower...max(lower, end ?? Int.max)
  }
}
