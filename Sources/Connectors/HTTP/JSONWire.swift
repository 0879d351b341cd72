/// JSON in and out, behind one small type, so that the parser can be changed; its errors name the place.
package import Foundation

package enum JSONWire {
  /// Decodes an answer.
  /// - Parameter purpose: names the call in the error: "users page 2: value[3].id is missing".
  /// - Throws: `.malformed`.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from body: Data, purpose: String
  ) throws(ConnectorError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: body)
    } catch let error as DecodingError {
      throw ConnectorError(.malformed, "\(purpose): \(words(error))")
    } catch {
      throw ConnectorError(.malformed, "\(purpose): the answer is no JSON that can be read")
    }
  }

  /// The same where another text is no error, such as a gateway's page in place of a system's own words: `nil`.
  package static func read<Value: Decodable>(_ type: Value.Type, from body: Data) -> Value? {
    try? JSONDecoder().decode(type, from: body)
  }

  /// Encodes a body of ours; keys in alphabetical order.
  package static func encode(_ value: JSONValue) -> Data { data(of: value) }

  /// What a connector keeps of a record as its native part, in one text.
  package static func text(_ value: some Encodable) -> String { String(decoding: data(of: value), as: UTF8.self) }

  /// What ``text(_:)`` made; `nil` for a text of another form.
  package static func read<Value: Decodable>(_ type: Value.Type, from text: String) -> Value? {
    read(type, from: Data(text.utf8))
  }

  private static func data(of value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("texts, whole numbers, flags, lists and objects can always be encoded")
    }
    return data
  }

  private static func words(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
    case .valueNotFound(_, let context): "\(place(context.codingPath)) is null"
    case .typeMismatch(let type, let context): "\(place(context.codingPath)) is no \(name(type))"
    case .dataCorrupted(let context) where context.codingPath.isEmpty: "the answer is no JSON that can be read"
    case .dataCorrupted(let context): "\(place(context.codingPath)) cannot be understood"
    @unknown default: "the answer cannot be understood"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    var place = ""
    for key in path {
      if let index = key.intValue {
        place += "[\(index)]"
      } else {
        place += place.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return place.isEmpty ? "the answer" : place
  }

  private static func name(_ type: any Any.Type) -> String {
    switch type {
    case is String.Type: "text"
    case is Int.Type: "whole number"
    case is Bool.Type: "flag"
    case is [Any].Type: "list"
    default: "object of the expected shape"
    }
  }
}

/// A JSON value that we send.
package enum JSONValue: Sendable, Hashable, Encodable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  case null
  case text(String)
  case number(Int)
  case flag(Bool)
  case list([JSONValue])
  case object([String: JSONValue])

  package init(stringLiteral value: String) { self = .text(value) }
  package init(booleanLiteral value: Bool) { self = .flag(value) }
  package init(integerLiteral value: Int) { self = .number(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .list(let items): try container.encode(items)
    case .object(let members): try container.encode(members)
    }
  }
}

/// A key that only the wire names.
struct WireKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// A whole number, also where it is written as a text.
struct WireNumber: Decodable, Sendable, Equatable {
  var value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      value = number
    } else if let number = Int(try container.decode(String.self)) {
      value = number
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no whole number")
    }
  }
}

/// What an object says under a key: nothing at all, null, or a value.
package enum Said<Value: Sendable>: Sendable {
  case absent
  case null
  case value(Value)

  package var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }
}

extension Said: Equatable where Value: Equatable {}

extension KeyedDecodingContainer {
  /// What is said under a key; a value of another type says nothing, so that one odd field does not lose the record.
  package func said<Value: Decodable & Sendable>(_ type: Value.Type, _ key: Key) -> Said<Value> {
    guard contains(key) else { return .absent }
    if (try? decodeNil(forKey: key)) == true { return .null }
    guard let value = try? decode(type, forKey: key) else { return .absent }
    return .value(value)
  }
}
