import Connectors
import Foundation
import Model
import Synchronization

/// A scripted Crewhu account: a list of users in one of several envelopes, and whatever else a test answers by itself.
final class CrewhuAccount: Sendable {
  /// How a list is wrapped.
  enum Envelope: String, CaseIterable, Sendable {
    case bare, items, data, unknown, total

    func wrap(_ rows: [String], of all: Int) -> String {
      let list = "[\(rows.joined(separator: ","))]"
      return switch self {
      case .bare: list
      case .items: #"{"items":\#(list)}"#
      case .data: #"{"page":1,"data":\#(list),"tags":[]}"#
      case .unknown: #"{"ok":true,"employees":\#(list)}"#
      case .total: #"{"items":\#(list),"total":\#(all),"hasMore":false}"#
      }
    }
  }

  typealias Own = @Sendable (HTTPRequest) -> HTTPResponse?
  private let users: Mutex<[String]>
  private let envelope: Envelope
  private let own: Own
  /// Called after each page with its number.
  private let onPage: @Sendable (Int, inout [String]) -> Void

  init(
    _ users: [String], _ envelope: Envelope = .bare,
    onPage: @escaping @Sendable (Int, inout [String]) -> Void = { _, _ in },
    own: @escaping Own = { _ in nil }
  ) {
    self.users = Mutex(users)
    self.envelope = envelope
    self.onPage = onPage
    self.own = own
  }

  var transport: ScriptedTransport { ScriptedTransport { request, _ in self.answer(request) } }

  private func answer(_ request: HTTPRequest) -> HTTPResponse {
    if let answer = own(request) { return answer }
    guard request.method == .get, request.address.path == "/crewhu/api/v1/user" else { return .json("{}", status: 404) }
    let step = Self.number(request, "step")
    let limit = Self.number(request, "limit")
    let (rows, all) = users.withLock { users in
      let start = min((step - 1) * limit, users.count)
      let rows = Array(users[start..<min(start + limit, users.count)])
      let count = users.count
      if limit > 1 { onPage(step, &users) }
      return (rows, count)
    }
    return .json(envelope.wrap(rows, of: all))
  }

  private static func number(_ request: HTTPRequest, _ key: String) -> Int {
    for part in (request.address.query ?? "").split(separator: "&") where part.hasPrefix("\(key)=") {
      return Int(part.dropFirst(key.count + 1)) ?? 0
    }
    return 0
  }

  static func user(_ number: Int, _ more: String = "") -> String {
    #"{"_id":"u\#(number)","email":"u\#(number)@msp.example","employee_id":"U\#(number)","firstname":"F","lastname":"L"\#(more)}"#
  }

  static func users(_ count: Int) -> [String] { (0..<count).map { user($0) } }
}

extension ConnectorSetup {
  static let crewhuToken = "t0ken=s3cr/t"

  static func crewhu(
    _ transport: any Transport, clock: any MonotonicClock = FakeClock(), parameters: [String: String] = [:],
    findings: [String: String] = [:], token: String = crewhuToken
  ) -> ConnectorSetup {
    let all = ["url": "http://127.0.0.1:9/crewhu"].merging(parameters) { _, new in new }
    return ConnectorSetup(
      connection: Connection(
        name: "crew", system: "crewhu", parameters: all, secrets: [:], madeAt: .distantPast, changedAt: .distantPast,
        findings: findings),
      secrets: ["token": Secret(token)], transport: transport, clock: clock,
      now: { Date(timeIntervalSince1970: 1_772_000_000) }, random: { 0.5 })
  }
}

extension WriteOutcome {
  /// The outcome in a word or two.
  var crewhuWord: String {
    switch self {
    case .done(let record): "done \(record.id)"
    case .rejected(let rejection):
      "\(rejection.reason.rawValue) \(rejection.field?.rawValue ?? "-")\(rejection.isPartial ? ", partly" : "")"
    case .unknown: "unknown"
    case .waiting: "waiting"
    case .notSent(let error): "not sent \(error.kind)"
    }
  }

  var rejection: WriteRejection? {
    if case .rejected(let rejection) = self { rejection } else { nil }
  }
}

extension FieldValues {
  static let dora: FieldValues = [
    "email": .text("dora@msp.example"), "employee-ids": .list(["DMARTIN", "dora@msp.example"]),
    "first-name": .text("Dora"), "last-name": .text("Martin"), "location": .text("Porto"), "team": .text("Service"),
    "position": .text("Tier 2"), "hire-date": .text("2021-03-01"), "profile": .text("Employee"),
  ]
}

extension Write {
  /// Makes Dora, who is otherwise in what is said.
  static func dora(_ values: FieldValues = [:]) -> Write {
    Write(kind: .member, action: .create, target: nil, values: .dora.merging(values), current: nil, token: "t")
  }

  static func dora(_ action: WriteKind, _ values: FieldValues = [:], target: RecordID? = "u1") -> Write {
    Write(kind: .member, action: action, target: target, values: values, current: nil, token: "t")
  }
}
