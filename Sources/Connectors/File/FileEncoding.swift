/// From the bytes of a file to UTF-8: marks, right and wrong ones, and what to take a file for that has none.
import Foundation

enum FileEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case windows1252 = "windows-1252"

  var name: String {
    switch self {
    case .utf8: "UTF-8"
    case .utf16: "UTF-16"
    case .utf16LittleEndian: "UTF-16 (little-endian)"
    case .utf16BigEndian: "UTF-16 (big-endian)"
    case .windows1252: "Windows-1252"
    }
  }
}

/// A file's text as UTF-8. What could not be read stands as U+FFFD, so that its line can be named.
struct FileText: Sendable {
  var bytes: [UInt8]
  var encoding: FileEncoding
  var hasMark: Bool
  /// What is wrong with the mark or the encoding, although the text could be read; a sentence without its end.
  var warning: String?
}

/// What a file is instead of a text.
struct NotText: Error, Equatable {
  var message: String
  var hint: String
}

extension FileText {
  /// - Parameter wanted: what `encoding=` says; `nil`: what the bytes say.
  static func decode(_ bytes: [UInt8], as wanted: FileEncoding?) throws(NotText) -> FileText {
    if let kind = otherKind(bytes) { throw kind }
    let mark = Mark(bytes)
    let body = bytes[(mark?.length ?? 0)...]
    var text = try decode(body, mark: mark, wanted: wanted)
    text.hasMark = mark != nil
    return text
  }

  private static func decode(_ body: ArraySlice<UInt8>, mark: Mark?, wanted: FileEncoding?) throws(NotText) -> FileText
  {
    if let wanted {
      let encoding = wanted == .utf16 ? mark?.utf16 ?? .utf16LittleEndian : wanted
      var text = FileText(bytes: decoded(body, encoding), encoding: encoding, hasMark: false)
      if let mark, mark.encoding != encoding {
        text.warning = "it begins with the mark of \(mark.encoding.name); encoding=\(wanted.rawValue) is followed"
      }
      return text
    }
    switch mark?.encoding {
    case .utf16LittleEndian?, .utf16BigEndian?, .utf16?:
      guard let mark else { break }
      // Separators and line ends are ASCII, so that real UTF-16 has a zero byte for each of them.
      if body.contains(0) || body.isEmpty {
        return FileText(bytes: decoded(body, mark.encoding), encoding: mark.encoding, hasMark: true)
      }
      var text = withoutMark(body)
      text.warning =
        "it begins with the mark of \(mark.encoding.name), and what follows is \(text.encoding.name): "
        + "the mark is wrong and was passed over"
      return text
    case .utf8?:
      var text = try plausible(body)
      if text.encoding != .utf8 {
        text.warning =
          "it begins with the mark of UTF-8, and what follows is \(text.encoding.name): the mark is wrong and was "
          + "passed over"
      }
      return text
    case .windows1252?, nil: break
    }
    return try plausible(body)
  }

  /// The text of bytes whose mark says nothing or is wrong; bytes of UTF-16 are told by their zeros.
  private static func plausible(_ body: ArraySlice<UInt8>) throws(NotText) -> FileText {
    let start = body.prefix(4_096)
    let zeros = start.indices.filter { start[$0] == 0 }
    if zeros.count * 4 > start.count {
      let odd = zeros.count { ($0 - start.startIndex) % 2 == 1 }
      let encoding: FileEncoding = odd * 2 >= zeros.count ? .utf16LittleEndian : .utf16BigEndian
      if odd == zeros.count || odd == 0 {
        throw NotText(
          message: "looks like UTF-16 without its mark", hint: "say so: encoding=\(encoding.rawValue)")
      }
      throw NotText(
        message: "holds zero bytes where text should be: it is damaged, or no text at all",
        hint: "export it again as CSV, in UTF-8")
    }
    return withoutMark(body)
  }

