// The query language of users and groups.

/// A query, taken apart: clauses that must all hold.
///
/// Source: Workspace developer guide, "Search for users".
struct GoogleSearch: Sendable, Equatable {
  enum Comparison: Sendable, Equatable {
    /// `=`
    case equals
    /// `:` whole words
    case contains
    /// `:abc*`
    case beginsWith
  }

  struct Clause: Sendable, Equatable {
    var field: String
    var comparison: Comparison
    var value: String
  }

  var clauses: [Clause] = []

  /// Reads `isSuspended=false orgUnitPath='/Sales Team'`.
  ///
  /// - Parameter fields: the names that may stand there; a name with a point is a custom field and always may.
  init(_ text: String, fields: Set<String>) throws(GoogleRefusal) {
    var rest = text[...].drop { $0 == " " }
    while !rest.isEmpty {
      let field = String(rest.prefix { $0 != "=" && $0 != ":" && $0 != " " })
      rest = rest.dropFirst(field.count)
      guard let sign = rest.first, sign != " ", fields.contains(field) || field.contains(".") else {
        throw .badQuery
      }
      rest = rest.dropFirst()
      let (value, wasQuoted) = try Self.value(&rest)
      guard sign != "=" || wasQuoted || !value.isEmpty else { throw .badQuery }
      var clause = Clause(field: field, comparison: sign == "=" ? .equals : .contains, value: value)
      if value.hasSuffix("*"), !wasQuoted {
        clause = Clause(field: field, comparison: .beginsWith, value: String(value.dropLast()))
      }
      clauses.append(clause)
      rest = rest.drop { $0 == " " }
    }
  }

  /// "Quote values with blanks in single quotes, escape ' as \'".
  private static func value(_ rest: inout Substring) throws(GoogleRefusal) -> (text: String, wasQuoted: Bool) {
    guard rest.first == "'" else {
      let plain = rest.prefix { $0 != " " }
      rest = rest.dropFirst(plain.count)
      return (String(plain), false)
    }
    rest = rest.dropFirst()
    var text = ""
    while let letter = rest.popFirst() {
      switch letter {
      case "'": return (text, true)
      case "\\": if let next = rest.popFirst() { text.append(next) }
      default: text.append(letter)
      }
    }
    throw .badQuery
  }
}

extension GoogleSearch.Clause {
  /// Whether one of the values is meant.
  func meets(_ values: [String]) -> Bool {
    let wanted = value.lowercased()
    return values.contains { value in
      let value = value.lowercased()
      return switch comparison {
      case .equals: value == wanted
      case .beginsWith: value.hasPrefix(wanted) || value.split(separator: " ").contains { $0.hasPrefix(wanted) }
      case .contains:
        value == wanted || Self.words(value).contains { $0 == wanted }
      }
    }
  }

  private static func words(_ text: String) -> [Substring] {
    text.split { !$0.isLetter && !$0.isNumber }
  }
}

extension GoogleRefusal {
  static let badQuery = GoogleRefusal(400, "INVALID_ARGUMENT", "invalid", "Invalid Input: INVALID_QUERY")
}

extension GoogleDirectory {
  static let userFields: Set<String> = [
    "email", "name", "givenName", "familyName", "isSuspended", "isArchived", "isAdmin", "isDelegatedAdmin", "isGuest",
    "externalId", "orgDepartment", "orgTitle", "orgUnitPath", "phone",
  ]

  /// Whether a user, as the index of searches has it, meets a query.
  func meets(_ user: GoogleUser, _ search: GoogleSearch) -> Bool {
    search.clauses.allSatisfy { clause in
      switch clause.field {
      // "aliases are searched too".
      case "email": clause.meets([user.primaryEmail] + user.aliases)
      case "name": clause.meets([user.fullName, user.givenName, user.familyName])
      case "givenName": clause.meets([user.givenName])
      case "familyName": clause.meets([user.familyName])
      case "isSuspended": clause.meets([user.isSuspended.description])
      case "isArchived": clause.meets([user.isArchived.description])
      case "isAdmin": clause.meets([user.isAdmin.description])
      case "isDelegatedAdmin": clause.meets([user.isDelegatedAdmin.description])
      case "isGuest": clause.meets([user.isGuest.description])
      case "externalId": clause.meets(user.externalID.map { [$0] } ?? [])
      case "orgDepartment": clause.meets(user.department.map { [$0] } ?? [])
      case "orgTitle": clause.meets(user.title.map { [$0] } ?? [])
      case "phone": clause.meets(user.phone.map { [$0] } ?? [])
      case "orgUnitPath": isIn(user, below: clause.value)
      case "Employment.badge": clause.meets(user.badge.map { [$0] } ?? [])
      default: false
      }
    }
  }

  /// "matches that unit AND everything below it".
  private func isIn(_ user: GoogleUser, below unit: String) -> Bool {
    let path = path(of: user.unitID).lowercased()
    let wanted = unit.lowercased()
    return wanted == "/" || path == wanted || path.hasPrefix(wanted + "/")
  }

  static let groupFields: Set<String> = ["email", "name", "memberKey"]

  func meets(_ group: GoogleGroup, _ search: GoogleSearch) -> Bool {
    search.clauses.allSatisfy { clause in
      switch clause.field {
      case "email": clause.meets([group.email] + group.aliases)
      case "name": clause.meets([group.name])
      case "memberKey":
        group.members.contains { $0.id == clause.value || email(of: $0) == clause.value.lowercased() }
      default: false
      }
    }
  }
}
