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
        return CheckReport(results: [reachable, try .failed("credentials", error)], findings: [:])
      case .forbidden: results += [reachable, try .failed("companies: read", error)]
      default: return CheckReport(results: [try .failed("reachable", error)], findings: [:])
      }
    }
    do throws(ConnectorError) {
      let page: TeamworkDeskPage<TeamworkDeskCustomer> = try await page(
        [], size: 1, includes: nil, purpose: "customers")
      results.append(
        CheckResult(
          name: "customers: read", outcome: .passed, detail: "allowed, \(page.records ?? page.rows.count) customers"))
    } catch {
      results.append(try .failed("customers: read", error))
    }
    results.append(
      CheckResult(
        name: "companies and customers: write", outcome: .warned, detail: "not tested: a check writes nothing",
        fix: "the owner of the key needs the permission to manage companies, or to be a site administrator"))
    results += try await checkCompanies(partitions)
    return CheckReport(results: results, findings: [:])
  }

  private var reachable: CheckResult {
    .reachable(calls.api.origin.host)
  }
}
