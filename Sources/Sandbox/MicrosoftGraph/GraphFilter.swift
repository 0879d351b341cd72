// The part of OData's `$filter` that directory objects take, read into a tree and evaluated on users.

/// A filter expression.
indirect enum GraphFilter: Sendable {
  case and(GraphFilter, GraphFilter)
  case or(GraphFilter, GraphFilter)
  case not(GraphFilter)
  case equals(GraphProperty, JSON)
  case startsWith(GraphProperty, String)
  case endsWith(GraphProperty, String)
  case hasLicence(String)
  case licenceCount(isZero: Bool)

  /// Whether it is answered only with `ConsistencyLevel: eventual` and `$count=true`.
  ///
  /// Source: "Advanced query capabilities on Microsoft Entra ID objects": `ne`, `not`, `endsWith` and counts need it.
  var isAdvanced: Bool {
    switch self {
    case .and(let left, let right), .or(let left, let right): left.isAdvanced || right.isAdvanced
    case .not, .endsWith, .licenceCount: true
    case .equals, .startsWith, .hasLicence: false
    }
  }

  /// The ids of a filter that is nothing but `id eq '…'` joined by `or`, which is all that delta takes.
  var ids: [String]? {
    switch self {
    case .equals(.id, .string(let id)): return [id.lowercased()]
    case .or(let left, let right):
      guard let left = left.ids, let right = right.ids else { return nil }
      return left + right
    default: return nil
    }
  }

  func holds(for user: GraphUser) -> Bool {
    switch self {
    case .and(let left, let right): left.holds(for: user) && right.holds(for: user)
    case .or(let left, let right): left.holds(for: user) || right.holds(for: user)
    case .not(let inner): !inner.holds(for: user)
    case .equals(let property, .string(let wanted)): user.text(property)?.lowercased() == wanted.lowercased()
    case .equals(let property, let wanted): (user[property] ?? property.unset) == wanted
    case .startsWith(let property, let text): user.text(property)?.lowercased().hasPrefix(text.lowercased()) ?? false
    case .endsWith(let property, let text): user.text(property)?.lowercased().hasSuffix(text.lowercased()) ?? false
    case .hasLicence(let sku): GraphFilter.licences(user).contains { $0["skuId"]?.text == sku.lowercased() }
    case .licenceCount(let isZero): GraphFilter.licences(user).isEmpty == isZero
    }
  }

  private static func licences(_ user: GraphUser) -> [JSON] { user[.assignedLicenses]?.elements ?? [] }
}

extension GraphFilter {
  /// The properties that can be compared without advanced mode.
  private static let filterable: Set<GraphProperty> = [
    .id, .accountEnabled, .userType, .mail, .userPrincipalName, .displayName, .givenName, .surname, .department,
    .jobTitle, .companyName, .country, .city, .usageLocation, .employeeId, .mailNickname, .onPremisesImmutableId,
  ]

  /// Reads a filter.
  init(reading text: String) throws(GraphRefusal) {
    var reader = Reader(words: try Reader.words(of: text))
    self = try reader.disjunction(depth: 0)
    guard reader.words.isEmpty else { throw Reader.invalid("there is more after the expression") }
  }

  private enum Word: Equatable {
    case name(String)
    case text(String)
    case mark(Character)
  }

  private struct Reader {
    var words: [Word]

    static func invalid(_ detail: String) -> GraphRefusal { .badRequest("Invalid filter clause: \(detail).") }

    static func words(of text: String) throws(GraphRefusal) -> [Word] {
      var words: [Word] = []
      var rest = Substring(text)
      while let character = rest.first {
        if character == " " {
          rest.removeFirst()
        } else if character == "'" {
          rest.removeFirst()
          var literal = ""
          while true {
            guard let next = rest.popFirst() else { throw invalid("a string is not closed") }
            if next != "'" {
              literal.append(next)
            } else if rest.first == "'" {
              literal.append("'")
              rest.removeFirst()
            } else {
              break
            }
          }
          words.append(.text(literal))
        } else if "(),:".contains(character) {
          words.append(.mark(character))
          rest.removeFirst()
        } else {
          let name = rest.prefix { !" '(),:".contains($0) }
          words.append(.name(String(name)))
          rest = rest.dropFirst(name.count)
        }
      }
      return words
    }

