/// `read`: are both readings good enough to decide upon.
import Foundation
import Model

enum ReadGate {
  /// Why nothing may be decided: the source was not read to its end, or the target was not.
  ///
  /// A target that cannot be read because the company is not mapped is left to the company gate.
  static func cause(_ situation: Situation) -> Cause? {
    // What nobody can read is told by its own cause.
    if situation.placeCause != nil { return nil }
    if let cause = cause(.source, situation) { return cause }
    if CompanyGate.isUnmapped(situation) { return nil }
    return cause(.target, situation)
  }

  static func cause(_ side: Side, _ situation: Situation) -> Cause? {
    let certificate = situation.reading(side).certificate
    guard certificate?.isUsable != true else { return nil }
    let system = situation.system(side).name
    let evidence: [Evidence]
    switch certificate {
    case nil: evidence = [Evidence("reading", "is", wanted: "complete", found: "never read", at: system)]
    case let certificate?:
      var found =
        "\(certificate.pagesReceived) of \(certificate.pagesAsked) pages, "
        + Wording.count(certificate.recordCount, "record")
      if case .partial(let why) = certificate.completeness { found += "; \(why)" }
      if !certificate.sawEnd { found += "; the end was not seen" }
      if let total = certificate.declaredTotal, total > certificate.recordCount, certificate.completeness == .complete {
        found += "; \(total) were declared"
      }
      evidence = [Evidence("reading", "is", wanted: "complete", found: found, at: system)]
    }
    return Cause(side == .source ? .sourceIncomplete : .targetIncomplete, evidence: evidence, fix: situation.loading)
  }

  static func pass(_ walk: inout Walk) {
    if let cause = walk.world.readCause { walk.stops.append(cause) }
    for side in Side.allCases {
      let certificate = walk.situation.reading(side).certificate
      if let cause = cause(side, walk.situation) {
        if side == .target && CompanyGate.isUnmapped(walk.situation) {
          walk.say(.read, .notReached, "\(walk.situation.targetSystem.name), no company to read")
        } else {
          walk.say(
            .read, .stopped, "\(cause.reason.rawValue)   \(Wording.detail(cause))", readAt: certificate?.finishedAt)
        }
      } else if let certificate {
        walk.say(.read, .passed, text(certificate, side, walk), readAt: certificate.finishedAt)
      }
    }
  }

  /// "Microsoft 365, complete (1 of 1 pages, 221 people)".
  private static func text(_ certificate: ReadCertificate, _ side: Side, _ walk: Walk) -> String {
    let how =
      switch certificate.completeness {
      case .delta: "changes since the last reading"
      case .listing: "what it lists"
      case .complete, .partial: "complete"
      }
    let count = certificate.snapshotCount
    let noun = count == 1 ? walk.stage.kind.rawValue : walk.stage.kind.plural
    return "\(walk.situation.system(side).name), \(how) "
      + "(\(certificate.pagesReceived) of \(certificate.pagesAsked) pages, \(count) \(noun)\(certificate.remark.map { "; \($0)" } ?? ""))"
  }
}

extension Situation {
  /// The command that reads again what a stage is about.
  var loading: String { recipe.isPerCompany ? "load people" : "load everything" }
}
