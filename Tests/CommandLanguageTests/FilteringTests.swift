import CommandLanguage
import Foundation
import Testing

@Suite struct FilteringTests {
  private let vocabulary = ShopVocabulary()
  /// Sunday, 2026-03-15 12:00 UTC.
  private let scope = EvaluationScope(
    now: Date(timeIntervalSince1970: 1_773_576_000), calendar: utc,
    variables: Variables(values: ["reasons": .list([.text("unlicensed"), .text("guest")]), "n": .count(3)]),
    moment: {
      ["script-start": 1_773_570_000.0, "r33": 1_773_400_000][$0].map { Date(timeIntervalSince1970: $0) }
    })

  private static let utc: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
    return calendar
  }()
  private var columns: [Column] {
    [
      Column("name"), Column("email", ignoresCase: true), Column("title"), Column("active", type: .flag),
      Column("count", type: .count), Column("started", type: .date), Column("took", type: .duration),
      Column("tags", type: .list), Column("boss"),
    ]
  }
  private var row: [Value] {
    [
      .text("Jane Doe"), .text("Jane.Doe@Acme.example"), .text("  "), .flag(true), .count(12),
      .date(Date(timeIntervalSince1970: 1_773_500_000)), .duration(.seconds(90)), .list([.text("a"), .text("B")]),
      .text("Jane Doe"),
    ]
  }

  private func condition(_ text: String) throws -> Condition {
    let script = parse("show records at cw | where \(text)", vocabulary: vocabulary)
    #expect(script.findings.isEmpty, "\(script.findings.map(\.sentence))")
    let filter = try #require(script.pipelines.first?.filters.first)
    guard case .where(let condition) = filter.action else { throw EvaluationError(.notRows, "not a where") }
    return condition
  }

  @Test(
    "conditions hold or do not",
    arguments: [
      ("name is 'Jane Doe'", true), ("name is 'jane doe'", false), ("email is jane.doe@acme.example", true),
      ("name is not 'Jane Doe'", false), ("title is blank", true), ("name is blank", false),
      ("title is not blank", false),
      ("name contains jane", true), ("name contains bob", false), ("name starts JANE", true), ("name ends doe", true),
      ("name matches 'j?ne*'", true), ("name matches jane", false), ("email matches *@acme.example", true),
      ("name in ['Jane Doe', x]", true), ("name not in [x, y]", true), ("email in [JANE.DOE@ACME.EXAMPLE]", true),
      ("name in $reasons", false), ("count > 3", true), ("count > $n", true), ("count <= 11", false),
      ("count is 12", true),
      ("count is 012", true), ("count in [1, 12]", true), ("name < zoe", true), ("name >= 'jane doe'", true),
      ("active", true), ("not active", false), ("active is on", true), ("active is off", false),
      ("active is yes", true),
      // started is 2026-03-14 14:53:20 UTC, a Saturday; now is Sunday noon.
      ("started is yesterday", true), ("started is today", false), ("started is saturday", true),
      ("started < today", true), ("started >= yesterday", true), ("started > yesterday", false),
      ("started is 2026-03-14", true), ("started is 2026-03-14T14:53:20Z", true), ("started > 2026-03-14T14:00", true),
      ("started < 2026-03-14T15:53:20+01:00", false), ("started <= 2026-03-14T15:53:20+01:00", true),
      ("started < 3d", true), ("started > 3d", false), ("started < 1h", false), ("started > r33", true),
      ("started > script-start", false), ("started < r99", false), ("took > 1m", true), ("took is 90s", true),
      ("took < 90s", false), ("tags contains b", true), ("tags contains c", false), ("tags is a", true),
      ("tags matches A*", true), ("name is .boss", true), ("name is not .title", true), ("title is .title", true),
      ("count > .count", false), ("title < x", false), ("title > x", false), ("title contains x", false),
      ("active and count > 100 or name is 'Jane Doe'", true), ("active and (count > 100 or name is x)", false),
      ("not (active and count > 100)", true),
    ])
  func holds(text: String, expected: Bool) throws {
    #expect(try evaluate(try condition(text), row: row, columns: columns, scope: scope) == expected)
  }

  @Test("a field that is missing from the rows is an error with the nearest one") func unknownField() throws {
    let condition = try condition("nmae is x")
    #expect(throws: EvaluationError(.unknownField, "there is no field nmae", hint: "did you mean name?")) {
      try evaluate(condition, row: row, columns: columns, scope: scope)
    }
  }

  // MARK: - Filters

  private let people = Rows(
    subject: "people",
    columns: [Column("name"), Column("plan"), Column("done", type: .count), Column("email", ignoresCase: true)],
    rows: [
      [.text("bob"), .text("p12"), .count(3), .text("B@x")], [.text("Ann"), .text("p2"), .count(3), .text("b@X")],
      [.blank, .text("p1"), .count(1), .text("c@x")], [.text("ann"), .text("P3"), .blank, .text("d@x")],
      [.text("Émile"), .text("p02"), .count(10)],
    ])

  private func filtered(_ filters: String) throws -> Outcome {
    let script = parse("show records at cw | \(filters)", vocabulary: vocabulary)
    #expect(script.findings.isEmpty, "\(script.findings.map(\.sentence))")
    return try apply(try #require(script.pipelines.first).filters, to: .rows(people), scope: scope)
  }

  private func text(_ outcome: Outcome) -> String {
    guard case .rows(let rows) = outcome else { return "\(outcome)" }
    return rows.rows.map { $0.map(\.display).joined(separator: ",") }.joined(separator: " ")
  }

  @Test(
    "filters work in their order",
    arguments: [
      ("sort name | columns name", "Ann ann bob Émile "), ("sort name down | columns name", "Émile bob ann Ann "),
      ("sort plan | columns plan", "p1 p02 p2 P3 p12"),
      ("sort done down, plan | columns done, plan", "10,p02 3,p2 3,p12 1,p1 ,P3"),
      ("first 2 | columns plan", "p12 p2"), ("last 2 | columns plan", "P3 p02"), ("first 0", ""),
      ("last 99 | first 1 | columns name", "bob"),
      ("where done >= 3 | columns plan", "p12 p2 p02"), ("columns done, name | first 1", "3,bob"),
      ("count by done", "3,2 1,1 10,1 ,1"), ("count by email", "B@x,2 c@x,1 d@x,1 ,1"),
    ])
  func filters(filters: String, expected: String) throws {
    #expect(text(try filtered(filters)) == expected)
  }

  @Test("`count` gives a number, also of nothing") func count() throws {
    #expect(try filtered("count") == .number(5))
    #expect(try filtered("where name is nobody | count") == .number(0))
  }

  @Test("filters are for rows") func notRows() throws {
    let filter = Filter(.first(1), span: SourceSpan(lower: 0, upper: 0, line: 1, column: 1))
    for outcome in [Outcome.number(1), .text("x"), .message("x"), .nothing, .record(people)] {
      #expect(throws: EvaluationError(.notRows, "there are no rows to filter here")) {
        try apply(filter, to: outcome, scope: scope)
      }
    }
  }

  @Test("texts are ordered as a person files them") func naturalOrdering() {
    let ordered = [
      "", "p1", "P2", "p02", "p2", "p10", "p10a", "q", "z9999999999999999999999", "z10000000000000000000000",
    ]
    for (a, b) in zip(ordered, ordered.dropFirst()) {
      #expect(naturalOrder(a, b) <= 0, "\(a) \(b)")
      #expect(naturalOrder(b, a) >= 0, "\(b) \(a)")
    }
  }

  @Test(
    "values show themselves one way everywhere",
    arguments: [
      (Value.text("x"), "x"), (.number(2), "2"), (.number(2.5), "2.5"), (.number(-0.25), "-0.25"),
      (.number(1e300), "1e+300"),
      (.flag(true), "on"), (.flag(false), "off"), (.duration(.seconds(0)), "0s"),
      (.duration(.milliseconds(8100)), "8.1s"),
      (.duration(.seconds(5400)), "1h 30m"), (.duration(.seconds(90061)), "1d 1h 1m 1s"),
      (.date(Date(timeIntervalSince1970: 1_773_576_000)), "2026-03-15T12:00:00Z"),
      (.list([.text("a"), .number(1)]), "a, 1"), (.blank, ""),
    ])
  func display(value: Value, expected: String) {
    #expect(value.display == expected)
  }

  @Test(
    "moments are days or instants, and nothing else",
    arguments: [
      ("2026-03-14", 1_773_446_400.0, 86400.0), ("2026-03-14 10:00", 1_773_482_400, 0),
      ("2026-03-14T10:00:30.5Z", 1_773_482_430.5, 0),
      ("today", 1_773_532_800, 86400), ("yesterday", 1_773_446_400, 86400), ("sunday", 1_773_532_800, 86400),
      ("monday", 1_773_014_400, 86400), ("now", 1_773_576_000, 0), ("r33", 1_773_400_000, 0),
      ("2024-02-29", 1_709_164_800, 86400),
    ])
  func moments(text: String, start: Double, length: Double) throws {
    let moment = try #require(Moment(text, in: scope))
    #expect(abs(moment.lower.timeIntervalSince1970 - start) < 0.001)
    #expect(moment.upper.timeIntervalSince(moment.lower) == length)
    #expect(Moment.isWritten(text))
  }

  @Test(
    "what is no moment is none",
    arguments: [
      "", "noon", "2026-02-29", "2026-13-01", "2026-3-1", "2026-03-14T25:00", "2026-03-14Tx", "r33x",
      "2026-03-14T10:00+", "2026-03-14T10",
    ])
  func noMoments(text: String) {
    #expect(Moment(text, in: scope) == nil)
    #expect(!Moment.isWritten(text))
  }
}
