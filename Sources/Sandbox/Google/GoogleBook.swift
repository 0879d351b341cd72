// One user's contacts and labels.

import Foundation

/// The contacts service of one user.
struct GoogleBook: Sendable {
  /// In the order in which they were made; deleted ones stay where they were.
  private(set) var people: [GooglePerson] = []
  private var places: [String: Int] = [:]
  private(set) var labels: [GoogleLabel]
  /// Counts the changes of contacts and labels.
  private(set) var change = 0
  /// What readings still show, and until when, where a write has not spread yet; `nil` for a contact that is not there.
  private var lagging: [Int: (person: GooglePerson?, until: Int)] = [:]
  /// Seconds that a write takes to spread.
  var lag = 0
  /// Sync tokens of an earlier epoch have expired.
  var epoch = 0
  /// Which of the changes of labels alone move a contact's etag and show in deltas.
  var membershipsMoveEtag = true
  var membershipsInDeltas = true
  private var random: SeededGenerator

  /// "Deleted contacts sit in the user's trash for 30 days".
  static let trashLife = 30 * 86_400

  init(random: SeededGenerator, at seconds: Int) {
    self.random = random
    labels = GoogleLabel.system.map { GoogleLabel(id: $0.id, name: $0.id, isSystem: true, updatedAt: seconds) }
  }

  // MARK: - Contacts

  /// The place of a contact by its resource name, a former one included; deleted contacts too.
  func place(resourceName: String) -> Int? {
    guard resourceName.hasPrefix("people/") else { return nil }
    return places[String(resourceName.dropFirst("people/".count))]
  }

  /// The place of a contact that is there.
  func presentPlace(resourceName: String) -> Int? {
    place(resourceName: resourceName).flatMap { people[$0].deletedAt == nil ? $0 : nil }
  }

  /// A contact as readings show it at a moment; `nil` where they show none.
  func visible(_ place: Int, at seconds: Int) -> GooglePerson? {
    if let late = lagging[place], seconds < late.until { return late.person }
    return people[place].deletedAt == nil ? people[place] : nil
  }

  /// The same for deltas, which show what was deleted.
  func changed(_ place: Int, at seconds: Int) -> GooglePerson? {
    if let late = lagging[place], seconds < late.until { return late.person }
    return people[place]
  }

  /// The last change that all readings show; sync tokens count from it, so that nothing late is lost.
  func settledChange(at seconds: Int) -> Int {
    let late = lagging.filter { seconds < $0.value.until }.keys.map { people[$0].change }.min()
    return late.map { $0 - 1 } ?? change
  }

  var presentPlaces: [Int] { people.indices.filter { people[$0].deletedAt == nil } }

  /// Contacts, and deleted ones that are still in the trash: "still count towards the account limit".
  func occupied(at seconds: Int) -> Int {
    people.reduce(0) { count, person in
      guard let deletedAt = person.deletedAt else { return count + 1 }
      return seconds - deletedAt < Self.trashLife ? count + 1 : count
    }
  }

  mutating func emptyTrash(at seconds: Int) {
    for place in people.indices where people[place].deletedAt != nil {
      people[place].deletedAt = seconds - Self.trashLife
    }
  }

  @discardableResult
  mutating func add(_ fields: [GooglePersonField: [JSON]], groups: [String], at seconds: Int) -> Int {
    change += 1
    var person = GooglePerson(
      id: freshID(), sourceID: String(random.next() | 1 << 60, radix: 16), fields: fields.filter { !$0.value.isEmpty },
      groups: groups.isEmpty ? [GoogleLabel.myContacts] : groups, updatedAt: seconds)
    person.fields[.memberships] = nil
    person.change = change
    people.append(person)
    places[person.id] = people.count - 1
    if lag > 0 { lagging[people.count - 1] = (nil, seconds + lag) }
    return people.count - 1
  }

  /// Changes one contact as one change.
  mutating func change(_ place: Int, at seconds: Int, _ body: (inout GooglePerson) -> Void) {
    remember(place, at: seconds)
    change += 1
    body(&people[place])
    people[place].version += 1
    people[place].change = change
    people[place].updatedAt = seconds
  }

  /// Changes the labels of one contact.
  mutating func changeGroups(_ place: Int, at seconds: Int, _ body: (inout [String]) -> Void) {
    remember(place, at: seconds)
    change += 1
    body(&people[place].groups)
    if membershipsMoveEtag {
      people[place].version += 1
      people[place].updatedAt = seconds
    }
    if membershipsInDeltas { people[place].change = change }
  }

  mutating func delete(_ place: Int, at seconds: Int) {
    change(place, at: seconds) { $0.deletedAt = seconds }
  }

  /// Links a contact with a public profile, which its owner did not write.
  mutating func link(_ place: Int, _ profile: [GooglePersonField: [JSON]]) { people[place].profile = profile }

