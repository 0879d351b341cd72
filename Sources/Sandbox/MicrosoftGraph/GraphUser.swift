// One account of a tenant, with what delta needs to know about its past.

import Foundation

/// A user, present or deleted.
struct GraphUser: Sendable {
  enum Standing: Sendable, Equatable {
    case present
    /// In the recycle bin since a moment.
    case deleted(at: Date)
    case purged
  }

  let id: String
  /// Which story of the seed this is; empty for users made later.
  var story: String
  /// By the property's number; `nil` where never set, `.null` where cleared.
  private(set) var values: [JSON?]
  /// The tenant's change number of each property that changed since the world began.
  private(set) var changes: [GraphProperty: Int] = [:]
  /// The change number of the latest change of any kind.
  private(set) var lastChange: Int
  let createdAt: Int
  private(set) var standing = Standing.present
  private(set) var standingChange: Int

  init(id: String, story: String, values: [GraphProperty: JSON], change: Int) {
    self.id = id
    self.story = story
    self.values = Array(repeating: nil, count: GraphProperty.allCases.count)
    for (property, value) in values { self.values[property.rawValue] = value }
    self.values[GraphProperty.id.rawValue] = .string(id)
    lastChange = change
    createdAt = change
    standingChange = change
  }

  init(_ person: SeedPerson, tenant: SeedTenant, createdAt: String) {
    self.init(id: person.id, story: person.story.rawValue, values: [:], change: 0)
    func put(_ property: GraphProperty, _ value: JSON?) { values[property.rawValue] = value }
    func put(_ property: GraphProperty, _ text: String?) { values[property.rawValue] = text.map { .string($0) } }
    put(.givenName, person.givenName)
    put(.surname, person.surname)
    put(.displayName, person.displayName)
    put(.jobTitle, person.title)
    put(.department, person.department)
    put(.businessPhones, .array(person.phone.map { [.string($0)] } ?? []))
    put(.mobilePhone, person.mobile)
    put(.mail, person.mail)
    put(.userPrincipalName, person.principalName)
    let addresses = person.mail.map { ["SMTP:\($0)"] } ?? []
    put(.proxyAddresses, .array((addresses + person.aliases.map { "smtp:\($0)" }).map { .string($0) }))
    put(.accountEnabled, .bool(person.isEnabled))
    put(.assignedLicenses, .array(person.licences.map { ["disabledPlans": [], "skuId": .string($0.skuID)] }))
    put(.userType, person.isGuest ? "Guest" : "Member")
    put(.createdDateTime, createdAt)
    if person.isGuest {
      put(.externalUserState, "Accepted")
      put(.creationType, "Invitation")
    } else {
      put(.usageLocation, "US")
      put(.preferredLanguage, "en-US")
    }
  }

  subscript(property: GraphProperty) -> JSON? { values[property.rawValue] }

  var isPresent: Bool { standing == .present }

  func text(_ property: GraphProperty) -> String? { values[property.rawValue]?.text }

  mutating func set(_ property: GraphProperty, _ value: JSON, change: Int) {
    guard values[property.rawValue] != value else { return }
    // Clearing what was never set is no change.
    if values[property.rawValue] == nil, value == property.unset { return }
    values[property.rawValue] = value
    changes[property] = change
    lastChange = change
  }

  mutating func move(to standing: Standing, change: Int) {
    self.standing = standing
    standingChange = change
    lastChange = change
    values[GraphProperty.deletedDateTime.rawValue] =
      if case .deleted(let date) = standing { .string(Instant.text(date)) } else { nil }
  }

  /// Whether any of the properties changed after a change number, or the account came, went or came back.
  func changed(after number: Int, in selection: GraphSelection) -> Bool {
    if lastChange <= number { return false }
    if standingChange > number { return true }
    return changes.contains { $0.value > number && selection.contains($0.key) }
  }

  /// All values by name, for control.
  var json: JSON {
    var members: [JSON.Member] = []
    for property in GraphProperty.allCases {
      if let value = values[property.rawValue] { members.append(.init(name: property.name, value: value)) }
    }
    let state =
      switch standing {
      case .present: "present"
      case .deleted: "deleted"
      case .purged: "purged"
      }
    members.append(.init(name: "standing", value: .string(state)))
    members.append(.init(name: "story", value: .string(story)))
    return .object(members)
  }
}
