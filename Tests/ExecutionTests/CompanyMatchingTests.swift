/// Which known company a line of a list is: by record, identifier and name, and never a double.
import Connectors
import Execution
import Foundation
import Model
import Storage
import Testing

@Suite struct CompanyMatchingTests {
  static let known: [(handle: String, name: String, id: RecordID?)] = [
    ("acmedental", "Acme Dental", "1"), ("birch", "Birch", "2"), ("twin", "Twin", "3"), ("twin-2", "Twin", "4"),
    ("hand-made", "Hand Made", nil),
  ]

  /// Loads a list into a store with the companies above.
  private func load(_ csv: String) async throws -> (LoadedCompanies, Store, Bench) {
    let bench = try Bench()
    try bench.store.save(
      Self.known.map { Company(handle: $0.handle, name: $0.name, ids: $0.id.map { ["cw": $0] } ?? [:]) })
    let file = bench.folder.appendingPathComponent("companies.csv")
    try Data(csv.utf8).write(to: file)
    return (try bench.engine().loadCompanies(fromFile: file.path), bench.store, bench)
  }

  @Test(
    "a line finds its company, and its tenant is kept with it",
    arguments: [
      // By identifier, whatever the name; by name, without regard to case; by the record at a connection.
      ("Name,Identifier,Tenant\nOther Name,AcmeDental,t.example\n", "acmedental", 0),
      ("Name,Tenant\nBIRCH ,t.example\n", "birch", 0), ("Name,Tenant,cw\nWhatever,t.example,3\n", "twin", 0),
      ("Name,Identifier,Tenant\nTwin,twin-2,t.example\n", "twin-2", 0),
      ("Name,Tenant,cw\nHand Made,t.example,99\n", "hand-made", 0),
      ("Name,Identifier,Tenant\nCedar Law,CEDAR,t.example\n", "cedar", 1),
    ])
  func found(_ csv: String, _ handle: String, _ new: Int) async throws {
    let (loaded, store, bench) = try await load(csv)
    defer { bench.remove() }
    #expect(loaded.faults.isEmpty)
    #expect((loaded.total, loaded.new, loaded.known, loaded.tenants) == (1, new, 1 - new, 1))
    #expect(try store.companies().filter { $0.tenant != nil }.map(\.handle) == [handle])
    let company = try #require(try store.company(handle))
    #expect(company.tenant == "t.example")
    // A known company keeps its name.
    #expect(company.name == (Self.known.first { $0.handle == handle }?.name ?? "Cedar Law"))
    if handle == "hand-made" { #expect(company.ids == ["cw": "99"]) }
  }

  @Test(
    "a line that could be two, is another one already, or contradicts what is known is left out",
    arguments: [
      ("Name,Tenant\nTwin,t.example\n", "line 2: 2 companies are called Twin: twin, twin-2"),
      ("Name,Tenant\nBirch,a\nbirch,b\n", "line 3: it is birch, as line 2 is"),
      ("Name,Tenant\nNew,a\nNEW,b\n", "line 3: it is NEW, as line 2 is"),
      ("Name,cw\nBirch,9\n", "line 2: birch is 2 at cw, and not 9"),
      ("Name,cw\nA,9\nB,9\n", "line 3: it has an id of line 2"),
      ("Name,Tenant\n,a\n", "line 2: it has no name"),
    ])
  func leftOut(_ csv: String, _ fault: String) async throws {
    let (loaded, store, bench) = try await load(csv)
    defer { bench.remove() }
    #expect(loaded.faults.map { "line \($0.line): \($0.text)" } == [fault])
    // What stood above it was taken.
    #expect(loaded.total == csv.split(separator: "\n").count - 2)
    #expect(try store.companies().count == Self.known.count + 1 + loaded.new)
  }

  @Test("a list loaded twice changes nothing; what it leaves out stays as it is")
  func twice() async throws {
    let csv = "Name,Identifier,Tenant\nAcme Dental,acmedental,a.example\nCedar,cedar,c.example\n"
    let (_, store, bench) = try await load(csv)
    defer { bench.remove() }
    let before = try store.companies()
    let again = try bench.engine().loadCompanies(fromFile: bench.folder.appendingPathComponent("companies.csv").path)
    #expect((again.new, again.known) == (0, 2))
    #expect(try store.companies() == before)
    #expect(try store.company("birch")?.isActive != false)
  }

  @Test("a company that a list named first becomes the PSA's, by identifier, else by name")
  func listFirst() async throws {
    let (_, store, bench) = try await load("Name,Identifier,Tenant\nCedar,CEDAR,c.example\nDogwood,,d.example\n")
    defer { bench.remove() }
    let counts = try store.save([
      Company(handle: "Cedar", name: "Cedar Law LLP", ids: ["cw": "50"]),
      Company(handle: "DGW", name: "Dogwood", ids: ["cw": "51"]),
      // Of the same name as one that is mapped already: another company.
      Company(handle: "bi", name: "Birch", ids: ["cw": "52"]),
    ])
    #expect(counts == (new: 1, known: 2))
    let cedar = try #require(try store.company("cedar"))
    #expect(cedar.ids == ["cw": "50"] && cedar.tenant == "c.example" && cedar.name == "Cedar Law LLP")
    #expect(try store.company("dogwood")?.ids == ["cw": "51"])
    #expect(try store.company("bi")?.ids == ["cw": "52"])
  }
}
