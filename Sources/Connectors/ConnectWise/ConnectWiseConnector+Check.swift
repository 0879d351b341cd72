/// Tests each thing that the recipes need from ConnectWise by itself, and finds what is to be remembered.
import Model
import Synchronization

extension ConnectWiseConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    var results: [CheckResult] = []
    var findings: [String: String] = [:]
    do throws(ConnectorError) {
      let info = try await calls.discover()
      findings["code-base"] = info.codeBase
      findings["version"] = info.version
      let place = info.isCloud ? "cloud" : "self-hosted"
      results.append(
        CheckResult(
          name: "reachable", outcome: .passed,
          detail: "\(info.version ?? "version unknown"), \(place), code base \(info.codeBase)"))
    } catch {
      return CheckReport(results: [try .failed("reachable", error)], findings: [:])
    }
    results += try await checkRights()
    if !results.contains(where: { $0.name == "credentials" && $0.outcome == .failed }) {
      let types = try await checkTypes()
      results += types.results
      findings.merge(types.findings) { _, new in new }
      results.append(try await checkConfigurations())
      results += try await checkMembers()
      results += try await checkCompanies(partitions)
    }
    return CheckReport(results: results, findings: findings)
  }

  private func checkRights() async throws(ConnectorError) -> [CheckResult] {
    var rights: [CheckResult] = []
    var refusals: [ConnectorError] = []
    for (name, path) in [("companies: read", "companies"), ("contacts: read", "contacts")] {
      do throws(ConnectorError) {
        let count = try await count(["company", path], conditions: nil, purpose: "number of \(path)")
        rights.append(CheckResult(name: name, outcome: .passed, detail: "allowed, \(count) \(path)"))
      } catch {
        rights.append(try .failed(name, error))
        refusals.append(error)
      }
    }
    // A cloud server answers wrong keys with 404, and the code base was found a moment ago.
    let isRefused =
      refusals.count == rights.count && refusals.allSatisfy { [.unauthorized, .notFound].contains($0.kind) }
    if isRefused, let refusal = refusals.first {
      return [
        CheckResult(
          name: "credentials", outcome: .failed, detail: refusal.message,
          fix: "check company, public-key, private-key and client-id")
      ]
    }
    rights.append(
      CheckResult(
        name: "contacts: write", outcome: .warned, detail: "not tested: a check writes nothing",
        fix: "the role needs Companies > Contacts: Add and Edit; for itglue-psa the same at Company Maintenance and "
          + "Configurations"))
    let isSignedIn = refusals.count < rights.count - 1 || refusals.allSatisfy { $0.kind == .forbidden }
    guard isSignedIn else { return rights }
    return [CheckResult(name: "credentials", outcome: .passed, detail: "accepted")] + rights
  }

  /// Only one recipe needs configurations, so that a missing right is no failure of the connection.
  private func checkConfigurations() async throws(ConnectorError) -> CheckResult {
    let name = "configurations: read"
    do throws(ConnectorError) {
      let count = try await count(["company", "configurations"], conditions: nil, purpose: "number of configurations")
      return CheckResult(name: name, outcome: .passed, detail: "allowed, \(count) configurations")
    } catch {
      return try .warned(
        name, error, fix: "itglue-psa needs it: give the role Companies > Configurations: Inquire")
    }
  }

  private func checkTypes() async throws(ConnectorError) -> (results: [CheckResult], findings: [String: String]) {
    let rows: [ConnectWiseCommunicationType]
    do throws(ConnectorError) {
      rows = try await communicationTypes()
    } catch {
      return ([try .failed("communication types: read", error)], [:])
    }
    var results = [
      CheckResult(name: "communication types: read", outcome: .passed, detail: "allowed, \(rows.count) types")
    ]
    var findings: [String: String] = [:]
    let found = Self.found(in: rows, settings: typeSettings)
    for (key, what) in [("email-type", "e-mails"), ("phone-type", "desk phones"), ("mobile-type", "mobiles")] {
      if let row = found[key] {
        findings[key] = String(row.id)
        results.append(
          CheckResult(name: key, outcome: .passed, detail: "\(row.description ?? "type") (\(row.id)) is for \(what)"))
      } else {
        let names = rows.compactMap(\.description).joined(separator: ", ")
        let detail =
          typeSettings[key].map { "there is no communication type \($0)" }
          ?? "no communication type is clearly the one for \(what)"
        results.append(
          CheckResult(
            name: key, outcome: .failed, detail: "\(detail); there are: \(names)",
            fix: "set \(key) to one of these names for this connection"))
      }
    }
    if let email = found["email-type"], let phone = found["phone-type"], let mobile = found["mobile-type"] {
      let types = ConnectWiseTypes(email: email.id, phone: phone.id, mobile: mobile.id)
      knownTypes.withLock { $0 = types }
    }
    return (results, findings)
  }
}
