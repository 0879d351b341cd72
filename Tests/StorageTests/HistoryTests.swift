import Foundation
import GRDB
import Model
import Testing

@testable import Storage

@Suite("History") struct HistoryTests {
  private func add(
    _ line: String, _ second: Int, _ company: String? = nil, _ code: Int32 = 0, _ session: String = "s1",
    to store: Store
  ) throws {
    try store.addHistory(
      HistoryEntry(
        line: line, at: moment(Double(second)), company: company, duration: .milliseconds(1_500), exitCode: code,
        session: session))
  }

  /// Ten lines, of which some are typed again, elsewhere, or went wrong.
  private func typed() throws -> Fixture {
    let fixture = try Fixture()
    let lines: [(String, String?, Int32)] = [
      ("show people", "acme", 0), ("sync", nil, 0), ("why zoë@acme.example", "acme", 0), ("Show Runs", "acme", 1),
      ("show people", "beta", 0), ("sync", "acme", 3), ("set guard.creates to 5%", nil, 0), ("say 'a_b\\c'", nil, 0),
      ("status", nil, 0), ("show people", nil, 2),
    ]
    for (second, line) in lines.enumerated() {
      try add(line.0, second, line.1, line.2, second < 5 ? "s1" : "s2", to: fixture.store)
    }
    return fixture
  }

  @Test("the last lines come newest first, of a session or since a moment")
  func last() throws {
    let store = try typed().store
    #expect(try store.history(limit: 2).map(\.line) == ["show people", "status"])
    #expect(try store.history(session: "s1", since: moment(3)).map(\.line) == ["show people", "Show Runs"])
    let newest = try #require(try store.history(limit: 1).first)
    #expect(newest.duration == .milliseconds(1_500) && newest.exitCode == 2 && newest.at == moment(9))
  }

  @Test(
    "a search finds each line once, the newest of equal ones",
    arguments: [
      ("SHOW", nil, false, ["show people 9", "Show Runs 3"]), ("sync", nil, true, ["sync 1"]),
      ("show", "acme", false, ["Show Runs 3", "show people 0"]), ("show", "beta", true, ["show people 4"]),
      ("5%", nil, false, ["set guard.creates to 5% 6"]), ("a_b\\", nil, false, ["say 'a_b\\c' 7"]),
      ("aXb", nil, false, []),
      ("zoë", nil, false, ["why zoë@acme.example 2"]), ("nowhere", nil, false, []),
      (
        "", nil, false,
        [
          "show people 9", "status 8", "say 'a_b\\c' 7", "set guard.creates to 5% 6", "sync 5", "Show Runs 3",
          "why zoë@acme.example 2",
        ]
      ),
    ] as [(String, String?, Bool, [String])])
  func search(text: String, company: String?, onlySucceeded: Bool, expected: [String]) throws {
    let store = try typed().store
    let found = try store.history(matching: text, company: company, onlySucceeded: onlySucceeded, limit: 20)
    #expect(found.map { "\($0.line) \(Int($0.at.timeIntervalSince(moment(0))))" } == expected)
    #expect(
      try store.history(matching: text, company: company, onlySucceeded: onlySucceeded, limit: 1)
        == Array(found.prefix(1)))
  }

  @Test("of many equal lines the newest is found, however few distinct ones there are")
  func repeated() throws {
    let store = try typed().store
    for second in 10..<700 { try add(second.isMultiple(of: 2) ? "show status" : "show runs", second, to: store) }
    let found = try store.history(matching: "show", limit: 9)
    #expect(found.map(\.line) == ["show runs", "show status", "show people", "Show Runs"])
    #expect(found.first?.at == moment(699))
  }

  @Test("beyond its bound the oldest lines go")
  func bound() throws {
    let store = try Fixture().store
    try store.write { db in
      try db.execute(
        sql: """
          WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
          INSERT INTO history (line, at_ms, duration_ms, exit_code, session, seal) SELECT 'say ' || n, n, 0, 0, 's', 0 FROM number
          """, arguments: [Store.historyBound])
    }
    try add("status", 1, to: store)
    let (count, oldest) = try store.read { db in
      (
        try Int.fetchOne(db, sql: "SELECT count(*) FROM history"),
        try Int.fetchOne(db, sql: "SELECT min(id) FROM history")
      )
    }
    #expect(count == Store.historyBound && oldest == 2)
  }
}
