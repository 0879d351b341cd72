/// Moments in their three forms.
import Foundation
import Shell
import Testing

@Suite struct MomentTests {
  @Test(
    "how long ago, in its largest unit",
    arguments: [
      (0.0, "now"), (-4, "now"), (-5, "5 s ago"), (-59, "59 s ago"), (-60, "1 min ago"), (-3_599, "59 min ago"),
      (-3_600, "1 h ago"), (-10_800, "3 h ago"), (-86_400, "1 d ago"), (-5_097_600, "59 d ago"),
      (-5_184_000, "2 months ago"), (-69_120_000, "2 years ago"), (30, "in 30 s"), (7_200, "in 2 h"),
    ] as [(Double, String)])
  func relativeMoments(offset: Double, expected: String) {
    #expect(relative(morning.addingTimeInterval(offset), to: morning) == expected)
  }

  @Test(
    "ISO 8601 in UTC agrees with Foundation",
    arguments: [0.0, 951_782_399, 951_782_400, 951_868_800, 1_772_342_040, -1, -86_401, 4_102_444_800, -2_208_988_800])
  func exactMoments(seconds: Double) {
    let date = Date(timeIntervalSince1970: seconds)
    #expect(exact(date) == date.formatted(.iso8601))
  }

  @Test("a moment beyond all reckoning does not trap", arguments: [Double.infinity, -.infinity, .nan, 1e300, -1e300])
  func absurdMoments(seconds: Double) {
    let date = Date(timeIntervalSince1970: seconds)
    #expect(exact(date).hasSuffix("Z"))
    #expect(!relative(date, to: morning).isEmpty)
    #expect(!RenderStyle.plain.clock(date).isEmpty)
  }

  @Test("the clock of today, the day of this year, the year of another")
  func clocks() throws {
    let warsaw = try #require(TimeZone(identifier: "Europe/Warsaw"))
    let style = RenderStyle(now: morning, timeZone: warsaw)
    #expect(style.clock(morning.addingTimeInterval(-3 * 3_600)) == "03:14")
    // 23:30 UTC of the day before is half past midnight in Warsaw: today.
    #expect(style.clock(morning.addingTimeInterval(-5.75 * 3_600)) == "00:29")
    #expect(style.clock(morning.addingTimeInterval(-8 * 3_600)) == "28 Feb 22:14")
    #expect(style.clock(morning.addingTimeInterval(-365 * 86_400)) == "1 Mar 2025")
    #expect(style.day(morning) == "1 Mar")
    #expect(exact(morning, in: warsaw) == "2026-03-01 06:14")
  }

  @Test(
    "how long something took",
    arguments: [
      (0.0, "0.0 s"), (0.31, "0.3 s"), (8.06, "8.1 s"), (59.94, "59.9 s"), (59.96, "1 min"), (125, "2 min 5 s"),
      (3_600, "1 h"), (4_320, "1 h 12 min"), (-3, "0.0 s"), (.nan, "0.0 s"),
    ] as [(Double, String)])
  func durations(seconds: Double, expected: String) {
    #expect(spent(seconds) == expected)
  }
}
