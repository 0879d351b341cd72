import Foundation
import Model
import Storage
import Testing

@Suite struct SetUpTests {
  @Test(
    "a handle is the identifier, else the name, typed without quotes and never taken",
    arguments: [
      ("AcmeDental", "Acme Dental Ltd", [], "acmedental"),
      ("Acme Dental & Co.", "x", [], "acme-dental-co"),
      (nil, "Müller & Söhne GmbH", [], "muller-sohne-gmbh"),
      (nil, "Zażółć Gęślą", [], "zazolc-gesla"),
      (nil, "Straße", [], "strasse"),
      ("  ", "Acme", [], "acme"),
      ("acme", "Acme", ["acme"], "acme-2"),
      ("ACME", "Acme", ["acme", "acme-2"], "acme-3"),
      ("a/b", "x", [], "a-b"),
      ("acme_uk.north", "x", [], "acme_uk.north"),
      ("--acme--", "x", [], "acme"),
      (nil, "***", [], "company"),
      (nil, "株式会社", [], "株式会社"),
      ("1187", "x", [], "1187"),
    ] as [(String?, String, Set<String>, String)])
  func handles(_ identifier: String?, _ name: String, _ taken: Set<String>, _ handle: String) {
    #expect(Store.handle(forIdentifier: identifier, name: name, taken: taken) == handle)
  }

  @Test("a connection is kept with all that was said, and replaced by its name")
  func connections() throws {
    let store = try Fixture().store
    var connection = Fixture.connection("cw", system: "connectwise")
    try store.save(connection)
    connection.parameters["url"] = "https://other.example"
    try store.save(connection)
    #expect(try store.connections() == [connection])
    #expect(try store.connection(named: "cw") == connection)
    #expect(try store.connection(named: "CW") == nil)
  }

  @Test("G22 a secret that is not a reference is refused and not repeated")
  func plainSecret() throws {
    let fixture = try Fixture()
    var connection = Fixture.connection("cw", system: "connectwise")
    connection.secrets = ["private-key": "hunter2-planted"]
    let error = try #require(failure { try fixture.store.save(connection) })
    #expect(error.kind == .invalid)
    #expect(!"\(error)".contains("hunter2"))
    #expect(try fixture.store.connections().isEmpty)
  }

  @Test("what is in use stays: connections and companies while a sync needs them")
  func inUse() throws {
    let store = try Fixture.withSync().store
    #expect(failure { try store.remove(connection: "cw") }?.kind == .inUse)
    #expect(failure { try store.remove(company: "acme") }?.kind == .inUse)
    try store.remove(sync: Fixture.sync)
    try store.remove(connection: "cw")
    try store.remove(company: "acme")
    #expect(try store.connections().map(\.name) == ["m365"])
    #expect(try store.companies().isEmpty)
    #expect(failure { try store.remove(connection: "cw") }?.kind == .notFound)
  }

  @Test("companies loaded again are known by their record; the handle stays, the name follows unless renamed")
  func companies() throws {
    let store = try Fixture.withSync().store
    let loaded = [
      Company(handle: "ACME2", name: "Acme Dental Group", ids: ["cw": "1187"], isActive: false, status: "Inactive"),
      Company(handle: "Acme", name: "Another Acme", ids: ["cw": "1188"]),
    ]
    #expect(try store.save(loaded) == (new: 1, known: 1))
    #expect(try store.companies().map(\.handle) == ["acme", "acme-2"])
    let acme = try #require(try store.company("acme"))
    #expect(acme.name == "Acme Dental Group" && acme.isActive == false && acme.status == "Inactive")
    #expect(acme.ids == ["cw": "1187", "m365": "acme.example"])

    try store.rename(company: "acme", to: "Our Acme")
    #expect(try store.save(loaded) == (new: 0, known: 2))
    #expect(try store.company("acme")?.name == "Our Acme")
    #expect(try store.company(at: "cw", id: "1188")?.handle == "acme-2")
  }

  @Test("one record of a system is never two companies")
  func mapping() throws {
    let store = try Fixture.withSync().store
    try store.save([Company(handle: "globex", name: "Globex")])
    #expect(failure { try store.map(company: "globex", at: "cw", to: "1187") }?.kind == .exists)
    #expect(failure { try store.map(company: "globex", at: "nowhere", to: "1") }?.kind == .notFound)
    try store.map(company: "acme", at: "cw", to: nil)
    try store.map(company: "globex", at: "cw", to: "1187")
    #expect(try store.company("globex")?.ids == ["cw": "1187"])
    #expect(try store.company("acme")?.ids == ["m365": "acme.example"])
  }

  @Test("a sync needs a free name, its connections and its company")
  func addSync() throws {
    let store = try Fixture.withSync().store
    var sync = try #require(try store.sync(named: Fixture.sync))
    #expect(failure { try store.add(sync) }?.kind == .exists)
    sync.name = "acme/other"
    sync.target = "nowhere"
    #expect(failure { try store.add(sync) }?.kind == .notFound)
    sync.target = "cw"
    sync.company = "nobody"
    #expect(failure { try store.add(sync) }?.kind == .notFound)
    #expect(try store.syncs(of: "acme").count == 1)
  }