  /// Gives a contact another resource name, as linking with a profile does; the former one still finds it.
  mutating func rename(_ place: Int, at seconds: Int) {
    let id = freshID()
    change(place, at: seconds) {
      $0.formerIDs.append($0.id)
      $0.id = id
    }
    places[id] = place
  }

  private mutating func remember(_ place: Int, at seconds: Int) {
    guard lag > 0 else { return }
    lagging[place] = (visible(place, at: seconds), seconds + lag)
  }

  private mutating func freshID() -> String { "c" + GoogleServiceAccount.digits(18, &random) }

  // MARK: - Labels

  /// The place of a label that is there, by its resource name.
  func labelPlace(resourceName: String) -> Int? {
    labels.firstIndex { $0.resourceName == resourceName && !$0.isDeleted }
  }

  func labelPlace(id: String) -> Int? { labels.firstIndex { $0.id == id && !$0.isDeleted } }

  /// The place of a label by its name, as people see it or as the API knows it.
  func labelPlace(named name: String) -> Int? {
    labels.firstIndex { !$0.isDeleted && ($0.name == name || $0.formattedName == name || $0.id == name) }
  }

  /// "Names are unique per user".
  func nameIsTaken(_ name: String, except place: Int? = nil) -> Bool {
    labels.indices.contains { $0 != place && !labels[$0].isDeleted && labels[$0].name == name }
  }

  mutating func addLabel(_ name: String, clientData: [JSON] = [], at seconds: Int) -> Int {
    change += 1
    var label = GoogleLabel(
      id: String(random.next() >> 8 | 1 << 52, radix: 16), name: name, clientData: clientData, updatedAt: seconds)
    label.change = change
    labels.append(label)
    return labels.count - 1
  }

  mutating func changeLabel(_ place: Int, at seconds: Int, _ body: (inout GoogleLabel) -> Void) {
    change += 1
    body(&labels[place])
    labels[place].version += 1
    labels[place].change = change
    labels[place].updatedAt = seconds
  }

  /// Deletes a label.
  ///
  /// - Returns: how many contacts went to the trash with it.
  mutating func deleteLabel(_ place: Int, withContacts: Bool, trashesLone: Bool, at seconds: Int) -> Int {
    let id = labels[place].id
    var trashed = 0
    for member in members(of: id) {
      let isLone = people[member].groups == [id]
      if withContacts || (isLone && trashesLone) {
        delete(member, at: seconds)
        trashed += 1
      } else {
        changeGroups(member, at: seconds) { groups in
          groups.removeAll { $0 == id }
          if groups.isEmpty { groups = [GoogleLabel.myContacts] }
        }
      }
    }
    changeLabel(place, at: seconds) { $0.isDeleted = true }
    return trashed
  }

  /// The places of a label's members.
  func members(of id: String) -> [Int] {
    people.indices.filter { people[$0].deletedAt == nil && people[$0].groups.contains(id) }
  }

  /// How many members each label has, as readings show it.
  func memberCounts(at seconds: Int) -> [String: Int] {
    var counts: [String: Int] = [:]
    for place in people.indices {
      for group in visible(place, at: seconds)?.groups ?? [] { counts[group, default: 0] += 1 }
    }
    return counts
  }

  func labelNames(_ person: GooglePerson) -> [String] {
    person.groups.map { id in labels.first { $0.id == id }?.name ?? id }
  }

  /// A group as the API shows it.
  func json(_ label: GoogleLabel, _ fields: Set<String>, count: Int, members: [String] = []) -> JSON {
    var shown: [JSON.Member] = [
      .init(name: "resourceName", value: .string(label.resourceName)), .init(name: "etag", value: .string(label.etag)),
    ]
    if fields.contains("metadata") {
      var metadata: [JSON.Member] = []
      if !label.isSystem {
        metadata.append(.init(name: "updateTime", value: .string(GooglePerson.instant(label.updatedAt))))
      }
      if label.isDeleted { metadata.append(.init(name: "deleted", value: true)) }
      if !metadata.isEmpty { shown.append(.init(name: "metadata", value: .object(metadata))) }
    }
    if fields.contains("groupType") {
      shown.append(
        .init(name: "groupType", value: label.isSystem ? "SYSTEM_CONTACT_GROUP" : "USER_CONTACT_GROUP"))
    }
    if fields.contains("name") {
      shown.append(.init(name: "name", value: .string(label.name)))
      shown.append(.init(name: "formattedName", value: .string(label.formattedName)))
    }
    if fields.contains("clientData"), !label.clientData.isEmpty {
      shown.append(.init(name: "clientData", value: .array(label.clientData)))
    }
    // Numbers that are zero and lists that are empty are left out.
    if fields.contains("memberCount"), count > 0 { shown.append(.init(name: "memberCount", value: .int(count))) }
    if !members.isEmpty {
      shown.append(.init(name: "memberResourceNames", value: .array(members.map { .string($0) })))
    }
    return .object(shown)
  }
}
