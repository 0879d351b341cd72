/// `scope`: which active records the sync considers, each left out for a named reason.
import Model

enum ScopeGate {
  static func pass(_ walk: inout Walk) {
    guard walk.originRecord != nil, walk.isAskedAsActive else {
      walk.say(.scope, .notReached, "not asked of somebody who left")
      return
    }
    let causes = causes(walk)
    if let cause = causes.first {
      leave(cause, &walk)
      walk.also += causes.dropFirst()
    } else if let cause = ParentRule.settle(&walk) {
      walk.stop(cause, at: .scope)
    } else {
      walk.say(.scope, .passed, passedText(walk))
    }
  }

  /// Why the sync does not consider the record, or the pair; empty when it does.
  private static func causes(_ walk: Walk) -> [Cause] {
    guard let record = walk.originRecord else { return [] }
    var causes = ruleCauses(of: record, at: walk.origin, in: walk.world)
    if let state = walk.originID.flatMap({ walk.world.presence(of: $0, at: walk.origin) })?.cause,
      state.reason.gate == .scope
    {
      causes.insert(state, at: 0)
    }
    if walk.intent.isCreate { causes += [creationCause(walk)].compactMap { $0 } }
    // An edit of either side would travel: a linked pair is in scope only where both records are.
    if walk.world.isTwoWay, walk.link != nil, let target = walk.target {
      causes += ruleCauses(of: target, at: .target, in: walk.world)
    }
    return causes
  }

  /// What the rules of a record's side say, asked of it alone. A linked outsider is out of scope.
  private static func ruleCauses(of record: Record, at side: Side, in world: World) -> [Cause] {
    let context = world.context(record, at: side)
    if context.isLinked, case .outsider(let cause)? = world.presence(of: record.id, at: side) { return [cause] }
    return world.situation.stage.rules(side).scopes.compactMap { $0(context) }
  }

  /// Why the sync does not consider a source record; `nil` when it does.
  static func cause(of source: Record, in world: World) -> Cause? {
    ruleCauses(of: source, at: .source, in: world).first
  }

  /// Why a record is not made on the other side by itself, where that is about what it is and not about a policy.
  private static func creationCause(_ walk: Walk) -> Cause? {
    walk.creationCause.flatMap { $0.reason.gate < .data ? $0 : nil }
  }

  /// What becomes of a record that is not in scope: not created; left as it is, orphaned or deactivated when linked.
  private static func leave(_ cause: Cause, _ walk: inout Walk) {
    switch walk.stage.leaving {
    case .parts: walk.stop(cause, at: .scope)
    case .orphans: orphan(cause, &walk)
    case .deactivates: deactivate(cause, &walk)
    case .removes: remove(cause, &walk)
    }
  }

  private static func orphan(_ cause: Cause, _ walk: inout Walk) {
    guard walk.origin == .source, let source = walk.source,
      self.cause(of: source, in: walk.world) != nil
    else { return walk.stop(cause, at: .scope) }
    let fact = cause.evidence.first.map { "\($0.attribute) is \($0.found)" } ?? cause.reason.rawValue
    let found = "out of scope, since its \(fact)"
    if let link = walk.link {
      walk.also.append(cause)
      let orphaned = World.orphanedCause(link, found: found, in: walk.world)
      walk.intent = .unlink(orphaned)
      walk.linking = .breakLink(missing: .source)
      walk.say(.scope, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause)); \(orphaned.reason.rawValue)")
      walk.hasEnded = true
    } else if let link = walk.world.brokenBySource[source.id], walk.targetID == link.target {
      walk.stop(World.orphanedCause(link, found: found, in: walk.world), at: .scope)
      walk.also.append(cause)
    } else {
      walk.stop(cause, at: .scope)
    }
  }

  private static func remove(_ cause: Cause, _ walk: inout Walk) {
    guard walk.link != nil, walk.target != nil else { return walk.stop(cause, at: .scope) }
    walk.intent = .remove(cause)
    walk.say(.scope, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
  }

  private static func deactivate(_ cause: Cause, _ walk: inout Walk) {
    guard walk.link != nil else { return walk.stop(cause, at: .scope) }
    guard walk.settings.text(.outOfScope) == "deactivate" else {
      walk.stop(cause, at: .scope)
      guard walk.settings.declarations[.outOfScope] != nil else { return }
      walk.also.append(
        Cause(
          .outOfScopeLeft, evidence: [Evidence("out-of-scope", "is", found: walk.settings.text(.outOfScope))],
          fix: "set out-of-scope to deactivate"))
      return
    }
    if walk.target?.state == .inactive {
      walk.stop(cause, at: .scope)
    } else {
      walk.intent = .deactivate(cause)
      walk.say(.scope, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause)); out-of-scope is deactivate")
    }
  }

  private static func passedText(_ walk: Walk) -> String {
    if walk.stage.hasParents, let record = walk.originRecord, let parent = record.parent,
      let standing = walk.situation.parents?[walk.origin, parent]
    {
      return "belongs to \(standing.name), which syncs"
    }
    guard walk.settings.declarations[.domains] != nil else { return "in scope" }
    let domains = walk.settings.list(.domains)
    guard !domains.isEmpty else { return "no filter is set" }
    let email = walk.source?.fields.text("email") ?? ""
    guard let at = email.lastIndex(of: "@") else { return "no address to judge by" }
    return "domain \(email[email.index(after: at)...].trimmedNFC) selected"
  }
}

extension Intent {
  var isCreate: Bool {
    if case .create = self { true } else { false }
  }
}

extension Walk {
  /// A person said that the missing side of its broken pair is to be there again: no rule about new records stands
  /// against that.
  var isRelinked: Bool {
    let broken =
      origin == .source ? sourceID.flatMap { world.brokenBySource[$0] } : targetID.flatMap { world.brokenByTarget[$0] }
    return broken?.isToBeRelinked == true
  }

  /// Why the record is not made on the other side by itself.
  var creationCause: Cause? {
    guard !isRelinked else { return nil }
    return originRecord.flatMap { stage.rules(origin).creation(world.context($0, at: origin)) }
  }

  /// Scope, data and fields are asked of active records, and of those that were never linked as though they were.
  var isAskedAsActive: Bool {
    switch intent {
    case .deactivate, .remove, .settled, .unlink: false
    case .create, .compare, .reactivate, .linkOnly: true
    case .undecided: originID.flatMap { world.presence(of: $0, at: origin) }?.isActive ?? false
    }
  }
}

extension Substring {
  fileprivate var trimmedNFC: String { String(self).trimmedNFC }
}
