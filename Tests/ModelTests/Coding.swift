/// JSON with sorted keys, for tests that compare it as text.
import Foundation

func encode(_ value: some Encodable) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return try encoder.encode(value)
}

func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws -> Value {
  try JSONDecoder().decode(type, from: data)
}
