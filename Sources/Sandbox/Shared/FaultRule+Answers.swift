// What a fault makes of an answer.

extension FaultRule {
  /// Whether the request is answered without being carried out.
  var standsInForTheAnswer: Bool {
    switch kind {
    case .status, .empty200, .noBody, .dropConnection, .hang, .html, .redirectElsewhere: true
    case .malformedJSON, .truncate, .repeatPage, .endEarly, .commitThenDrop, .delay, .hugeBody: false
    }
  }

  /// The answer in place of the system's own.
  func answer(to request: EmulatedRequest, from system: any EmulatedSystem, at moment: Moment) -> EmulatedResponse {
    var answer: EmulatedResponse
    switch kind {
    case .empty200:
      answer = EmulatedResponse(200, system.emptyListing(for: request, at: moment))
    case .noBody:
      answer = EmulatedResponse(status: 200)
    case .html:
      answer = EmulatedResponse(
        status: status, body: body ?? "<html><head><title>Error</title></head><body><h1>\(status)</h1></body></html>",
        contentType: "text/html")
    case .redirectElsewhere:
      // The same server under its other name: another host to a client, yet every stray request is counted here.
      let elsewhere = location ?? "http://localhost:\(request.host.split(separator: ":").last ?? "80")/elsewhere"
      answer = EmulatedResponse(status: 302, headers: [.init(name: "Location", value: elsewhere)])
    default:
      answer = EmulatedResponse(status: status, body: body ?? system.errorBody(status: status).encoded)
      if kind == .dropConnection { answer.delivery = .dropped }
      if kind == .hang { answer.delivery = .hung }
    }
    if let retryAfter { answer.setHeader("Retry-After", retryAfter) }
    return answer
  }

  /// Spoils the system's own answer on its way.
  func spoil(_ answer: inout EmulatedResponse) {
    switch kind {
    case .malformedJSON where answer.bytes != nil:
      answer.bytes = answer.bytes.map { Array($0.prefix($0.count / 2)) }
    case .malformedJSON:
      answer.body = String(decoding: answer.body.utf8.prefix(answer.body.utf8.count / 2), as: UTF8.self)
    case .truncate: answer.delivery = .truncated(bytes: (answer.bytes?.count ?? answer.body.utf8.count) / 2)
    case .commitThenDrop: answer.delivery = .dropped
    case .delay: answer.delay += delay
    case .hugeBody: answer.delivery = .padded(bytes: megabytes * 1_048_576)
    default: break
    }
  }
}
