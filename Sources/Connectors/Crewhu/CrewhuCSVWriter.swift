/// Writes new employees into files for Crewhu's upload page, which a person then uploads.
import Foundation
import Model

struct CrewhuCSVWriter: CrewhuWriter {
  private let connection: String
  /// The path of the template; `nil` where none is named.
  private let template: String?
  private let uploads: CrewhuUploads
  private let emailIsHidden: Bool

  init(_ setup: ConnectorSetup) {
    connection = setup.connection.name
    template = setup.optional("template")
    uploads = CrewhuUploads(folder: setup.optional("uploads") ?? CrewhuFeatures.uploads, now: setup.now)
    emailIsHidden = setup.connection.findings["email"] == "hidden"
  }

  func smallestRequestCount(_ write: Write) -> Int { 0 }

  /// One file for the batch; where only some are to be invited, one for these and one for the others, since the upload
  /// page invites everybody in a file or nobody.
  func write(_ batch: [Write]) async -> [WriteOutcome] {
    let sheet: CrewhuSheet
    do throws(ConnectorError) {
      if Task.isCancelled { throw .cancelled }
      sheet = CrewhuSheet(template: try readTemplate())
    } catch {
      return batch.map { write in
        // What no file could ever hold is told before what is wrong with this one.
        Self.fault(write, emailIsHidden: emailIsHidden).map { .rejected($0) } ?? .notSent(error)
      }
    }
    var outcomes = batch.map { write in
      (Self.fault(write, emailIsHidden: emailIsHidden) ?? sheet.fault(write)).map { WriteOutcome.rejected($0) }
    }
    for isInvited in [false, true] {
      let places = batch.indices.filter { outcomes[$0] == nil && CrewhuMapping.isInvited(batch[$0]) == isInvited }
      guard !places.isEmpty else { continue }
      let outcome: WriteOutcome
      do throws(ConnectorError) {
        let text = sheet.text(places.map { batch[$0] })
        outcome = .waiting(try uploads.write(text, marked: isInvited ? "-invite" : ""))
      } catch {
        outcome = .notSent(error)
      }
      for place in places { outcomes[place] = outcome }
    }
    return outcomes.map { $0 ?? .notSent(.cancelled) }
  }

  /// Read anew for each file: it may have been replaced.
  private func readTemplate() throws(ConnectorError) -> CrewhuTemplate {
    guard let template else {
      throw ConnectorError(
        .misconfigured, "the connection \(connection) names no template, so that no file can be written",
        hint:
          "download it from Crewhu, Settings > Organization > Employees > CSV Upload, and: set template to PATH for "
          + connection, delivery: .notSent)
    }
    let path = (template as NSString).expandingTildeInPath
    guard let data = FileManager.default.contents(atPath: path) else {
      throw unreadable(path, "cannot be read")
    }
    guard data.count <= 1 << 20 else { throw unreadable(path, "is too large for a template: 1 MB is the most") }
    guard let text = String(validating: data, as: UTF8.self) else { throw unreadable(path, "is no UTF-8 text") }
    return try CrewhuTemplate(text, named: path)
  }

  private func unreadable(_ path: String, _ words: String) -> ConnectorError {
    ConnectorError(
      .misconfigured, "the template \(path) \(words)", hint: "set template to PATH for \(connection)",
      delivery: .notSent)
  }

  // MARK: Check

  func check() async throws(ConnectorError) -> CheckReport {
    var results = [
      CheckResult(
        name: "employees: write", outcome: .passed,
        detail:
          "as CSV files for Crewhu's upload page: Crewhu publishes no API for it. Only new employees can be uploaded")
    ]
    do throws(ConnectorError) {
      let template = try readTemplate()
      let empty = template.columns.filter { $0.content == .nothing }.map(\.head)
      let missing = CrewhuFields.all.filter { !$0.columns.isEmpty && !template.filled.contains($0.name) }.map(
        \.name.rawValue)
      var detail = "\(template.columns.count) columns"
      if !empty.isEmpty { detail += "; stays empty: \(empty.joined(separator: ", "))" }
      if !missing.isEmpty { detail += "; has no column: \(missing.joined(separator: ", "))" }
      results.append(CheckResult(name: "template", outcome: .passed, detail: detail))
    } catch {
      results.append(try .failed("template", error, fix: "check again later"))
    }
    do throws(ConnectorError) {
      results.append(CheckResult(name: "uploads", outcome: .passed, detail: "files go to \(try uploads.checked())"))
    } catch {
      results.append(try .failed("uploads", error, fix: "check again later"))
    }
    return CheckReport(results: results, findings: [:])
  }
}
