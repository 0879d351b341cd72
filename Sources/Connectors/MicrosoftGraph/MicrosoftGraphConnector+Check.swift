/// Tests each thing that the recipes need from Microsoft 365 by itself, tenant by tenant.
import Model
import Synchronization

extension MicrosoftGraphConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    guard !partitions.isEmpty else {
      return CheckReport(results: [try await checkReachable()], findings: [:])
    }
    var results: [CheckResult] = []
    for tenant in partitions {
      guard Self.isTenant(tenant) else {
        results.append(
          CheckResult(
            name: "tenant", outcome: .failed, detail: "\(tenant) is neither a tenant id nor a domain",
            fix: "set tenant to the tenant's id or one of its domains", partition: tenant))
        continue
      }
      results += try await check(tenant)
    }
    return CheckReport(results: results, findings: [:])
  }

  private func checkReachable() async throws(ConnectorError) -> CheckResult {
    let host = calls.cloud.signIn.origin.host
    do throws(ConnectorError) {
      _ = try await calls.line.send(
        HTTPRequest(.get, calls.cloud.signIn.appending([]), purpose: "sign-in host", isSignIn: true))
    } catch  where error.status == nil {
      return try .failed("reachable", error)
    } catch {
      // Any answer at all will do, a redirect to the vendor's home page too: nobody signs in without a tenant.
    }
    return CheckResult(
      name: "reachable", outcome: .passed, detail: "\(host) answers; no tenant is set up yet, so sign-in was not tested"
    )
  }

  private func check(_ tenant: String) async throws(ConnectorError) -> [CheckResult] {
    // A token keeps the permissions that it was issued with: test with a fresh one.
    calls.signIn.forget(tenant)
    licenceNames.withLock { $0[tenant] = nil }
    do throws(ConnectorError) {
      _ = try await calls.signIn.token(for: tenant)
    } catch {
      let name = error.kind == .unreachable ? "reachable" : "credentials"
      return [try .failed(name, error, partition: tenant)]
    }
    var results = [
      .reachable(calls.cloud.signIn.origin.host, partition: tenant),
      CheckResult(name: "credentials", outcome: .passed, detail: "signed in", partition: tenant),
    ]
    do throws(ConnectorError) {
      let address = users(tenant: tenant, [], [("$top", "1"), ("$select", "id,accountEnabled,assignedLicenses")])
      let page = try await page(tenant, address, purpose: "users (User.Read.All)")
      let detail = page.value.isEmpty ? "allowed; the tenant shows no users" : "allowed"
      results.append(CheckResult(name: "users: read", outcome: .passed, detail: detail, partition: tenant))
    } catch {
      results.append(try .failed("users: read", error, partition: tenant))
    }
    do throws(ConnectorError) {
      let names = try await readLicenceNames(tenant)
      results.append(
        CheckResult(
          name: "licence names: read", outcome: .passed, detail: "allowed, \(names.count) licences", partition: tenant))
    } catch {
      var result = try CheckResult.failed("licence names: read", error, partition: tenant)
      if error.kind == .forbidden {
        result.outcome = .warned
        result.detail += "; licences are shown and ignored by their ids only"
        result.fix = "grant Organization.Read.All and give admin consent in the tenant \(tenant)"
      }
      results.append(result)
    }
    return results
  }
}
