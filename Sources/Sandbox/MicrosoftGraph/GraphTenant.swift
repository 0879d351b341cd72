// One tenant: its users, its consent, and the switches that control turns.

import Foundation

/// The state of one Microsoft 365 tenant.
struct GraphTenant: Sendable {
  /// How an expired delta token is answered.
  enum DeltaReset: String, Sendable {
    case gone = "410"
    case syncStateNotFound
  }

  let id: String
  let name: String
  let domain: String
  let domains: [String]
  let company: String
  let companyID: Int
  /// In no order that means anything, and never rearranged, so that a place in it can be a page token.
  private(set) var users: [GraphUser]
  private var places: [String: Int]
  /// Counts the changes of the tenant.
  private(set) var change = 0
  /// The application permissions that an administrator has consented to.
  var permissions: Set<String> = GraphTenant.allPermissions

  /// Tokens of an earlier epoch have expired.
  var deltaEpoch = 0
  var deltaReset = DeltaReset.gone
  var deltaPageSize = 200
  /// The next round repeats the round before it, and some objects within it.
  var replaysNextRound = false
  /// The next pages are empty, yet have a next link.
  var emptyPages = 0
  var budget: GraphBudget

  static let allPermissions: Set<String> = ["User.Read.All", "Organization.Read.All"]

  init(_ company: SeedCompany, _ tenant: SeedTenant, startsAt: Date) {
    id = tenant.id
    name = company.name
    domain = tenant.domain
    domains = [tenant.domain, tenant.secondDomain, tenant.initialDomain]
    self.company = company.identifier
    companyID = company.id
    let created = Instant.text(startsAt.addingTimeInterval(-200 * 86_400))
    let users = tenant.people.map { person in
      var user = GraphUser(person, tenant: tenant, createdAt: created)
      if person.isDeleted { user.move(to: .deleted(at: startsAt.addingTimeInterval(-5 * 86_400)), change: 0) }
      return user
    }
    self.users = users
    places = Dictionary(users.indices.map { (users[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    budget = GraphBudget(people: tenant.people.count)
  }

  var presentCount: Int { users.reduce(0) { $0 + ($1.isPresent ? 1 : 0) } }

  /// Whether a name that somebody typed or sent means this tenant.
  func answers(to name: String) -> Bool {
    let wanted = name.lowercased()
    return id == wanted || company.lowercased() == wanted || domains.contains(wanted)
  }

  /// The place of a user by id or login, or by address where `byAddress`; a present one before a deleted one.
  func place(of name: String, byAddress: Bool = false) -> Int? {
    let wanted = name.lowercased()
    if let place = places[wanted] { return place }
    func isMeant(_ user: GraphUser) -> Bool {
      user.text(.userPrincipalName)?.lowercased() == wanted || (byAddress && user.text(.mail)?.lowercased() == wanted)
    }
    return users.firstIndex { $0.isPresent && isMeant($0) } ?? users.lastIndex { $0.standing != .purged && isMeant($0) }
  }

  /// Changes one user as one change.
  mutating func change(_ place: Int, _ body: (inout GraphUser, Int) -> Void) {
    change += 1
    body(&users[place], change)
  }

  mutating func add(id: String, story: String = "", values: [GraphProperty: JSON]) -> Int {
    change += 1
    users.append(GraphUser(id: id, story: story, values: values, change: change))
    places[id] = users.count - 1
    return users.count - 1
  }
}
