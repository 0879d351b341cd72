// How Autotask words its refusals: mostly 500 with a list of texts, sometimes IIS's own pages.

/// A request that Autotask refuses.
struct AutotaskRefusal: Error, Sendable {
  /// What the answer holds.
  enum Content: Sendable {
    /// `{"errors": […]}`
    case errors([String])
    /// `{"Message": "…"}`, which the framework under the API sends by itself.
    case message(String)
    /// A page of the web server.
    case html
  }

  var status: Int
  var content: Content
  var headers: [EmulatedResponse.Header] = []

  init(_ status: Int, _ content: Content) {
    self.status = status
    self.content = content
  }

  /// What the API answers to every request that it understood and does not carry out.
  static func invalid(_ texts: String...) -> AutotaskRefusal { AutotaskRefusal(500, .errors(texts)) }

  static func malformed(_ text: String) -> AutotaskRefusal { AutotaskRefusal(400, .errors([text])) }

  static func unknownField(_ name: String, in entity: AutotaskEntity) -> AutotaskRefusal {
    .invalid("Unable to find \(name) in the \(entity.singular) Entity.")
  }

  static func methodNotAllowed(_ method: String) -> AutotaskRefusal {
    AutotaskRefusal(405, .message("The requested resource does not support http method '\(method)'."))
  }

  static func badReference(_ field: String, _ type: String) -> String {
    "Reference value on field: \(field) of type: \(type) does not exist or is invalid."
  }

  static let unauthorized = AutotaskRefusal(401, .errors(["The logged in user could not be authenticated."]))
  static let noSuchRoute = AutotaskRefusal(404, .html)

  private static let page = """
    <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html><head><title>404 - File or directory not found.</title>\
    </head><body><div id="header"><h1>Server Error</h1></div><div id="content"><h2>404 - File or directory not found.</h2>\
    <h3>The resource you are looking for might have been removed.</h3></div></body></html>
    """

  var response: EmulatedResponse {
    switch content {
    case .errors(let texts):
      EmulatedResponse(status, ["errors": .array(texts.map { .string($0) })], headers: headers)
    case .message(let text): EmulatedResponse(status, ["Message": .string(text)], headers: headers)
    case .html:
      EmulatedResponse(status: status, headers: headers, body: AutotaskRefusal.page, contentType: "text/html")
    }
  }
}
