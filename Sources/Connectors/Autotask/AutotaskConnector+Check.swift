/// Tests each thing that the recipes need from Autotask by itself, and finds what is to be remembered.
import Model

extension AutotaskConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    var findings: [String: String] = [:]
    var results: [CheckResult] = []
    do throws(ConnectorError) {
      let (zone, name) = try await calls.discover()
      findings["zone"] = zone.description
      findings["zone-name"] = name
      results.append(
        CheckResult(name: "reachable", outcome: .passed, detail: "zone \(name ?? zone.origin.host)"))
    } catch {
      // A user that it does not know is answered by the directory of zones already.
      let name = error.kind == .unauthorized ? "credentials" : "reachable"
      return CheckReport(results: [try Self.failed(name, error)], findings: [:])
    }
    do throws(ConnectorError) {
      let threshold = try await calls.threshold()
      results.append(CheckResult(name: "credentials", outcome: .passed, detail: "accepted"))
      results.append(Self.budget(threshold))
    } catch {
      results.append(try Self.failed("credentials", error))
      return CheckReport(results: results, findings: findings)
    }
    for kind in [RecordKind.company, .person, .configuration] {
      results.append(try await checkReading(kind))
      results.append(try await checkWriting(kind))
    }
    results += try await checkProducts()
    results += try await checkAccountManager()
    results += try await checkCompanies(partitions)
    return CheckReport(results: results, findings: findings)
  }

  /// Above three quarters the other tools of the customer come first.
  private static func budget(_ threshold: AutotaskThreshold) -> CheckResult {
    let (used, limit) = (threshold.currentTimeframeRequestCount, threshold.externalRequestThreshold)
    let isMuch = limit > 0 && Double(used) > 0.75 * Double(limit)
    return CheckResult(
      name: "request budget", outcome: isMuch ? .warned : .passed,
      detail: "\(used) of \(limit) requests used in \(threshold.requestThresholdTimeframe) min, by all integrations",
      fix: isMuch ? "see which other integrations ask so much; kith stops at 95 %" : nil)
  }

  private func checkReading(_ kind: RecordKind) async throws(ConnectorError) -> CheckResult {
    let entity = Self.entity(kind)
    let name = "\(entity.words): read"
    do throws(ConnectorError) {
      let count = try await calls.count(
        AutotaskQuery([AutotaskQuery.everything], fields: []), of: entity, purpose: "number of \(entity.words)")
      return CheckResult(
        name: name, outcome: .passed,
        detail: "allowed; \(count) are seen, those that the security level shows")
    } catch {
      return try Self.failed(name, error, isNeeded: kind != .configuration)
    }
  }

  /// What the API user may do is told without writing anything.
  private func checkWriting(_ kind: RecordKind) async throws(ConnectorError) -> CheckResult {
    let entity = Self.entity(kind)
    let name = "\(entity.words): write"
    do throws(ConnectorError) {
      let info = try await information(of: entity)
      let missing = [(info.mayCreate, "add"), (info.mayUpdate, "edit")].filter { !$0.0 }.map(\.1)
      guard !missing.isEmpty else { return CheckResult(name: name, outcome: .passed, detail: "allowed") }
      return CheckResult(
        name: name, outcome: kind == .person ? .failed : .warned,
        detail: "the API user may not \(missing.joined(separator: " and not ")) \(entity.words)",
        fix: "give its security level the right to \(missing.joined(separator: " and ")) \(entity.words)")
    } catch {
      return try Self.failed(name, error, isNeeded: kind == .person)
    }
  }

  private func checkProducts() async throws(ConnectorError) -> [CheckResult] {
    do throws(ConnectorError) {
      let info = try await information(of: .products)
      return [
        CheckResult(
          name: "products: write", outcome: info.mayCreate ? .passed : .warned,
          detail: info.mayCreate ? "allowed" : "the API user may not add products",
          fix: info.mayCreate ? nil : "give its security level the right to add products, for configuration items")
      ]
    } catch {
      return [try Self.failed("products: write", error, isNeeded: false)]
    }
  }

  private func information(
    of entity: AutotaskEntity
  ) async throws(ConnectorError) -> AutotaskEntityInformation.Info {
    try await calls.get(
      AutotaskEntityInformation.self, entity, [entity.rawValue, "entityInformation"],
      purpose: "rights on \(entity.words)"
    ).info
  }

  private func checkAccountManager() async throws(ConnectorError) -> [CheckResult] {
    guard let accountManager else { return [] }
    do throws(ConnectorError) {
      _ = try await resource(accountManager)
      return [CheckResult(name: "account-manager", outcome: .passed, detail: accountManager)]
    } catch {
      return [try Self.failed("account-manager", error)]
    }
  }

  private static func failed(
    _ name: String, _ error: ConnectorError, isNeeded: Bool = true
  ) throws(ConnectorError) -> CheckResult {
    guard !isNeeded else { return try .failed(name, error) }
    var result = try CheckResult.failed(
      name, error, fix: "needed by recipes with \(name.prefix { $0 != ":" }) only")
    result.outcome = .warned
    return result
  }
}
