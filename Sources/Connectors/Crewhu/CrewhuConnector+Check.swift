/// Tests whether employees can be read, whether they can be told apart, and whether anything can be written.
import Model

extension CrewhuConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    let reachable = CheckResult.reachable(calls.api.origin.host)
    var results: [CheckResult] = []
    var findings: [String: String] = [:]
    let first: CrewhuList
    do throws(ConnectorError) {
      // The very call by which the one known client tests a token ("Test connection").
      first = try await calls.list("user", step: 1, limit: 1, purpose: "employees")
    } catch {
      switch error.kind {
      case .unauthorized, .forbidden:
        return CheckReport(results: [reachable, try Self.failed("credentials", error)], findings: [:])
      default: return CheckReport(results: [try Self.failed("reachable", error)], findings: [:])
      }
    }
    results += [
      reachable, CheckResult(name: "credentials", outcome: .passed, detail: "accepted"),
      CheckResult(
        name: "employees: read", outcome: .passed,
        detail: "allowed\(first.total.map { ", \($0) employees" } ?? "")"),
    ]
    let keys = try await checkKeys(first)
    results += keys.results
    findings.merge(keys.findings) { _, new in new }
    let writing = try await writer.check()
    results += writing.results
    findings.merge(writing.findings) { _, new in new }
    return CheckReport(results: results, findings: findings)
  }

  /// Whether employees carry what they are matched by: without e-mail addresses nobody can be recognised, and a sync would
  /// make everybody a second time.
  private func checkKeys(
    _ first: CrewhuList
  ) async throws(ConnectorError) -> (results: [CheckResult], findings: [String: String]) {
    func has(_ name: FieldName, _ list: CrewhuList) -> Bool {
      list.rows.contains { CrewhuMapping.record($0).fields[name]?.isBlank == false }
    }
    let (email, ids) = ("employees: e-mail address", "employees: employee ids")
    guard !first.rows.isEmpty else {
      let detail = "there is no employee yet to look at"
      let fix = "check again once there is one: Crewhu may hide this, and then nobody can be matched"
      return (
        [email, ids].map { CheckResult(name: $0, outcome: .warned, detail: detail, fix: fix) }, ["email": "unknown"]
      )
    }
    var sample = first
    if !has("email", first) || !has("employee-ids", first) {
      do throws(ConnectorError) {
        sample = try await calls.list("user", step: 1, purpose: "employees")
      } catch {
        return ([try Self.failed(email, error)], [:])
      }
    }
    var results: [CheckResult] = []
    let isShown = has("email", sample)
    results.append(
      isShown
        ? CheckResult(name: email, outcome: .passed, detail: "shown")
        : CheckResult(
          name: email, outcome: .failed,
          detail:
            "none of \(sample.rows.count) employees comes with an e-mail address, so nobody can be matched: every "
            + "member would be made a second time",
          fix: "ask Crewhu's support whether the Open API can show the e-mail addresses of employees"))
    results.append(
      has("employee-ids", sample)
        ? CheckResult(name: ids, outcome: .passed, detail: "shown")
        : CheckResult(
          name: ids, outcome: .warned,
          detail:
            "none of \(sample.rows.count) employees has an employee id, and an e-mail address alone matches nobody",
          fix: "give the employees their ids at Crewhu: ConnectWise's member id, or the e-mail address"))
    return (results, ["email": isShown ? "shown" : "hidden"])
  }

  private static func failed(_ name: String, _ error: ConnectorError) throws(ConnectorError) -> CheckResult {
    try .failed(name, error, fix: "check again later")
  }
}
