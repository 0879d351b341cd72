/// Contacts are created, changed and deleted in batches of one user, one request after another.
import Model

extension GoogleConnector {
  /// Sends the writes of each action together, in the largest batches that Google takes. A cancelled caller stops
  /// batches that have not begun; what has begun is seen through.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    var outcomes = [WriteOutcome](repeating: .notSent(.cancelled), count: batch.count)
    let place: String
    do throws(ConnectorError) {
      place = try checked(.person, scope)
    } catch {
      return batch.map { _ in .notSent(error) }
    }
    let turn = turn(of: place)
    do throws(ConnectorError) { try await turn.take() } catch { return outcomes }
    defer { turn.giveBack() }
    let limits = GoogleFeatures.description.features.writeBatch
    var stop: ConnectorError?
    for action in WriteKind.allCases {
      let indices = batch.indices.filter { batch[$0].action == action }
      guard let limit = limits[action] else {
        for index in indices {
          outcomes[index] = .rejected(
            WriteRejection(reason: .recordForbidden, message: "kith does not \(action.rawValue) Google contacts"))
        }
        continue
      }
      for start in stride(from: 0, to: indices.count, by: limit) {
        let chunk = indices[start..<min(start + limit, indices.count)]
        if let stop {
          for index in chunk { outcomes[index] = .notSent(stop) }
          continue
        }
        let writes = chunk.map { GoogleWrite(index: $0, write: batch[$0]) }
        let nothing: GoogleWriting.Outcomes = [:]
        let found = await Departure.carryOut(otherwise: nothing) { departure in
          let session = GoogleWriting(connector: self, scope: scope, place: place, departure: departure)
          return switch action {
          case .create: await session.create(writes)
          case .update: await session.update(writes)
          default: await session.delete(writes)
          }
        }
        for (index, outcome) in found {
          outcomes[index] = outcome
          // What kept this batch from being sent would keep the next one from it too.
          if case .notSent(let error) = outcome { stop = stop ?? error }
        }
      }
    }
    return outcomes
  }
}

/// One write and its place in the caller's batch.
struct GoogleWrite: Sendable {
  var index: Int
  var write: Write
}

/// Seeing one batch of one user through.
struct GoogleWriting: Sendable {
  typealias Outcomes = [Int: WriteOutcome]

  let connector: GoogleConnector
  let scope: ReadScope
  let place: String
  let departure: Departure

  var people: GooglePeople { connector.people }
  var calls: GoogleCalls { connector.calls }
  var marker: String? { scope.group?.marker }

  func record(_ name: String, _ person: GooglePerson, _ label: GoogleLabel?) -> Record {
    connector.record(name, person, label: label?.resourceName, scope)
  }

  static func refused(_ reason: Reason, _ message: String, _ field: FieldName? = nil) -> WriteOutcome {
    .rejected(WriteRejection(reason: reason, field: field, message: message))
  }

  /// Before anything of a write was sent, whatever failed means that it was not.
  func beforeSending<Result>(
    _ work: () async throws(ConnectorError) -> Result
  ) async throws(ConnectorError) -> Result {
    do throws(ConnectorError) {
      return try await work()
    } catch {
      var error = error
      error.delivery = .notSent
      throw error
    }
  }

  /// What a failed request leaves of its writes.
  static func outcome(of error: ConnectorError) -> WriteOutcome {
    switch error.kind {
    case _ where error.delivery == .notSent: .notSent(error)
    // Refused before anything was done.
    case .unauthorized, .forbidden, .throttled, .budgetUsed: .notSent(error)
    default: .unknown(error.message)
    }
  }

  /// What is said of one contact of a batch.
  func outcome(of fault: GoogleContactFault) -> WriteOutcome {
    let words = calls.errors.redaction.clean(fault.message ?? "code \(fault.code ?? 2)")
    if fault.isFull { return Self.full(words) }
    if fault.isGone { return Self.refused(.targetGone, words) }
    if fault.isStale { return Self.refused(.versionConflict, words) }
    return Self.refused(.valueRefused, words)
  }

  static func full(_ words: String) -> WriteOutcome {
    refused(
      .quotaFull,
      "the account holds as many contacts as Google allows, those of the last 30 days' trash among them; its user has to "
        + "remove some and empty the trash: \(words)")
  }

  func words(_ fault: GoogleFault) -> String {
    calls.errors.redaction.clean(fault.message.isEmpty ? "status \(fault.status)" : fault.message)
  }
}
