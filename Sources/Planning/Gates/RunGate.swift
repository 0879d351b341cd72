/// `run`: may a run of this sync start at all.
import Foundation
import Model

enum RunGate {
  /// Why no run may start, in the order in which a person would put it right.
  static func causes(_ situation: Situation) -> [Cause] {
    let standing = situation.standing
    let name = situation.sync.name
    var causes = situation.recipe.problems(
      with: situation.settings, source: situation.sourceSystem, target: situation.targetSystem, sync: name)
    causes += standing.checkFailures
    if standing.checkFailures.isEmpty && standing.lastCheckAt == nil {
      causes.append(
        Cause(.checkNotPassed, evidence: [Evidence("check", "is", wanted: "passed", found: "never made")], fix: "check")
      )
    }
    if !standing.isEnabled {
      let since = standing.enabledChange.map { ", since \(day($0.at)) by \($0.by)" } ?? ""
      causes.append(
        Cause(
          .syncDisabled, evidence: [Evidence("enabled", "is", wanted: "on", found: "off\(since)")],
          fix: "enable \(name)"))
    }
    return causes
  }

  /// A sync that may not run is still previewed and explained, so this gate stops no record's walk.
  static func pass(_ walk: inout Walk) {
    let standing = walk.situation.standing
    if let first = walk.world.runCauses.first {
      walk.say(.run, .stopped, "\(first.reason.rawValue)   \(Wording.detail(first))")
    } else if let run = standing.interruptedRun {
      walk.say(.run, .noted, "enabled, checked; \(run) was interrupted", readAt: standing.lastCheckAt)
    } else if let holder = standing.leaseHolder {
      walk.say(.run, .noted, "enabled, checked; under way now: \(holder)", readAt: standing.lastCheckAt)
    } else {
      walk.say(.run, .passed, "enabled, checked", readAt: standing.lastCheckAt)
    }
  }
}
