// How IT Glue words its refusals: JSON:API with a numeric status, and plain text from what stands before it.

/// A request that IT Glue refuses.
struct ITGlueRefusal: Error, Sendable {
  /// One entry of `errors`.
  struct Entry: Sendable {
    var title: String
    var detail: String?
    var pointer: String?
  }

  var status: Int
  var entries: [Entry] = []
  /// Where the answer is no JSON.
  var text: (body: String, type: String)?
  var headers: [EmulatedResponse.Header] = []

  init(_ status: Int, _ title: String, detail: String? = nil, pointer: String? = nil) {
    self.status = status
    entries = [Entry(title: title, detail: detail, pointer: pointer)]
  }

  init(status: Int, text: String, type: String) {
    self.status = status
    self.text = (text, type)
  }

  static func notFound(_ what: String) -> ITGlueRefusal {
    ITGlueRefusal(404, "Not Found", detail: "\(what) could not be found.")
  }

  /// A validation, with the pointer in the kebab-case form with a leading slash.
  static func invalid(_ attribute: String, _ detail: String) -> ITGlueRefusal {
    ITGlueRefusal(422, "Unprocessable Entity", detail: detail, pointer: "/data/attributes/\(attribute)")
  }

  /// A missing parent, in the other form that the vendor has: all in the title, snake_case and no leading slash.
  static func required(_ attribute: String) -> ITGlueRefusal {
    let name = attribute.replacing("-", with: "_")
    return ITGlueRefusal(422, "Valid \(name) is required", pointer: "data/attributes/\(name)")
  }

  static let synced = ITGlueRefusal(
    422, "Unprocessable Entity", detail: "cannot be changed because the record is synced with an external system")

  /// The words of a gateway that gave up waiting.
  static let timedOut = ITGlueRefusal(
    status: 504, text: "<html><head><title>504 Gateway Time-out</title></head><body></body></html>", type: "text/html")

  var json: JSON { ITGlueRefusal.json(status: status, entries) }

  static func json(status: Int, _ entries: [Entry]) -> JSON {
    let rows = entries.map { entry -> JSON in
      var members: [JSON.Member] = [
        .init(name: "status", value: .int(status)), .init(name: "title", value: .string(entry.title)),
      ]
      if let detail = entry.detail { members.append(.init(name: "detail", value: .string(detail))) }
      if let pointer = entry.pointer {
        members.append(.init(name: "source", value: ["pointer": .string(pointer)]))
      }
      return .object(members)
    }
    return ["errors": .array(rows)]
  }

  var answer: EmulatedResponse {
    if let text {
      return EmulatedResponse(status: status, headers: headers, body: text.body, contentType: text.type)
    }
    return EmulatedResponse(
      status: status, headers: headers, body: json.encoded, contentType: ITGlueEmulation.mediaType)
  }
}
