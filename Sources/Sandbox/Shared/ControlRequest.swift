// The words of `/control`: its requests, its refusals, and the list of what it can do.

/// One thing that control does, as `GET /control` lists it.
struct ControlRoute: Sendable {
  var method: String
  var path: String
  var summary: String
  /// A body that works, where one is taken.
  var example: String?

  init(_ method: String, _ path: String, _ summary: String, example: String? = nil) {
    self.method = method
    self.path = path
    self.summary = summary
    self.example = example
  }

  var json: JSON {
    [
      "method": .string(method), "path": .string(path), "summary": .string(summary),
      "example": example.map { (try? JSON(reading: $0)) ?? .string($0) } ?? .null,
    ]
  }
}

/// One request to control: the path below `/control` (or below a system's own part of it).
struct ControlRequest: Sendable {
  var method: String
  var path: [String]
  var query: [EmulatedRequest.QueryItem]
  var body: JSON

  func option(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// The same request one segment further down.
  var below: ControlRequest {
    ControlRequest(method: method, path: Array(path.dropFirst()), query: query, body: body)
  }

  /// Method and path in one line, for `switch`.
  var line: String { ([method] + path).joined(separator: " ") }
}

/// A request to control that cannot be carried out.
struct ControlProblem: Error, Equatable {
  var status: Int
  var message: String
  var fix: String

  init(_ status: Int, _ message: String, fix: String) {
    self.status = status
    self.message = message
    self.fix = fix
  }

  var json: JSON { ["error": .string(message), "fix": .string(fix)] }
}
