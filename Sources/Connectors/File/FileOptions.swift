/// What `connect file` was told, read and checked before the file is opened.
import Foundation
import Model

struct FileOptions: Sendable, Equatable {
  var path: String
  /// `nil`: found by the header.
  var format: FileFormat?
  /// `nil`: found by the bytes.
  var encoding: FileEncoding?
  /// `nil`: found by the header.
  var separator: FileSeparator?
  /// The columns that were named, by what they are; `nil` for one that is not to be used.
  var named: [FileColumn: String?] = [:]
  /// In small letters; empty where `active=` was not said.
  var activeWords: Set<String> = []

  init(path: String) { self.path = (path as NSString).expandingTildeInPath }

  /// - Throws: `.misconfigured`, with what is allowed.
  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    self.init(path: try setup.required("path"))
    func word<Value>(_ key: String, _ known: [(String, Value)]) throws(ConnectorError) -> Value? {
      guard let text = setup.optional(key), text.lowercased() != "auto" else { return nil }
      guard let value = known.first(where: { $0.0 == text.lowercased() })?.1 else {
        throw ConnectorError(
          .misconfigured, "\(key)=\(text) of the connection \(setup.connection.name) is not known",
          hint: "it takes auto, \(known.map(\.0).joined(separator: ", "))", delivery: .notSent)
      }
      return value
    }
    format = try word("format", FileFormat.allCases.map { ($0.rawValue, $0) })
    encoding = try word("encoding", FileEncoding.allCases.map { ($0.rawValue, $0) })
    if let sign = setup.optional("separator"), let own = FileSeparator(sign: sign) {
      separator = own
    } else if setup.connection.parameters["separator"] == "\t" {
      separator = .tab
    } else {
      separator = try word("separator", FileSeparator.usual.map { ($0.name, $0) })
    }
    for column in FileColumn.allCases where column.summary != nil {
      guard let heading = setup.optional(column.rawValue) else { continue }
      named[column] = .some(heading.lowercased() == "none" ? nil : heading)
    }
    activeWords = Set(
      (setup.optional("active") ?? "").split(separator: ",").map { String($0).trimmedNFC.lowercased() }
        .filter { !$0.isEmpty })
  }
}

/// The sign between two cells: one byte of ASCII.
struct FileSeparator: Sendable, Hashable {
  var byte: UInt8
  /// "comma"; a sign without a name is its own.
  var name: String

  static let comma = FileSeparator(byte: UInt8(ascii: ","), name: "comma")
  static let semicolon = FileSeparator(byte: UInt8(ascii: ";"), name: "semicolon")
  static let tab = FileSeparator(byte: UInt8(ascii: "\t"), name: "tab")
  static let pipe = FileSeparator(byte: UInt8(ascii: "|"), name: "pipe")
  /// In the order in which they are preferred.
  static let usual = [comma, semicolon, tab, pipe]

  private init(byte: UInt8, name: String) {
    self.byte = byte
    self.name = name
  }

  /// `nil` unless it is one visible sign that is no letter, digit, quote or dash.
  init?(sign: String) {
    guard let byte = sign.utf8.first, sign.utf8.count == 1, byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\""),
      byte != UInt8(ascii: "-"), !Character(UnicodeScalar(byte)).isLetter, !Character(UnicodeScalar(byte)).isNumber
    else { return nil }
    self = Self.usual.first { $0.byte == byte } ?? FileSeparator(byte: byte, name: sign)
  }
}
