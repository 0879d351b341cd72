/// A scripted Teamwork.com: lists of companies and people as JSON, and what was asked of it.
import Connectors
import Foundation
import Model

enum TeamworkSite {
  static let key = "twp_s3cr=t+/v~"

  static func setup(
    _ transport: any Transport, clock: any MonotonicClock = FakeClock(),
    parameters: [String: String] = ["url": "http://127.0.0.1:9/teamwork"],
    findings: [String: String] = ["owner-company": "1"]
  ) -> ConnectorSetup {
    ConnectorSetup(
      connection: Connection(
        name: "test", system: "teamwork", parameters: parameters, secrets: [:], madeAt: .distantPast,
        changedAt: .distantPast, findings: findings),
      secrets: ["api-key": Secret(key)], transport: transport, clock: clock,
      now: { Date(timeIntervalSince1970: 1_800_000_000) }, random: { 0.5 })
  }

  static func connector(
    _ transport: any Transport, findings: [String: String] = ["owner-company": "1"]
  ) throws -> TeamworkConnector {
    try TeamworkConnector(setup(transport, findings: findings))
  }

  /// A page of a v3 list.
  static func page(_ list: String, _ rows: [String], hasMore: Bool = false, count: Int? = nil) -> HTTPResponse {
    .json(
      #"{"\#(list)":[\#(rows.joined(separator: ","))],"included":{},"#
        + #""meta":{"page":{"pageOffset":0,"pageSize":500,"count":\#(count ?? rows.count),"hasMore":\#(hasMore)}}}"#)
  }

  static func listed(_ id: Int, company: Int = 7, _ more: String = "") -> String {
    #"{"id":\#(id),"firstName":"P\#(id)","lastName":"L","email":"p\#(id)@x.example","type":"contact","companyId":\#(company),"deleted":false,"createdAt":"2026-01-02T10:00:00Z","updatedAt":"2026-03-01T09:15:00Z"\#(more)}"#
  }

  static func person(_ id: Int, company: Int = 7, type: String = "contact", _ more: String = "") -> String {
    #"{"id":"\#(id)","first-name":"P\#(id)","last-name":"L","title":"","email-address":"p\#(id)@x.example","email-alt-1":"a\#(id)@x.example","email-alt-2":"","email-alt-3":"","phone-number-office":"1","phone-number-mobile":"","phone-number-fax":"","avatar-url":"","twitter":"","company-id":"\#(company)","user-type":"\#(type)","deleted":false,"created-at":"2026-01-02T10:00:00Z","last-changed-on":"2026-03-01T09:15:00Z"\#(more)}"#
  }

  static func company(_ id: Int, _ name: String, isOwner: Bool = false, updated: String = "null") -> String {
    #"{"id":\#(id),"name":"\#(name)","isOwner":\#(isOwner),"status":"active","website":"https://x.example","emailOne":"c@x.example","phone":"","createdAt":"2026-01-02T10:00:00Z","updatedAt":\#(updated)}"#
  }

  static func people(_ rows: [String]) -> HTTPResponse {
    .json(#"{"STATUS":"OK","people":[\#(rows.joined(separator: ","))]}"#)
  }

  /// `METHOD path?query body`, without what every list has.
  static func lines(_ transport: ScriptedTransport) -> [String] {
    zip(transport.lines, transport.requests).map { line, request in
      let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
      return line.replacingOccurrences(of: "/teamwork/", with: "") + body
    }
  }
}
