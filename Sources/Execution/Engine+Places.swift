/// Syncs with one source and many destinations: where they read and write, found anew at each run.
import Connectors
import Foundation
package import Model
import Planning
import Storage

/// What is known of the two places of one part.
struct PartPlaces: Sendable {
  var source: SyncPlace?
  var target: SyncPlace?
  var sourceGroup: GroupScope?
  var targetGroup: GroupScope?

  /// Why nothing can be read or written; `nil` where both places are open.
  var cause: Cause? {
    if let fault = source?.fault { return fault }
    guard let target else { return nil }
    if let fault = target.fault { return fault }
    guard target.standing == .left else { return nil }
    return Cause(
      .notADestination,
      evidence: [
        Evidence(
          target.name, "is selected by", wanted: target.namedBy.joined(separator: ", "),
          found: "not any more: it is kept as it is")
      ], fix: "add user:\(target.name) to destinations, or set remove-leavers to on")
  }

  var isStruck: Bool { target?.standing == .struck }
}

/// What looking for the places of a sync brought.
package struct Expansion: Sendable {
  /// One part for each destination, by name.
  package var parts: [(sync: Sync, place: SyncPlace)]
  /// Places whose names changed since they were last seen: old, new.
  package var renamed: [(from: String, to: String)]
  /// Selectors that lead nowhere, or not to everybody whom they mean, each with its cause.
  package var faults: [String: Cause]
  /// The fewest requests that could have found as much.
  package var requestFloor: Int
}

extension Engine {
  /// Whether a sync has many destinations, each of which is planned and carried out by itself.
  package func hasParts(_ sync: Sync) throws -> Bool { try sync.place == nil && recipe(of: sync).fanOut != nil }

  /// The places of a part, from the store; of the whole sync only the source.
  func partPlaces(of sync: Sync, _ fanOut: FanOut, _ settings: Settings) throws -> PartPlaces {
    let whole = sync.place == nil ? sync.name : try store.whole(of: sync.name)?.name ?? sync.name
    let places = try store.places(of: whole)
    var part = PartPlaces()
    part.source = places.first { $0.side == .source }
    part.target = sync.place.flatMap { id in places.first { $0.side == .target && $0.id == id } }
    guard let source = part.source, let group = source.group else { return part }
    part.sourceGroup = GroupScope(id: group, name: source.groupName ?? "")
    let label = settings.text(fanOut.label).trimmedNFC
    part.targetGroup = GroupScope(
      id: part.target?.group, name: label.isEmpty ? source.groupName ?? "" : label,
      marker: "\(source.id)/\(group)")
    return part
  }

  /// Finds the source and the destinations of a sync as they are now, and keeps what was found.
  ///
  /// Users are known by their ids: a renamed one is the same, and its part is renamed with it.
  /// - Throws: ``ExecutionError`` when the systems cannot be asked, or when the source is not there: nothing is then
  ///   taken away from anybody.
  package func expand(_ name: SyncName) async throws -> Expansion {
    let sync = try sync(named: name)
    let recipe = try recipe(of: sync)
    guard let fanOut = recipe.fanOut else {
      throw ExecutionError(.invalid, "\(name) has one destination only.")
    }
    let settings = try settings(for: sync)
    let readers = try [sync.source, sync.target].map { try finder(at: $0) }
    do {
      let known = try store.places(of: name)
      let source = try await findSource(readers[0], known.first { $0.side == .source }, fanOut, settings, recipe)
      try store.put([source.place], of: name)
      for other in known where other.side == .source && other.id != source.place.id {
        try store.removePlace(other.id, .source, of: name)
      }
      if let fault = source.place.fault {
        throw ExecutionError(
          .failed, "\(name) cannot read its source: \(fault.sentence).", hint: fault.fix, reason: fault.reason)
      }
      let destinations = try await readers[1].places(
        settings.list(fanOut.destinations), known: known.filter { $0.side == .target }.map(\.id))
      var expansion = try keep(destinations, of: sync, source: source.place, fanOut, settings)
      expansion.renamed = source.renamed.map { [$0] + expansion.renamed } ?? expansion.renamed
      // Who the source is, and its group.
      expansion.requestFloor = 2 + readers[1].smallestRequestCount(finding: settings.list(fanOut.destinations))
      return expansion
    } catch let error as ConnectorError {
      throw ExecutionError(error)
    }
  }

