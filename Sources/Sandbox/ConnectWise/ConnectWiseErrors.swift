// How ConnectWise words its refusals.

/// A request that ConnectWise refuses.
struct ConnectWiseRefusal: Error, Sendable {
  /// One field of a record that failed its validation.
  struct FieldError: Sendable {
    var code: String
    var message: String
    var field: String

    init(code: String, message: String, field: String) {
      self.code = code
      self.message = message
      self.field = field
    }

    /// `nil` where the text is short enough.
    init?(limiting field: String, _ text: String?, to most: Int) {
      guard let text, text.count > most else { return nil }
      self.init(
        code: "StringLengthExceeded",
        message: "The field \(field) must be a string with a maximum length of \(most).", field: field)
    }
  }

  var status: Int
  var code: String
  var message: String
  var errors: [FieldError] = []
  var resource = "contact"
  var headers: [EmulatedResponse.Header] = []
  /// Where the answer has another shape.
  var body: JSON?

  static func invalid(_ errors: [FieldError], resource: String = "contact") -> ConnectWiseRefusal {
    ConnectWiseRefusal(
      status: 400, code: "InvalidObject", message: "\(resource) object is invalid", errors: errors, resource: resource)
  }

  static func invalidPatch(_ message: String) -> ConnectWiseRefusal {
    ConnectWiseRefusal(status: 400, code: "InvalidPatch", message: message)
  }

  static func condition(_ message: String) -> ConnectWiseRefusal {
    ConnectWiseRefusal(status: 400, code: "ApiFindCondition", message: message)
  }

  static func notFound(_ what: String) -> ConnectWiseRefusal {
    ConnectWiseRefusal(status: 404, code: "NotFound", message: "\(what) not found")
  }

  static let methodNotAllowed = ConnectWiseRefusal(
    status: 405, code: "MethodNotAllowed", message: "The requested resource does not support this method.")

  var json: JSON {
    if let body { return body }
    let rows = errors.map { error -> JSON in
      [
        "code": .string(error.code), "message": .string(error.message), "resource": .string(resource),
        "field": .string(error.field),
      ]
    }
    return [
      "code": .string(code), "message": .string(message), "errors": rows.isEmpty ? .null : .array(rows),
    ]
  }
}
