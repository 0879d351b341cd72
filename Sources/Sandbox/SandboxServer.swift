// The thin layer between the emulated world and a socket.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Turns Hummingbird's requests into plain values, and plain answers into what goes over the wire.
struct SandboxServer: HTTPResponder {
  /// What a handler needs of its connection: the means to close it.
  struct Context: InitializableFromSource {
    let channel: any Channel
    init(source: ApplicationRequestContextSource) { channel = source.channel }
  }

  let world: World

  /// The largest body that is taken.
  private static let largestBody = 16 << 20

  func respond(to request: Request, context: Context) async throws -> Response {
    guard let body = try? await request.body.collect(upTo: SandboxServer.largestBody) else {
      return Response(status: .contentTooLarge)
    }
    var headers: [String: String] = [:]
    for field in request.headers { headers[field.name.canonicalName] = field.value }
    headers["host"] = request.head.authority ?? headers["host"]
    let answer = world.admit(
      EmulatedRequest(
        request.method.rawValue, request.head.path ?? "/", headers: headers, body: Array(body.readableBytesView)))
    defer { release(answer) }
    if answer.delay > .zero { try await Task.sleep(for: answer.delay) }
    return await delivered(answer, over: context.channel)
  }

  /// Frees what an answer occupied, at once or a little later.
  private func release(_ answer: EmulatedResponse) {
    guard answer.lingering > .zero else { return world.delivered(answer) }
    // Ends by itself; nobody waits for it.
    Task {
      try? await Task.sleep(for: answer.lingering)
      world.delivered(answer)
    }
  }

  private func delivered(_ answer: EmulatedResponse, over channel: any Channel) async -> Response {
    switch answer.delivery {
    case .hung:
      // Ends when the sandbox stops; a client that gives up sooner is not noticed, and costs a sleeping task.
      await cancelWhenGracefulShutdown { try? await Task.sleep(for: .seconds(600)) }
      try? await channel.close()
      return Response(status: .serviceUnavailable)
    case .dropped:
      try? await channel.close()
      return Response(status: .serviceUnavailable)
    case .whole, .truncated, .padded:
      break
    }
    var headers = HTTPFields()
    for header in answer.headers {
      if let name = HTTPField.Name(header.name) { headers.append(HTTPField(name: name, value: header.value)) }
    }
    return Response(
      status: HTTPResponse.Status(code: answer.status), headers: headers, body: SandboxServer.body(of: answer))
  }

  private static func body(of answer: EmulatedResponse) -> ResponseBody {
    let whole = answer.bytes.map { ByteBuffer(bytes: $0) } ?? ByteBuffer(string: answer.body)
    switch answer.delivery {
    case .truncated(let bytes):
      return ResponseBody(contentLength: whole.readableBytes) { writer in
        try await writer.write(whole.getSlice(at: whole.readerIndex, length: min(bytes, whole.readableBytes)) ?? whole)
        // An error in mid-body makes the server close the connection, which is what is wanted.
        throw ConnectionCut()
      }
    case .padded(let bytes):
      return ResponseBody(contentLength: max(bytes, whole.readableBytes)) { writer in
        try await writer.write(whole)
        var missing = bytes - whole.readableBytes
        let blanks = ByteBuffer(repeating: UInt8(ascii: " "), count: 1 << 16)
        while missing > 0 {
          try await writer.write(blanks.getSlice(at: 0, length: min(missing, 1 << 16)) ?? blanks)
          missing -= 1 << 16
        }
        try await writer.finish(nil)
      }
    case .whole, .dropped, .hung:
      return whole.readableBytes == 0 ? ResponseBody() : ResponseBody(byteBuffer: whole)
    }
  }
}

/// Thrown to cut a connection in the middle of an answer.
private struct ConnectionCut: Error {}
