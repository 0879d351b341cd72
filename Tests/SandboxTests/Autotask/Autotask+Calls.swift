// Short ways to call the emulated Autotask in process.

import Foundation
import Testing

@testable import Sandbox

extension TestWorld {
  var autotask: [String: String] { description.systems["autotask"]!.credentials }

  var autotaskHeaders: [String: String] {
    [
      "ApiIntegrationCode": autotask["integration-code"]!, "UserName": autotask["user"]!, "Secret": autotask["secret"]!,
      "Content-Type": "application/json",
    ]
  }

  func autotaskRequest(
    _ method: String, _ target: String, _ body: String = "", headers: [String: String] = [:]
  ) -> EmulatedRequest {
    let path = path(target, below: "/autotask/ATServicesRest/v1.0")
    return EmulatedRequest(
      method, path, headers: autotaskHeaders.merging(headers) { _, second in second }, body: Array(body.utf8))
  }

  /// Calls Autotask below `/autotask/ATServicesRest/v1.0`.
  func at(
    _ method: String, _ target: String, _ body: String = "", headers: [String: String] = [:]
  ) -> EmulatedResponse {
    world.answer(autotaskRequest(method, target, body, headers: headers))
  }

  /// The rows of the first page that a list of conditions finds.
  func rows(_ entity: String, _ conditions: String) throws -> [JSON] {
    let answer = at("POST", "/\(entity)/query", #"{"filter":[\#(conditions)]}"#)
    #expect(answer.status == 200, "\(answer.body)")
    return try #require(answer.json["items"]?.elements)
  }

  func ids(_ entity: String, _ conditions: String) throws -> [Int] {
    try rows(entity, conditions).compactMap { $0["id"]?.whole }
  }

  /// A company's id by its number.
  func company(_ number: String = "Acme") throws -> Int {
    try #require(
      try rows("Companies", #"{"op":"eq","field":"companyNumber","value":"\#(number)"}"#).first?["id"]?.whole)
  }

  func contact(_ id: Int) -> JSON { at("GET", "/Contacts/\(id)").json["item"] ?? .null }

  /// Makes a contact at a company and returns its id.
  func newContact(_ fields: String = #""firstName":"Nora","lastName":"Lind""#, at number: String = "Acme") throws -> Int
  {
    let company = try company(number)
    let answer = at("POST", "/Companies/\(company)/Contacts", #"{"isActive":1,\#(fields)}"#)
    #expect(answer.status == 200, "\(answer.body)")
    return try #require(answer.json["itemId"]?.whole)
  }

  func autotaskState() throws -> JSON {
    try #require(try control("GET", "/state?system=autotask")["autotask"])
  }

  func counter(_ name: String) throws -> Int { try autotaskState()["counters"]?[name]?.whole ?? -1 }

  func setOption(_ name: String, _ value: String) throws {
    try control("POST", "/autotask/options", #"{"\#(name)":\#(value)}"#)
  }
}

extension EmulatedResponse {
  /// The texts of a refusal.
  var errors: [String] { (json["errors"]?.elements ?? []).compactMap(\.text) }
}
