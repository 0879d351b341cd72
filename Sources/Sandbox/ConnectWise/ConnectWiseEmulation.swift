// ConnectWise PSA, emulated: discovery, sign-in, rights, and the way to each resource.

import Foundation

/// One ConnectWise instance of a provider.
struct ConnectWiseEmulation: EmulatedSystem {
  /// The instance's ways that are not documented, or differ between instances.
  struct Options: Sendable {
    /// Phone numbers are kept as digits only.
    var keepsDigitsOnly = false
    /// Editing a communication item changes the contact's `lastUpdated`.
    var communicationBumpsLastUpdated = true
    /// Wrong credentials answer 404, as cloud instances do, instead of 401.
    var hidesBadCredentials = false
    var requestsPerMinute = 1000
    /// Whether the rate limit holds also while the clock stands still.
    var limitsFrozenClock = false
    /// Fields without a value are sent as null instead of being left out.
    var writesNulls = false
    /// A company needs an address when it is created, as the descriptions of its fields say.
    var companyNeedsAddress = true
    /// A configuration that is created without a status gets the default one.
    var givesDefaultStatus = true
    /// Links to pictures name another host, as a server behind a proxy may.
    var linksElsewhere = false
  }

  let handle = "connectwise"
  let companyID = "kestrelmsp"
  let publicKey: String
  let privateKey: String
  let clientID: String
  var credentialsAreValid = true
  /// The API member may look at the staff and its pictures, and change nobody.
  var rights = Rights(
    ["companies", "contacts", "communications-types", "configurations", "manufacturers", "members", "documents"],
    ["members": .init(write: false), "documents": .init(write: false)])
  var options = Options()
  var codebase = "v2025_1/"
  /// By ascending id.
  var companies: [ConnectWiseCompany] = []
  var companyPlaces: [Int: Int] = [:]
  /// The id of each company by its identifier in lower case; a deleted one keeps its identifier.
  var companyIDs: [String: Int] = [:]
  /// By ascending id; deleted ones stay as empty places.
  var contacts: [ConnectWiseContact] = []
  var contactPlaces: [Int: Int] = [:]
  /// The places of each company's contacts, ascending.
  var contactsOfCompany: [Int: [Int]] = [:]
  /// By ascending id; deleted ones stay as empty places.
  var configurations: [ConnectWiseConfiguration] = []
  var configurationPlaces: [Int: Int] = [:]
  /// The places of each company's configurations, ascending.
  var configurationsOfCompany: [Int: [Int]] = [:]
  var configurationTypes: [ConfigurationType] = []
  var configurationStatuses: [ConfigurationStatus] = []
  var manufacturers: [Manufacturer] = []
  /// By ascending id.
  var members: [ConnectWiseMember] = []
  var memberTypes: [ConnectWiseSetupRow] = []
  var memberLocations: [ConnectWiseSetupRow] = []
  var memberDepartments: [ConnectWiseSetupRow] = []
  var workRoles: [ConnectWiseSetupRow] = []
  var nextMemberID = 1
  var nextDocumentID = 7000
  /// Patches that were answered with 200 and changed nothing, by what they tried.
  var patchesInVain: [String: Int] = [:]
  var nextContactID = 1
  var nextConfigurationID = 1
  var nextCommunicationID = 9001
  private var minute = (number: 0, requests: 0)
  var random: SeededGenerator

  init(_ seed: SeedWorld) {
    random = SeededGenerator(seed: seed.seed &+ 3000)
    publicKey = random.key(length: 16)
    privateKey = random.key(length: 16)
    clientID = random.guid()
    fill(from: seed)
  }

