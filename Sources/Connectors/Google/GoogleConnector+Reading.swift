/// Complete readings of a user's contacts: from the label's members, or from all contacts, whichever takes fewer requests.
package import Model
import Synchronization

extension GoogleConnector {
  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in
      let place = try checked(kind, scope)
      guard mark == nil else {
        throw ConnectorError(
          .deltaExpired, "contacts of Google are read completely each time", hint: "everything is read again",
          delivery: .notSent)
      }
      let label: GoogleLabel?
      if let group = scope.group {
        let labels = try await people.labels(place)
        label = Self.label(group, among: labels)
        remember(label, for: group, in: place)
        if group.marker == nil {
          guard let label else {
            // A label that is gone is no label without members: its copies must stay.
            throw ConnectorError(
              .notFound, "the Google user \(place) has no label \(group.name)",
              hint: "see whether the label was deleted; nothing is removed for it")
          }
          let book = labels.first { $0.resourceName == GoogleLabel.own }?.memberCount ?? 0
          if Self.asksForMembers(label.memberCount ?? 0, book: book),
            let names = try await people.members(of: label, place)
          {
            return try await readMembers(names, label, scope, place, yield)
          }
        }
      } else {
        label = nil
      }
      try await readAll(label, scope, place, yield)
    }
  }

  /// Whether asking for the members, and then for each 200 of them, takes fewer requests than all contacts do
  /// (google.md §4.4). At least as many contacts are in the book as in My Contacts.
  static func asksForMembers(_ members: Int, book: Int) -> Bool {
    func requests(_ count: Int, _ page: Int) -> Int { max(1, (count + page - 1) / page) }
    let byMembers = 1 + requests(members, GoogleFeatures.idsAtOnce)
    return byMembers < requests(max(members, book), GoogleFeatures.pageSize)
  }

  private func readMembers(
    _ names: [String], _ label: GoogleLabel, _ scope: ReadScope, _ place: String, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let chunks = stride(from: 0, to: max(names.count, 1), by: GoogleFeatures.idsAtOnce).map { start in
      Array(names[start..<min(start + GoogleFeatures.idsAtOnce, names.count)])
    }
    for (index, chunk) in chunks.enumerated() {
      let found = chunk.isEmpty ? [] : try await people.people(chunk, of: place)
      // A member that is gone by now is no member.
      let records = found.map { record($0.name, $0.person, label: label.resourceName, scope) }
        .filter { Self.belongs($0, to: scope) }
      yield(Page(records: records, number: index + 1, isLast: index == chunks.count - 1, isDelta: false))
    }
  }

  private func readAll(
    _ label: GoogleLabel?, _ scope: ReadScope, _ place: String, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    var number = 0
    var seen: Set<String> = []
    var kept: Set<RecordID> = []
    try await people.connections(place) { people, isLast, total in
      number += 1
      let records = people.filter { !$0.isDeleted }
        .map { GoogleMapping.record($0, label: label?.resourceName, marker: scope.group?.marker) }
        .filter { Self.belongs($0, to: scope) }
      seen.formUnion(people.map(\.resourceName))
      kept.formUnion(records.map(\.id))
      // Google declares how many contacts there are, not how many of them are in the scope: what is missing of all may
      // be missing of these.
      let declared = isLast ? total.map { kept.count + max(0, $0 - seen.count) } : nil
      yield(Page(records: records, number: number, isLast: isLast, declaredTotal: declared, isDelta: false))
    }
  }

  // MARK: Labels

  /// The label that a group means among a user's labels.
  ///
  /// By its id; at a destination else by our mark on it, never by its name alone, since the user may have made one of the
  /// same name; at the source else by its name.
  static func label(_ group: GroupScope, among labels: [GoogleLabel]) -> GoogleLabel? {
    if let id = group.id, let label = labels.first(where: { $0.id == GoogleLabel.id(id.rawValue) }) { return label }
    if let marker = group.marker { return labels.first { $0.isMarked(marker) } }
    // A label that was remembered by its id and is gone is not replaced by another one of its name.
    guard group.id == nil else { return nil }
    let name = group.name.trimmedNFC
    func isNamed(_ label: GoogleLabel, _ areEqual: (String, String) -> Bool) -> Bool {
      [label.name, label.isSystem ? label.formattedName : nil].contains { text in
        text.map { areEqual($0.trimmedNFC, name) } ?? false
      }
    }
    if let exact = labels.first(where: { isNamed($0, ==) }) { return exact }
    let alike = labels.filter { isNamed($0) { $0.lowercased() == $1.lowercased() } }
    return alike.count == 1 ? alike.first : nil
  }

  /// The label of a group; asked for when it is not known from before. Each reading of the place looks again.
  func label(for group: GroupScope?, in place: String) async throws(ConnectorError) -> GoogleLabel? {
    guard let group else { return nil }
    if let known = labels.withLock({ $0[GoogleLabelKey(group, in: place)] }) { return known }
    let label = Self.label(group, among: try await people.labels(place))
    remember(label, for: group, in: place)
    return label
  }

  func remember(_ label: GoogleLabel?, for group: GroupScope, in place: String) {
    labels.withLock { _ = $0.updateValue(label, forKey: GoogleLabelKey(group, in: place)) }
  }
}
