/// Requests and answers as plain values.
package import Foundation

package struct HTTPHeader: Sendable, Hashable {
  package var name: String
  package var value: String
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

package struct HTTPRequest: Sendable {
  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  package var method: Method
  package var address: WebAddress
  package var headers: [HTTPHeader]
  package var body: Data?
  /// What is asked for, as an error names it: "users page 2".
  package var purpose: String
  /// Requests of one lane wait together when the system asks for a pause: a tenant at Microsoft 365.
  package var lane: String
  /// Sending it twice does no more than sending it once.
  package var isRepeatable: Bool
  /// Part of signing in, and so not counted as work.
  package var isSignIn: Bool
  /// For a write: the point up to which it can still be called back.
  package var departure: Departure?

  package init(
    _ method: Method, _ address: WebAddress, headers: [HTTPHeader] = [], body: Data? = nil, purpose: String,
    lane: String = "", isRepeatable: Bool? = nil, isSignIn: Bool = false, departure: Departure? = nil
  ) {
    self.method = method
    self.address = address
    self.headers = headers
    self.body = body
    self.purpose = purpose
    self.lane = lane
    // A POST may create something each time that it is sent.
    self.isRepeatable = isRepeatable ?? (method != .post)
    self.isSignIn = isSignIn
    self.departure = departure
  }
}

package struct HTTPResponse: Sendable {
  package var status: Int
  package var headers: [HTTPHeader]
  package var body: Data
  package init(status: Int, headers: [HTTPHeader] = [], body: Data = Data()) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  package var isSuccess: Bool { (200..<300).contains(status) }

  /// The first value of a header, whose name is compared without case.
  package func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }

  /// The vendor's trace id of the request, under whichever name it goes.
  package var requestID: String? { header("request-id") ?? header("x-cw-request-id") ?? header("x-ms-request-id") }
}
