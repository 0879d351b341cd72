/// Google Workspace: the contacts of users, each read and written in that user's name, and the directory that names them.
import Foundation
package import Model
import Synchronization

package final class GoogleConnector: ConnectableSystem {
  package static var description: SystemDescription { GoogleFeatures.description }

  let calls: GoogleCalls
  let directory: GoogleDirectory
  let people: GooglePeople
  /// The tenant that `check` saw.
  let customer: String?
  /// The labels of groups as they were last seen or made; `nil` for one that was looked for and is not there.
  let labels = Mutex<[GoogleLabelKey: GoogleLabel?]>([:])
  private let turns = Mutex<[String: Slots]>([:])

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    calls = try GoogleCalls(setup)
    customer = setup.connection.findings["customer"]
    directory = GoogleDirectory(calls, customer: customer)
    people = GooglePeople(calls: calls, directory: directory)
  }

  package var requestCount: Int { calls.line.requestCount }

  /// A complete reading is a look at the labels and its pages, where it is not cheaper to ask for the label's members.
  /// A write counts as sent by itself; in a batch it shares its request with others.
  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(_, let count, _):
      return 1 + max(1, (max(count, 0) + GoogleFeatures.pageSize - 1) / GoogleFeatures.pageSize)
    case .write: return 1
    }
  }

  /// Whoever changes a user's contacts takes the one slot there is: Google wants such changes one after another
  /// (google.md §5).
  func turn(of place: String) -> Slots {
    turns.withLock { turns in
      if let turn = turns[place] { return turn }
      let turn = Slots(1)
      turns[place] = turn
      return turn
    }
  }

  // MARK: Single records

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    let place = try checked(kind, scope)
    var seen: Set<RecordID> = []
    let names = ids.filter { Self.isID($0.rawValue) && seen.insert($0).inserted }.map { "people/\($0)" }
    guard !names.isEmpty else { return [] }
    let label = try await label(for: scope.group, in: place)
    return try await people.people(names, of: place).map { name, person in
      record(name, person, label: label?.resourceName, scope)
    }
  }

  /// Under the id by which it was asked for: linking a contact with a profile gives it another one, and both lead to it.
  func record(_ name: String, _ person: GooglePerson, label: String?, _ scope: ReadScope) -> Record {
    var record = GoogleMapping.record(person, label: label, marker: scope.group?.marker)
    if name.hasPrefix("people/") { record.id = RecordID(String(name.dropFirst(7))) }
    return record
  }

  /// Looks through all of the user's contacts: Google's own search finds beginnings of words only, and late.
  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    let place = try checked(kind, scope)
    guard let declaration = Self.description.field(field, of: kind) else {
      throw ConnectorError(.rejected, "Google contacts are not looked up by \(field)", delivery: .notSent)
    }
    guard field != "origin" || scope.group?.marker != nil else {
      throw ConnectorError(.rejected, "a contact's origin is known to a sync's own copies only", delivery: .notSent)
    }
    guard !value.isBlank else { return [] }
    // An address is looked for without case, though the field as a whole is carried letter by letter.
    let rule: ComparisonRule = field == "emails" ? .email : declaration.rule
    let key = rule.key(value)
    let label = try await label(for: scope.group, in: place)
    var found: [RecordID: Record] = [:]
    try await people.connections(place) { people, _, _ in
      for person in people where !person.isDeleted {
        let record = GoogleMapping.record(person, label: label?.resourceName, marker: scope.group?.marker)
        guard Self.belongs(record, to: scope) else { continue }
        let texts = record.fields[field].map { $0.items ?? [$0.displayed] } ?? []
        let isHeld = texts.contains { text in
          // The address alone is what a recipe knows of "work: ADDRESS".
          rule.key(text) == key || rule.key(GoogleItems.parsed(text).value) == key
        }
        if isHeld { found[record.id] = record }
      }
    }
    return found.values.sorted { $0.id < $1.id }
  }

  // MARK: Scopes

  /// At the source the label's members; at a destination also every copy of the sync, wherever its user put it.
  static func belongs(_ record: Record, to scope: ReadScope) -> Bool {
    guard scope.group != nil else { return true }
    return record.fields.flag("in-group") == true || record.fields.text("origin") != nil
  }

  func checked(_ kind: RecordKind, _ scope: ReadScope) throws(ConnectorError) -> String {
    guard kind == .person else { throw .without(kind, GoogleFeatures.description) }
    guard let place = scope.partition, !place.isBlank else {
      throw ConnectorError(
        .misconfigured, "no Google user is named", hint: "name the user by id or address", delivery: .notSent)
    }
    return place
  }

  /// Letters, digits, dashes and low lines: nothing that could lead elsewhere in an address.
  static func isID(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}

/// A group of one user: by the sync's mark on it, whatever it is called.
struct GoogleLabelKey: Hashable, Sendable {
  var place: String
  var group: String

  init(_ group: GroupScope, in place: String) {
    self.place = place
    self.group = group.marker ?? group.id?.rawValue ?? group.name
  }
}
