/// Requests to one ConnectWise: where it is, who asks, and under which code base the API stands today.
import Foundation
import Model
import Synchronization

final class ConnectWiseCalls: Sendable {
  private struct State {
    var codeBase: String?
    /// When the code base was last asked for because of a 404.
    var askedAgainAt: Double?
  }

  let host: WebAddress
  let line: Line
  let errors: ConnectWiseErrors
  let now: @Sendable () -> Date
  private let company: String
  private let headers: [HTTPHeader]
  private let clock: any MonotonicClock
  private let state: Mutex<State>

  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    if let url = try setup.url() {
      host = ConnectWiseFeatures.apiHost(url)
    } else if let region = setup.optional("region"), let regional = ConnectWiseFeatures.host(ofRegion: region) {
      host = regional
    } else {
      throw ConnectorError(
        .misconfigured, "the connection \(setup.connection.name) does not say where its ConnectWise is",
        hint: "give region=na, eu, au, za or staging, or url=https://…", delivery: .notSent)
    }
    company = try setup.required("company")
    let (publicKey, clientID) = (try setup.required("public-key"), try setup.required("client-id"))
    let privateKey = try setup.secret("private-key")
    let credential = Data("\(company)+\(publicKey):\(privateKey.reveal())".utf8).base64EncodedString()
    headers = [
      HTTPHeader("Authorization", "Basic \(credential)"), HTTPHeader("clientId", clientID),
      HTTPHeader("Accept", "application/json"),
    ]
    line = Line(setup, pace: ConnectWiseFeatures.pace)
    errors = ConnectWiseErrors(redaction: Redaction([privateKey, Secret(credential)]))
    clock = setup.clock
    now = setup.now
    state = Mutex(State(codeBase: setup.connection.findings["code-base"].flatMap(Self.checkedCodeBase)))
  }
  func get<Value: Decodable>(
    _ type: Value.Type, _ path: [String], query: [(key: String, value: String)] = [], purpose: String
  ) async throws(ConnectorError) -> Value {
    let response = try await get(path, query: query, purpose: purpose)
    return try errors.decode(type, response, purpose: purpose)
  }

  func get(
    _ path: [String], query: [(key: String, value: String)] = [], purpose: String, headers: [HTTPHeader] = []
  ) async throws(ConnectorError) -> HTTPResponse {
    let response = try await call(.get, path, query: query, purpose: purpose, headers: headers)
    guard response.isSuccess else {
      var error = errors.error(response, purpose: purpose, now: now())
      // Lists are always there: cloud servers answer wrong keys like this, and the code base was asked for again.
      if error.status == 404 { error.kind = .unauthorized }
      throw error
    }
    return response
  }

  /// Sends one request below the current code base; an unexpected 404 asks for the code base again, and where it has
  /// changed the request is sent once more: a 404 means that nothing was done.
  func call(
    _ method: HTTPRequest.Method, _ path: [String], query: [(key: String, value: String)] = [], body: JSONValue? = nil,
    purpose: String, headers: [HTTPHeader] = [], departure: Departure? = nil
  ) async throws(ConnectorError) -> HTTPResponse {
    let codeBase = try await self.codeBase()
    let request = request(method, path, query, body, purpose, headers, departure, codeBase)
    let response = try await line.send(request)
    guard response.status == 404, let newer = await self.codeBase(after: codeBase) else { return response }
    return try await line.send(self.request(method, path, query, body, purpose, headers, departure, newer))
  }

  private func request(
    _ method: HTTPRequest.Method, _ path: [String], _ query: [(key: String, value: String)], _ body: JSONValue?,
    _ purpose: String, _ more: [HTTPHeader], _ departure: Departure?, _ codeBase: String
  ) -> HTTPRequest {
    // `v2025_1/` + `apis/3.0`
    let segments = codeBase.split(separator: "/").map(String.init) + ["apis", "3.0"]
    let content = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
    return HTTPRequest(
      method, host.appending(segments + path, query: query), headers: headers + content + more,
      body: body.map(JSONWire.encode), purpose: purpose, departure: departure)
  }

  private func codeBase() async throws(ConnectorError) -> String {
    if let known = state.withLock({ $0.codeBase }) { return known }
    do throws(ConnectorError) {
      return try await discover().codeBase
    } catch {
      // Nothing of the request itself has left.
      throw error.beforeSending
    }
  }

  /// The code base where it is another one now; `nil` where it is not, cannot be had, or was asked for a minute ago.
  private func codeBase(after used: String) async -> String? {
    let time = clock.now()
    let (current, isDue) = state.withLock { state in
      let isDue = state.askedAgainAt.map { time - $0 >= 60 } ?? true
      if isDue { state.askedAgainAt = time }
      return (state.codeBase, isDue)
    }
    if let current, current != used { return current }
    guard isDue, let newer = try? await discover().codeBase, newer != used else { return nil }
    return newer
  }

  /// Asks which code base the login company is on; needs no credential, and counts as part of signing in.
  func discover() async throws(ConnectorError) -> (codeBase: String, version: String?, isCloud: Bool) {
    let purpose = "login company \(company)"
    let response = try await line.send(
      HTTPRequest(
        .get, host.appending(["login", "companyinfo", company]), headers: [HTTPHeader("Accept", "application/json")],
        purpose: purpose, isSignIn: true))
    guard response.isSuccess || response.status == 404 else {
      throw errors.error(response, purpose: purpose, now: now())
    }
    let info =
      response.status == 404
      ? nil : try errors.decode(ConnectWiseCompanyInfo?.self, response, purpose: purpose)
    guard let info else {
      throw ConnectorError(
        .misconfigured, "\(host.origin) knows no login company \(company)",
        hint: "check company (the one typed at sign-in) and region or url", status: response.status)
    }
    // Self-hosted servers say v4_6_release, and cloud servers take it as well.
    guard let codeBase = Self.checkedCodeBase(info.codeBase ?? "v4_6_release/") else {
      throw ConnectorError(.malformed, "ConnectWise, \(purpose): its code base is no path")
    }
    state.withLock { $0.codeBase = codeBase }
    return (codeBase, info.versionCode, info.isCloud?.lowercased() == "true")
  }

  /// A code base stands in an address: letters, digits, and `_ . - /` without climbing.
  private static func checkedCodeBase(_ text: String) -> String? {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "/"):
        true
      default: false
      }
    }
    return isPlain && !text.isEmpty && text.utf8.count <= 100 && !text.contains("..") ? text : nil
  }
}
