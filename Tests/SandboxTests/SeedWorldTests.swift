import Foundation
import Testing

@testable import Sandbox

@Suite("Seed")
struct SeedWorldTests {
  @Test("the same seed gives the same world, another seed another") func deterministic() throws {
    func state(_ seed: UInt64) throws -> String { try TestWorld(seed: seed).control("GET", "/state").encoded }
    #expect(try state(7) == state(7))
    #expect(try state(7) != state(8))
  }

  @Test("a company has as many people as was asked for", arguments: [25, 26, 40, 300])
  func exactly(_ people: Int) {
    for seed in UInt64(1)...8 {
      let world = SeedWorld(SandboxOptions(seed: seed, people: people), now: Date(timeIntervalSince1970: 1_750_000_000))
      let counts = world.companies.map { $0.tenant!.people.filter { !$0.isDeleted }.count }
      #expect(counts == [people, people / 2, people / 3])
      let stories = Set(world.companies[0].tenant!.people.map(\.story))
      #expect(stories.isSuperset(of: PersonStory.special), "missing: \(Set(PersonStory.special).subtracting(stories))")
    }
  }

  @Test("no people means none anywhere, and no contacts") func nobody() {
    let world = SeedWorld(SandboxOptions(companies: 30, people: 0), now: .now)
    #expect(world.companies.allSatisfy { ($0.tenant?.people ?? []).isEmpty && $0.contacts.isEmpty })
  }

  @Test("names, identifiers, ids and addresses are each given once") func unique() {
    let world = SeedWorld(SandboxOptions(companies: 200, people: 120), now: .now)
    #expect(world.companies.prefix(3).map(\.name) == ["Acme Dental", "Acorn Freight", "Birch & Rowe Legal"])
    #expect(world.companies.prefix(3).map(\.identifier) == ["Acme", "Acorn", "BirchRowe"])
    #expect(Set(world.companies.map(\.identifier)).count == 200)
    #expect(world.companies.allSatisfy { $0.identifier.count <= 25 && $0.name.count <= 50 && $0.id >= 250 })
    let ids = world.companies.flatMap { $0.tenant?.people.map(\.id) ?? [] }
    #expect(Set(ids).count == ids.count)
    let contacts = world.companies.flatMap(\.contacts).map(\.id)
    #expect(Set(contacts).count == contacts.count)
  }

  @Test("some companies have no tenant, some are inactive") func exceptions() {
    let companies = SeedWorld(SandboxOptions(companies: 25), now: .now).companies
    #expect(companies.indices.filter { companies[$0].tenant == nil } == [4, 11, 18])
    #expect(companies.indices.filter { !companies[$0].isActive } == [9, 19])
  }

  @Test("no first or last name is longer than ConnectWise takes") func lengths() {
    let contacts = SeedWorld(SandboxOptions(companies: 20, people: 200), now: .now).companies.flatMap(\.contacts)
    #expect(
      contacts.allSatisfy { !$0.firstName.isEmpty && $0.firstName.count <= 30 && ($0.lastName?.count ?? 0) <= 30 })
    #expect(contacts.allSatisfy { ($0.title?.count ?? 0) <= 100 })
  }

  @Test("fifty thousand people are made quickly, and a page of 999 is written quickly") func speed() throws {
    let clock = ContinuousClock()
    var world: TestWorld?
    let seeding = clock.measure { world = TestWorld(companies: 200, people: 5000) }
    #expect(seeding < .seconds(20))
    let made = try #require(world)
    let token = try made.token()
    var users = EmulatedResponse(status: 0)
    let page = clock.measure { users = made.graph("/users?$top=999", token: token) }
    #expect(users.json["value"]?.elements?.count == 999)
    #expect(page < .seconds(2))
    var answer = EmulatedResponse(status: 0)
    let forward = ["pagination-type": "forward-only"]
    let listing = clock.measure { answer = made.cw("GET", "/company/contacts?pageSize=1000", headers: forward) }
    #expect(answer.json.elements?.count == 1000)
    #expect(listing < .seconds(2))
    let one = clock.measure {
      answer = made.cw("GET", "/company/contacts?pageSize=1000&conditions=company/id=250", headers: forward)
    }
    #expect(answer.json.elements?.count == 1000)
    #expect(one < .seconds(2))
    let address = made.conditions(#"communicationItems/value="nobody@nowhere.example""#)
    let search = clock.measure { answer = made.cw("GET", "/company/contacts?childConditions=\(address)") }
    #expect(answer.body == "[]")
    #expect(search < .seconds(5))
  }
}
