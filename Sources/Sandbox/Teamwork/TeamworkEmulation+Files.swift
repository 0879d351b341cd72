// Pictures: announced, uploaded to the storage, taken by a record, and shown.

/// A file that somebody announced.
struct TeamworkFile: Sendable {
  var name: String
  var size: Int
  var announcedAt: Int
  var isUploaded = false
  var isTaken = false
}

extension TeamworkEmulation {
  /// How long the address of an upload lives, in seconds.
  private static let uploadLife = 600

  /// `GET /projects/api/v1/pendingfiles/presignedurl.json?fileName=..&fileSize=..`
  mutating func announcedFile(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    guard let name = request.option("fileName"), !name.isEmpty,
      let size = request.option("fileSize").flatMap({ Int($0) }), size > 0
    else { throw .invalid("fileName and fileSize are required") }
    let reference = "tf_" + random.guid()
    files[reference] = TeamworkFile(name: name, size: size, announcedAt: moment.seconds)
    return EmulatedResponse(
      200,
      [
        "ref": .string(reference),
        "url": .string(
          "\(moment.root)/uploads/\(reference)?X-Amz-Expires=600&X-Amz-SignedHeaders=content-length%3Bhost%3Bx-amz-acl"),
      ])
  }

  /// The storage's own answer: XML, and no trace of the API.
  mutating func upload(_ request: EmulatedRequest, _ reference: String, at moment: Moment) -> EmulatedResponse {
    func refusal(_ status: Int, _ code: String) -> EmulatedResponse {
      EmulatedResponse(
        status: status, body: "<?xml version=\"1.0\"?><Error><Code>\(code)</Code></Error>",
        contentType: "application/xml")
    }
    guard request.method == "PUT" else { return refusal(405, "MethodNotAllowed") }
    // "PUT the bytes to url without any Authorization header".
    guard request.headers["authorization"] == nil else { return refusal(400, "InvalidArgument") }
    // "with Content-Length (chunked is refused)".
    guard request.headers["transfer-encoding"] == nil else { return refusal(501, "NotImplemented") }
    guard request.headers["content-length"] != nil else { return refusal(411, "MissingContentLength") }
    // "repeating X-Amz-Acl: public-read only when the URL's X-Amz-SignedHeaders lists it", which it does here.
    guard request.headers["x-amz-acl"] == "public-read" else { return refusal(403, "SignatureDoesNotMatch") }
    guard var file = files[reference], moment.seconds - file.announcedAt <= Self.uploadLife else {
      return refusal(403, "AccessDenied")
    }
    guard request.body.count == file.size else { return refusal(403, "SignatureDoesNotMatch") }
    file.isUploaded = true
    files[reference] = file
    counters.uploads += 1
    return EmulatedResponse(status: 200)
  }

  /// Gives an uploaded file to a record and returns its path.
  mutating func take(file reference: String, at moment: Moment) throws(TeamworkRefusal) -> String {
    guard var file = files[reference], file.isUploaded, !file.isTaken else {
      throw .invalid("The pending file reference is not valid")
    }
    file.isTaken = true
    files[reference] = file
    return "/avatars/\(reference)"
  }

  /// A picture, which anyone may look at: a drawing that names the file.
  func image(_ name: String) -> EmulatedResponse {
    EmulatedResponse(
      status: 200,
      body: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\"><title>"
        + name.filter { $0.isLetter || $0.isNumber || "-_.".contains($0) } + "</title></svg>",
      contentType: "image/svg+xml")
  }
}
