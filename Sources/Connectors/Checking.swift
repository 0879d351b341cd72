/// What the checks of several systems say in the same way.
import Model

extension CheckResult {
  static func reachable(_ host: String, partition: String? = nil) -> CheckResult {
    CheckResult(name: "reachable", outcome: .passed, detail: "\(host) answers", partition: partition)
  }

  /// A test that ended in an error.
  /// - Parameter fix: what to do where the error itself does not say it.
  /// - Throws: the error itself where it is no result: the check was called off.
  static func failed(
    _ name: String, _ error: ConnectorError, fix: String? = nil, partition: String? = nil
  ) throws(ConnectorError) -> CheckResult {
    if error.kind == .cancelled { throw error }
    return CheckResult(
      name: name, outcome: .failed, detail: error.message, fix: error.hint ?? fix, partition: partition)
  }

  /// The same of something that the connection can do without, and why somebody may want it.
  static func warned(_ name: String, _ error: ConnectorError, fix: String) throws(ConnectorError) -> CheckResult {
    var result = try failed(name, error)
    result.outcome = .warned
    result.fix = fix
    return result
  }

  /// Whether a company is there that a sync is mapped to.
  /// - Parameter noun: what the system calls a company.
  static func company(_ id: String, isThere: Bool, at system: String, noun: String = "company") -> CheckResult {
    CheckResult(
      name: noun, outcome: isThere ? .passed : .failed, detail: isThere ? "found" : "there is no \(noun) \(id)",
      fix: isThere ? nil : "map the company to its id at \(system)", partition: id)
  }
}

extension Connector {
  /// Tests whether the companies are there that syncs are mapped to; one that was deleted is not.
  func checkCompanies(
    _ partitions: [String], noun: String = "company"
  ) async throws(ConnectorError) -> [CheckResult] {
    guard !partitions.isEmpty else { return [] }
    do throws(ConnectorError) {
      let records = try await read(partitions.map { RecordID($0) }, of: .company, in: ReadScope())
      let found = Set(records.filter { $0.state != .gone }.map(\.id.rawValue))
      return partitions.map { .company($0, isThere: found.contains($0), at: Self.description.name, noun: noun) }
    } catch {
      return [try .failed(noun, error)]
    }
  }
}
