// Short ways to call the emulated Crewhu in process.

import Foundation
import Testing

@testable import Sandbox

extension TestWorld {
  var crewhuToken: String { description.systems["crewhu"]!.credentials["token"]! }

  /// Calls Crewhu below `/crewhu/api/v1`.
  func crewhu(
    _ method: String, _ target: String, _ body: String = "", headers: [String: String]? = nil
  ) -> EmulatedResponse {
    world.answer(
      EmulatedRequest(
        method, "/crewhu/api/v1" + target, headers: headers ?? ["X_CREWHU_APITOKEN": crewhuToken],
        body: Array(body.utf8)))
  }

  /// All rows of a listing, page by page.
  func crewhuRows(_ options: String = "") throws -> [JSON] {
    var rows: [JSON] = []
    for step in 1...100 {
      let answer = crewhu("GET", "/user?step=\(step)&limit=100\(options)")
      try #require(answer.status == 200, "\(answer.body)")
      let page = answer.json.elements ?? []
      rows += page
      if page.count < 100 { return rows }
    }
    Issue.record("The listing does not end.")
    return rows
  }

  /// An employee that control made.
  func crewhuEmployee(_ body: String) throws -> JSON { try control("POST", "/crewhu/employees", body) }

  /// The employees of a story.
  func crewhuEmployees(_ story: StaffStory) throws -> [JSON] {
    (try control("GET", "/crewhu/employees").elements ?? []).filter { $0["story"]?.text == story.rawValue }
  }

  /// The member of a story at ConnectWise.
  func member(_ story: StaffStory, people: Int = 40) throws -> SeedMember {
    let seed = SeedWorld(
      SandboxOptions(seed: world.options.seed, people: people), now: Date(timeIntervalSince1970: 1_772_000_000))
    return try #require(seed.staff.members.first { $0.story == story })
  }

  var crewhuState: JSON { get throws { try control("GET", "/state?system=crewhu")["crewhu"] ?? .null } }

  var crewhuCounters: JSON { get throws { try crewhuState["counters"] ?? .null } }
}
