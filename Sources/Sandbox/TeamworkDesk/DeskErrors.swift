// How Desk words its refusals.

/// A request that Desk refuses.
struct DeskRefusal: Error, Sendable {
  var status: Int
  /// Texts by field, for a validation.
  var errors: [String: [String]] = [:]
  var message = ""

  /// "400 = validation. Body is a validator object with a capital key".
  static func invalid(_ field: String, _ text: String, status: Int = 400) -> DeskRefusal {
    DeskRefusal(status: status, errors: [field: [text]])
  }

  static func notFound(_ what: String) -> DeskRefusal { DeskRefusal(status: 404, message: "\(what) not found") }

  static let unknownRoute = DeskRefusal(status: 404, message: "Not Found")
  static let methodNotAllowed = DeskRefusal(status: 405, message: "Method Not Allowed")
  static let unauthorized = DeskRefusal(status: 401, message: "Unauthorized")
  static let forbidden = DeskRefusal(status: 403, message: "You do not have permission to do that")

  var json: JSON {
    guard errors.isEmpty else {
      return [
        "Errors": .object(
          errors.sorted { $0.key < $1.key }.map {
            .init(name: $0.key, value: .array($0.value.map { .string($0) }))
          })
      ]
    }
    // Some failures say `error`, some `message`.
    return status == 401 || status == 403 ? ["message": .string(message)] : ["error": .string(message)]
  }

  /// The refusal in one line.
  var sentence: String {
    guard errors.isEmpty else {
      return errors.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.joined(separator: ", "))" }
        .joined(separator: "; ")
    }
    return message
  }
}
