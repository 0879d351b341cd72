// Short ways to call the emulated Teamwork.com and Desk in process.

import Foundation
import Testing

@testable import Sandbox

extension TestWorld {
  var teamworkKey: String { description.systems["teamwork"]!.credentials["api-key"]! }

  /// Calls Teamwork.com below its host, with the key unless another header is given.
  func tw(
    _ method: String, _ target: String, _ body: String = "", headers: [String: String] = [:]
  ) -> EmulatedResponse {
    let basic = "Basic " + Data("\(teamworkKey):x".utf8).base64EncodedString()
    return world.answer(
      EmulatedRequest(
        method, "/teamwork" + target, headers: ["Authorization": basic].merging(headers) { _, second in second },
        body: Array(body.utf8)))
  }

  /// Calls v3.
  func tw3(_ method: String, _ target: String, _ body: String = "") -> EmulatedResponse {
    tw(method, "/projects/api/v3" + target, body)
  }

  /// The ids in a v3 listing, with all its pages.
  func twIDs(_ kind: String, _ query: String, pageSize: Int = 500) throws -> [Int] {
    var ids: [Int] = []
    for page in 1...200 {
      let answer = tw3("GET", "/\(kind).json?pageSize=\(pageSize)&page=\(page)&\(query)")
      try #require(answer.status == 200, "\(answer.body)")
      ids += (answer.json[kind]?.elements ?? []).compactMap { $0["id"]?.whole }
      if answer.json["meta"]?["page"]?["hasMore"] != true { return ids }
    }
    Issue.record("The listing does not end.")
    return ids
  }

  var teamworkState: JSON { get throws { try control("GET", "/state?system=teamwork")["teamwork"] ?? .null } }

  /// A client that control made.
  func twClient(_ name: String = "Harbour Bakery") throws -> Int {
    try #require(try control("POST", "/teamwork/companies", #"{"name":"\#(name)"}"#)["id"]?.whole)
  }

  /// A person that control made.
  func twPerson(_ body: String) throws -> Int {
    try #require(try control("POST", "/teamwork/people", body)["id"]?.whole)
  }
}

extension JSON {
  /// The member at the end of a path of names.
  func inside(_ names: String...) -> JSON? {
    names.reduce(Optional(self)) { $0?[$1] }
  }
}