  @Test("a renamed sync keeps its settings, links, plans and runs")
  func renameSync() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    try store.set("create", to: .flag(false), for: .sync(Fixture.sync), by: "sam", at: moment(1))
    try store.change([.put(Fixture.link("u1", "c1"))], of: Fixture.sync)
    let plan = try store.add(Fixture.plan([Fixture.decision(1)]))
    let run = try fixture.beginRun(plan: plan)
    try store.rename(sync: Fixture.sync, to: "acme/people")
    #expect(try store.sync(named: Fixture.sync) == nil)
    #expect(try store.settings(for: .sync("acme/people")) == ["create": .flag(false)])
    #expect(try store.settingChanges(for: .sync("acme/people")).count == 1)
    #expect(try store.links(of: "acme/people").count == 1)
    #expect(try store.plan(plan)?.sync == "acme/people")
    #expect(try store.run(run)?.sync == "acme/people")
  }

  @Test("a removed sync leaves its runs behind, and nothing to a new one of its name")
  func removeSync() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let sync = try #require(try store.sync(named: Fixture.sync))
    try store.set("create", to: .flag(false), for: .sync(Fixture.sync), by: "sam", at: moment(1))
    try store.change([.put(Fixture.link("u1", "c1"))], of: Fixture.sync)
    try store.agree(to: Fingerprint(rawValue: "s"), Fixture.sync, at: moment(1))
    let plan = try store.add(Fixture.plan([]))
    try store.setState(of: plan, to: .applied)
    _ = try fixture.beginRun(plan: plan)
    #expect(try store.plansCarriedThrough(Fixture.sync) == 1)
    try store.remove(sync: Fixture.sync)
    try store.add(sync)
    #expect(try store.links(of: Fixture.sync).isEmpty)
    #expect(try store.settings(for: .sync(Fixture.sync)).isEmpty)
    #expect(try store.settingChanges(for: .sync(Fixture.sync)).isEmpty)
    #expect(try store.agreedSettings(Fixture.sync) == nil)
    #expect(try store.plansCarriedThrough(Fixture.sync) == 0)
    #expect(try store.runs(of: Fixture.sync, limit: 9).isEmpty)
    #expect(try store.runs(limit: 9).map(\.sync) == [Fixture.sync])
  }

  @Test("a sync with a write of unknown outcome is not removed")
  func removeUnsettled() throws {
    let fixture = try Fixture.withSync()
    let run = try fixture.beginRun()
    _ = try fixture.store.intend([Fixture.entry(run: run)])
    #expect(failure { try fixture.store.remove(sync: Fixture.sync) }?.kind == .inUse)
  }

  @Test("every change of a setting is logged once, with who and when")
  func settings() throws {
    let store = try Fixture.withSync().store
    let scope = SettingScope.sync(Fixture.sync)
    try store.set("domains", to: .list(["acme.example"]), for: scope, by: "sam", at: moment(1))
    try store.set("domains", to: .list(["acme.example"]), for: scope, by: "kim", at: moment(2))
    try store.set("domains", to: nil, for: scope, by: "kim", at: moment(3))
    try store.set("guard.creates", to: .count(9), for: .everything, by: "sam", at: moment(4))
    try store.set("email-type", to: .text("Email"), for: .connection("cw"), by: "sam", at: moment(4))
    #expect(try store.settings(for: scope).isEmpty)
    #expect(try store.settings(for: .everything) == ["guard.creates": .count(9)])
    #expect(try store.settings(for: .connection("cw")) == ["email-type": .text("Email")])
    let list = SettingValue.list(["acme.example"])
    #expect(
      try store.settingChanges(for: scope) == [
        SettingChange(key: "domains", old: nil, new: list, by: "sam", at: moment(1)),
        SettingChange(key: "domains", old: list, new: nil, by: "kim", at: moment(3)),
      ])
    #expect(try store.settingChanges(for: scope, since: moment(2)).count == 1)
    #expect(failure { try store.set("x", to: nil, for: .sync("no"), by: "sam", at: moment(1)) }?.kind == .notFound)
  }

  @Test("a check counts until its connection changes, for each partition on its own")
  func checks() throws {
    let store = try Fixture.withSync().store
    let passed = [CheckResult(name: "reachable", outcome: .passed, detail: "v2025.1")]
    let failed = passed + [CheckResult(name: "users: read", outcome: .failed, detail: "403", fix: "grant it")]
    #expect(try store.lastCheck(connection: "cw") == nil)
    try store.recordCheck(connection: "cw", results: passed, findings: ["code-base": "v2025_1/"], at: moment(5))
    try store.recordCheck(connection: "m365", partition: "acme.example", results: failed, at: moment(5))
    try store.recordCheck(connection: "m365", partition: "globex.example", results: [], at: moment(5))
    #expect(try store.lastCheck(connection: "cw")?.passed == true)
    #expect(try store.connection(named: "cw")?.findings == ["code-base": "v2025_1/"])
    #expect(try store.lastCheck(connection: "m365") == nil)
    #expect(try store.lastCheck(connection: "m365", partition: "acme.example")?.passed == false)
    #expect(try store.lastCheck(connection: "m365", partition: "globex.example")?.passed == false)

    var connection = try #require(try store.connection(named: "cw"))
    connection.changedAt = moment(6)
    try store.save(connection)
    let check = try #require(try store.lastCheck(connection: "cw"))
    #expect(check.isOutdated && !check.passed && check.results == passed)
  }
}
