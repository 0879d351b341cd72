/// A file in a folder of its own, and the connector that reads it.
import Connectors
import Foundation
import Model

final class FileFixture {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-file-\(UUID().uuidString)")
  var path: String { folder.appendingPathComponent("users.csv").path }

  init(_ bytes: some Sequence<UInt8>) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write(bytes)
  }

  convenience init(_ text: String) throws { try self.init(text.utf8) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  func connector(_ parameters: [String: String] = [:]) throws(ConnectorError) -> FileConnector {
    try FileConnector(
      ConnectorSetup(
        connection: Connection(
          name: "hr", system: "file", parameters: ["path": path].merging(parameters) { _, own in own }, secrets: [:],
          madeAt: .distantPast, changedAt: .distantPast),
        secrets: [:], transport: ScriptedTransport { _, _ in throw ConnectorError(.unreachable, "no network") },
        now: { .distantPast }))
  }

  /// The people of a tenant, or all, with the remark of the last page.
  func people(
    _ parameters: [String: String] = [:], of tenant: String? = nil
  ) async throws -> (records: [Record], remark: String?) {
    try await Self.records(of: try connector(parameters), .person, tenant)
  }

  static func records(
    of connector: FileConnector, _ kind: RecordKind, _ partition: String?
  ) async throws -> (records: [Record], remark: String?) {
    var records: [Record] = []
    var remark: String?
    var sawEnd = false
    for try await page in connector.read(kind, in: ReadScope(partition: partition), since: nil) {
      guard !sawEnd else { throw ConnectorError(.malformed, "a page behind the last") }
      records += page.records
      remark = page.remark ?? remark
      sawEnd = page.isLast
    }
    guard sawEnd else { throw ConnectorError(.malformed, "no last page") }
    return (records, remark)
  }

  /// The results of `check` by name; those of lines keep their order in the values.
  func check(_ parameters: [String: String] = [:], _ partitions: [String] = []) async throws -> [CheckResult] {
    try await connector(parameters).check(partitions: partitions).results
  }

  /// The lines that were left out or are odd, as `check` lists them: "line 3 left out: …".
  func remarks(_ parameters: [String: String] = [:]) async throws -> [String] {
    try await check(parameters).filter { $0.name.hasPrefix("line ") }.map { "\($0.name) \($0.detail)" }
  }
}

extension [CheckResult] {
  subscript(name: String) -> CheckResult? { first { $0.name == name } }
}
