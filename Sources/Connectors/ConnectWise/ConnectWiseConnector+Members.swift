/// Whether members can be read, and which types of them there are to choose from.
import Model

extension ConnectWiseConnector {
  /// Only one recipe needs members, so that a missing right is no failure of the connection.
  func checkMembers() async throws(ConnectorError) -> [CheckResult] {
    var results: [CheckResult] = []
    let members = "members: read"
    do throws(ConnectorError) {
      let count = try await count(["system", "members"], conditions: nil, purpose: "number of members")
      results.append(CheckResult(name: members, outcome: .passed, detail: "allowed, \(count) members"))
    } catch {
      let fix = "crewhu-employees needs it: give the role System > Member Maintenance: Inquire, level All"
      return [try .warned(members, error, fix: fix)]
    }
    let types = "member types: read"
    do throws(ConnectorError) {
      let rows = try await catalogue.refresh(.memberTypes).filter { !$0.isInactive }
      let names = rows.prefix(20).map { "\($0.label) (\($0.id))" }.joined(separator: ", ")
      let more = rows.count > 20 ? ", …" : ""
      results.append(
        CheckResult(
          name: types, outcome: .passed, detail: rows.isEmpty ? "allowed, there is none" : "allowed: \(names)\(more)"))
    } catch {
      let fix = "the setting member-types names them: give the role System > Table Setup: Inquire"
      results.append(try .warned(types, error, fix: fix))
    }
    return results
  }
}
