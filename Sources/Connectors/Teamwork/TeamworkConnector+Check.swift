/// Tests each thing that the recipes need from Teamwork.com by itself, and finds the site's own company.
import Model
import Synchronization

extension TeamworkConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    var results: [CheckResult] = []
    let me: TeamworkMe.Person
    do throws(ConnectorError) {
      me = try await calls.get(TeamworkMe.self, .v3, ["me.json"], purpose: "the owner of the key").person
    } catch {
      let isAnswer = [ConnectorError.Kind.unauthorized, .forbidden].contains(error.kind)
      var failed: [CheckResult] = [try .failed(isAnswer ? "credentials" : "reachable", error)]
      if isAnswer { failed.insert(reachable, at: 0) }
      return CheckReport(results: failed, findings: [:])
    }
    results += [
      reachable, CheckResult(name: "credentials", outcome: .passed, detail: "the key of person \(me.id.value)"),
    ]
    results.append(Self.view(me))
    var findings: [String: String] = [:]
    do throws(ConnectorError) {
      let list: TeamworkList<TeamworkCompany> = try await list(.companies, [], purpose: "companies")
      let owned = list.rows.first { $0.isOwner == true }
      owner.withLock { $0 = .known(owned?.id) }
      if let owned { findings["owner-company"] = String(owned.id) }
      let name = owned?.name.value.map { ", own company \($0)" } ?? ", the own company is not to be seen"
      results.append(
        CheckResult(name: "companies: read", outcome: .passed, detail: "allowed, \(list.rows.count) companies\(name)"))
      results += try await checkPeople(list.rows.first { $0.isOwner != true }?.id)
      let ids = Set(list.rows.map { String($0.id) })
      results += partitions.map {
        Self.partition($0, isThere: ids.contains($0), isOwner: $0 == findings["owner-company"])
      }
    } catch {
      results.append(try .failed("companies: read", error))
    }
    results.append(
      CheckResult(
        name: "people and companies: write", outcome: .warned, detail: "not tested: a check writes nothing",
        fix: "the owner of the key needs to be allowed to manage people and companies"))
    return CheckReport(results: results, findings: findings)
  }

  private var reachable: CheckResult {
    .reachable(calls.site.origin.host)
  }

  /// What somebody cannot see is silently not in the lists.
  private static func view(_ me: TeamworkMe.Person) -> CheckResult {
    let isInside = me.inOwnerCompany?.value == true
    let isAdmin = me.isAdmin?.value == true || me.siteOwner?.value == true
    if isInside, isAdmin {
      return CheckResult(name: "view", outcome: .passed, detail: "a site administrator of the own company sees all")
    }
    let what = isInside ? "is no site administrator" : "is not in the site's own company"
    return CheckResult(
      name: "view", outcome: .warned, detail: "the owner of the key \(what): people and clients may be missing",
      fix: "use the API key of a site administrator of the own company")
  }

  /// The list of people, and the details that only the older API has.
  private func checkPeople(_ company: Int?) async throws(ConnectorError) -> [CheckResult] {
    var results: [CheckResult] = []
    do throws(ConnectorError) {
      let page: TeamworkPage<TeamworkListedPerson> = try await page(
        .people, Self.population, number: 1, size: 1, purpose: "people")
      results.append(
        CheckResult(name: "people: read", outcome: .passed, detail: "allowed, \(page.count ?? 0) people"))
    } catch {
      results.append(try .failed("people: read", error))
    }
    guard let company else { return results }
    do throws(ConnectorError) {
      _ = try await calls.get(
        TeamworkPeopleAnswer.self, .v1, ["companies", String(company), "people.json"],
        query: [("page", "1"), ("pageSize", "1")], purpose: "people of company \(company) in detail")
      results.append(CheckResult(name: "people in detail: read", outcome: .passed, detail: "allowed"))
    } catch {
      results.append(try .failed("people in detail: read", error))
    }
    return results
  }

  private static func partition(_ partition: String, isThere: Bool, isOwner: Bool) -> CheckResult {
    guard !isOwner else {
      return CheckResult(
        name: "company", outcome: .failed, detail: "\(partition) is the site's own company, which is no client",
        fix: "map the company to a client of the site", partition: partition)
    }
    return .company(partition, isThere: isThere, at: "Teamwork.com")
  }
}
