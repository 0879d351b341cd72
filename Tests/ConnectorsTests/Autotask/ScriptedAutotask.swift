/// An Autotask whose zone, threshold and fields are answered always, and whose records are answered by the test.
import Connectors
import Foundation
import Model
import Synchronization

/// What a test answers: the request's line below `v1.0/`, such as `POST Contacts/query`, its body, and its number.
typealias AutotaskScript = @Sendable (_ line: String, _ body: String, _ number: Int) throws -> HTTPResponse?

final class ScriptedAutotask: Sendable {
  static let base = "http://127.0.0.1:9/autotask/ATServicesRest/v1.0"
  let transport: ScriptedTransport
  let clock: FakeClock
  /// Its own answers, for a script that changes only some of them.
  let script: AutotaskScript

  init(used: Int = 0, clock: FakeClock = FakeClock(), _ script: @escaping AutotaskScript) {
    self.clock = clock
    self.script = script
    transport = ScriptedTransport { request, number in
      let line = ScriptedAutotask.line(request)
      let body = ScriptedAutotask.body(request)
      if let answer = try script(line, body, number) { return answer }
      if line.hasPrefix("GET zoneInformation") {
        return .json(#"{"zoneName":"Test","url":"http://127.0.0.1:9/autotask/ATServicesRest/","ci":1}"#)
      }
      if line == "GET ThresholdInformation" {
        return .json(
          #"{"externalRequestThreshold":10000,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":\#(used)}"#)
      }
      if line.hasSuffix("/entityInformation/fields") { return .json(ScriptedAutotask.fields) }
      if line.hasSuffix("/query/count") { return .json(#"{"queryCount":0}"#) }
      if line.hasSuffix("/query") { return .json(ScriptedAutotask.page([])) }
      return .json(#"{"errors":["not in the script: \#(line)"]}"#, status: 500)
    }
  }

  func connector(
    findings: [String: String] = [:], parameters: [String: String] = [:], secret: String = "p#ss%rd$"
  ) throws -> AutotaskConnector {
    var all = ["user": "api+sync@msp.example", "integration-code": "CODE", "url": "http://127.0.0.1:9/autotask"]
    all.merge(parameters) { _, new in new }
    return try AutotaskConnector(
      ConnectorSetup(
        connection: Connection(
          name: "test", system: "autotask", parameters: all, secrets: [:], madeAt: .distantPast,
          changedAt: .distantPast, findings: findings),
        secrets: ["secret": Secret(secret)], transport: transport, clock: clock,
        now: { Date(timeIntervalSince1970: 1_800_000_000) }, random: { 0.5 }))
  }

  /// What was asked beside zone, threshold and fields: line and body.
  var asked: [String] {
    transport.requests.map { "\(Self.line($0)) \(Self.body($0))".trimmingCharacters(in: .whitespaces) }
      .filter { line in
        !["zoneInformation", "ThresholdInformation", "entityInformation"].contains { line.contains($0) }
      }
  }

  func count(of part: String) -> Int { transport.requests.filter { Self.line($0).contains(part) }.count }

  static func line(_ request: HTTPRequest) -> String {
    let path = request.address.path
    let below = path.range(of: "/v1.0/").map { String(path[$0.upperBound...]) } ?? path
    let query = request.address.query.map { "?\($0)" } ?? ""
    return "\(request.method.rawValue) \(below)\(query)"
  }

  static func body(_ request: HTTPRequest) -> String { request.body.map { String(decoding: $0, as: UTF8.self) } ?? "" }

  static func page(_ rows: [String], next: String? = nil) -> String {
    let link = next.map { "\"\($0)\"" } ?? "null"
    return #"{"items":[\#(rows.joined(separator: ","))],"pageDetails":{"count":\#(rows.count),"nextPageUrl":\#(link)}}"#
  }

  static func contact(_ id: Int, _ more: String = "") -> String {
    #"{"id":\#(id),"companyID":174,"firstName":"N","lastName":"L","isActive":1,"emailAddress":"n@x.example","emailAddress2":"","emailAddress3":null,"lastModifiedDate":"2026-01-05T10:11:12.5Z"\#(more)}"#
  }

  static let fields =
    #"{"fields":[{"name":"title","dataType":"string","length":50},{"name":"companyType","length":0,"picklistValues":[{"value":"1","label":"Customer","isActive":true},{"value":"7","label":"Vendor","isActive":true},{"value":"9","label":"Old","isActive":false}]},{"name":"configurationItemType","picklistValues":[{"value":"3","label":"Server","isActive":true},{"value":"4","label":"Workstation","isActive":true}]}]}"#
}

extension WriteOutcome {
  /// The outcome in one word or two, and what it says.
  var told: String {
    switch self {
    case .done(let record): "done \(record.id)"
    case .rejected(let rejection):
      "rejected \(rejection.reason.rawValue) \(rejection.field?.rawValue ?? "-")\(rejection.isPartial ? " partly" : "")"
    case .unknown: "unknown"
    case .waiting: "waiting"
    case .notSent(let error): "not sent \(error.kind)"
    }
  }

  var words: String {
    switch self {
    case .done: ""
    case .rejected(let rejection): rejection.message
    case .unknown(let words), .waiting(let words): words
    case .notSent(let error): error.message
    }
  }
}
