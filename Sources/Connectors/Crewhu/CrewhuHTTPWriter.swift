/// Writes employees by an API that Crewhu does not publish: all of it is assumed ("ASSUMED employee write API"), and none
/// of it is sent unless the connection says `experimental-writes=on`.
import Foundation
import Model
import Synchronization

struct CrewhuHTTPWriter: CrewhuWriter {
  private let calls: CrewhuCalls
  private let connection: String
  private let emailIsHidden: Bool
  /// The names in each list that users name, as they were read last; no entry where Crewhu has no such list.
  private let names = Names()

  private final class Names: Sendable {
    let known = Mutex<[String: Set<String>]>([:])
  }

  init(_ calls: CrewhuCalls, _ setup: ConnectorSetup) {
    self.calls = calls
    connection = setup.connection.name
    emailIsHidden = setup.connection.findings["email"] == "hidden"
  }

  /// One request, and one more where somebody is invited. Lists of names are read once and not counted.
  func smallestRequestCount(_ write: Write) -> Int {
    switch write.action {
    case .create: CrewhuMapping.isInvited(write) ? 2 : 1
    case .update, .deactivate, .reactivate: CrewhuMapping.change(write).isEmpty ? 0 : 1
    case .delete: 0
    }
  }

  /// One after the other. Where nothing gets through any more, the rest is not tried. A cancelled caller stops writes that
  /// have not begun; what has begun is seen through.
  func write(_ batch: [Write]) async -> [WriteOutcome] {
    var outcomes: [WriteOutcome] = []
    var unanswered = 0
    for write in batch {
      let outcome = await Departure.carryOut { departure in await self.carryOut(write, departure) }
      outcomes.append(outcome)
      if case .unknown = outcome { unanswered += 1 } else { unanswered = 0 }
      let stop: ConnectorError? =
        if case .notSent(let error) = outcome {
          error
        } else if unanswered >= 3 {
          ConnectorError(
            .unreachable, "Crewhu left \(unanswered) writes in a row without an answer", delivery: .notSent)
        } else {
          nil
        }
      if let stop {
        outcomes += [WriteOutcome](repeating: .notSent(stop), count: batch.count - outcomes.count)
        break
      }
    }
    return outcomes
  }

  private func carryOut(_ write: Write, _ departure: Departure) async -> WriteOutcome {
    if let fault = Self.fault(write, emailIsHidden: emailIsHidden) { return .rejected(fault) }
    do throws(ConnectorError) {
      if let refusal = try await makeNames(of: write, departure) { return refusal }
    } catch {
      // What was made so far is a name in a list; nothing of the employee has left.
      return WriteStage.preparing.outcome(of: error)
    }
    do throws(ConnectorError) {
      return write.action == .create ? try await create(write, departure) : try await change(write, departure)
    } catch {
      return WriteStage.sending.outcome(of: error)
    }
  }

  private func create(_ write: Write, _ departure: Departure) async throws(ConnectorError) -> WriteOutcome {
    let purpose = "new employee"
    let response = try await calls.call(
      .post, ["user"], body: CrewhuMapping.creation(write), purpose: purpose, departure: departure)
    guard response.isSuccess else {
      return calls.errors.outcome(response, purpose: purpose, write: write, now: calls.now())
    }
    let row = try calls.errors.decode(CrewhuAnswer.self, response, purpose: purpose).row
    if CrewhuMapping.isInvited(write), let refusal = await invite(row.id, departure) { return .rejected(refusal) }
    return .done(CrewhuMapping.record(row))
  }

  /// An invitation that failed is never repeated by itself: who exists is not invited any more.
  private func invite(_ id: String, _ departure: Departure) async -> WriteRejection? {
    let purpose = "invitation of \(id)"
    let words: String
    do throws(ConnectorError) {
      let response = try await calls.call(.post, ["user", id, "invite"], purpose: purpose, departure: departure)
      if response.isSuccess { return nil }
      words = "was not invited: \(calls.errors.said(response))"
    } catch {
      words =
        error.delivery == .notSent ? "was not invited: \(error.message)" : "may not have been invited: \(error.message)"
    }
    return WriteRejection(
      reason: .recordForbidden, message: "the employee was made and \(words); invite by hand", isPartial: true)
  }

  private func change(_ write: Write, _ departure: Departure) async throws(ConnectorError) -> WriteOutcome {
    let id = write.target?.rawValue ?? ""
    let body = CrewhuMapping.change(write)
    if body.isEmpty, let current = write.current { return .done(current) }
    let purpose = "employee \(id)"
    let response = try await calls.call(
      .put, ["user", id], body: .object(body), purpose: purpose, departure: departure)
    guard response.isSuccess else {
      return calls.errors.outcome(response, purpose: purpose, write: write, now: calls.now())
    }
    return .done(CrewhuMapping.record(try calls.errors.decode(CrewhuAnswer.self, response, purpose: purpose).row))
  }

