/// What an Autotask says of its own fields: how long a text may be, and which values a picklist has.
import Foundation
import Model

/// One value of a picklist: a number in records, a text here.
struct AutotaskChoice: Decodable, Sendable, Equatable {
  var id: Int
  var label: String
  var isActive: Bool

  enum CodingKeys: CodingKey { case value, label, isActive }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let number = container.said(Int.self, .value).value {
      id = number
    } else {
      let text = try container.decode(String.self, forKey: .value)
      guard let number = Int(text) else {
        throw DecodingError.dataCorruptedError(forKey: .value, in: container, debugDescription: "no whole number")
      }
      id = number
    }
    label = container.said(String.self, .label).value ?? ""
    isActive = container.said(AutotaskFlag.self, .isActive).value?.isSet ?? true
  }
}

struct AutotaskField: Decodable, Sendable {
  var name: String
  /// The longest text; `nil` where there is no limit.
  var length: Int?
  var choices: [AutotaskChoice]

  enum CodingKeys: CodingKey { case name, length, picklistValues }
  /// A choice that cannot be read (a text as its value) loses itself and no other.
  private struct Lenient: Decodable {
    var choice: AutotaskChoice?
    init(from decoder: any Decoder) throws { choice = try? AutotaskChoice(from: decoder) }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    length = container.said(Int.self, .length).value.flatMap { $0 > 0 ? $0 : nil }
    choices = (container.said([Lenient].self, .picklistValues).value ?? []).compactMap(\.choice)
  }
}

/// The fields of one entity.
struct AutotaskMetadata: Decodable, Sendable {
  private let fields: [String: AutotaskField]

  enum CodingKeys: CodingKey { case fields }

  init(from decoder: any Decoder) throws {
    let list = try decoder.container(keyedBy: CodingKeys.self).decode([AutotaskField].self, forKey: .fields)
    fields = Dictionary(list.map { ($0.name.lowercased(), $0) }) { first, _ in first }
  }

  func length(of property: String) -> Int? { fields[property.lowercased()]?.length }

  func choices(of property: String) -> [AutotaskChoice] { fields[property.lowercased()]?.choices ?? [] }

  /// The label of a picklist's value, which may be one that is no longer offered.
  func label(_ id: Int, of property: String) -> String? { choices(of: property).first { $0.id == id }?.label }

  /// The value with a label: letter by letter, else without case. Values that are no longer offered are refused by the
  /// vendor, and so not found.
  func choice(named name: String, of property: String) -> AutotaskChoice? {
    let offered = choices(of: property).filter(\.isActive)
    let (exact, loose) = (ComparisonRule.exact.key(name), ComparisonRule.email.key(name))
    return offered.first { ComparisonRule.exact.key($0.label) == exact }
      ?? offered.first { ComparisonRule.email.key($0.label) == loose }
  }
}
