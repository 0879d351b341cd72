// A request as the emulated systems see it: plain values, so that tests call the same handler that the socket does.

import Foundation

/// One HTTP request, with its target taken apart.
struct EmulatedRequest: Sendable {
  /// One name and value of the query, percent-decoded, a plus read as a blank.
  struct QueryItem: Sendable, Equatable {
    var name: String
    var value: String
  }

  /// Upper case.
  var method: String
  /// Path and query as they were sent.
  let target: String
  /// The first segment of the path: which system is meant.
  let system: String
  /// The rest of the path, decoded, empty segments left out (public clients of Graph send `/v1.0//users`).
  let path: [String]
  /// The rest of the path as sent, with a leading slash and without the query.
  let rawPath: String
  let query: [QueryItem]
  /// Names in lower case.
  var headers: [String: String]
  var body: [UInt8]

  init(_ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8] = []) {
    self.method = method.uppercased()
    self.target = target
    self.headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    self.body = body
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let segments = (parts.first ?? "").split(separator: "/")
    system = segments.first.map { EmulatedRequest.decoded(String($0)) } ?? ""
    path = segments.dropFirst().map { EmulatedRequest.decoded(String($0)) }
    rawPath = "/" + segments.dropFirst().joined(separator: "/")
    query = EmulatedRequest.items(of: parts.count > 1 ? String(parts[1]) : "")
  }

  /// The host that the client called, which absolute links in answers repeat.
  var host: String { headers["host"] ?? "127.0.0.1" }

  /// The first value of a query option, its name compared without regard to case.
  func option(_ name: String) -> String? {
    if let exact = query.first(where: { $0.name == name }) { return exact.value }
    return query.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The body as JSON.
  func json() throws(JSONProblem) -> JSON { try JSON(reading: body) }

  /// The same request for another target.
  func retargeted(_ target: String) -> EmulatedRequest {
    EmulatedRequest(method, target, headers: headers, body: body)
  }

  /// Takes apart `a=1&b=2`, as in a query or a form.
  static func items(of text: String) -> [QueryItem] {
    text.split(separator: "&").map { part in
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return QueryItem(
        name: decodedFormText(String(pair.first ?? "")), value: decodedFormText(pair.count > 1 ? String(pair[1]) : ""))
    }
  }

  /// Text made safe for a query value.
  static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? text
  }

  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~,/")

  private static func decoded(_ text: String) -> String { text.removingPercentEncoding ?? text }

  private static func decodedFormText(_ text: String) -> String {
    decoded(String(text.map { $0 == "+" ? " " : $0 }))
  }
}
