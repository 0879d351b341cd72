/// A system in memory in which every user has contacts of their own, in groups: what syncs with many destinations are
/// tested against.
import Connectors
import Foundation
import Model
import Synchronization

struct FakeUser: Sendable {
  var name: String
  var isSuspended = false
  /// Names by id.
  var groups: [RecordID: String] = [:]
  var contacts: [RecordID: FakeContact] = [:]
}

struct FakeContact: Sendable {
  var fields: FieldValues
  var groups: Set<RecordID> = []
  /// "marker:origin" of a copy.
  var marker: String?
  var isAmongOwn = false
}

/// One batch of writes as it was asked for.
struct FakeBatch: Sendable, Equatable {
  var user: String
  var action: WriteKind
  var count: Int
}

final class FakePlaces: PlaceFinding {
  struct State: Sendable {
    var users: [String: FakeUser] = [:]
    /// Members by the address of a group of users.
    var teams: [String: Set<String>] = [:]
    /// Groups of users of which only a part can be read now.
    var unreadable: Set<String> = []
    /// Users whose contacts nobody can reach though the users are active.
    var closed: Set<String> = []
    /// Users who have a group of this name of their own.
    var takenNames: Set<String> = []
    var nextID = 100
    var requests = 0
    var batches: [FakeBatch] = []
    /// Users to whom something is being written right now.
    var busy: Set<String> = []
    var overlaps = 0
    var mostAtOnce = 0
    var dropsAnswers = false
  }

  let state = Mutex(State())

  static let fields = [
    FieldDeclaration("first-name", vendorName: "givenName", summary: "", isWritable: true),
    FieldDeclaration("last-name", vendorName: "familyName", summary: "", isWritable: true),
    FieldDeclaration("emails", vendorName: "emailAddresses", summary: "", isWritable: true),
    FieldDeclaration("origin", vendorName: "clientData", summary: "", isWritable: true),
    FieldDeclaration("in-group", vendorName: "memberships", summary: "", isWritable: true, isFact: true),
    FieldDeclaration("among-own", vendorName: "myContacts", summary: "", isWritable: true, isFact: true),
  ]

  static let description = SystemDescription(
    id: "google", name: "Google Workspace", kinds: [.person], nouns: [.person: "contact"], fields: [.person: fields],
    parameters: [], permissions: [], partitionName: "user",
    features: Features(
      writes: [.person: [.create, .update, .delete]], pageSize: [.person: 1_000], deltaTellsDeletions: false,
      hasVersions: false, timestampStepSeconds: nil, concurrentWrites: 1,
      writeBatch: [.create: 200, .update: 200, .delete: 500]))

  var requestCount: Int { state.withLock(\.requests) }

