/// CSV that RFC 4180 readers read back, and that no spreadsheet runs.
import CommandLanguage
import Foundation
import Shell
import Testing

@Suite struct CSVDrawingTests {
  private func written(_ value: Value, type: ValueType = .text) -> String {
    let text = Renderer(style: .plain).render(cell(value, type: type), as: .csv)
    return String(String.UnicodeScalarView(text.unicodeScalars.dropFirst("value\r\n".unicodeScalars.count).dropLast(2)))
  }

  @Test(
    "quotes where they are needed, and only there",
    arguments: [
      ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
      ("two\nlines", "\"two\nlines\""),
      ("two\r\nlines", "\"two\r\nlines\""), (" spaces ", " spaces "), ("żółć 山田", "żółć 山田"),
    ])
  func quoting(text: String, expected: String) {
    #expect(written(.text(text)) == expected)
  }

  @Test(
    "G23 a cell that begins like a formula is text",
    arguments: [
      ("=1+1", "'=1+1"), ("+48 22 123", "'+48 22 123"), ("-5", "'-5"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"),
      ("\r=1", "\"'\r=1\""), ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
      ("＝1", "'＝1"), ("a=1", "a=1"), ("'=1", "'=1"),
    ])
  func formulas(text: String, expected: String) {
    #expect(written(.text(text)) == expected)
  }

  @Test("a number keeps its sign, a list is text")
  func numbers() {
    #expect(written(.number(-5), type: .number) == "-5")
    #expect(written(.number(2.5), type: .number) == "2.5")
    #expect(written(.number(.nan), type: .number) == "")
    #expect(written(.list([.text("=a"), .text("b")]), type: .list) == "\"'=a, b\"")
    #expect(written(.blank) == "")
  }

  @Test("G23 no control character leaves but tabs and line breaks", arguments: hostileTexts)
  func controls(text: String) {
    let csv = Renderer(style: .terminal(80)).render(cell(.text(text)), as: .csv)
    let rest = csv.unicodeScalars.filter { $0 != "\r" && $0 != "\n" && $0 != "\t" }
    #expect(!steersTerminal(String(String.UnicodeScalarView(rest))))
  }

  @Test("the whole file: names as headings, CR LF, moments exact also in a terminal")
  func file() {
    let rows = Rows(
      subject: "people",
      columns: [Column("last-name", title: "Last name"), Column("seen", type: .date), Column("active", type: .flag)],
      rows: [[.text("O'Neil"), .date(morning), .flag(true)], [.blank, .blank, .flag(false)]])
    #expect(
      Renderer(style: .terminal(10)).render(rows, as: .csv)
        == "last-name,seen,active\r\nO'Neil,2026-03-01T05:14:00Z,on\r\n,,off\r\n")
    #expect(Renderer(style: .plain).render(Rows(subject: "people", columns: [Column("a")]), as: .csv) == "a\r\n")
  }
}
