// Short ways to call the emulated systems in process, as a client would over HTTP.

import Foundation
import Testing

@testable import Sandbox

/// A small frozen world and the credentials that work in it.
struct TestWorld {
  let world: World
  let description: SandboxDescription

  init(
    seed: UInt64 = 1, companies: Int = 3, people: Int = 40, startingAt: String = "2026-03-01T09:00:00Z",
    frozenClock: Bool = true
  ) {
    world = World(
      SandboxOptions(
        seed: seed, companies: companies, people: people, startingAt: Instant.date(startingAt), frozenClock: frozenClock
      ))
    description = world.description()
  }

  // MARK: - Microsoft 365

  var m365: SandboxDescription.System { description.systems["m365"]! }

  /// The nth tenant.
  func tenant(_ index: Int = 0) -> SandboxDescription.Tenant { m365.tenants![index] }

  func tokenRequest(
    tenant: String, client: String? = nil, secret: String? = nil, scope: String = "https://graph.microsoft.com/.default"
  ) -> EmulatedRequest {
    let form = [
      "client_id": client ?? m365.credentials["client-id"]!,
      "client_secret": secret ?? m365.credentials["client-secret"]!,
      "scope": scope, "grant_type": "client_credentials",
    ].map { "\($0.key)=\(EmulatedRequest.encoded($0.value))" }.joined(separator: "&")
    return EmulatedRequest(
      "POST", "/m365/\(tenant)/oauth2/v2.0/token",
      headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(form.utf8))
  }

  func token(_ tenant: Int = 0) throws -> String {
    let answer = world.answer(tokenRequest(tenant: self.tenant(tenant).id))
    return try #require(try JSON(reading: answer.body)["access_token"]?.text)
  }

  /// Calls Graph; a target without a host is below `/m365/v1.0`.
  func graph(
    _ target: String, token: String, method: String = "GET", headers: [String: String] = [:], body: String = ""
  ) -> EmulatedResponse {
    let path =
      target.contains("://")
      ? "/" + target.split(separator: "/").dropFirst(2).joined(separator: "/") : "/m365/v1.0" + target
    return world.answer(
      EmulatedRequest(
        method, path, headers: headers.merging(["Authorization": "Bearer \(token)"]) { first, _ in first },
        body: Array(body.utf8)))
  }

  /// Follows next links to the end; returns all rows and the last page.
  func allPages(_ target: String, token: String, limit: Int = 100) throws -> (rows: [JSON], last: JSON, pages: Int) {
    var rows: [JSON] = []
    var next = target
    for page in 1...limit {
      let answer = graph(next, token: token)
      #expect(answer.status == 200)
      let json = try JSON(reading: answer.body)
      rows += json["value"]?.elements ?? []
      guard let link = json["@odata.nextLink"]?.text else { return (rows, json, page) }
      next = link
    }
    Issue.record("The listing does not end.")
    return (rows, .null, limit)
  }

  /// The path of a target, which is a whole link or stands below a root.
  func path(_ target: String, below root: String) -> String {
    target.contains("://") ? "/" + target.split(separator: "/").dropFirst(2).joined(separator: "/") : root + target
  }

  // MARK: - ConnectWise

  var connectWise: [String: String] { description.systems["connectwise"]!.credentials }

  var connectWiseHeaders: [String: String] {
    let user = "\(connectWise["company"]!)+\(connectWise["public-key"]!):\(connectWise["private-key"]!)"
    return [
      "Authorization": "Basic " + Data(user.utf8).base64EncodedString(), "clientId": connectWise["client-id"]!,
      "Content-Type": "application/json",
    ]
  }

  /// Calls ConnectWise below `/connectwise/v4_6_release/apis/3.0`.
  func cw(
    _ method: String, _ target: String, _ body: String = "", headers: [String: String] = [:]
  ) -> EmulatedResponse {
    let path = path(target, below: "/connectwise/v4_6_release/apis/3.0")
    return world.answer(
      EmulatedRequest(
        method, path, headers: connectWiseHeaders.merging(headers) { _, second in second }, body: Array(body.utf8)))
  }

  func conditions(_ text: String) -> String { EmulatedRequest.encoded(text) }

  /// The ids that a listing of contacts holds.
  func contactIDs(_ query: String) throws -> [Int] {
    let answer = cw("GET", "/company/contacts?pageSize=1000&fields=id&\(query)")
    #expect(answer.status == 200, "\(answer.body)")
    return try (JSON(reading: answer.body).elements ?? []).compactMap { $0["id"]?.whole }
  }

  // MARK: - Control

  @discardableResult
  func control(_ method: String, _ path: String, _ body: String = "") throws -> JSON {
    let result = world.control(method: method, target: path, body: Array(body.utf8))
    #expect(result.status == 200, "\(method) \(path): \(result.body)")
    return try JSON(reading: result.body)
  }

  func refusal(_ method: String, _ path: String, _ body: String = "") throws -> (status: Int, json: JSON) {
    let result = world.control(method: method, target: path, body: Array(body.utf8))
    return (result.status, try JSON(reading: result.body))
  }

  /// The first user of a story in the first tenant.
  func user(_ story: PersonStory, tenant: Int = 0) throws -> JSON {
    let users = try control("GET", "/m365/\(self.tenant(tenant).id)/users").elements ?? []
    return try #require(users.first { $0["story"]?.text == story.rawValue && $0["standing"] == "present" })
  }
}

extension EmulatedResponse {
  var json: JSON { (try? JSON(reading: body)) ?? .null }
}
