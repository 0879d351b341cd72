/// The wire: one request through async-http-client, with its limits, and its failures told as ours.
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

struct HTTPClientTransport: Transport {
  let client: @Sendable () throws -> HTTPClient
  /// Seconds for a whole request, its answer's body included.
  var timeout: Int64 = 60
  var largestBody = 64 << 20

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    var outgoing = HTTPClientRequest(url: request.address.description)
    outgoing.method = .RAW(value: request.method.rawValue)
    outgoing.headers.add(name: "User-Agent", value: "kith")
    for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
    if let body = request.body { outgoing.body = .bytes(body) }
    do {
      let answer = try await client().execute(outgoing, timeout: .seconds(timeout))
      let body = try await answer.body.collect(upTo: largestBody)
      return HTTPResponse(
        status: Int(answer.status.code), headers: answer.headers.map { HTTPHeader($0.name, $0.value) },
        body: Data(buffer: body))
    } catch {
      throw TransportFailure(error, isCancelled: Task.isCancelled).told(
        of: request, limit: largestBody, timeout: timeout)
    }
  }
}

/// What can end a request without an answer.
enum TransportFailure: Equatable {
  case cancelled, tooLarge, nameNotKnown, refused, certificate, connectTimeout, timeout, closed, shutDown
  case notConnected, broken

  init(_ error: any Error, isCancelled: Bool) {
    if error is NIOTooManyBytesError {
      self = .tooLarge
    } else if isCancelled || error is CancellationError {
      self = .cancelled
    } else if let error = error as? HTTPClientError {
      self =
        switch error {
        case .cancelled, .requestStreamCancelled: .cancelled
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout: .connectTimeout
        case .readTimeout, .writeTimeout, .deadlineExceeded: .timeout
        case .remoteConnectionClosed: .closed
        case .alreadyShutdown: .shutDown
        default: .broken
        }
    } else if let error = error as? IOError {
      self =
        switch error.errnoCode {
        case ECONNREFUSED: .refused
        case EHOSTUNREACH, ENETUNREACH: .notConnected
        case ECONNRESET, EPIPE: .closed
        default: .broken
        }
    } else {
      self.init(type: String(describing: type(of: error)), words: String(describing: error))
    }
  }

  /// The types of a failed connection belong to packages below the client; their names are all that is seen of them.
  init(type: String, words: String) {
    if words.contains("CERTIFICATE_VERIFY_FAILED") {
      self = .certificate
    } else if type == "NIOConnectionError" {
      self =
        words.contains("DNS error") ? .nameNotKnown : words.contains("Connection refused") ? .refused : .notConnected
    } else if type.contains("SSL") {
      self = .notConnected
    } else {
      self = .broken
    }
  }

  func told(of request: HTTPRequest, limit: Int, timeout: Int64 = 60) -> ConnectorError {
    let place = request.address.origin.hostAndPort
    func unreachable(
      _ cause: String, hint: String? = "check the network and the connection's url=",
      _ delivery: ConnectorError.Delivery
    ) -> ConnectorError {
      ConnectorError(.unreachable, "cannot reach \(place): \(cause)", hint: hint, delivery: delivery)
    }
    switch self {
    case .cancelled: return ConnectorError(.cancelled, "cancelled", delivery: .unknown)
    case .tooLarge:
      return ConnectorError(
        .tooLarge, "\(place) answered \(request.purpose) with more than \(limit >> 20) MB", delivery: .unknown)
    case .nameNotKnown: return unreachable("its name is not known", .notSent)
    case .refused: return unreachable("connection refused", .notSent)
    case .certificate:
      return unreachable(
        "its certificate is not trusted", hint: "add the certificate's authority to this machine", .notSent)
    case .connectTimeout: return unreachable("no connection within 10 s", .notSent)
    case .notConnected: return unreachable("no connection could be made", .notSent)
    case .shutDown: return unreachable("kith is closing", hint: nil, .notSent)
    case .timeout: return unreachable("no answer to \(request.purpose) within \(timeout) s", hint: nil, .unknown)
    case .closed: return unreachable("it closed the connection during \(request.purpose)", hint: nil, .unknown)
    case .broken: return unreachable("the connection broke during \(request.purpose)", hint: nil, .unknown)
    }
  }
}
