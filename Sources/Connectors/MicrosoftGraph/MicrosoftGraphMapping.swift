/// From a user of Microsoft Graph to a record: pure, and careful about what was not said.
import Model

enum MicrosoftGraphMapping {
  /// - Parameter names: part numbers by SKU id; `nil` where the tenant did not let them be read, and then the licence
  ///   names are not said.
  static func record(_ user: GraphUser, names: [String: String]?) -> Record {
    if let reason = user.removedReason {
      return Record(id: RecordID(user.id), kind: .person, state: .gone, fields: [:], native: "removed: \(reason)")
    }
    var fields: FieldValues = [:]
    fields["first-name"] = user.givenName.text
    fields["last-name"] = user.surname.text
    fields["title"] = user.jobTitle.text
    fields["phone"] = phone(user.businessPhones)
    fields["mobile"] = user.mobilePhone.text
    fields["email"] = primaryAddress(user)
    fields["display-name"] = user.displayName.text
    fields["user-principal-name"] = user.userPrincipalName.text
    fields["addresses"] = addresses(user)
    fields["account-enabled"] =
      switch user.accountEnabled {
      case .absent: nil
      case .null: .null
      case .value(let flag): .flag(flag)
      }
    switch user.assignedLicenses {
    case .absent: break
    case .null:
      fields["licences"] = .list([])
      if names != nil { fields["licence-names"] = .list([]) }
    case .value(let ids):
      // In one order always: Graph promises none, and another order is no change.
      let sorted = ids.map { $0.lowercased() }.sorted()
      fields["licences"] = .list(sorted)
      if let names { fields["licence-names"] = .list(sorted.map { names[$0] ?? $0 }) }
    }
    fields["user-type"] = user.userType.text
    fields["department"] = user.department.text
    fields["company-name"] = user.companyName.text
    fields["created"] = user.createdDateTime.text
    return Record(id: RecordID(user.id), kind: .person, state: .active, fields: fields)
  }

  /// At most one business phone can be set, although it is a list; an empty list is what Graph gives for none.
  private static func phone(_ said: Said<[String]>) -> FieldValue? {
    switch said {
    case .absent: nil
    case .null: .null
    case .value(let phones): phones.first { !$0.isBlank }.map { .text($0) } ?? .null
    }
  }

  /// `mail`, else the proxy address marked `SMTP:`, else the sign-in name where mail could reach it.
  ///
  /// Not said as long as a step before the one that would answer was not said.
  static func primaryAddress(_ user: GraphUser) -> FieldValue? {
    switch user.mail {
    case .absent: return nil
    case .value(let mail) where !mail.isBlank: return .text(mail)
    case .null, .value: break
    }
    if let primary = user.proxyAddresses.value?.first(where: { $0.hasPrefix("SMTP:") })?.dropFirst(5), !primary.isEmpty
    {
      return .text(String(primary))
    }
    guard case .value(let name) = user.userPrincipalName else { return user.userPrincipalName == .null ? .null : nil }
    return isRoutable(name) ? .text(name) : .null
  }

  /// Sign-in names of guests, and those in the tenant's built-in domain, reach no mailbox.
  static func isRoutable(_ signInName: String) -> Bool {
    guard let at = signInName.lastIndex(of: "@") else { return false }
    let domain = signInName[signInName.index(after: at)...].lowercased()
    return !domain.isEmpty && domain != "onmicrosoft.com" && !domain.hasSuffix(".onmicrosoft.com")
      && !signInName.uppercased().contains("#EXT#")
  }

  /// Every address that mail can be sent to, `mail` among them, each once, in alphabetical order; not said unless the
  /// proxy addresses were, since a list without the aliases would be a wrong one.
  private static func addresses(_ user: GraphUser) -> FieldValue? {
    let proxies: [String]
    switch user.proxyAddresses {
    case .absent: return nil
    case .null: proxies = []
    case .value(let entries): proxies = entries
    }
    var all = proxies.filter { $0.lowercased().hasPrefix("smtp:") }.map { String($0.dropFirst(5)) }
    if let mail = user.mail.value { all.append(mail) }
    var seen: Set<String> = []
    let unique = all.filter { !$0.isBlank && seen.insert(ComparisonRule.email.key($0)).inserted }
    return .list(unique.sorted { ComparisonRule.email.key($0) < ComparisonRule.email.key($1) })
  }
}

/// What one round of changes said, gathered so that what is unclear can be asked for again.
struct GraphRound {
  private var seen: [String: GraphUser] = [:]
  private(set) var unclear: Set<String> = []

  /// Notes one item. Unclear are: two different items of one user, whose order is not promised; and an item that does
  /// not say what a decision hangs on (whether sign-in is enabled, the address).
  mutating func note(_ user: GraphUser) {
    if let earlier = seen[user.id], earlier != user { unclear.insert(user.id) }
    seen[user.id] = user
    if user.removedReason == nil, user.accountEnabled == .absent || user.mail == .absent { unclear.insert(user.id) }
  }
}

/// Notices a listing that goes round in circles although each of its links is a new one.
struct GraphListingWatch {
  private var seen: Set<String> = []
  private var fruitless = 0

  /// Notes one page; false when the listing cannot be believed any more.
  ///
  /// A page of a complete listing may share single users with an earlier one, but not all. Pages of changes may be
  /// replayed and pages of either may be empty: of those, a thousand in a row are a circle.
  mutating func note(_ users: [GraphUser], isDelta: Bool) -> Bool {
    var isNew = false
    for user in users where seen.insert(user.id).inserted { isNew = true }
    fruitless = isNew ? 0 : fruitless + 1
    return fruitless < 1_000 && (isNew || users.isEmpty || isDelta)
  }
}