  func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(_, let count, _): max(1, (count + 999) / 1_000)
    case .write: 1
    }
  }

  func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    CheckReport(results: [], findings: [:])
  }

  // MARK: - Places

  func places(_ selectors: [String], known: [String]) async throws(ConnectorError) -> PlaceReport {
    state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      var named: [String: [String]] = [:]
      var faults: [String: Cause] = [:]
      for selector in selectors {
        let word = selector.split(separator: ":", maxSplits: 1).map(String.init)
        if word.count == 2, word[0] == "group" {
          guard let members = state.teams[word[1]] else {
            faults[selector] = Cause(.groupNotFound, fix: "correct the address")
            continue
          }
          for id in members { named[id, default: []].append(selector) }
          if state.unreadable.contains(word[1]) {
            faults[selector] = Cause(
              .groupIncomplete, evidence: [Evidence("group inside it", "cannot be read", found: "x")])
          }
        } else {
          let address = word.last ?? ""
          guard let id = state.users.first(where: { $0.value.name == address })?.key else {
            faults[selector] = Cause(.userNotFound, fix: "correct the address")
            continue
          }
          named[id, default: []].append(selector)
        }
      }
      let ids = Set(named.keys).union(known)
      let places = ids.map { id in
        guard let user = state.users[id] else {
          return Place(id: id, name: id, namedBy: [], fault: Cause(.userNotFound))
        }
        return Place(
          id: id, name: user.name, namedBy: named[id] ?? [],
          fault: user.isSuspended ? Cause(.userSuspended, fix: "restore the user") : nil)
      }
      return PlaceReport(places: places.sorted { $0.name < $1.name }, faults: faults)
    }
  }

  func group(_ group: GroupScope, in place: String, of kind: RecordKind) async throws(ConnectorError) -> GroupScope? {
    state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      guard let user = state.users[place] else { return nil }
      return user.group(group).map { GroupScope(id: $0, name: user.groups[$0] ?? "") }
    }
  }

  func rename(_ group: GroupScope, in place: String, of kind: RecordKind) async throws(ConnectorError) {
    let isTaken = state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      guard let id = state.users[place]?.group(group) else { return false }
      guard !state.takenNames.contains(group.name) else { return true }
      state.users[place]?.groups[id] = group.name
      return false
    }
    if isTaken { throw ConnectorError(.rejected, "the user has a label \(group.name) of their own") }
  }

  func smallestRequestCount(finding selectors: [String]) -> Int { 1 }

  func dissolve(_ group: GroupScope, in place: String, of kind: RecordKind) async throws(ConnectorError) {
    state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      guard let id = state.users[place]?.group(group) else { return }
      state.users[place]?.groups[id] = nil
      for contact in state.users[place]?.contacts.keys ?? [:].keys {
        state.users[place]?.contacts[contact]?.groups.remove(id)
      }
    }
  }

  // MARK: - Reading

  func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<Page, any Error> {
    let (records, isClosed) = state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      return (Self.records(in: scope, state), state.closed.contains(scope.partition ?? ""))
    }
    return AsyncThrowingStream { stream in
      if isClosed {
        let cause = Cause(.contactsServiceOff, evidence: [Evidence("contacts", "are", found: "refused")])
        return stream.finish(throwing: ConnectorError(.forbidden, "closed", closing: cause))
      }
      stream.yield(Page(records: records, number: 1, isLast: true, declaredTotal: records.count, isDelta: false))
      stream.finish()
    }
  }

  func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError) -> [Record] {
    state.withLock { state in
      state.requests += max(1, (ids.count + 199) / 200)
      RequestMeter.note(max(1, (ids.count + 199) / 200))
      return Self.records(in: scope, state).filter { ids.contains($0.id) }
    }
  }

  func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      return Self.records(in: scope, state).filter { $0.fields.text(field) == value }
    }
  }

  private static func records(in scope: ReadScope, _ state: State) -> [Record] {
    guard let user = scope.partition.flatMap({ state.users[$0] }) else { return [] }
    let group = scope.group.flatMap { user.group($0) }
    let contacts = user.contacts.filter { _, contact in
      group.map(contact.groups.contains) ?? false
        || (scope.group?.marker.map { contact.marker?.hasPrefix("\($0):") ?? false } ?? false)
    }
    return contacts.map { record($0.key, $0.value, scope, group.map($0.value.groups.contains) ?? false) }
      .sorted { $0.id < $1.id }
  }

  private static func record(
    _ id: RecordID, _ contact: FakeContact, _ scope: ReadScope, _ isInGroup: Bool = true
  ) -> Record {
    var fields = contact.fields
    if let marker = scope.group?.marker, let held = contact.marker, held.hasPrefix("\(marker):") {
      fields["origin"] = .text(String(held.dropFirst(marker.count + 1)))
    }
    fields["among-own"] = .flag(contact.isAmongOwn)
    fields["in-group"] = .flag(isInGroup)
    return Record(id: id, kind: .person, state: .active, fields: fields)
  }

  // MARK: - Writing

  func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    guard let first = batch.first, let place = scope.partition else { return [] }
    state.withLock { state in
      state.requests += 1
      RequestMeter.note()
      state.batches.append(FakeBatch(user: place, action: first.action, count: batch.count))
      if !state.busy.insert(place).inserted { state.overlaps += 1 }
      state.mostAtOnce = max(state.mostAtOnce, state.busy.count)
    }
    try? await Task.sleep(for: .milliseconds(1))
    return state.withLock { state in
      state.busy.remove(place)
      let outcomes = batch.map { Self.carryOut($0, place, scope, &state) }
      guard state.dropsAnswers else { return outcomes }
      state.dropsAnswers = false
      return outcomes.map { _ in .unknown("no answer came") }
    }
  }

  private static func carryOut(_ write: Write, _ place: String, _ scope: ReadScope, _ state: inout State)
    -> WriteOutcome
  {
    guard var user = state.users[place] else { return .rejected(WriteRejection(reason: .targetGone, message: "gone")) }
    defer { state.users[place] = user }
    switch write.action {
    case .create:
      guard let group = scope.group else { return .rejected(WriteRejection(reason: .valueRefused, message: "group")) }
      let id = user.group(group) ?? RecordID("g\(state.nextID)")
      if user.groups[id] == nil { user.groups[id] = group.name }
      state.nextID += 1
      let contact = FakeContact(
        fields: write.values.filter { !["origin", "in-group", "among-own"].contains($0) }, groups: [id],
        marker: group.marker.map { "\($0):\(write.values.text("origin") ?? "")" },
        isAmongOwn: write.values.flag("among-own") == true)
      let new = RecordID("c\(state.nextID)")
      state.nextID += 1
      user.contacts[new] = contact
      return .done(record(new, contact, scope))
    case .delete:
      guard let id = write.target, user.contacts.removeValue(forKey: id) != nil else {
        return .rejected(WriteRejection(reason: .targetGone, message: "gone"))
      }
      return .done(Record(id: id, kind: .person, state: .gone, fields: [:]))
    default:
      guard let id = write.target, var contact = user.contacts[id] else {
        return .rejected(WriteRejection(reason: .targetGone, message: "gone"))
      }
      contact.fields = contact.fields.merging(write.values.filter { !["in-group", "among-own"].contains($0) })
      if let own = write.values.flag("among-own") { contact.isAmongOwn = own }
      if write.values.flag("in-group") == true, let group = scope.group.flatMap({ user.group($0) }) {
        contact.groups.insert(group)
      }
      user.contacts[id] = contact
      return .done(record(id, contact, scope))
    }
  }
}

extension FakeUser {
  fileprivate func group(_ scope: GroupScope) -> RecordID? {
    if let id = scope.id { return groups[id] == nil ? nil : id }
    return groups.first { $0.value == scope.name }?.key
  }
}
