/// JSON that every parser reads back as it was.
import CommandLanguage
import Foundation
import Shell
import Testing

@Suite struct JSONDrawingTests {
  private let rows = Rows(
    subject: "people",
    columns: [
      Column("name"), Column("count", type: .count), Column("share", type: .number), Column("active", type: .flag),
      Column("seen", type: .date), Column("every", type: .duration), Column("licences", type: .list), Column("note"),
    ],
    rows: [
      [
        .text("Zoë \"Z\" \\ Olsen"), .count(41), .number(0.5), .flag(true), .date(morning), .duration(.seconds(1_200)),
        .list([.text("E3"), .number(2)]), .blank,
      ]
    ])

  @Test("an object a line, keys in the order of the columns, every type its own")
  func array() {
    #expect(
      Renderer(style: .terminal(20)).render(rows, as: .json) == #"""
        [
          {"name": "Zoë \"Z\" \\ Olsen", "count": 41, "share": 0.5, "active": true, "seen": "2026-03-01T05:14:00Z", "every": "20m", "licences": ["E3", 2], "note": null}
        ]

        """#)
  }

  @Test("ndjson, a record, a number, a message, nothing")
  func otherShapes() {
    let renderer = Renderer(style: .plain)
    let two = texts("people", [Column("name")], [["a"], ["b"]])
    #expect(renderer.render(two, as: .ndjson) == "{\"name\": \"a\"}\n{\"name\": \"b\"}\n")
    #expect(renderer.render(.record(two), as: .json) == "{\"name\": \"a\"}\n")
    #expect(renderer.render(.number(3), as: .json) == "3\n")
    #expect(renderer.render(.message("say \"x\""), as: .json) == "\"say \\\"x\\\"\"\n")
    #expect(renderer.render(.nothing, as: .json) == "")
    #expect(renderer.render(Rows(subject: "people", columns: []), as: .json) == "[]\n")
    #expect(renderer.render(Rows(subject: "people", columns: []), as: .ndjson) == "")
  }

  @Test(
    "G23 any text comes back as it was, and nothing in the file steers a terminal",
    arguments: hostileTexts + ["👩‍👩‍👧", "\u{E0041}"])
  func roundTrip(text: String) throws {
    let json = Renderer(style: .terminal(80)).render(cell(.text(text)), as: .json)
    #expect(!steersTerminal(json))
    let parsed = try JSONDecoder().decode([[String: String]].self, from: Data(json.utf8))
    #expect(parsed.first?["value"].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
  }

  @Test("what is no number is null", arguments: [Double.nan, .infinity, -.infinity])
  func noNumber(number: Double) {
    #expect(Renderer(style: .plain).render(cell(.number(number)), as: .ndjson) == "{\"value\": null}\n")
  }

  @Test("numbers come back exactly", arguments: [0, -1, 1e20, 0.1, 123_456_789_012_345, -2.5e-7])
  func numbers(number: Double) throws {
    let json = Renderer(style: .plain).render(cell(.number(number)), as: .json)
    #expect(try JSONDecoder().decode([[String: Double]].self, from: Data(json.utf8)) == [["value": number]])
  }
}
