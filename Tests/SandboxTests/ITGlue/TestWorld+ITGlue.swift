import Foundation
import Testing

@testable import Sandbox

extension TestWorld {
  var itglueKey: String { description.systems["itglue"]!.credentials["api-key"]! }

  /// Calls IT Glue below `/itglue`; brackets in the target are sent as they are.
  func glue(
    _ method: String, _ target: String, _ body: String = "", headers: [String: String] = [:]
  ) -> EmulatedResponse {
    let path = path(target, below: "/itglue")
    let usual = ["x-api-key": itglueKey, "Content-Type": "application/vnd.api+json"]
    return world.answer(
      EmulatedRequest(method, path, headers: usual.merging(headers) { _, second in second }, body: Array(body.utf8)))
  }

  /// The rows of a listing.
  func glueRows(_ target: String) -> [JSON] {
    let answer = glue("GET", target)
    #expect(answer.status == 200, "\(target): \(answer.body)")
    return answer.json["data"]?.elements ?? []
  }

  /// The id of the record of that name, as a number.
  func glueID(_ kind: String, _ name: String) throws -> Int {
    let row = try control("GET", "/itglue/\(kind)/\(EmulatedRequest.encoded(name))")
    return try #require(row["id"]?.text.flatMap { Int($0) })
  }

  /// Creates a record and returns it.
  func glueCreated(_ kind: String, _ attributes: String, at path: String? = nil) throws -> JSON {
    let answer = glue(
      "POST", path ?? "/\(kind)",
      #"{"data":{"type":"\#(kind.replacing("_", with: "-"))","attributes":\#(attributes)}}"#)
    #expect((200..<300).contains(answer.status), "\(answer.body)")
    return try #require(answer.json["data"])
  }

  func gluePatched(_ kind: String, _ id: JSON?, _ attributes: String) -> EmulatedResponse {
    glue(
      "PATCH", "/\(kind)/\(id?.text ?? "")",
      #"{"data":{"type":"\#(kind.replacing("_", with: "-"))","attributes":\#(attributes)}}"#)
  }

  func glueOptions(_ body: String) throws { try control("POST", "/itglue/options", body) }
}

extension JSON {
  /// An attribute of a JSON:API resource.
  func attribute(_ name: String) -> JSON? { self["attributes"]?[name] }
}
