// How Crewhu words its refusals; only the statuses and the shape of a 422 are anybody's assumption, the rest is ours.

/// A request that Crewhu refuses.
struct CrewhuRefusal: Error, Sendable {
  /// One field that is wrong.
  struct FieldError: Sendable {
    var field: String
    var message: String
  }

  var status: Int
  var message = ""
  var errors: [FieldError] = []
  var headers: [EmulatedResponse.Header] = []

  static let unauthorized = CrewhuRefusal(status: 401, message: "The API token is missing or invalid.")
  static let forbidden = CrewhuRefusal(status: 403, message: "The API token does not allow this.")
  static let notFound = CrewhuRefusal(status: 404, message: "Not found.")
  static let methodNotAllowed = CrewhuRefusal(status: 405, message: "Method not allowed.")

  static func badRequest(_ message: String) -> CrewhuRefusal { CrewhuRefusal(status: 400, message: message) }

  static func invalid(_ errors: [FieldError]) -> CrewhuRefusal { CrewhuRefusal(status: 422, errors: errors) }

  static func invalid(_ field: String, _ message: String) -> CrewhuRefusal {
    invalid([FieldError(field: field, message: message)])
  }

  static func inUse(_ field: String) -> CrewhuRefusal {
    CrewhuRefusal(status: 409, errors: [FieldError(field: field, message: "is in use")])
  }

  static func tooMany(wait: Int) -> CrewhuRefusal {
    CrewhuRefusal(
      status: 429, message: "Too many requests.", headers: [.init(name: "Retry-After", value: wait.description)])
  }

  var json: JSON {
    guard errors.isEmpty else {
      return [
        "errors": .array(errors.map { ["field": .string($0.field), "message": .string($0.message)] })
      ]
    }
    return ["error": .string(message)]
  }

  /// The refusal in one line.
  var sentence: String {
    errors.isEmpty ? message : errors.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
  }
}