  private func finder(at connection: String) throws -> any PlaceFinding {
    let connection = try self.connection(named: connection)
    guard let finder = try connector(for: connection) as? any PlaceFinding else {
      throw ExecutionError(.invalid, "\(try description(of: connection).name) has no places to send to.")
    }
    return finder
  }

  private func findSource(
    _ finder: any PlaceFinding, _ known: SyncPlace?, _ fanOut: FanOut, _ settings: Settings, _ recipe: Recipe
  ) async throws -> (place: SyncPlace, renamed: (from: String, to: String)?) {
    let (user, group) = (settings.text(fanOut.source).trimmedNFC, settings.text(fanOut.group).trimmedNFC)
    let isSame = known?.namedBy == [user, group]
    let report = try await finder.places(isSame ? [] : [user], known: isSame ? known.map { [$0.id] } ?? [] : [])
    guard let found = report.places.first else {
      let cause = report.faults[user] ?? Cause(.userNotFound, evidence: [Evidence("user", found: user)])
      throw ExecutionError(
        .failed, "\(fanOut.source) is \(user): \(cause.sentence).", hint: cause.fix ?? "set \(fanOut.source) to …",
        reason: cause.reason)
    }
    var place = SyncPlace(
      side: .source, id: found.id, name: found.name, namedBy: [user, group], fault: found.fault, seenAt: clock.now())
    if found.fault == nil {
      place.group = isSame ? known?.group : nil
      place.groupName = isSame ? known?.groupName : nil
      do {
        let wanted = GroupScope(id: place.group, name: group)
        if let held = try await finder.group(wanted, in: found.id, of: recipe.stages[0].kind) {
          place.group = held.id
          place.groupName = held.name
        } else {
          place.fault = Cause(
            .groupNotFound,
            evidence: [Evidence(fanOut.group.rawValue, "is", wanted: "a group of \(found.name)", found: group)],
            fix: "set \(fanOut.group) to the name of one of its groups")
        }
      } catch {
        guard let cause = error.closing else { throw error }
        place.fault = cause
      }
    }
    let renamed = known.flatMap { isSame && $0.name != found.name ? (from: $0.name, to: found.name) : nil }
    return (place, renamed)
  }

  private func keep(
    _ report: PlaceReport, of sync: Sync, source: SyncPlace, _ fanOut: FanOut, _ settings: Settings
  ) throws -> Expansion {
    let known = Dictionary(
      try store.places(of: sync.name).filter { $0.side == .target }.map { ($0.id, $0) }
    ) { first, _ in first }
    let selectors = Set(settings.list(fanOut.destinations))
    var parts = Dictionary(try store.parts(of: sync.name).map { ($0.place ?? "", $0) }) { first, _ in first }
    var expansion = Expansion(parts: [], renamed: [], faults: report.faults, requestFloor: 0)
    var places: [SyncPlace] = []
    for found in report.places where found.id != source.id {
      let before = known[found.id]
      var place = SyncPlace(
        side: .target, id: found.id, name: found.name, group: before?.group, groupName: before?.groupName,
        namedBy: found.namedBy, fault: found.fault, seenAt: clock.now())
      if found.namedBy.isEmpty {
        guard let before else { continue }
        place.namedBy = before.namedBy
        let stillSaid = before.namedBy.filter(selectors.contains)
        if let doubt = stillSaid.lazy.compactMap({ report.faults[$0] }).first {
          // Not to be found where not everybody could be looked for is not to have left (G1).
          place.standing = before.standing
          place.fault = place.fault ?? doubt
        } else {
          place.standing = !stillSaid.isEmpty && !settings.flag(fanOut.removesLeavers) ? .left : .struck
        }
      }
      if let before, before.name != found.name { expansion.renamed.append((before.name, found.name)) }
      if parts[found.id] == nil, place.standing != .named {
        // Never written to: there is nothing to clean and nobody to report.
        try store.removePlace(found.id, .target, of: sync.name)
        continue
      }
      places.append(place)
    }
    try store.put(places, of: sync.name)
    try nameParts(of: sync, places, &parts)
    expansion.parts = places.compactMap { place in parts[place.id].map { ($0, place) } }
      .sorted { $0.sync.name < $1.sync.name }
    return expansion
  }

