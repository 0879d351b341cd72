/// Bytes to text: every encoding with every separator and line end, and marks that are missing or wrong.
import Connectors
import Foundation
import Model
import Testing

@Suite struct FileTextTests {
  enum Writing: String, CaseIterable {
    case utf8, utf8Marked, utf16LE, utf16BE, windows1252

    func bytes(_ text: String) throws -> [UInt8] {
      switch self {
      case .utf8: return Array(text.utf8)
      case .utf8Marked: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
      case .utf16LE: return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      case .utf16BE: return [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      case .windows1252: return try Array(#require(text.data(using: .windowsCP1252)))
      }
    }

    var said: String {
      switch self {
      case .utf8: "UTF-8"
      case .utf8Marked: "UTF-8, with its mark"
      case .utf16LE: "UTF-16 (little-endian), with its mark"
      case .utf16BE: "UTF-16 (big-endian), with its mark"
      case .windows1252: "Windows-1252"
      }
    }
  }

  static let separators = [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")]

  @Test(
    "every encoding with every separator, with every line end",
    arguments: Writing.allCases, separators.map(\.0))
  func encodings(_ writing: Writing, _ separator: String) async throws {
    let sign = try #require(Self.separators.first { $0.0 == separator }?.1)
    for end in ["\n", "\r\n", "\r"] {
      let lines = [
        ["Id", "E-mail", "First name", "Last name", "Title"],
        ["1", "zoe@acme.example", "Zoë", "Müller", "Head of “Sales”"],
        ["2", "jo@acme.example", "Jo", "\"O\(sign) \"\"Jo\"\" Neill\"", "\"two\(end)lines\""],
        ["3", "x@acme.example", "€uro", " padded ", ""],
      ]
      let text = lines.map { $0.joined(separator: sign) }.joined(separator: end)
      let file = try FileFixture(try writing.bytes(text + (end == "\r" ? "" : end)))
      let (records, remark) = try await file.people()
      #expect(remark == nil)
      #expect(records.map(\.id) == ["1", "2", "3"])
      #expect(records.map { $0.fields.text("first-name") } == ["Zoë", "Jo", "€uro"])
      #expect(records.map { $0.fields.text("last-name") } == ["Müller", "O\(sign) \"Jo\" Neill", "padded"])
      #expect(records.map { $0.fields["title"] } == [.text("Head of “Sales”"), .text("two\(end)lines"), .null])
      let check = try await file.check()
      #expect(check["encoding"]?.detail == writing.said)
      #expect(check["encoding"]?.outcome == .passed)
      #expect(check["separator"]?.detail == separator)
      #expect(check["lines"]?.detail == "5 lines: 3 people")
    }
  }

  @Test(
    "a wrong mark is told, and the text is read all the same",
    arguments: [
      ([0xFF, 0xFE], Writing.utf8, "UTF-16 (little-endian)", "UTF-8"),
      ([0xFE, 0xFF], Writing.utf8, "UTF-16 (big-endian)", "UTF-8"),
      ([0xFF, 0xFE], Writing.windows1252, "UTF-16 (little-endian)", "Windows-1252"),
      ([0xEF, 0xBB, 0xBF], Writing.windows1252, "UTF-8", "Windows-1252"),
    ] as [([UInt8], Writing, String, String)])
  func wrongMark(_ mark: [UInt8], _ writing: Writing, _ claimed: String, _ real: String) async throws {
    let file = try FileFixture(mark + (try writing.bytes("email,first name\nzoe@acme.example,Zoë\n")))
    let people = try await file.people().records
    #expect(people.map { $0.fields.text("first-name") } == ["Zoë"])
    let check = try await file.check()
    #expect(check["encoding"]?.outcome == .warned)
    #expect(check["encoding"]?.fix != nil)
    let detail = try #require(check["encoding"]?.detail)
    #expect(detail.contains("the mark of \(claimed)") && detail.contains("\(real): the mark is wrong"))
  }

  @Test("UTF-8 with a broken letter stays UTF-8, and its line is named")
  func brokenLetter() async throws {
    let text =
      "email,first name\na@acme.example,Zoë\nb@acme.example,M\u{0}ller\nc@acme.example,Jürgen\nd@x.example,Ann\n"
    let bytes = text.utf8.flatMap { byte -> [UInt8] in byte == 0 ? [0xC3] : [byte] }
    let file = try FileFixture(bytes)
    let (records, remark) = try await file.people()
    #expect(records.map { $0.fields.text("first-name") } == ["Zoë", "Jürgen", "Ann"])
    #expect(remark == "1 line left out: 3")
    #expect(try await file.remarks() == ["line 3 left out: a letter in it cannot be read in this encoding"])
  }

  @Test("bytes that are no letter in Windows-1252, zero bytes and half letters cost their line only")
  func damagedLines() async throws {
    let start = Array("email,first name\na@x.example,".utf8)
    let cases: [([UInt8], [String: String], String)] = [
      (start + [0xE9, 0x0A] + Array("b@x.example,".utf8) + [0x81, 0x0A], [:], "a letter in it cannot be read"),
      (start + [0x41, 0x0A] + Array("b@x.example,".utf8) + [0, 0x0A], [:], "there is a zero byte in it"),
      (
        try Writing.utf16LE.bytes("email,first name\na@x.example,A\nb@x.example,B") + [0x42], [:],
        "a letter in it cannot be read"
      ),
      (start + [0x41, 0x0A] + Array("b@x.example,".utf8) + [0xE9, 0x0A], ["encoding": "utf-8"], "a letter in it"),
    ]
    for (bytes, parameters, why) in cases {
      let file = try FileFixture(bytes)
      let (records, remark) = try await file.people(parameters)
      #expect(records.map(\.id) == ["a@x.example"])
      #expect(remark == "1 line left out: 3")
      #expect(try await file.remarks(parameters).first?.contains(why) == true)
    }
  }

  @Test("what is no CSV is told for what it is, with the way out")
  func otherFiles() async throws {
    let text = "email,first name\na@x.example,Ann\n"
    let cases: [([UInt8], String, String)] = [
      (Array("PK\u{3}\u{4}rest".utf8), "Excel workbook", "CSV UTF-8"),
      ([0xD0, 0xCF, 0x11, 0xE0, 1, 2], "Excel workbook", "CSV UTF-8"),
      ([0x1F, 0x8B, 8], "compressed", "unpack"),
      (Array("%PDF-1.7".utf8), "PDF", "CSV"),
      (Array("<!DOCTYPE html><html>".utf8), "web page", "signed in"),
      ([0xFF, 0xFE, 0, 0] + Array(text.utf8), "UTF-32", "UTF-8"),
      (text.utf16.flatMap { [UInt8($0 & 0xFF), 0] }, "UTF-16 without its mark", "encoding=utf-16le"),
      (text.utf16.flatMap { [0, UInt8($0 & 0xFF)] }, "UTF-16 without its mark", "encoding=utf-16be"),
      ([UInt8](repeating: 0, count: 4_096), "zero bytes", "again"),
      ([], "is empty", "names of the columns"),
      (Array("\r\n\r\n".utf8), "is empty", "names of the columns"),
      (Array("a@x.example,Ann\nb@x.example,Bob\n".utf8), "looks like data", "names of the columns"),
      (Array("City,Street\nRome,Via\n".utf8), "no column of e-mail addresses", "City, Street"),
    ]
    for (bytes, message, hint) in cases {
      let file = try FileFixture(bytes)
      let result = try #require(try await file.check()["file"], "\(message)")
      #expect(result.outcome == .failed)
      #expect(result.detail.contains(message) && result.detail.contains("users.csv"), "\(result.detail)")
      #expect(result.fix?.contains(hint) == true, "\(result.fix ?? "")")
      await #expect(throws: ConnectorError.self) { _ = try await file.people() }
    }
  }

  @Test("an encoding and a separator that are said are followed")
  func said() async throws {
    let text = "email,first name\na@x.example,Ann\n"
    let unmarked = try FileFixture(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    for encoding in ["utf-16le", "utf-16"] {
      #expect(try await unmarked.people(["encoding": encoding]).records.count == 1)
    }
    let dashed = try FileFixture("email#first name\na,b@x.example#Ann\n")
    let people = try await dashed.people(["separator": "#"]).records
    #expect(people.map { $0.fields.text("email") } == ["a,b@x.example"])
    let excel = try FileFixture("sep=;\r\nemail;first name\r\na@x.example;Ann, B\r\n")
    #expect(try await excel.people().records.map { $0.fields.text("first-name") } == ["Ann, B"])
    #expect(try await excel.remarks() == ["line 1 odd: it says that the separator is semicolon"])
  }

  @Test(
    "what `connect` cannot follow is told with what it takes",
    arguments: [
      (["encoding": "ebcdic"], "encoding=ebcdic", "windows-1252"), (["separator": "and"], "separator=and", "semicolon"),
      (["format": "ldif"], "format=ldif", "admin-centre"), (["path": " "], "no path", "path="),
    ])
  func options(_ parameters: [String: String], _ message: String, _ hint: String) throws {
    let file = try FileFixture("email\n")
    do throws(ConnectorError) {
      _ = try file.connector(parameters)
      Issue.record("it was taken")
    } catch {
      #expect(error.kind == .misconfigured && error.message.contains(message) && error.hint?.contains(hint) == true)
    }
  }
}
