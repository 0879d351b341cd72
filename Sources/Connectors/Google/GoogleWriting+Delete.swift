/// Deleted copies: many at once, and one by one where the batch is refused; what is gone already is gone.
import Model

extension GoogleWriting {
  func delete(_ writes: [GoogleWrite]) async -> Outcomes {
    var outcomes: Outcomes = [:]
    var names: [(name: String, write: GoogleWrite)] = []
    for write in writes {
      guard let id = write.write.target?.rawValue, GoogleConnector.isID(id) else {
        outcomes[write.index] = Self.refused(.targetGone, "there is no id of a Google contact")
        continue
      }
      if let marker, let current = write.write.current, current.fields.text("origin") == nil {
        outcomes[write.index] = Self.refused(
          .recordForbidden, "the contact carries no mark of \(marker): it is the user's own, and stays")
        continue
      }
      names.append(("people/\(id)", write))
    }
    guard !names.isEmpty else { return outcomes }
    let purpose = "\(names.count) deleted contacts"
    do throws(ConnectorError) {
      let response = try await people.send(
        place, .post, "people:batchDeleteContacts", body: ["resourceNames": .list(names.map { .text($0.name) })],
        purpose: purpose, cost: .batchDelete, accepting: [400, 404], isRepeatable: true, departure: departure)
      if response.isSuccess {
        for (_, write) in names { outcomes[write.index] = Self.gone(write) }
        return outcomes
      }
    } catch {
      let outcome = Self.outcome(of: error)
      return outcomes.merging(names.map { ($0.write.index, outcome) }) { $1 }
    }
    // One that is gone already may spoil the batch (google.md §5.6).
    for (position, (name, write)) in names.enumerated() {
      do throws(ConnectorError) {
        let response = try await people.send(
          place, .delete, "\(name):deleteContact", purpose: "contact \(name)", cost: .delete, accepting: [400, 404],
          departure: departure)
        outcomes[write.index] =
          response.status == 400 ? Self.refused(.recordForbidden, words(GoogleFault(response))) : Self.gone(write)
      } catch {
        outcomes[write.index] = Self.outcome(of: error)
        guard case .notSent = Self.outcome(of: error) else { continue }
        for (_, rest) in names[(position + 1)...] { outcomes[rest.index] = .notSent(error) }
        return outcomes
      }
    }
    return outcomes
  }

  private static func gone(_ write: GoogleWrite) -> WriteOutcome {
    .done(Record(id: write.write.target ?? "", kind: .person, state: .gone, fields: [:]))
  }
}
