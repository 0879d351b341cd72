// Short ways to call the emulated Desk in process.

import Foundation
import Testing

@testable import Sandbox

extension TestWorld {
  var deskKey: String { description.systems["desk"]!.credentials["api-key"]! }

  /// Calls Desk below `/desk/api/v2` of its site.
  func desk(
    _ method: String, _ target: String, _ body: String = "", headers: [String: String] = [:]
  ) -> EmulatedResponse {
    world.answer(
      EmulatedRequest(
        method, "/desk/desk/api/v2" + target,
        headers: ["Authorization": "Bearer \(deskKey)"].merging(headers) { _, second in second },
        body: Array(body.utf8)))
  }

  /// The ids that a filter finds, with all pages.
  func deskIDs(_ kind: String, _ filter: String, _ options: String = "orderBy=id") throws -> [Int] {
    var ids: [Int] = []
    for page in 1...1000 {
      let answer = desk(
        "GET", "/\(kind).json?pageSize=100&page=\(page)&filter=\(EmulatedRequest.encoded(filter))&\(options)")
      try #require(answer.status == 200, "\(answer.body)")
      ids += (answer.json[kind]?.elements ?? []).compactMap { $0["id"]?.whole }
      if answer.json.inside("pagination", "hasMorePages") != true { return ids }
    }
    Issue.record("The listing does not end.")
    return ids
  }

  var deskState: JSON { get throws { try control("GET", "/state?system=desk")["desk"] ?? .null } }

  var deskCounters: JSON { get throws { try deskState["counters"] ?? .null } }

  /// A company that control made.
  func deskCompany(_ name: String = "Harbour Bakery", domains: String = "[]") throws -> Int {
    try #require(
      try control("POST", "/desk/companies", #"{"name":"\#(name)","domains":\#(domains)}"#)["id"]?.whole)
  }

  /// A customer that control made.
  func deskCustomer(_ body: String) throws -> Int {
    try #require(try control("POST", "/desk/customers", body)["id"]?.whole)
  }

  /// One customer as the API shows it, contact points in full.
  func deskCustomer(_ id: Int) -> (customer: JSON, points: [JSON]) {
    let json = desk("GET", "/customers/\(id).json?includes=all").json
    return (json["customer"] ?? .null, json.inside("included", "contacts")?.elements ?? [])
  }
}
