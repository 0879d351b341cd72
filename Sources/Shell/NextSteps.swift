/// What to type next, from what is set up and from the recipes' own declarations.
import Model
import Planning
import Storage

extension Recipe {
  /// The line that sets this recipe up: `add sync m365-contacts for acme from ms to cw tenant=…`.
  /// - Parameters:
  ///   - company: the handle of the company, for a recipe that has one sync a company.
  ///   - partition: what is known of the source's partition: the company's tenant.
  func addLine(
    for company: String?, from source: String = "SOURCE", to target: String = "TARGET", partition: String? = nil
  ) -> String {
    let required = settings.filter(\.isRequired).map { setting in
      " \(setting.key)=\(setting.key == sourcePartition ? partition ?? "…" : "…")"
    }.joined()
    let owner = isPerCompany ? " for \(company ?? "COMPANY")" : ""
    return "add sync \(handle)\(owner) from \(source) to \(target)\(required)"
  }
}

extension Session {
  /// The recipes that the connections are there for, each with the first two that fit.
  func fitting(_ connections: [Connection]) -> [(recipe: Recipe, source: String, target: String)] {
    Recipes.all.compactMap { recipe in
      guard let source = connections.first(where: { recipe.sourceSystems.contains($0.system) }),
        let target = connections.first(where: { recipe.targetSystems.contains($0.system) && $0.name != source.name })
      else { return nil }
      return (recipe, source.name, target.name)
    }
  }

  /// How a company gets its first sync.
  func addLine(for company: String) -> String {
    let fit = fitting((try? store.connections()) ?? []).first { $0.recipe.isPerCompany }
    let tenant = (try? store.company(company))??.tenant
    if let fit { return fit.recipe.addLine(for: company, from: fit.source, to: fit.target, partition: tenant) }
    return Recipes.all.first(where: \.isPerCompany)?.addLine(for: company, partition: tenant) ?? "show recipes"
  }

  /// The next step of somebody who has no sync yet.
  func firstStep(_ connections: [Connection], _ companies: [Company]) -> String {
    guard !connections.isEmpty else { return "connect SYSTEM as NAME …   (help first, show systems)" }
    guard let fit = fitting(connections).first else {
      return "connect another SYSTEM as NAME …   (help first, show recipes)"
    }
    guard fit.recipe.isPerCompany else { return fit.recipe.addLine(for: nil, from: fit.source, to: fit.target) }
    guard let company = companies.first else { return "load companies from \(fit.target)" }
    return fit.recipe.addLine(for: company.handle, from: fit.source, to: fit.target)
  }

  /// The newest plan of a sync under the settings in force; most often it is simply the newest.
  func newestPlan(of sync: SyncName) throws -> PlanSummary? {
    for limit in [1, 20] {
      let found = try store.plans(of: sync, limit: limit).first { $0.state != .whatIf && $0.purpose == .sync }
      if let found { return found }
    }
    return nil
  }

  /// What the newest plan of a sync left to a person, for one line of `status`.
  func leftOpen(by sync: Sync) throws -> (stands: String, why: String, next: String)? {
    guard let newest = try newestPlan(of: sync.name), let plan = try store.plan(newest.id) else { return nil }
    let rulings = try store.verdicts(of: sync.name).filter { $0.madeAt >= plan.madeAt }
    let settled = min(plan.openConflicts, rulings.count { if case .take = $0.ruling { true } else { false } })
    let conflicts = plan.openConflicts - settled
    let guarded = plan.guardedRecords
    var parts: [String] = []
    if conflicts > 0 { parts.append(counted(conflicts, "conflict")) }
    if guarded.count > 0 { parts.append("\(counted(guarded.count, "record")) (\(guarded.reasons))") }
    if conflicts == 0, settled > 0 { parts.append("\(counted(settled, "conflict")) settled, not carried out yet") }
    guard !parts.isEmpty else { return nil }
    let next =
      conflicts > 0
      ? "show conflicts of \(sync.name)" : settled > 0 ? "preview \(sync.name)" : "show plan \(newest.id)"
    return (conflicts > 0 ? "conflicts" : "waits", parts.joined(separator: ", "), next)
  }
}
