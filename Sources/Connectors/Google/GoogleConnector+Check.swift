/// Tests each thing that the recipe needs from Google by itself: each scope has a token of its own.
import Model

extension GoogleConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    // A token keeps what it was issued with: test with fresh ones.
    for scope in [
      GoogleScope.users, GoogleScope.groups, GoogleScope.units, GoogleScope.domains, GoogleScope.contacts,
    ] {
      calls.signIn.forget(GoogleIdentity(user: calls.admin, scope: scope).name)
    }
    do throws(ConnectorError) {
      _ = try await calls.signIn.token(for: GoogleIdentity(user: calls.admin, scope: GoogleScope.users).name)
    } catch  where error.kind == .unreachable && error.status == nil {
      return CheckReport(results: [try Self.result("reachable", error)], findings: [:])
    } catch {
      let reachable = CheckResult(
        name: "reachable", outcome: .passed, detail: "\(calls.tokens.origin.host) answers")
      return CheckReport(
        results: [reachable, try Self.result("credentials", error)] + (try await checkContacts(partitions)),
        findings: [:])
    }
    var results = [
      CheckResult(name: "reachable", outcome: .passed, detail: "\(calls.tokens.origin.host) answers"),
      CheckResult(name: "credentials", outcome: .passed, detail: "signed in as \(calls.admin)"),
    ]
    let users = try await checkUsers()
    results.append(users.result)
    let directory = directory
    results.append(
      try await attempt("groups: read", neededFor: "destinations named group:") { () throws(ConnectorError) in
        let path = "admin/directory/v1/groups"
        _ = try await directory.get(
          GoogleScope.groups, path, [("customer", "my_customer"), ("maxResults", "1")], purpose: "groups")
        return "allowed"
      })
    results.append(
      try await attempt("organisational units: read", neededFor: "destinations named ou:") {
        () throws(ConnectorError) in
        "allowed, \(try await directory.units().count) below the root"
      })
    results.append(
      try await attempt("domains: read", neededFor: "destinations named domain:") { () throws(ConnectorError) in
        "allowed, \(try await directory.domains().compactMap(\.domainName).sorted().joined(separator: ", "))"
      })
    results += try await checkContacts(partitions)
    var findings: [String: String] = [:]
    findings["customer"] = customer ?? users.customer
    return CheckReport(results: results, findings: findings)
  }

  /// Whether the directory can be read, and whose it is.
  private func checkUsers() async throws(ConnectorError) -> (result: CheckResult, customer: String?) {
    let name = "users: read"
    do throws(ConnectorError) {
      let response = try await directory.get(
        GoogleScope.users, "admin/directory/v1/users",
        [
          ("customer", "my_customer"), ("maxResults", "1"),
          ("fields", "users(id,primaryEmail,customerId)"),
        ], purpose: "users")
      let found = try directory.decode(GoogleUsers.self, response, "users").users?.first?.customerId
      if let customer, let found, customer != found {
        return (
          CheckResult(
            name: name, outcome: .failed,
            detail:
              "the connection leads to the Google tenant \(found), and led to \(customer) when it was checked first",
            fix: "connect the former tenant again, or make a connection of its own for this one"),
          nil
        )
      }
      return (
        CheckResult(name: name, outcome: .passed, detail: "allowed, in the tenant \(found ?? "that names no id")"),
        found
      )
    } catch {
      return (try Self.result(name, error), nil)
    }
  }

  /// One thing that only some destinations need: without it the check passes, and says so.
  private func attempt(
    _ name: String, neededFor purpose: String, _ work: () async throws(ConnectorError) -> String
  ) async throws(ConnectorError) -> CheckResult {
    do throws(ConnectorError) {
      return CheckResult(name: name, outcome: .passed, detail: try await work())
    } catch {
      var result = try Self.result(name, error)
      if [.forbidden, .unauthorized].contains(error.kind) {
        result.outcome = .warned
        result.detail += "; needed only for \(purpose)"
      }
      return result
    }
  }

  /// Whether the contacts of each user can be reached; without a user, whether the scope is delegated at all.
  private func checkContacts(_ places: [String]) async throws(ConnectorError) -> [CheckResult] {
    guard !places.isEmpty else {
      do throws(ConnectorError) {
        _ = try await calls.signIn.token(for: GoogleIdentity(user: calls.admin, scope: GoogleScope.contacts).name)
        return [
          CheckResult(
            name: "contacts: sign-in", outcome: .passed, detail: "the scope is delegated; no user is set up yet")
        ]
      } catch {
        return [try Self.result("contacts: sign-in", error)]
      }
    }
    var results: [CheckResult] = []
    for place in places {
      do throws(ConnectorError) {
        directory.forget(place)
        let user = try await people.user(place)
        calls.signIn.forget(GoogleIdentity(user: user.address, scope: GoogleScope.contacts).name)
        // It spends a bucket that nothing else runs short of (google.md §3).
        let response = try await people.send(
          place, .get, "contactGroups", query: [("pageSize", "1"), ("groupFields", "name")], purpose: "labels",
          cost: .labelRead)
        _ = try people.decode(GoogleLabels.self, response, "labels")
        results.append(
          CheckResult(
            name: "contacts: read", outcome: .passed, detail: "allowed for \(user.address)", partition: place))
      } catch {
        results.append(try Self.result("contacts: read", error, place))
      }
    }
    return results
  }

  private static func result(
    _ name: String, _ error: ConnectorError, _ partition: String? = nil
  ) throws(ConnectorError) -> CheckResult {
    if error.kind == .cancelled { throw error }
    return CheckResult(
      name: name, outcome: .failed, detail: error.message, fix: error.hint, partition: partition)
  }
}
