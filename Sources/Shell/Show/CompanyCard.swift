/// `show company C`: one company at a glance, with the next step.
import CommandLanguage
import Execution
import Model
import Storage

enum CompanyCard {
  static func rows(_ company: Company, in session: Session) throws -> Rows {
    var columns = [
      Column("company", style: .id), Column("name"), Column("status", style: .state), Column("mapped", type: .list),
    ]
    var values: [Value] = [
      .text(company.handle), .text(company.name), .text(orBlank: company.status),
      .list(company.ids.sorted { $0.key < $1.key }.map { .text("\($0.key) \($0.value)") }),
    ]
    func add(_ column: Column, _ value: Value) {
      columns.append(column)
      values.append(value)
    }
    if let tenant = company.tenant { add(Column("tenant"), .text(tenant)) }
    let syncs = try session.store.syncs(of: company.handle)
    add(Column("syncs", type: .list), .list(syncs.map { .text($0.name.rawValue) }))
    var next = session.addLine(for: company.handle)
    for sync in syncs {
      let enabled = try session.store.settings(for: .sync(sync.name))["enabled"] == .flag(true)
      add(Column("enabled", type: .flag), .flag(enabled))
      for side in Side.allCases {
        guard let scope = try session.engine.snapshotScope(of: sync.name, side) else { continue }
        let system = session.systemName(sync.connection(side))
        add(
          Column("people-at-\(side.rawValue)", title: "people at \(system)", type: .count),
          .count(try session.store.snapshotCount(scope)))
        add(
          Column("read-at-\(side.rawValue)", title: "read at \(system)", type: .date),
          .date(orBlank: try session.store.certificate(of: scope)?.finishedAt))
      }
      let links = try session.store.links(of: sync.name)
      add(Column("links", type: .count), .count(links.count { $0.state == .linked }))
      add(Column("broken-links", title: "broken links", type: .count), .count(links.count { $0.state != .linked }))
      let last = try session.store.runs(of: sync.name, since: nil, limit: 1).first
      add(
        Column("last-run", title: "last run"),
        .text(
          orBlank: last.map {
            "\($0.id.map(String.init(describing:)) ?? ""): \($0.outcome.rawValue), \($0.done) done, \($0.failed) failed"
          }))
      next =
        !enabled
        ? "check, then enable \(sync.name)" : last == nil ? "preview \(company.handle)" : "why \(company.handle)"
    }
    add(Column("next"), .text(next))
    return Rows(subject: "company", columns: columns, rows: [values])
  }
}
