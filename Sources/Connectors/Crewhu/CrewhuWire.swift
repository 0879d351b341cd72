/// The JSON of Crewhu's Open API, whose form is not documented to its end: everything is read as leniently as is safe.
import Foundation
import Model

/// Any value of a member; a number counts as the text that it is written as.
enum CrewhuValue: Decodable, Sendable, Equatable {
  case null
  case text(String)
  case flag(Bool)
  case list([String])
  /// An object, of which nothing is known.
  case other

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int.self) {
      self = .text(String(number))
    } else if let items = try? container.decode([CrewhuValue].self) {
      self = .list(items.compactMap(\.text))
    } else {
      self = .other
    }
  }

  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }
  var flag: Bool? {
    if case .flag(let flag) = self { flag } else { nil }
  }
  /// The one text, or those of a list.
  var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .list(let items): items
    case .null, .flag, .other: []
    }
  }
}

/// One row of any list: a user, a profile, a location. A row without an id cannot be read.
struct CrewhuRow: Decodable, Sendable, Equatable {
  var id: String
  /// Every member by its name on the wire; a member that was not sent has no key.
  var members: [String: CrewhuValue]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    members = [:]
    for key in container.allKeys { members[key.stringValue] = try container.decode(CrewhuValue.self, forKey: key) }
    id = try container.decode(String.self, forKey: WireKey(CrewhuFields.id))
    guard !id.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: WireKey(CrewhuFields.id), in: container, debugDescription: "an empty id")
    }
  }
}

/// A list: a bare array, or an object with the array in one of its members. An object without any array is an error, so
/// that a refusal in the guise of a success does not look like an account without employees.
struct CrewhuList: Decodable, Sendable {
  var rows: [CrewhuRow]
  /// The number of all rows, where the server says it.
  var total: Int?
  /// Whether the server says that there is a further page.
  var hasMore: Bool?

  init(from decoder: any Decoder) throws {
    if (try? decoder.unkeyedContainer()) != nil {
      rows = try [CrewhuRow](from: decoder)
      return
    }
    let container = try decoder.container(keyedBy: WireKey.self)
    let arrays = container.allKeys.filter { (try? container.nestedUnkeyedContainer(forKey: $0)) != nil }
    let named = CrewhuFields.rows.compactMap { name in arrays.first { $0.stringValue == name } }.first
    guard let key = named ?? arrays.min(by: { $0.stringValue < $1.stringValue }) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: [WireKey("list")], debugDescription: "no member is a list"))
    }
    rows = try container.decode([CrewhuRow].self, forKey: key)
    total = container.said(Int.self, WireKey(CrewhuFields.total)).value
    hasMore = container.said(Bool.self, WireKey(CrewhuFields.hasMore)).value
  }
}

/// One user as a write is answered and as `v1/user/{_id}` gives it: by itself, or in the only object of the answer.
struct CrewhuAnswer: Decodable, Sendable {
  var row: CrewhuRow

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    if !container.contains(WireKey(CrewhuFields.id)), container.allKeys.count == 1, let key = container.allKeys.first {
      row = try container.decode(CrewhuRow.self, forKey: key)
    } else {
      row = try CrewhuRow(from: decoder)
    }
  }
}

/// What an error may hold; its form is not documented.
struct CrewhuErrorBody: Decodable {
  struct Detail: Decodable {
    var field: String?
    var message: String?
  }
  var message: String?
  var details: [Detail]

  private enum CodingKeys: CodingKey { case message, error, errors }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    message = container.said(String.self, .message).value ?? container.said(String.self, .error).value
    details = (try? container.decode([Detail].self, forKey: .errors)) ?? []
  }
}
