// An answer as the emulated systems give it, and how it is to be delivered.

/// One HTTP response.
struct EmulatedResponse: Sendable {
  /// One header; order and repetitions are kept.
  struct Header: Sendable, Equatable {
    var name: String
    var value: String
  }

  /// What happens to the answer on its way.
  enum Delivery: Sendable, Equatable {
    case whole
    /// The connection is closed without an answer.
    case dropped
    /// No answer ever comes.
    case hung
    /// The head announces the whole body; the connection closes after that many bytes of it.
    case truncated(bytes: Int)
    /// The body is followed by blanks until it has that many bytes.
    case padded(bytes: Int)
  }

  var status: Int
  var headers: [Header]
  var body: String
  /// A body that is no text, such as a picture; it goes out in place of ``body``.
  var bytes: [UInt8]?
  var delivery: Delivery = .whole
  /// How long to wait before answering.
  var delay: Duration = .zero
  /// What the request keeps others from until it is answered, such as one of the threads of an endpoint.
  var occupies: String?
  /// How much longer than the answer takes that place is kept.
  var lingering: Duration = .zero
  /// The page after this one, as an absolute URL; what the answer itself says stands in its body or headers.
  var nextLink: String?

  init(status: Int, headers: [Header] = [], body: String = "", contentType: String = "application/json") {
    self.status = status
    self.headers = body.isEmpty ? headers : [Header(name: "Content-Type", value: contentType)] + headers
    self.body = body
  }

  /// An answer of JSON.
  init(_ status: Int, _ json: JSON, headers: [Header] = []) {
    self.init(status: status, headers: headers, body: json.encoded)
  }

  /// An answer whose body is no text.
  init(bytes: [UInt8], contentType: String) {
    self.init(status: 200, headers: [Header(name: "Content-Type", value: contentType)])
    self.bytes = bytes
  }

  /// The body as it goes out.
  var content: [UInt8] { bytes ?? Array(body.utf8) }

  /// The first value of a header, its name compared without regard to case.
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  mutating func setHeader(_ name: String, _ value: String) {
    headers.removeAll { $0.name.lowercased() == name.lowercased() }
    headers.append(Header(name: name, value: value))
  }
}