  /// UTF-8 where that is what the bytes are, even with a few broken letters; else Windows-1252.
  private static func withoutMark(_ body: ArraySlice<UInt8>) -> FileText {
    if String(validating: body, as: UTF8.self) != nil {
      return FileText(bytes: Array(body), encoding: .utf8, hasMark: false)
    }
    // Letters of Windows-1252 make up whole sequences of UTF-8 by next to no chance.
    let count = sequences(body)
    let encoding: FileEncoding = count.whole > count.broken ? .utf8 : .windows1252
    return FileText(bytes: decoded(body, encoding), encoding: encoding, hasMark: false)
  }

  /// How many sequences of more than one byte are whole, and how many bytes belong to none.
  private static func sequences(_ body: ArraySlice<UInt8>) -> (whole: Int, broken: Int) {
    var (whole, broken) = (0, 0)
    var decoder = UTF8()
    var bytes = body.makeIterator()
    while true {
      switch decoder.decode(&bytes) {
      case .scalarValue(let scalar): if scalar.value >= 0x80 { whole += 1 }
      case .error: broken += 1
      case .emptyInput: return (whole, broken)
      }
    }
  }

  private static func decoded(_ body: ArraySlice<UInt8>, _ encoding: FileEncoding) -> [UInt8] {
    switch encoding {
    case .utf8: return Array(String(decoding: body, as: UTF8.self).utf8)
    case .windows1252:
      var text: [UInt8] = []
      text.reserveCapacity(body.count + body.count / 8)
      for byte in body {
        if byte < 0x80 { text.append(byte) } else { text += windows1252[Int(byte) - 0x80] }
      }
      return text
    case .utf16, .utf16LittleEndian, .utf16BigEndian:
      let isBig = encoding == .utf16BigEndian
      var units: [UInt16] = []
      units.reserveCapacity(body.count / 2)
      var index = body.startIndex
      while index + 1 < body.endIndex {
        let (first, second) = (UInt16(body[index]), UInt16(body[index + 1]))
        units.append(isBig ? first << 8 | second : second << 8 | first)
        index += 2
      }
      // A last byte alone is half a letter: its line was cut off.
      let cut = index < body.endIndex ? Array("\u{FFFD}".utf8) : []
      return Array(String(decoding: units, as: UTF16.self).utf8) + cut
    }
  }

  /// The letters of Windows-1252 from 0x80 on, as UTF-8; five of them are none.
  private static let windows1252: [[UInt8]] = (0x80...0xFF).map { byte in
    let letter = String(data: Data([UInt8(byte)]), encoding: .windowsCP1252)
    guard let letter, let scalar = letter.unicodeScalars.first, !(0x80...0x9F).contains(scalar.value) else {
      return Array("\u{FFFD}".utf8)
    }
    return Array(letter.utf8)
  }

  private struct Mark {
    var encoding: FileEncoding
    var length: Int

    init?(_ bytes: [UInt8]) {
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
        (encoding, length) = (.utf8, 3)
      } else if bytes.starts(with: [0xFF, 0xFE]) {
        (encoding, length) = (.utf16LittleEndian, 2)
      } else if bytes.starts(with: [0xFE, 0xFF]) {
        (encoding, length) = (.utf16BigEndian, 2)
      } else {
        return nil
      }
    }

    var utf16: FileEncoding? { encoding == .utf8 ? nil : encoding }
  }

  /// What is often saved under the name of a CSV and is none.
  private static func otherKind(_ bytes: [UInt8]) -> NotText? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      return NotText(message: "is UTF-32, which kith does not read", hint: "save it as CSV in UTF-8")
    }
    if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      return NotText(
        message: "is an Excel workbook (or an archive), not a CSV",
        hint: "open it and save it as CSV UTF-8")
    }
    if bytes.starts(with: [0x1F, 0x8B]) {
      return NotText(message: "is compressed, not a CSV", hint: "unpack it first")
    }
    if bytes.starts(with: Array("%PDF".utf8)) {
      return NotText(message: "is a PDF, not a CSV", hint: "export the list as CSV")
    }
    let start = String(decoding: bytes.prefix(256), as: UTF8.self).lowercased()
    if start.contains("<!doctype html") || start.contains("<html") {
      return NotText(
        message: "is a web page, not a CSV: perhaps a sign-in page was saved in its place",
        hint: "download the file again, signed in")
    }
    return nil
  }
}
