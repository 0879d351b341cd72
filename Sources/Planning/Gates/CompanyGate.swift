/// `company`: is the company mapped to one at the target, and is that one active.
import Model

enum CompanyGate {
  static func isUnmapped(_ situation: Situation) -> Bool {
    situation.recipe.isPerCompany && situation.company?.ids[situation.sync.target] == nil
  }

  static func cause(_ situation: Situation) -> Cause? {
    if let cause = situation.placeCause { return cause }
    guard situation.recipe.isPerCompany else { return nil }
    let handle = situation.company?.handle ?? situation.sync.company ?? ""
    if isUnmapped(situation) {
      return Cause(
        .companyUnmapped,
        evidence: [
          Evidence("company \(handle)", "is mapped at", found: "no company", at: situation.targetSystem.name)
        ],
        fix: "map \(handle) to ID for \(situation.sync.target)")
    }
    if let company = situation.company, company.isActive == false {
      return Cause(
        .companyInactive,
        evidence: [
          Evidence(
            "status of \(company.name)", "is", wanted: "active", found: company.status ?? "inactive",
            at: situation.targetSystem.name)
        ],
        fix: "give \(company.name) an active status at \(situation.targetSystem.name)")
    }
    return nil
  }

  static func pass(_ walk: inout Walk) {
    if let cause = walk.world.companyCause {
      walk.stop(cause, at: .company)
    } else if let company = walk.situation.company, let id = company.ids[walk.situation.sync.target] {
      walk.say(.company, .passed, "\(company.name) ↔ \(walk.situation.targetSystem.name) company \(id)")
    } else if let place = walk.situation.targetPlace {
      walk.say(.company, .passed, "to \(place)")
    } else {
      walk.say(.company, .passed, "the whole tenant")
    }
  }
}
