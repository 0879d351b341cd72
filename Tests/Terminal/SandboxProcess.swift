// `kith sandbox` as a process of its own, on a free port, and its control interface.
import Foundation
import FoundationNetworking
import Testing

struct SandboxProcess: Sendable {
  /// What it prints when it serves.
  struct Description: Decodable {
    struct System: Decodable {
      var url: String
      var credentials: [String: String]
    }

    var control: String
    var connect: [String]

    /// The command line that connects to one system.
    func connectLine(_ system: String) -> String? { connect.first { $0.hasPrefix("connect \(system) ") } }

    var environment: [String: String]
    var systems: [String: System]
  }

  let process: ChildProcess
  let description: Description

  /// Starts a sandbox with one company and waits until it serves. The same number of people gives the same world.
  init(at place: Place, people: Int = 12) async throws {
    let started = try place.start(["sandbox", "--companies", "1", "--people", String(people)])
    process = started.process
    description = try await eventually("the sandbox") {
      try? JSONDecoder().decode(Description.self, from: Data(contentsOf: started.out))
    }
  }

  /// Carries out one control request.
  @discardableResult
  func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> Data {
    guard let url = URL(string: description.control + path) else { throw URLError(.badURL) }
    var request = URLRequest(url: url, timeoutInterval: 20)
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    let (data, response) = try await URLSession.shared.data(for: request)
    guard let status = (response as? HTTPURLResponse)?.statusCode, status < 400 else {
      throw NotInTime(description: "\(method) \(path) was refused: \(String(decoding: data, as: UTF8.self))")
    }
    return data
  }

  /// Waits until a fault has met so many requests.
  func meets(_ count: Int) async throws {
    struct Rule: Decodable { var applied: Int }
    _ = try await eventually("request \(count) of a fault") { () -> Bool? in
      let rules = try JSONDecoder().decode([Rule].self, from: await control("GET", "/faults"))
      return rules.reduce(0) { $0 + $1.applied } >= count ? true : nil
    }
  }

  struct Contact: Decodable, Hashable {
    struct Communication: Decodable, Hashable { var value: String }

    var firstName: String
    var lastName: String?
    var title: String?
    var inactiveFlag: Bool
    var communicationItems: [Communication]
  }

  /// The contacts as anybody sees them: without the ids and times that a second world has otherwise.
  func contacts() async throws -> [Contact: Int] {
    let contacts = try JSONDecoder().decode([Contact].self, from: await control("GET", "/connectwise/contacts"))
    return contacts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// The lines that set up and enable a sync of its one company, which is called acme.
  var setUp: String {
    """
    \(["m365", "connectwise"].compactMap(description.connectLine).joined(separator: "\n"))
    load companies from cw
    add sync m365-contacts for acme from ms to cw tenant=acme.example update-existing=on
    check
    enable acme
    """
  }
}

extension Place {
  /// A place where a sync with a sandbox is set up and enabled.
  static func withSync(people: Int = 12) async throws -> (Place, SandboxProcess) {
    let first = try Place()
    let sandbox = try await SandboxProcess(at: first, people: people)
    let place = try Place(environment: sandbox.description.environment)
    let ending = try await place.run(script: sandbox.setUp)
    try #require(ending.code == 0, "the set-up: \(ending.error)")
    return (place, sandbox)
  }
}
