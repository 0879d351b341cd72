/// A scripted Teamwork Desk: lists of companies and customers as JSON, and what was asked of it.
import Connectors
import Foundation
import Model

enum TeamworkDeskSite {
  static let key = "tkn.v1_s3cr=t+/v~"

  static func setup(
    _ transport: any Transport, clock: any MonotonicClock = FakeClock(),
    parameters: [String: String] = ["url": "http://127.0.0.1:9"], key: String = key
  ) -> ConnectorSetup {
    ConnectorSetup(
      connection: Connection(
        name: "test", system: "desk", parameters: parameters, secrets: [:], madeAt: .distantPast,
        changedAt: .distantPast),
      secrets: ["api-key": Secret(key)], transport: transport, clock: clock,
      now: { Date(timeIntervalSince1970: 1_800_000_000) }, random: { 0.5 })
  }

  static func connector(_ transport: any Transport) throws -> TeamworkDeskConnector {
    try TeamworkDeskConnector(setup(transport))
  }

  /// One page of a list, with what stands beside it.
  static func page(
    _ list: String, _ rows: [String], included: String = "{}", hasMore: Bool = false, records: Int? = nil
  ) -> HTTPResponse {
    .json(
      #"{"\#(list)":[\#(rows.joined(separator: ","))],"included":\#(included),"pagination":{"records":\#(records ?? rows.count),"pageSize":100,"pages":1,"page":1,"hasMorePages":\#(hasMore)},"meta":{"page":{"count":1,"hasMore":\#(hasMore)}}}"#
    )
  }

  static func customer(
    _ id: Int, company: String = #"{"id":16,"type":"companies"}"#, contacts: String? = nil,
    updated: String = "2026-04-02T08:00:00Z", _ more: String = ""
  ) -> String {
    let contacts = contacts ?? #"[{"id":\#(id)1,"type":"contacts"},{"id":\#(id)2,"type":"contacts"}]"#
    return
      #"{"id":\#(id),"firstName":"C\#(id)","lastName":"L","email":"c\#(id)@x.example","jobTitle":"","phone":"","mobile":"","avatarURL":"https://acme.teamwork.com/desk/images/avatars/animals/cat.png","twitterHandle":"","facebookURL":"","linkedinURL":"","addMethod":"manual","contacts":\#(contacts),"company":\#(company),"createdAt":"2026-04-01T08:00:00Z","updatedAt":"\#(updated)","state":"active"\#(more)}"#
  }

  static func points(_ ids: Int...) -> String {
    let points = ids.map {
      #"{"id":\#($0)1,"value":"c\#($0)@x.example","type":"email","isMain":true},{"id":\#($0)2,"value":"a\#($0)@x.example","type":"email","isMain":false}"#
    }
    return #"{"contacts":[\#(points.joined(separator: ","))],"companies":[{"id":16,"name":"A"}]}"#
  }

  static func company(_ id: Int, _ name: String, _ more: String = "") -> String {
    #"{"id":\#(id),"name":"\#(name)","website":"","email":"e@x.example","domains":[{"id":3,"type":"domains"}],"createdAt":"2026-04-01T08:00:00Z","updatedAt":"2026-04-02T08:00:00Z","state":"active"\#(more)}"#
  }

  /// `METHOD path?query body`, below the API.
  static func lines(_ transport: ScriptedTransport) -> [String] {
    zip(transport.lines, transport.requests).map { line, request in
      let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
      return line.replacingOccurrences(of: "/desk/api/v2/", with: "") + body
    }
  }
}
