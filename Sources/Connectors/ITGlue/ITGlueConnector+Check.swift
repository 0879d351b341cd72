/// Tests each thing that the recipes need from IT Glue by itself, and whether IT Glue's own PSA sync is in the way.
import Model

extension ITGlueConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    var results: [CheckResult] = []
    var refusals: [ConnectorError] = []
    for kind in [RecordKind.company, .person, .configuration] {
      let type = ITGlueMapping.type(kind)
      do throws(ConnectorError) {
        let total = try await calls.total(kind)
        results.append(
          CheckResult(
            name: "\(type): read", outcome: .passed,
            detail: total.map { "allowed, \($0) \(type)" } ?? "allowed"))
      } catch {
        if kind == .company, error.status == nil {
          return CheckReport(results: [try .failed("reachable", error)], findings: [:])
        }
        results.append(try .failed("\(type): read", error))
        refusals.append(error)
      }
    }
    let reachable = CheckResult.reachable(calls.base.origin.host)
    // A wrong key is answered with 401 or 403, and so is a key of another region.
    if refusals.count == 3, refusals.allSatisfy({ $0.kind == .unauthorized }), let refusal = refusals.first {
      let credentials = CheckResult(
        name: "credentials", outcome: .failed, detail: refusal.message,
        fix: "check api-key and region (us, eu, au); IT Glue revokes a key that was not used for 90 days")
      return CheckReport(results: [reachable, credentials], findings: [:])
    }
    let credentials = CheckResult(
      name: "credentials", outcome: .passed, detail: "accepted; IT Glue revokes a key that is not used for 90 days")
    results = [reachable] + (refusals.count < 3 ? [credentials] : []) + results
    guard refusals.count < 3 else { return CheckReport(results: results, findings: [:]) }
    results.append(try await checkNames())
    var findings: [String: String] = [:]
    let integration = try await checkIntegration()
    results.append(integration.result)
    findings["psa-integration"] = integration.found
    results += try await checkCompanies(partitions, noun: "organization")
    return CheckReport(results: results, findings: findings)
  }

  private func checkNames() async throws(ConnectorError) -> CheckResult {
    let name = "types and statuses: read"
    do throws(ConnectorError) {
      var counts: [String] = []
      for list in [
        ITGlueList.organizationTypes, .organizationStatuses, .configurationTypes, .configurationStatuses,
        .manufacturers,
      ] {
        counts.append("\(try await catalogue.refresh(list).count) \(list.plural)")
      }
      return CheckResult(name: name, outcome: .passed, detail: "allowed, \(counts.joined(separator: ", "))")
    } catch {
      return try .failed(name, error)
    }
  }

  /// Looks for organizations that IT Glue's own sync links to a PSA: while that sync is on, most changes to them are
  /// refused. Which product it is, is asked by the id of one of them.
  private func checkIntegration() async throws(ConnectorError) -> (result: CheckResult, found: String?) {
    let name = "own PSA sync off"
    do throws(ConnectorError) {
      let rows = try await organizations([("sort", "id"), ("include", "adapters_resources"), ("page[size]", "100")])
      let owned = rows.filter { $0.fields.text("psa-id") != nil }
      guard let first = owned.first, let psaID = first.fields.text("psa-id") else {
        return (
          CheckResult(
            name: name, outcome: .passed, detail: "none of the first \(rows.count) organizations is linked by IT Glue"),
          nil
        )
      }
      let found = try await integration(of: first.id, psaID)
      let product = ITGlueFeatures.integrations.first { $0.type == found }?.name ?? "PSA"
      return (
        CheckResult(
          name: name, outcome: .warned,
          detail:
            "\(owned.count) of the first \(rows.count) organizations are linked by IT Glue's own \(product) sync; "
            + "while it is on, IT Glue refuses to change them",
          fix: "switch the \(product) integration off at IT Glue, Account > Integrations, before kith takes over"),
        found
      )
    } catch {
      var result = try CheckResult.failed(name, error)
      result.outcome = .warned
      result.fix = result.fix ?? "switch IT Glue's own PSA integration off before kith takes over"
      return (result, nil)
    }
  }

  private func integration(of id: RecordID, _ psaID: String) async throws(ConnectorError) -> String? {
    for (type, _) in ITGlueFeatures.integrations {
      do throws(ConnectorError) {
        let rows = try await organizations([
          ("filter[psa_id]", psaID), ("filter[psa_integration_type]", type), ("filter[id]", id.rawValue),
          ("page[size]", "1"),
        ])
        if rows.contains(where: { $0.id == id }) { return type }
      } catch  where error.kind == .rejected {
        // An account need not know every product.
      }
    }
    return nil
  }

  private func organizations(_ query: [(key: String, value: String)]) async throws(ConnectorError) -> [Record] {
    let purpose = "organizations linked to a PSA"
    let response = try await calls.page(["organizations"], query: query, purpose: purpose)
    let page = try calls.errors.value(
      ITGluePage<ITGlueOrganization>.self, of: response, purpose: purpose, now: calls.now())
    return page.rows.map { ITGlueMapping.record($0, remoteIDs: page.remoteIDs) }
  }
}