    private mutating func take(_ word: Word) -> Bool {
      guard words.first == word else { return false }
      words.removeFirst()
      return true
    }

    private mutating func takeName(_ name: String) -> Bool {
      guard case .name(let found)? = words.first, found.lowercased() == name else { return false }
      words.removeFirst()
      return true
    }

    mutating func disjunction(depth: Int) throws(GraphRefusal) -> GraphFilter {
      var left = try conjunction(depth: depth)
      while takeName("or") { left = .or(left, try conjunction(depth: depth)) }
      return left
    }

    private mutating func conjunction(depth: Int) throws(GraphRefusal) -> GraphFilter {
      var left = try term(depth: depth)
      while takeName("and") { left = .and(left, try term(depth: depth)) }
      return left
    }

    private mutating func term(depth: Int) throws(GraphRefusal) -> GraphFilter {
      guard depth < 30 else { throw Reader.invalid("the expression is nested too deeply") }
      if takeName("not") { return .not(try term(depth: depth + 1)) }
      if take(.mark("(")) {
        let inner = try disjunction(depth: depth + 1)
        guard take(.mark(")")) else { throw Reader.invalid("a parenthesis is not closed") }
        return inner
      }
      guard case .name(let name)? = words.first else { throw Reader.invalid("a property was expected") }
      words.removeFirst()
      switch name.lowercased() {
      case "startswith": return try call { .startsWith($0, $1) }
      case "endswith": return try call { .endsWith($0, $1) }
      case "assignedlicenses/any": return try licence()
      case "assignedlicenses/$count":
        let isEqual = takeName("eq")
        guard isEqual || takeName("ne"), takeName("0") else { throw unsupported(name) }
        // Either way a count needs advanced mode.
        return isEqual ? .licenceCount(isZero: true) : .licenceCount(isZero: false)
      default: return try comparison(of: name)
      }
    }

    private mutating func call(_ make: (GraphProperty, String) -> GraphFilter) throws(GraphRefusal) -> GraphFilter {
      guard take(.mark("(")), case .name(let name)? = words.first, let property = GraphProperty.byName[name] else {
        throw Reader.invalid("a function takes a property and a text")
      }
      words.removeFirst()
      guard take(.mark(",")), case .text(let text)? = words.first else {
        throw Reader.invalid("a function takes a property and a text")
      }
      words.removeFirst()
      guard take(.mark(")")) else { throw Reader.invalid("a parenthesis is not closed") }
      return make(property, text)
    }

    /// `assignedLicenses/any(l:l/skuId eq GUID)`.
    private mutating func licence() throws(GraphRefusal) -> GraphFilter {
      guard take(.mark("(")), case .name(let variable)? = words.first else {
        throw Reader.invalid("any() is incomplete")
      }
      words.removeFirst()
      guard take(.mark(":")), takeName("\(variable.lowercased())/skuid"), takeName("eq"), let sku = words.first else {
        throw Reader.invalid("any() is incomplete")
      }
      words.removeFirst()
      guard take(.mark(")")) else { throw Reader.invalid("a parenthesis is not closed") }
      switch sku {
      case .name(let text), .text(let text): return .hasLicence(text)
      case .mark: throw Reader.invalid("any() is incomplete")
      }
    }

    private mutating func comparison(of name: String) throws(GraphRefusal) -> GraphFilter {
      guard let property = GraphProperty.byName[name] else {
        throw .badRequest("Could not find a property named '\(name)' on type 'microsoft.graph.user'.")
      }
      let isEqual = takeName("eq")
      guard isEqual || takeName("ne") else { throw unsupported(name) }
      guard filterable.contains(property) else { throw unsupported(name) }
      guard let word = words.first else { throw Reader.invalid("a value was expected") }
      words.removeFirst()
      let value: JSON
      switch word {
      case .text(let text): value = .string(text)
      case .name("true"): value = true
      case .name("false"): value = false
      case .name("null"): value = nil
      case .name, .mark: throw Reader.invalid("a value was expected")
      }
      return isEqual ? .equals(property, value) : .not(.equals(property, value))
    }

    private func unsupported(_ name: String) -> GraphRefusal {
      .unsupportedQuery(
        "Unsupported or invalid query filter clause specified for property '\(name)' of resource 'User'.")
    }
  }
}
