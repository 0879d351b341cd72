/// From values to what is sent: a field that is sent is replaced as a whole, so that it is merged here with what is there.
import Model

/// A value that Google cannot be given.
struct GoogleUnusable: Error, Equatable {
  var field: FieldName
  var message: String
}

extension GoogleMapping {
  /// The fields of the person that values change, whole, on top of what is there; an empty list clears.
  static func changes(
    _ values: FieldValues, onto there: [GooglePersonField: [JSONValue]] = [:]
  ) throws(GoogleUnusable) -> [GooglePersonField: [JSONValue]] {
    var changed: [GooglePersonField: [JSONValue]] = [:]
    if nameMembers.contains(where: { values[$0.field] != nil }) {
      changed[.names] = one(values, nameMembers, onto: there[.names]?.first) { members in
        // The server makes it anew from the parts.
        members["unstructuredName"] = nil
        return members.contains { $0.value.isFilled }
      }
    }
    if organizationMembers.contains(where: { values[$0.field] != nil }) {
      let others = (there[.organizations] ?? []).dropFirst()
      changed[.organizations] =
        one(values, organizationMembers, onto: there[.organizations]?.first) { members in
          // Whether one works there, and of which type the work is, says nothing without a place.
          members.contains { !["type", "current"].contains($0.key) && $0.value.isFilled }
        } + others
    }
    if let value = values["nickname"] {
      var entries = there[.nicknames] ?? []
      let text = try Self.text(value, "nickname")
      let index = nicknameIndex(entries)
      switch (index, text) {
      case (let index?, let text?): entries[index]["value"] = .text(text)
      case (let index?, nil): entries.remove(at: index)
      case (nil, let text?): entries.append(["value": .text(text)])
      case (nil, nil): break
      }
      changed[.nicknames] = entries
    }
    if let value = values["notes"] {
      changed[.biographies] =
        try text(value, "notes").map { [["value": .text($0), "contentType": "TEXT_PLAIN"]] } ?? []
    }
    if let value = values["birthday"] {
      guard let text = try Self.text(value, "birthday") else {
        changed[.birthdays] = []
        return try adding(values, to: changed, onto: there)
      }
      guard let date = GoogleItems.parsedDate(text) else {
        throw GoogleUnusable(field: "birthday", message: "\(text) is no day: YYYY-MM-DD or --MM-DD")
      }
      changed[.birthdays] = [["date": date]]
    }
    return try adding(values, to: changed, onto: there)
  }

  private static func adding(
    _ values: FieldValues, to changed: [GooglePersonField: [JSONValue]],
    onto there: [GooglePersonField: [JSONValue]]
  ) throws(GoogleUnusable) -> [GooglePersonField: [JSONValue]] {
    var changed = changed
    for list in GoogleList.all {
      guard let value = values[list.field] else { continue }
      let items: [String] =
        switch value {
        case .null: []
        case .text(let text): [text]
        case .list(let items): items
        case .flag: throw GoogleUnusable(field: list.field, message: "a flag is no list")
        }
      changed[list.member] = try entries(list, items.filter { !$0.isBlank }, onto: there[list.member] ?? [])
    }
    return changed
  }

  /// The entries of a list; what an entry holds beside its type and value stays with it, such as the name that an
  /// address is shown under.
  private static func entries(
    _ list: GoogleList, _ items: [String], onto there: [JSONValue]
  ) throws(GoogleUnusable) -> [JSONValue] {
    var free = there
    var entries: [JSONValue] = []
    for item in items {
      let (type, value) = GoogleItems.parsed(item)
      guard let members = list.members(value) else {
        throw GoogleUnusable(field: list.field, message: "\(item) is no item of \(list.field)")
      }
      let text = list.value(.object(members)) ?? value
      func isSame(_ entry: JSONValue) -> Bool { list.value(entry).map { $0.trimmedNFC } == text.trimmedNFC }
      let index =
        free.firstIndex { isSame($0) && $0.text(list.type) == type } ?? free.firstIndex(where: isSame)
      var entry: [String: JSONValue] = [:]
      if let index, case .object(let former) = free.remove(at: index) {
        entry = former.filter { !list.own.contains($0.key) && $0.key != list.type }
      }
      entry.merge(members) { _, new in new }
      if let type { entry[list.type] = .text(type) }
      entries.append(.object(entry))
    }
    // What no item can say, such as an event without a day, is nobody's to remove.
    return entries + free.filter { list.value($0) == nil }
  }

  /// The single entry that some fields are members of; none when nothing is left that says something.
  private static func one(
    _ values: FieldValues, _ names: [(field: FieldName, member: String)], onto there: JSONValue?,
    isFilled: (inout [String: JSONValue]) -> Bool
  ) -> [JSONValue] {
    var members: [String: JSONValue] = [:]
    if case .object(let former)? = there { members = former }
    for (field, member) in names {
      guard let value = values[field] else { continue }
      members[member] = value.isBlank ? nil : .text(value.displayed)
    }
    return isFilled(&members) ? [.object(members)] : []
  }

  private static func text(_ value: FieldValue, _ field: FieldName) throws(GoogleUnusable) -> String? {
    switch value {
    case .null: nil
    case .text(let text): text.isBlank ? nil : text
    case .list, .flag: throw GoogleUnusable(field: field, message: "\(field) is one text")
    }
  }
}

extension JSONValue {
  /// Whether it says something.
  fileprivate var isFilled: Bool {
    switch self {
    case .text(let text): !text.isBlank
    case .number, .flag: true
    case .list(let items): !items.isEmpty
    case .object(let members): !members.isEmpty
    case .null: false
    }
  }
}
