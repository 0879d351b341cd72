/// What may go wrong on the way: nothing of it may make a reading look complete that is not.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct FaultSuite {
  /// Every kind of fault that spoils an answer, for ever.
  static let lasting = [
    #""kind":"status","status":401"#, #""kind":"status","status":403"#, #""kind":"status","status":404"#,
    #""kind":"status","status":429"#, #""kind":"status","status":500"#,
    #""kind":"status","status":503,"retry-after":"1""#, #""kind":"html","status":502"#,
    #""kind":"malformed-json""#, #""kind":"no-body""#, #""kind":"truncate""#, #""kind":"drop-connection""#,
    #""kind":"redirect-elsewhere""#, #""kind":"repeat-page""#, #""kind":"empty-200""#,
    #""kind":"end-early""#, #""kind":"hang""#,
  ]
  static let essential = [
    #""kind":"status","status":403"#, #""kind":"truncate""#, #""kind":"empty-200""#, #""kind":"repeat-page""#,
  ]
  static let passing = [
    #""kind":"status","status":429,"retry-after":"1.5""#, #""kind":"status","status":429"#,
    #""kind":"status","status":503"#, #""kind":"html","status":502"#, #""kind":"html","status":504"#,
    #""kind":"drop-connection""#, #""kind":"truncate""#,
  ]

  @Test("G1 G2 a reading with a lasting fault on its second page never looks complete", arguments: Subject.all)
  func lastingFaults(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      try ground.add(count: subject.page + 2)
      let secrets = stage.secrets(of: subject)
      #expect(!secrets.isEmpty)
      let whole = await Reading(try stage.connector(subject), subject.kind, in: ground.scope)
      #expect(whole.looksComplete)
      // The kinds of a system share their calls.
      for fault in subject.kind == .person ? Self.lasting : Self.essential {
        // A page that is well-formed and too short shows by the number that the system declares, where it declares one.
        let isShort = fault.contains("empty-200") || fault.contains("end-early")
        if isShort, whole.last?.declaredTotal == nil { continue }
        let connector = try stage.connector(subject)
        let page = fault.contains("end-early") ? #""page":1"# : subject.secondPage
        try stage.fault(subject, #""path":"\#(subject.listing)",\#(page),\#(fault)"#)
        let reading = await Reading(connector, subject.kind, in: ground.scope)
        // Where pages are asked for by the last id, no page before can come again.
        let isHarmless = fault.contains("repeat-page") && reading.records == whole.records
        #expect(!reading.looksComplete || isHarmless, "\(fault)")
        #expect(reading.error?.kind != .cancelled, "\(fault)")
        for secret in secrets {
          #expect(reading.error.map { "\($0)" }?.contains(secret) != true, "\(fault)")
        }
        stage.sandbox.control.clearFaults()
      }
      let stray = try stage.sandbox.control.perform("GET", "/requests")
      #expect(stray.contains(#""with-credentials":0"#))
    }
  }

  @Test(
    "G1 G2 the same over a socket, where connections really break",
    arguments: [
      Subject.microsoft, .connectWise, .autotask, .teamworkPeople, .deskCustomers, .itGlue,
    ])
  func brokenConnections(_ subject: Subject) async throws {
    try await Stage.with(.socket) { stage in
      let ground = try Ground(subject, stage)
      try ground.add(count: subject.page + 2)
      for fault in [
        #""kind":"truncate""#, #""kind":"drop-connection""#, #""kind":"redirect-elsewhere""#,
        #""kind":"huge-body","megabytes":80"#,
      ] {
        try stage.fault(subject, #""path":"\#(subject.listing)",\#(subject.secondPage),\#(fault)"#)
        let reading = await Reading(try stage.connector(subject), subject.kind, in: ground.scope)
        #expect(!reading.looksComplete && reading.error != nil, "\(fault)")
        #expect(!fault.contains("huge") || reading.error?.kind == .tooLarge)
        stage.sandbox.control.clearFaults()
      }
    }
  }

  @Test("a fault that passes is not seen", arguments: Subject.all)
  func passingFaults(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      try ground.add(count: 3)
      let whole = await Reading(try stage.connector(subject), subject.kind, in: ground.scope)
      for fault in Self.passing {
        try stage.fault(subject, #""path":"\#(subject.listing)","times":2,\#(fault)"#)
        let reading = await Reading(try stage.connector(subject), subject.kind, in: ground.scope)
        #expect(reading.error == nil, "\(fault)")
        #expect(reading.looksComplete && reading.records == whole.records, "\(fault)")
        stage.sandbox.control.clearFaults()
      }
    }
  }

  @Test("a pause that the server asks for is kept by everybody", arguments: Subject.all)
  func pauses(_ subject: Subject) async throws {
    try await Stage.with(simulatesTime: true) { stage in
      let ground = try Ground(subject, stage)
      try ground.add(count: 3)
      let connector = try stage.connector(subject)
      _ = await Reading(connector, subject.kind, in: ground.scope)
      stage.sandbox.control.resetRequests()
      try stage.fault(
        subject, #""path":"\#(subject.listing)","times":1,"kind":"status","status":429,"retry-after":"37""#)
      let reading = await Reading(connector, subject.kind, in: ground.scope)
      #expect(reading.looksComplete)
      let log = try stage.requestLog()
      let refused = try #require(log.firstIndex { $0.status == "429" })
      let next = try #require(log.dropFirst(refused + 1).first)
      #expect(next.at.timeIntervalSince(log[refused].at) >= 37)
    }
  }

  @Test("an answer without end is cut off", arguments: Subject.all)
  func hugeBody(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      try ground.add(count: 1)
      try stage.fault(subject, #""path":"\#(subject.listing)","kind":"huge-body","megabytes":80"#)
      let reading = await Reading(try stage.connector(subject), subject.kind, in: ground.scope)
      #expect(reading.error?.kind == .tooLarge)
      #expect(!reading.pages.contains { $0.isLast })
    }
  }
}

/// One request as the sandbox noted it.
struct LoggedRequest: Sendable {
  var at: Date
  var method: String
  var target: String
  var status: String
}

extension Stage {
  /// The last requests, oldest first.
  func requestLog() throws -> [LoggedRequest] {
    let text = try sandbox.control.perform("GET", "/requests")
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let last = object?["last"] as? [[String: Any]] ?? []
    return try last.map { entry in
      LoggedRequest(
        at: try Date(entry["at"] as? String ?? "", strategy: .iso8601), method: entry["method"] as? String ?? "",
        target: entry["target"] as? String ?? "", status: entry["status"] as? String ?? "")
    }
  }
}
