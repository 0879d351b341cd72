import Foundation
import Model
import Testing

@Suite struct RecurrenceTests {
  // MARK: - Words

  @Test(
    "what is written is read, and written back in one way",
    arguments: [
      ("every day at 02:00", "every day at 02:00"), ("every day at 2:00", "every day at 02:00"),
      ("every day", "every day at 00:00"), ("every weekday at 18:30", "every weekday at 18:30"),
      ("every mon, tue, wed, thu, fri at 07:00", "every weekday at 07:00"), ("every monday", "every monday at 00:00"),
      ("every wed,mon at 06:30", "every mon, wed at 06:30"), ("every Sunday at 23:59", "every sunday at 23:59"),
      ("every hour", "every hour"), ("every hour at :15", "every hour at :15"), ("every hour at :00", "every hour"),
      ("every 4 hours", "every 4 hours"), ("every 15 minutes", "every 15 minutes"),
      ("every minute", "every minute"), ("every 1 minutes", "every minute"),
    ])
  func words(_ text: String, _ written: String) throws {
    let recurrence = try Recurrence(text)
    #expect(recurrence.words == written)
    #expect(try Recurrence(written) == recurrence)
  }

  @Test(
    "what means nothing is refused with a sentence",
    arguments: [
      ("every day at 25:00", "25:00 is no time of day"), ("every day at 24:00", "no time of day"),
      ("every day at 2", "no time of day"), ("every day at 02:60", "no time of day"),
      ("every day at 02:00 03:00", "One time stands after at"), ("every hour at 15", "no minute of an hour"),
      ("every hour at :60", "no minute of an hour"), ("every munday", "“munday” is no day of the week"),
      ("every 7 hours", "do not part a day"), ("every 90 minutes", "do not part an hour"),
      ("every 4", "not understood"),
      ("every 4 days", "not understood"), ("every 4 hours at 02:00", "not understood"),
      ("every day monday", "not understood"), ("daily", "how often"), ("every", "how often"), ("", "how often"),
    ])
  func refused(_ text: String, _ part: String) {
    do throws(InvalidRecurrence) {
      Issue.record("\(text) was read as \(try Recurrence(text).words)")
    } catch {
      #expect(error.message.contains(part), "\(error.message)")
      #expect(!error.hint.isEmpty)
    }
  }

  // MARK: - Moments

  struct Case: Sendable, CustomTestStringConvertible {
    var words: String
    var zone: String
    /// The moments from the first on, each the next of the one before it, in UTC.
    var moments: [String]
    var testDescription: String { "\(words) in \(zone) from \(moments[0])" }
  }

  @Test(
    "each moment has the right one behind it, and before it",
    arguments: [
      // The clock jumps from 01:00 to 02:00 in Lisbon on 29 March 2026, and back from 02:00 to 01:00 on 25 October.
      Case(
        words: "every day at 01:30", zone: "Europe/Lisbon",
        moments: ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30", "2026-03-31T00:30"]),
      Case(
        words: "every day at 01:00", zone: "Europe/Lisbon",
        moments: ["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T00:00"]),
      Case(
        words: "every day at 02:00", zone: "Europe/Lisbon",
        moments: ["2026-03-28T02:00", "2026-03-29T01:00", "2026-03-30T01:00"]),
      Case(
        words: "every day at 01:30", zone: "Europe/Lisbon",
        moments: ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]),
      Case(
        words: "every hour at :30", zone: "Europe/Lisbon",
        moments: ["2026-03-29T00:30", "2026-03-29T01:30", "2026-03-29T02:30"]),
      Case(
        words: "every hour at :30", zone: "Europe/Lisbon",
        moments: ["2026-10-24T23:30", "2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"]),
      Case(
        words: "every 30 minutes", zone: "Europe/Lisbon",
        moments: ["2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30", "2026-10-25T02:00"]),
      // New York: from 02:00 to 03:00 on 8 March, and back from 02:00 to 01:00 on 1 November.
      Case(
        words: "every day at 02:30", zone: "America/New_York",
        moments: ["2026-03-07T07:30", "2026-03-08T07:00", "2026-03-09T06:30"]),
      Case(
        words: "every 2 hours", zone: "America/New_York",
        moments: ["2026-03-08T05:00", "2026-03-08T07:00", "2026-03-08T08:00", "2026-03-08T10:00"]),
      Case(
        words: "every day at 01:30", zone: "America/New_York",
        moments: ["2026-10-31T05:30", "2026-11-01T05:30", "2026-11-02T06:30"]),
      Case(
        words: "every hour", zone: "America/New_York",
        moments: ["2026-11-01T04:00", "2026-11-01T05:00", "2026-11-01T06:00", "2026-11-01T07:00"]),
      Case(
        words: "every sunday at 02:15", zone: "America/New_York",
        moments: ["2026-03-01T07:15", "2026-03-08T07:00", "2026-03-15T06:15"]),
      // The southern half: Sydney goes back on 5 April and on in October; Lord Howe by half an hour.
      Case(
        words: "every day at 02:30", zone: "Australia/Sydney",
        moments: ["2026-04-03T15:30", "2026-04-04T15:30", "2026-04-05T16:30"]),
      Case(
        words: "every day at 02:30", zone: "Australia/Sydney",
        moments: ["2026-10-02T16:30", "2026-10-03T16:00", "2026-10-04T15:30"]),
      Case(
        words: "every hour at :15", zone: "Australia/Lord_Howe",
        moments: ["2026-10-03T14:45", "2026-10-03T16:15", "2026-10-03T17:15"]),
      // A midnight that does not exist, and zones without a change or with half hours.
      Case(
        words: "every day", zone: "Africa/Cairo",
        moments: ["2026-04-22T22:00", "2026-04-23T22:00", "2026-04-24T21:00"]),
      Case(
        words: "every 12 hours", zone: "Asia/Kolkata",
        moments: ["2026-06-01T06:30", "2026-06-01T18:30", "2026-06-02T06:30"]),
      // Leap day, ends of months and of the year, days of the week.
      Case(
        words: "every day at 12:00", zone: "UTC",
        moments: ["2028-02-28T12:00", "2028-02-29T12:00", "2028-03-01T12:00"]),
      Case(words: "every day at 12:00", zone: "UTC", moments: ["2026-02-28T12:00", "2026-03-01T12:00"]),
      Case(words: "every day at 12:00", zone: "UTC", moments: ["2026-04-30T12:00", "2026-05-01T12:00"]),
      Case(words: "every monday at 23:59", zone: "UTC", moments: ["2026-12-28T23:59", "2027-01-04T23:59"]),
      Case(
        words: "every weekday at 09:00", zone: "UTC",
        moments: ["2026-01-01T09:00", "2026-01-02T09:00", "2026-01-05T09:00"]),
      Case(
        words: "every mon, wed at 06:30", zone: "UTC",
        moments: ["2026-03-02T06:30", "2026-03-04T06:30", "2026-03-09T06:30"]),
    ])
  func moments(_ expected: Case) throws {
    let recurrence = try Recurrence(expected.words)
    let zone = try #require(TimeZone(identifier: expected.zone))
    let moments = try expected.moments.map { try Date($0 + ":00Z", strategy: .iso8601) }
    for (earlier, later) in zip(moments, moments.dropFirst()) {
      #expect(recurrence.next(after: earlier, in: zone) == later)
      #expect(recurrence.next(after: later.addingTimeInterval(-1), in: zone) == later)
      #expect(recurrence.last(by: later, in: zone) == later)
      #expect(recurrence.last(by: later.addingTimeInterval(-1), in: zone) == earlier)
    }
  }
}
