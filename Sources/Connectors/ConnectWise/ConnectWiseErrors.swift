/// What the answers of ConnectWise mean: its advice, its words, and the reasons of its refusals.
import Foundation
import Model

struct ConnectWiseErrors: VendorErrors {
  static let system = "ConnectWise"
  let redaction: Redaction

  static func hint(_ kind: ConnectorError.Kind) -> String? {
    switch kind {
    case .unauthorized: "check company, public-key, private-key and client-id, then: check"
    case .forbidden: "give the API member's security role the right, and check client-id"
    // Cloud servers answer wrong keys with 404.
    case .notFound: "check company, public-key and private-key: a cloud server answers wrong ones with 404"
    default: nil
    }
  }

  /// What became of a write whose request was answered with no success.
  ///
  /// - Parameters:
  ///   - field: the only field that the request was about, where there is one.
  ///   - isPartial: a request of the same write was carried out before.
  func outcome(
    _ response: HTTPResponse, purpose: String, kind: RecordKind, action: WriteKind, field: FieldName?,
    isPartial: Bool, now: Date
  ) -> WriteOutcome {
    outcome(
      response, purpose: purpose, action: action, isPartial: isPartial, now: now, conflict: (.versionConflict, nil)
    ) {
      let found = Self.body(response)?.errors ?? []
      if found.contains(where: { $0.code == "ObjectExists" }) { return (.duplicateAtTarget, nil) }
      return (.valueRefused, field ?? found.lazy.compactMap { Self.field($0.field, kind) }.first)
    }
  }

  /// The message and the first few of what it found.
  func words(_ response: HTTPResponse) -> String {
    guard let body = Self.body(response) else { return "" }
    let details = (body.errors ?? []).prefix(3).compactMap(\.message)
    let all = details.isEmpty ? [body.code, body.message].compactMap { $0 } : details
    return redaction.clean(all.joined(separator: ": "))
  }

  private static func body(_ response: HTTPResponse) -> ConnectWiseErrorBody? {
    JSONWire.read(ConnectWiseErrorBody.self, from: response.body)
  }

  /// Our name of the field that an error speaks of: `firstName`, or `type/id`.
  private static func field(_ property: String?, _ kind: RecordKind) -> FieldName? {
    guard let first = property?.lowercased().split(whereSeparator: { "/.".contains($0) }).first else { return nil }
    return ConnectWiseMapping.properties(of: kind).first { $0.property.lowercased() == first }?.field
  }
}
