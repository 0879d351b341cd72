/// Tests each thing that the recipes need from Teamwork Desk by itself.
import Model

extension TeamworkDeskConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    var results: [CheckResult] = []
    do throws(ConnectorError) {
      let page: TeamworkDeskPage<TeamworkDeskCompany> = try await page([], size: 1, includes: nil, purpose: "companies")
      results += [
        reachable, CheckResult(name: "credentials", outcome: .passed, detail: "accepted"),
        CheckResult(
          name: "companies: read", outcome: .passed, detail: "allowed, \(page.records ?? page.rows.count) companies"),
      ]
    } catch {
      switch error.kind {
      case .unauthorized:
        return CheckReport(results: [reachable, try Self.failed("credentials", error)], findings: [:])
      case .forbidden: results += [reachable, try Self.failed("companies: read", error)]
      default: return CheckReport(results: [try Self.failed("reachable", error)], findings: [:])
      }
    }
    do throws(ConnectorError) {
      let page: TeamworkDeskPage<TeamworkDeskCustomer> = try await page(
        [], size: 1, includes: nil, purpose: "customers")
      results.append(
        CheckResult(
          name: "customers: read", outcome: .passed, detail: "allowed, \(page.records ?? page.rows.count) customers"))
    } catch {
      results.append(try Self.failed("customers: read", error))
    }
    results.append(
      CheckResult(
        name: "companies and customers: write", outcome: .warned, detail: "not tested: a check writes nothing",
        fix: "the owner of the key needs the permission to manage companies, or to be a site administrator"))
    results += try await checkCompanies(partitions)
    return CheckReport(results: results, findings: [:])
  }

  private var reachable: CheckResult {
    CheckResult(name: "reachable", outcome: .passed, detail: "\(calls.api.origin.host) answers")
  }

  private func checkCompanies(_ partitions: [String]) async throws(ConnectorError) -> [CheckResult] {
    guard !partitions.isEmpty else { return [] }
    do throws(ConnectorError) {
      let records = try await read(partitions.map { RecordID($0) }, of: .company, in: ReadScope())
      let found = Set(records.filter { $0.state != .gone }.map(\.id.rawValue))
      return partitions.map { partition in
        let isThere = found.contains(partition)
        return CheckResult(
          name: "company", outcome: isThere ? .passed : .failed,
          detail: isThere ? "found" : "there is no company \(partition)",
          fix: isThere ? nil : "map the company to its id at Teamwork Desk", partition: partition)
      }
    } catch {
      return [try Self.failed("company", error)]
    }
  }

  private static func failed(_ name: String, _ error: ConnectorError) throws(ConnectorError) -> CheckResult {
    if error.kind == .cancelled { throw error }
    return CheckResult(name: name, outcome: .failed, detail: error.message, fix: error.hint)
  }
}