  // MARK: - Answering

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    var answer: EmulatedResponse
    do throws(ConnectWiseRefusal) {
      answer = try routedAnswer(request, at: moment)
    } catch {
      answer = EmulatedResponse(error.status, error.json, headers: error.headers)
      if error.body == .string("") { answer = EmulatedResponse(status: error.status, headers: error.headers) }
    }
    answer.setHeader("api-current-version", "2025.1")
    answer.setHeader("x-cw-request-id", random.guid())
    return answer
  }

  private mutating func routedAnswer(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    // The recommended longest URL is 2,000 characters; what happens beyond it is not documented.
    if moment.root.utf8.count + request.target.utf8.count > 2000 {
      throw ConnectWiseRefusal(status: 414, code: "UriTooLong", message: "The request URL is too long.")
    }
    if request.path.count == 3, request.path[0] == "login", request.path[1] == "companyinfo" {
      return companyInfo(request.path[2])
    }
    guard request.path.count > 3, request.path[1] == "apis", request.path[2] == "3.0",
      [codebase, "v4_6_release/"].contains(request.path[0] + "/")
    else { throw .notFound("Resource") }
    guard request.headers["clientid"]?.isEmpty == false else {
      throw ConnectWiseRefusal(status: 403, code: "Forbidden", message: "A clientId is required.")
    }
    let resource = Array(request.path.dropFirst(3))
    if resource == ["system", "info"] { return systemInfo() }
    try signIn(request)
    try meter(at: moment)
    return try resourceAnswer(request, resource, at: moment)
  }

  /// `GET /login/companyinfo/{id}`, which needs no sign-in and answers `null` for a company it does not know.
  private func companyInfo(_ name: String) -> EmulatedResponse {
    guard name.lowercased() == companyID else { return EmulatedResponse(200, nil) }
    let version = codebase.filter { $0 != "/" }
    return EmulatedResponse(
      200,
      [
        "CompanyName": "Kestrel Managed Services", "Codebase": .string(codebase),
        "VersionCode": .string(version.replacing("_", with: ".")), "VersionNumber": "v4.6.99999",
        "CompanyID": .string(companyID), "IsCloud": "True",
      ])
  }

  private func systemInfo() -> EmulatedResponse {
    EmulatedResponse(
      200,
      [
        "version": .string(codebase.filter { $0 != "/" }.replacing("_", with: ".") + ".12345"), "isCloud": true,
        "serverTimeZone": "Eastern Standard Time", "cloudRegion": "NA", "licenseBits": [],
        "maxWorkFlowRecordsAllowed": 0,
      ])
  }

  /// Basic credentials: `{company}+{publicKey}` and the private key.
  private func signIn(_ request: EmulatedRequest) throws(ConnectWiseRefusal) {
    let expected = Data("\(companyID)+\(publicKey):\(privateKey)".utf8).base64EncodedString()
    let header = request.headers["authorization"] ?? ""
    let sent = header.lowercased().hasPrefix("basic ") ? String(header.dropFirst(6)) : ""
    guard !credentialsAreValid || sent != expected else { return }
    if options.hidesBadCredentials { throw ConnectWiseRefusal(status: 404, code: "", message: "", body: "") }
    throw ConnectWiseRefusal(status: 401, code: "Unauthorized", message: "Invalid credentials were supplied.")
  }

  /// The limit of requests a minute; its refusal has a shape of its own.
  private mutating func meter(at moment: Moment) throws(ConnectWiseRefusal) {
    guard !moment.clockIsFrozen || options.limitsFrozenClock else { return }
    let number = moment.seconds / 60
    minute = number == minute.number ? (number, minute.requests + 1) : (number, 1)
    guard minute.requests > options.requestsPerMinute else { return }
    let wait = 60 - moment.seconds % 60
    throw ConnectWiseRefusal(
      status: 429, code: "", message: "", headers: [.init(name: "Retry-After", value: wait.description)],
      body: [
        "error": "ConnectWiseAPI",
        "message": .string("Too many requests. Please try again in \(wait) seconds."),
      ])
  }

  private func need(_ resource: String, write: Bool) throws(ConnectWiseRefusal) {
    guard rights[resource].covers(write: write) else {
      throw ConnectWiseRefusal(
        status: 403, code: "Forbidden", message: "The security role does not allow this on \(resource).")
    }
  }

  private mutating func resourceAnswer(
    _ request: EmulatedRequest, _ resource: [String], at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let isWrite = request.method != "GET"
    guard resource.count >= 2, ["company", "procurement", "system", "time"].contains(resource[0]) else {
      throw .notFound("Resource")
    }
    let rest = Array(resource.dropFirst(2))
    if resource[0] == "procurement" {
      guard resource[1] == "manufacturers" else { throw .notFound("Resource") }
      try need("manufacturers", write: isWrite)
      return try manufacturerAnswer(request, rest, at: moment)
    }
    if ["system", "time"].contains(resource[0]) { return try staffAnswer(request, resource, at: moment) }
    switch resource[1] {
    case "contacts":
      try need("contacts", write: isWrite)
      return try contactAnswer(request, rest, at: moment)
    case "companies":
      try need("companies", write: isWrite)
      return try companyAnswer(request, rest, at: moment)
    case "configurations":
      try need("configurations", write: isWrite)
      return try configurationAnswer(request, rest, at: moment)
    case "communicationTypes":
      try need("communications-types", write: isWrite)
      guard !isWrite else { throw .methodNotAllowed }
      return try catalogue(
        CommunicationType.all, rest, request, at: moment, id: \.id, label: ("description", \.description), json: \.json)
    default: throw .notFound("Resource")
    }
  }

  /// Members, their pictures, and the tables that they refer to.
  private func staffAnswer(
    _ request: EmulatedRequest, _ resource: [String], at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let isWrite = request.method != "GET"
    let rest = Array(resource.dropFirst(2))
    switch (resource[0], resource[1]) {
    case ("system", "members"):
      try need("members", write: isWrite)
      return try memberAnswer(request, rest, at: moment)
    case ("system", "documents"):
      try need("documents", write: isWrite)
      return try documentAnswer(request, rest)
    case ("system", "locations"): return try setupAnswer(memberLocations, rest, request, at: moment)
    case ("system", "departments"): return try setupAnswer(memberDepartments, rest, request, at: moment)
    case ("time", "workRoles"): return try setupAnswer(workRoles, rest, request, at: moment)
    default: throw .notFound("Resource")
    }
  }

  /// The address of a request's collection, for the links of its pages.
  func url(of request: EmulatedRequest, at moment: Moment) -> String { moment.root + request.rawPath }

  // MARK: - What the sandbox asks of a system

  func route(of request: EmulatedRequest) -> String {
    var path = request.path.map { Int($0) == nil ? $0 : "{id}" }
    if path.count == 3, path[0] == "login" { path[2] = "{company}" }
    if path.count > 2, path[1] == "apis" { path.removeFirst(3) }
    return "/" + path.joined(separator: "/")
  }

  func resourcePath(of request: EmulatedRequest) -> String {
    let isResource = request.path.count > 2 && request.path[1] == "apis"
    return "/" + (isResource ? request.path.dropFirst(3) : request.path[...]).joined(separator: "/")
  }

  func isWrite(_ request: EmulatedRequest) -> Bool { request.method != "GET" }

  func errorBody(status: Int) -> JSON {
    if status == 429 {
      return ["error": "ConnectWiseAPI", "message": "Too many requests. Please try again in 1 seconds."]
    }
    let code =
      switch status {
      case 401: "Unauthorized"
      case 403: "Forbidden"
      case 404: "NotFound"
      case 409: "Conflict"
      case 400..<500: "InvalidObject"
      default: "UnexpectedError"
      }
    return ["code": .string(code), "message": "An error was arranged.", "errors": nil]
  }

  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON {
    request.path.last == "count" ? ["count": 0] : []
  }
}
