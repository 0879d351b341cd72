/// Finding the record that a person's words mean, and saying what is near when there is none.
import Foundation
package import Model

extension Why {
  package static func find(_ text: String, in situation: Situation) -> [Found] { find(text, in: [situation]) }

  /// Records by id, any e-mail address, exact name, or, when none of these fits, a part of address or name.
  ///
  /// The first of these that finds anything in any stage decides; of a pair only the source side is returned. Several
  /// are returned when the words fit several, stage by stage.
  /// - Parameter side: only the records of this side, also those whose partner answers to the same words.
  package static func find(_ text: String, in situations: [Situation], on side: Side? = nil) -> [Found] {
    find(text, in: situations, on: side) { Staging.worlds(situations) }
  }

  /// - Parameter worlds: the stages, each matched; asked for where both halves of a pair may have been found.
  static func find(
    _ text: String, in situations: [Situation], on side: Side? = nil, worlds: () -> [World]
  ) -> [Found] {
    let wanted = text.trimmedNFC.lowercased()
    guard !wanted.isEmpty else { return [] }
    let places = situations.map { people(in: $0).filter { side == nil || $0.side == side } }
    let tests: [(Person) -> Bool] = [
      { $0.id.rawValue.lowercased() == wanted },
      { $0.addresses.contains(wanted) },
      { $0.names.contains(wanted) },
      { person in person.addresses.contains { $0.contains(wanted) } || person.names.contains { $0.contains(wanted) } },
    ]
    for test in tests {
      let found = places.map { $0.filter(test) }
      guard found.contains(where: { !$0.isEmpty }) else { continue }
      let isPaired = found.contains { Set($0.map(\.side)).count > 1 }
      let matched = isPaired ? worlds() : []
      return zip(found, situations).enumerated().flatMap { place, pair in
        let people = isPaired ? withoutPartners(pair.0, in: matched[place]) : pair.0
        return people.map { Found(kind: pair.1.stage.kind, side: $0.side, id: $0.id, label: $0.label) }
      }
    }
    // A link remembers records that no reading shows any more.
    return situations.flatMap { situation in
      situation.links
        .filter { $0.kind == situation.stage.kind && ($0.source.rawValue == text || $0.target.rawValue == text) }
        .map { Found(kind: $0.kind, side: .source, id: $0.source, label: $0.source.rawValue) }
    }
  }

  package static func notFound(_ text: String, in situation: Situation) -> Explanation {
    notFound(text, in: [situation])
  }

  /// The answer when nobody was found: where it was looked, and the address that is spelt most like it.
  package static func notFound(_ text: String, in situations: [Situation]) -> Explanation {
    let worlds = Staging.worlds(situations)
    // People are what is looked for most; a sync without them is asked by its last stage.
    guard let world = worlds.first(where: { $0.situation.stage.kind == .person }) ?? worlds.last else {
      preconditionFailure("a sync has a stage")
    }
    let situation = world.situation
    let wanted = text.trimmedNFC.lowercased()
    let nearest = nearestAddress(to: wanted, in: people(in: situation))
    var evidence = [Evidence("looked for", "is", found: text, at: situation.sourceSystem.name)]
    if situation.recipe.sourcePartition != nil {
      evidence.append(
        Evidence(
          situation.sourceSystem.partitionName, "is",
          found: situation.recipe.partition(under: situation.settings) ?? "not set", at: situation.sourceSystem.name))
    }
    if let nearest { evidence.append(Evidence("nearest", "is", found: nearest.address)) }
    let cause = Cause(.notAtSource, evidence: evidence, fix: nearest.map { "why \($0.address)" } ?? situation.loading)
    let misses = nearest.map { near in
      [
        NearMiss(
          target: near.id, field: situation.stage.plainRule?.source ?? "email", difference: "spelling",
          sourceText: wanted, targetText: near.address)
      ]
    }
    let lines = commonLines(in: world).map { line in
      line.gate == .read && line.mark == .passed
        ? GateLine(gate: .read, mark: .noted, text: line.text + "; no \(text) in it", readAt: line.readAt) : line
    }
    return Explanation(
      headline: "Not found: neither \(situation.sourceSystem.name) nor \(situation.targetSystem.name) "
        + "has \(text) in \(situation.sync.name)." + (nearest.map { " The nearest is \($0.address)." } ?? ""),
      label: text, name: "",
      decision: Decision(
        kind: situation.stage.kind, source: nil, target: nil, label: text, name: "", action: .skip, reason: cause),
      gates: lines, nearMisses: misses ?? [], rule: Reason.notAtSource.rule)
  }

  // MARK: - People by their words

  private struct Person {
    var side: Side
    var id: RecordID
    var label: String
    var addresses: Set<String>
    var names: Set<String>
  }

  private static func people(in situation: Situation) -> [Person] {
    Side.allCases.flatMap { side in
      let records = Dictionary(situation.reading(side).records.map { ($0.id, $0) }) { _, last in last }.values
      return records.sorted { $0.id < $1.id }.map { record in
        Person(
          side: side, id: record.id, label: World.label(of: record, in: situation.stage),
          addresses: addresses(of: record),
          names: Set(
            [World.name(of: record, in: situation.stage), record.fields.text("display-name")?.trimmedNFC ?? ""]
              .map { $0.lowercased() }.filter { !$0.isEmpty }))
      }
    }
  }

  private static func addresses(of record: Record) -> Set<String> {
    let fields: [FieldName] = ["email", "addresses", "other-emails", "emails", "user-principal-name"]
    let texts = fields.flatMap { name in record.fields.items(name) ?? record.fields.text(name).map { [$0] } ?? [] }
    return Set(texts.map(ComparisonRule.email.key).filter { !$0.isEmpty })
  }

  /// Of a pair, or of a record and what its key found, the source side stands for both.
  private static func withoutPartners(_ found: [Person], in world: World) -> [Person] {
    let partners = Set(
      found.lazy.filter { $0.side == .source }.compactMap { person -> RecordID? in
        switch world.matches[person.id]?.outcome {
        case .linked(let link)?, .targetUnseen(let link, _)?: link.target
        case .found(let target, _, _, _)?: target
        default: world.matches[person.id]?.shown
        }
      })
    return found.filter { $0.side == .source || !partners.contains($0.id) }
  }

  /// The address with the fewest edits, if they are few for its length.
  private static func nearestAddress(to wanted: String, in people: [Person]) -> (id: RecordID, address: String)? {
    let limit = max(1, min(3, wanted.count / 4))
    var best: (id: RecordID, address: String, distance: Int)?
    for person in people {
      for address in person.addresses.sorted() where abs(address.count - wanted.count) <= limit {
        let distance = EditDistance.between(wanted, address, atMost: (best?.distance ?? limit + 1) - 1)
        if let distance { best = (person.id, address, distance) }
      }
    }
    return best.map { ($0.id, $0.address) }
  }
}

/// How many letters have to be put in, left out, changed or swapped with their neighbour.
enum EditDistance {
  /// `nil` when it is more than the limit.
  static func between(_ left: String, _ right: String, atMost limit: Int) -> Int? {
    let a = Array(left.unicodeScalars)
    let b = Array(right.unicodeScalars)
    guard limit >= 0, abs(a.count - b.count) <= limit else { return nil }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        row.append(best)
      }
      guard row.contains(where: { $0 <= limit }) else { return nil }
      (beforeLast, last) = (last, row)
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}
