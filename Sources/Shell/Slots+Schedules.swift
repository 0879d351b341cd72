/// The words of `schedule`: how often, when, in which zone.
import CommandLanguage

extension SlotType {
  static let schedule = SlotType("schedule")
  static let weekday = SlotType("day")
  static let timeOfDay = SlotType("hh:mm")
  static let minuteOfHour = SlotType(":mm")
  static let zone = SlotType("zone")
  /// How many hours or minutes; told apart by its name from every other count, since only some part a day evenly.
  static let step = SlotType("step", .count)
}

extension Element {
  private static let atTime = Element.optional([.keyword("at"), .slot("time", .timeOfDay)])

  /// `every day [at HH:MM]`, `every mon, wed`, `every hour [at :MM]`, `every 4 hours`.
  static let recurrence: [Element] = [
    .keyword("every"),
    .oneOf([
      [.keyword("day"), atTime],
      [.keyword("weekday"), atTime],
      [.many([.slot("day", .weekday)]), atTime],
      [.keyword("hour"), .optional([.keyword("at"), .slot("minute", .minuteOfHour)])],
      [.keyword("minute")],
      [.slot("step", .step), .oneOf([[.keyword("hours")], [.keyword("minutes")]])],
    ]),
  ]
}
