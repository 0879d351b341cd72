// `POST /$batch`: up to twenty requests in one.

extension MicrosoftGraphEmulation {
  static let mostBatchItems = 20

  /// Answers a batch; the items' answers come in another order than they were asked in, and each is metered by itself.
  ///
  /// Source: "Combine multiple HTTP requests using JSON batching".
  mutating func batchAnswer(
    _ request: EmulatedRequest, _ grant: Grant, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    guard request.method == "POST" else {
      throw GraphRefusal(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
    }
    guard let items = (try? request.json())?["requests"]?.elements else {
      throw .badRequest("Invalid batch payload format.")
    }
    guard items.count <= Self.mostBatchItems else {
      throw GraphRefusal(
        400, "MaximumValueExceeded",
        "Number of batch request steps exceeds the maximum value of \(MicrosoftGraphEmulation.mostBatchItems).")
    }
    let ids = items.map { $0["id"]?.text?.lowercased() }
    guard !items.isEmpty, !ids.contains(nil), Set(ids).count == ids.count else {
      throw .badRequest("Every request of a batch needs an id of its own.")
    }
    var responses: [JSON] = []
    for item in items.reversed() { responses.append(itemAnswer(item, grant, at: moment)) }
    return EmulatedResponse(200, ["responses": .array(responses)])
  }

  private mutating func itemAnswer(_ item: JSON, _ grant: Grant, at moment: Moment) -> JSON {
    var answer: EmulatedResponse
    do throws(GraphRefusal) {
      guard let method = item["method"]?.text, let url = item["url"]?.text, url.hasPrefix("/"), url != "/$batch" else {
        throw .badRequest("A request of a batch needs a method, and a url relative to the version.")
      }
      guard item["body"] == nil || item["headers"] != nil else {
        throw .badRequest("Write request id : \(item["id"]?.text ?? "") does not contain Content-Type header or body.")
      }
      var headers: [String: String] = [:]
      for header in item["headers"]?.members ?? [] { headers[header.name] = header.value.text ?? "" }
      answer = try resourceAnswer(
        EmulatedRequest(method, "/m365/v1.0\(url)", headers: headers), grant, at: moment)
    } catch {
      answer = refusal(error, clientRequestID: random.guid(), at: moment)
    }
    let headers = answer.headers.map { JSON.Member(name: $0.name, value: .string($0.value)) }
    return [
      "id": item["id"] ?? nil, "status": .int(answer.status), "headers": .object(headers),
      "body": (try? JSON(reading: answer.body)) ?? .string(answer.body),
    ]
  }
}
