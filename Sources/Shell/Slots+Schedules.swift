/// The words of `schedule`: how often, when, in which zone.
import CommandLanguage

extension SlotType {
  static let schedule = SlotType("schedule", help: "a schedule, by its name", isNamed: true)
  static let weekday = SlotType("day", help: "a day of the week", isNamed: true)
  static let timeOfDay = SlotType("hh:mm", help: "a time of day, 00:00 to 23:59")
  static let minuteOfHour = SlotType(":mm", help: "a minute of the hour, :00 to :59")
  static let zone = SlotType("zone", help: "a time zone such as Europe/Lisbon; else the machine's", isNamed: true)
  /// How many hours or minutes; told apart by its name from every other count, since only some part a day evenly.
  static let step = SlotType("step", .count, help: "how many hours or minutes lie between")
}

extension Element {
  private static let atTime = Element.optional([
    .keyword("at", help: "the time of day; else 00:00"), .slot("time", .timeOfDay),
  ])

  /// `every day [at HH:MM]`, `every mon, wed`, `every hour [at :MM]`, `every 4 hours`.
  static let recurrence: [Element] = [
    .keyword("every", help: "how often: day, a weekday, hour, 4 hours, 15 minutes"),
    .oneOf([
      [.keyword("day", help: "each day"), atTime],
      [.keyword("weekday", help: "Monday to Friday"), atTime],
      [.many([.slot("day", .weekday)]), atTime],
      [
        .keyword("hour", help: "each hour"),
        .optional([.keyword("at", help: "the minute of the hour"), .slot("minute", .minuteOfHour)]),
      ],
      [.keyword("minute", help: "each minute")],
      [
        .slot("step", .step),
        .oneOf([
          [.keyword("hours", help: "counted from midnight")], [.keyword("minutes", help: "counted from the full hour")],
        ]),
      ],
    ]),
  ]
}
