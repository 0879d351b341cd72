/// Configurations are created and changed; their flag is their state.
import Model

extension ConnectWiseConnector {
  static func configurationRequestCount(_ write: Write) -> Int {
    if write.action == .create { return 1 }
    return ConnectWiseMapping.configurationOperations(write.values, action: write.action, references: [:]).isEmpty
      ? 0 : 1
  }

  func createConfiguration(
    _ write: Write, in scope: ReadScope, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    for field in ["name", "type"] as [FieldName] where ConnectWiseMapping.filled(write.values[field]) == nil {
      return Self.refused(field, "ConnectWise takes no configuration without a \(field)")
    }
    let company = try Self.companyID(write.parent?.rawValue ?? scope.partition)
    let named: Named
    switch try await ids(write.values, of: ConnectWiseMapping.configurationReferences.map { ($0.field, $0.table) }) {
    case .refused(let outcome): return outcome
    case .found(let ids): named = ids
    }
    stage = .sending
    let purpose = "new configuration"
    let body = ConnectWiseMapping.configurationCreation(write.values, company: company, references: named)
    let response = try await calls.call(
      .post, ["company", "configurations"], body: body, purpose: purpose, departure: departure)
    return try configurationOutcome(response, .create, purpose: purpose)
  }

  func changeConfiguration(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let id = write.target?.number else { return .noID(write, of: "a ConnectWise configuration") }
    for field in ["name", "type", "status"] as [FieldName] where write.values[field]?.isBlank == true {
      return Self.refused(field, "ConnectWise takes no configuration without a \(field)")
    }
    if let parent = write.parent, let current = write.current?.parent, parent != current {
      return .refused(.recordForbidden, "kith does not move configurations between companies at ConnectWise")
    }
    let named: Named
    switch try await ids(write.values, of: ConnectWiseMapping.configurationReferences.map { ($0.field, $0.table) }) {
    case .refused(let outcome): return outcome
    case .found(let ids): named = ids
    }
    stage = .sending
    let purpose = "configuration \(id)"
    let path = ["company", "configurations", String(id)]
    let operations = ConnectWiseMapping.configurationOperations(
      write.values, action: write.action, references: named)
    guard !operations.isEmpty else {
      if let current = write.current { return .done(current) }
      let response = try await calls.call(.get, path, purpose: purpose, departure: departure)
      return try configurationOutcome(response, write.action, purpose: purpose)
    }
    let response = try await calls.call(.patch, path, body: .list(operations), purpose: purpose, departure: departure)
    return try configurationOutcome(response, write.action, purpose: purpose)
  }

  private func configurationOutcome(
    _ response: HTTPResponse, _ action: WriteKind, purpose: String
  ) throws(ConnectorError) -> WriteOutcome {
    guard response.isSuccess else {
      return calls.errors.outcome(
        response, purpose: purpose, kind: .configuration, action: action, field: nil, isPartial: false,
        now: calls.now())
    }
    let configuration = try calls.errors.decode(ConnectWiseConfiguration.self, response, purpose: purpose)
    return .done(ConnectWiseMapping.record(configuration))
  }
}
