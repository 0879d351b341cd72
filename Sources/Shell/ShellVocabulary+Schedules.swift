/// The names and words that `schedule`, `unschedule` and `install` take.
import CommandLanguage
import Foundation
import Model
import Storage

extension ShellVocabulary {
  /// Whether a text is right for one of their slots; `nil` for a slot of another verb.
  func checkSchedule(_ text: String, as slot: SlotType, in context: Invocation) -> NameCheck? {
    switch slot {
    case .schedule: return named(text, among: schedules.map(\.name) + announced.names)
    case .weekday:
      if Weekday(text) != nil { return .known }
      if Int(text) != nil {
        return .wrong("`\(text)` is no day of the week", fix: "hours or minutes follow a number: every \(text) hours")
      }
      let words = Weekday.allCases.map(\.name) + ["day", "weekday", "hour", "hours", "minutes", "minute"]
      return .unknown(nearest: nearest(text, among: words))
    case .timeOfDay:
      return ClockTime.ofDay(text) != nil
        ? .known : .wrong("`\(text)` is no time of day", fix: "00:00 to 23:59, such as 02:00")
    case .minuteOfHour:
      return ClockTime.ofHour(text) != nil
        ? .known : .wrong("`\(text)` is no minute of an hour", fix: ":00 to :59, such as :15")
    case .step:
      let (unit, steps) =
        context.has("minutes") ? ("minutes", Recurrence.minuteSteps) : ("hours", Recurrence.hourSteps)
      guard let count = Int(text), !steps.contains(count) else { return .known }
      let problem = InvalidRecurrence(count, unit)
      return .wrong(String(problem.message.dropLast()), fix: problem.hint)
    case .zone:
      if Zones.known(text) { return .known }
      guard let near = Zones.nearest(to: text) else {
        return .wrong("`\(text)` is no time zone", fix: "a name such as America/New_York, or UTC; Tab lists them")
      }
      return .unknown(nearest: near)
    default: return nil
    }
  }

  func scheduleEntries(for slot: SlotType, in context: Invocation) -> [VocabularyEntry]? {
    switch slot {
    case .schedule:
      schedules.map { VocabularyEntry($0.name, $0.recurrence.words, detail: session.nextWords(of: $0)) }
    case .weekday: Weekday.allCases.map { VocabularyEntry($0.name, "each \($0.name.capitalized)") }
    case .timeOfDay: [("02:00", "in the night"), ("06:30", "before work")].map { VocabularyEntry($0, $1) }
    case .minuteOfHour:
      [(":00", "on the hour"), (":15", "a quarter past"), (":30", "half past"), (":45", "a quarter to")].map {
        VocabularyEntry($0, $1)
      }
    case .step:
      Set(Recurrence.minuteSteps + Recurrence.hourSteps).sorted().map { step in
        let units = [(Recurrence.hourSteps, "hours"), (Recurrence.minuteSteps, "minutes")].filter {
          $0.0.contains(step)
        }
        return VocabularyEntry(String(step), "every \(step) \(units.map(\.1).joined(separator: " or "))")
      }
    case .zone:
      Zones.all.map { zone in
        VocabularyEntry(
          zone, "the time zone of its times", detail: hasTime ? Zones.clock(in: zone, at: session.now) : "")
      }
    default: nil
    }
  }

  private var schedules: [Schedule] { (try? session.store.schedules()) ?? [] }
}

/// The time zones that a line may name: those of the IANA's data base, never an abbreviation such as EST, which says
/// nothing of summer.
enum Zones {
  static let all = ["UTC"] + TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") }.sorted()

  static func known(_ name: String) -> Bool {
    (name.contains("/") || ["UTC", "GMT"].contains(name)) && TimeZone(identifier: name) != nil
  }

  /// The zone that was probably meant: by its whole name, or by its city.
  static func nearest(to name: String) -> String? {
    if let zone = CommandLanguage.nearest(name, among: all) { return zone }
    let cities = Dictionary(all.map { (city(of: $0), $0) }) { first, _ in first }
    return CommandLanguage.nearest(city(of: name), among: cities.keys.sorted()).flatMap { cities[$0] }
  }

  private static func city(of zone: String) -> String { String(zone.split(separator: "/").last ?? "").lowercased() }

  /// "now 14:05" there.
  static func clock(in zone: String, at now: Date) -> String {
    "now \(CivilTime(now, in: TimeZone(identifier: zone) ?? .gmt).clock)"
  }
}
