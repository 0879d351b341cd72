// Partial answers: the parameter `fields`, which all of Google's APIs take.

/// What of an answer is wanted, as in `nextPageToken,users(id,name/fullName)`.
struct GoogleFieldSelector: Sendable, Equatable {
  /// By name; an empty selector below a name wants all of it.
  private var wanted: [String: GoogleFieldSelector] = [:]

  private init() {}

  /// - Throws: 400 for a text that is no selection.
  init(_ text: String) throws(GoogleRefusal) {
    var rest = text[...]
    guard let selector = Self.list(&rest, depth: 0), rest.isEmpty else {
      throw GoogleRefusal(400, "INVALID_ARGUMENT", "invalidParameter", "Invalid field selection \(text)")
    }
    self = selector
  }

  private static func list(_ rest: inout Substring, depth: Int) -> GoogleFieldSelector? {
    guard depth < 20 else { return nil }
    var selector = GoogleFieldSelector()
    while true {
      guard let (name, below) = item(&rest, depth: depth) else { return nil }
      selector.add(name, below)
      guard rest.first == "," else { return selector }
      rest = rest.dropFirst()
    }
  }

  private static func item(_ rest: inout Substring, depth: Int) -> (name: String, below: GoogleFieldSelector)? {
    let name = String(rest.prefix { $0.isLetter || $0.isNumber || "_-*$@".contains($0) })
    guard !name.isEmpty, depth < 20 else { return nil }
    rest = rest.dropFirst(name.count)
    switch rest.first {
    case "/":
      rest = rest.dropFirst()
      guard let (inner, below) = item(&rest, depth: depth + 1) else { return nil }
      var selector = GoogleFieldSelector()
      selector.add(inner, below)
      return (name, selector)
    case "(":
      rest = rest.dropFirst()
      guard let inner = list(&rest, depth: depth + 1), rest.first == ")" else { return nil }
      rest = rest.dropFirst()
      return (name, inner)
    default: return (name, GoogleFieldSelector())
    }
  }

  private mutating func add(_ name: String, _ below: GoogleFieldSelector) {
    guard let known = wanted[name] else {
      wanted[name] = below
      return
    }
    // All of it was wanted already, or is now.
    guard !known.wanted.isEmpty, !below.wanted.isEmpty else {
      wanted[name] = GoogleFieldSelector()
      return
    }
    for (inner, selector) in below.wanted { wanted[name]?.add(inner, selector) }
  }

  /// What is wanted of a value; of a list, of each of its elements.
  func applied(to json: JSON) -> JSON {
    guard !wanted.isEmpty else { return json }
    switch json {
    case .array(let elements): return .array(elements.map { applied(to: $0) })
    case .object(let members):
      return .object(
        members.compactMap { member in
          guard let selector = wanted[member.name] ?? wanted["*"] else { return nil }
          return .init(name: member.name, value: selector.applied(to: member.value))
        })
    default: return json
    }
  }
}
