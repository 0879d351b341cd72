/// Plans as earlier versions wrote them: what they did not say yet is filled in before they are read.
import Foundation
import Model

enum OlderPlan {
  /// A decision; one from before there were two sides was for the target.
  static func decision(_ text: String) throws -> Decision {
    try decode(Decision.self, text) { $0["side"] = $0["side"] ?? Side.target.rawValue }
  }

  /// A plan without its decisions; one from before there were stages read people only.
  static func header(_ text: String) throws -> Plan {
    try decode(Plan.self, text) { plan in
      guard plan["reads"] == nil else { return }
      var read: [String: Any] = ["kind": RecordKind.person.rawValue]
      read["source"] = plan["sourceRead"]
      read["target"] = plan["targetRead"]
      plan["reads"] = [read]
    }
  }

  /// Decodes as it is, and only when a key is missing, once more with what `complete` adds.
  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ text: String, _ complete: (inout [String: Any]) -> Void
  ) throws -> Value {
    do {
      return try JSONText.decode(type, from: text)
    } catch DecodingError.keyNotFound(let key, let context) {
      guard var object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
        throw DecodingError.keyNotFound(key, context)
      }
      complete(&object)
      return try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: object))
    }
  }
}
