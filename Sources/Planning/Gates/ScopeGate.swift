/// `scope`: which active records the sync considers, each left out for a named reason.
import Model

enum ScopeGate {
  static func pass(_ walk: inout Walk) {
    guard let source = walk.source, walk.isAskedAsActive else {
      walk.say(.scope, .notReached, "not asked of somebody who left")
      return
    }
    guard let cause = cause(of: source, in: walk.world) else {
      walk.say(.scope, .passed, passedText(walk))
      return
    }
    guard walk.link != nil else { return walk.stop(cause, at: .scope) }
    guard walk.settings.text(.outOfScope) == "deactivate" else {
      walk.stop(cause, at: .scope)
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

  /// Why the sync does not consider a record; `nil` when it does. A linked guest is out of scope.
  static func cause(of source: Record, in world: World) -> Cause? {
    if world.linkBySource[source.id] != nil, case .outsider(let cause)? = world.standings[source.id] { return cause }
    let context = RuleContext(
      record: source, settings: world.situation.settings, system: world.situation.sourceSystem,
      label: World.label(of: source, in: world.situation.stage))
    for rule in world.situation.stage.source.scopes {
      if let cause = rule(context) { return cause }
    }
    return nil
  }

  private static func passedText(_ walk: Walk) -> String {
    let domains = walk.settings.list(.domains)
    guard !domains.isEmpty else { return "no filter is set" }
    let email = walk.source?.fields.text("email") ?? ""
    guard let at = email.lastIndex(of: "@") else { return "no address to judge by" }
    return "domain \(email[email.index(after: at)...].trimmedNFC) selected"
  }
}

extension Walk {
  /// Scope, data and fields are asked of active records, and of those that were never linked as though they were.
  var isAskedAsActive: Bool {
    switch intent {
    case .deactivate, .settled, .unlink: false
    case .create, .compare, .reactivate, .linkOnly: true
    case .undecided: sourceID.flatMap { world.standings[$0] }?.isActive ?? false
    }
  }
}

extension Substring {
  fileprivate var trimmedNFC: String { String(self).trimmedNFC }
}