  // MARK: Locations, teams, positions

  /// Makes what the employee names and Crewhu does not have yet, by exact name ("Field map").
  private func makeNames(of write: Write, _ departure: Departure) async throws(ConnectorError) -> WriteOutcome? {
    for (field, path) in CrewhuFields.lists {
      guard let name = write.values.text(field), !name.isBlank else { continue }
      guard let known = try await known(path), !known.contains(name) else { continue }
      let purpose = "new \(field) \(name)"
      let response = try await calls.call(
        .post, [path], body: [CrewhuFields.label: .text(name)], purpose: purpose, departure: departure)
      // Somebody else may have made it meanwhile.
      guard response.isSuccess || response.status == 409 else {
        guard (400..<500).contains(response.status), ![401, 403, 429].contains(response.status) else {
          throw calls.errors.error(response, purpose: purpose, now: calls.now())
        }
        return .refused(
          .valueRefused, "Crewhu made no \(field) \"\(name)\": \(calls.errors.said(response))",
          field: field)
      }
      names.known.withLock { _ = $0[path]?.insert(name) }
    }
    return nil
  }

  /// The names of a list; `nil` where Crewhu has no such list, and an employee names what he likes.
  private func known(_ path: String) async throws(ConnectorError) -> Set<String>? {
    if let known = names.known.withLock({ $0[path] }) { return known }
    do throws(ConnectorError) {
      let rows = try await rows(of: path)
      let found = Set(rows.compactMap { $0.members[CrewhuFields.label]?.text })
      names.known.withLock { $0[path] = found }
      return found
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
  }

  private func rows(of path: String) async throws(ConnectorError) -> [CrewhuRow] {
    var rows: [CrewhuRow] = []
    var seen: Set<String> = []
    for step in 1...100 {
      let list = try await calls.list(path, step: step, purpose: "\(path) page \(step)")
      let fresh = list.rows.filter { seen.insert($0.id).inserted }
      rows += fresh
      if list.rows.count < CrewhuFeatures.pageSize || fresh.isEmpty { break }
    }
    return rows
  }

  // MARK: Check

  func check() async throws(ConnectorError) -> CheckReport {
    let writing = CheckResult(
      name: "employees: write", outcome: .warned,
      detail: "experimental-writes is on: Crewhu publishes no API for this, and the one that kith uses is assumed",
      fix: "agree on it with Crewhu first, or: set experimental-writes to off for \(connection)")
    do throws(ConnectorError) {
      let profiles = try await rows(of: "profile").filter { $0.members[CrewhuFields.inactive]?.flag != true }
      var said: [(name: String, scope: String)] = []
      for profile in profiles {
        guard let name = profile.members[CrewhuFields.label]?.text, !name.isBlank else { continue }
        said.append((name, Self.scope(of: profile, named: name)))
      }
      let detail =
        said.isEmpty ? "there is no active one" : said.map { "\($0.name) (\($0.scope))" }.joined(separator: ", ")
      // A line each: a name may hold a comma.
      return CheckReport(
        results: [writing, CheckResult(name: "profiles: read", outcome: .passed, detail: detail)],
        findings: [
          "profiles": said.map(\.name).joined(separator: "\n"),
          "whole-company-profiles": said.filter { $0.scope == Self.wholeCompany }.map(\.name).joined(separator: "\n"),
        ])
    } catch {
      let unread = try CheckResult.warned(
        "profiles: read", error, fix: "the profile of new employees can be set without it: set profile to Employee")
      return CheckReport(results: [writing, unread], findings: [:])
    }
  }

  private static let wholeCompany = "whole company"

  /// What a profile lets see: the server's word, else what the vendor's own three profiles let see ("Profiles"), else
  /// `unknown`.
  private static func scope(of profile: CrewhuRow, named name: String) -> String {
    let said = profile.members[CrewhuFields.scope]?.text?.lowercased() ?? ""
    let word = said.isBlank ? (["Admin": "company", "Manager": "managed", "Employee": "own"][name] ?? "") : said
    // The words are not documented: whatever speaks of the company is taken for all of it.
    if word.contains("company") { return wholeCompany }
    if word.contains("managed") { return "managed locations and teams" }
    return word.contains("own") ? "own data only" : "unknown"
  }
}