  /// Gives every destination its part, under its present name; two that swapped their names swap them here too.
  private func nameParts(of sync: Sync, _ places: [SyncPlace], _ parts: inout [String: Sync]) throws {
    func wanted(_ place: SyncPlace) -> SyncName { SyncName("\(sync.name)/\(place.name)") }
    let moved = places.filter { place in parts[place.id].map { $0.name != wanted(place) } ?? false }
    for place in moved {
      guard var part = parts[place.id] else { continue }
      let aside = SyncName("\(sync.name)/\(place.id)")
      try store.rename(sync: part.name, to: aside)
      part.name = aside
      parts[place.id] = part
    }
    for place in places {
      if var part = parts[place.id] {
        guard part.name != wanted(place) else { continue }
        try store.rename(sync: part.name, to: wanted(place))
        part.name = wanted(place)
        parts[place.id] = part
      } else {
        let part = Sync(
          name: wanted(place), recipe: sync.recipe, company: nil, source: sync.source, target: sync.target,
          madeAt: clock.now(), place: place.id)
        try store.add(part, to: sync.name)
        parts[place.id] = part
      }
    }
  }

  /// After a part was carried out: the group that it made is remembered and has its name, and a struck destination that
  /// holds nothing of the sync any more is forgotten, its group dissolved.
  func settlePlace(of name: SyncName) async throws {
    let scope = try scope(of: name)
    guard var place = scope.part?.target, let whole = try store.whole(of: name), scope.part?.cause == nil else {
      return
    }
    let finder = try finder(at: scope[.target].connection.name)
    guard let group = scope.part?.targetGroup else { return }
    let kind = scope.stages[0].kind
    if place.standing == .struck {
      guard try store.links(of: name).isEmpty else { return }
      try await finder.dissolve(group, in: place.id, of: kind)
      try store.remove(sync: name)
      try store.removePlace(place.id, .target, of: whole.name)
      return
    }
    if place.group == nil, try !store.links(of: name).isEmpty,
      let held = try await finder.group(group, in: place.id, of: kind)
    {
      place.group = held.id
      place.groupName = held.name
      try store.put([place], of: whole.name)
    }
    guard let renaming = try groupRenaming(in: scope), renaming.isAgreed else { return }
    try await finder.rename(group, in: place.id, of: kind)
    place.groupName = group.name
    try store.put([place], of: whole.name)
  }

  /// The group of a destination that is to be called something else than when it was last named by the sync; what its
  /// user calls it since is the user's business.
  func groupRenaming(in scope: SyncScope) throws -> GroupRenaming? {
    guard let place = scope.part?.target, place.standing == .named, place.group != nil, let old = place.groupName,
      let new = scope.part?.targetGroup?.name, old != new
    else { return nil }
    // A setting that was changed does nothing unattended before a person has let it through (G4).
    let isAgreed = try who.isAttended || store.agreedSettings(scope.sync.name) == scope.settings.fingerprint
    return GroupRenaming(old: old, new: new, isAgreed: isAgreed)
  }
}

/// A group that the sync made, and that is to be called something else.
package struct GroupRenaming: Hashable, Sendable {
  package var old: String
  package var new: String
  /// Whether it may be done without a person.
  package var isAgreed: Bool
}

extension Cause {
  /// "the user is suspended: …", for a message outside of a plan.
  fileprivate var sentence: String {
    let text = reason.sentence.hasSuffix(".") ? String(reason.sentence.dropLast()) : reason.sentence
    let seen = evidence.map { "\($0.attribute) \($0.found)" }.joined(separator: ", ")
    return text.prefix(1).lowercased() + text.dropFirst() + (seen.isEmpty ? "" : " (\(seen))")
  }
}
