// How Teamwork.com words its refusals, which differs between its two API generations.

/// A request that Teamwork.com refuses.
struct TeamworkRefusal: Error, Sendable {
  var status: Int
  var title: String
  var detail: String
  /// Some failures of v3 carry nothing but a message.
  var isMessageOnly = false

  static func invalid(_ detail: String) -> TeamworkRefusal {
    TeamworkRefusal(status: 400, title: "invalid payload", detail: detail)
  }

  static func invalidOption(_ detail: String) -> TeamworkRefusal {
    TeamworkRefusal(status: 400, title: "invalid query parameter", detail: detail)
  }

  static func conflict(_ detail: String, status: Int = 409) -> TeamworkRefusal {
    TeamworkRefusal(status: status, title: "conflict", detail: detail)
  }

  /// "404 with body, detail 'company not found' under title 'invalid payload'".
  static func notFound(_ what: String) -> TeamworkRefusal {
    TeamworkRefusal(status: 404, title: "invalid payload", detail: "\(what) not found")
  }

  static let unknownRoute = TeamworkRefusal(status: 404, title: "", detail: "Not Found", isMessageOnly: true)
  static let methodNotAllowed = TeamworkRefusal(
    status: 405, title: "", detail: "Method Not Allowed", isMessageOnly: true)
  static let unauthorized = TeamworkRefusal(status: 401, title: "unauthorized", detail: "Invalid credentials")
  static let rateLimited = TeamworkRefusal(status: 429, title: "rate limit reached", detail: "Rate limit exceeded")
  static let forbidden = TeamworkRefusal(
    status: 403, title: "forbidden", detail: "You do not have permission to perform this action")

  /// The body in the words of a generation.
  ///
  /// - Parameter trace: stands in the id of a v3 error.
  func body(_ generation: TeamworkGeneration, trace: String, usesContent: Bool) -> JSON {
    switch generation {
    case .v3 where isMessageOnly: return ["message": .string(detail)]
    case .v3:
      return ["errors": [["id": .string("1-\(trace)"), "title": .string(title), "detail": .string(detail)]]]
    case .v1 where usesContent: return ["CONTENT": .string(detail), "STATUS": "Error"]
    case .v1: return ["STATUS": "Error", "MESSAGE": .string(detail)]
    }
  }
}

/// The two API generations, which live on one host.
enum TeamworkGeneration: Sendable {
  case v1
  case v3
}
