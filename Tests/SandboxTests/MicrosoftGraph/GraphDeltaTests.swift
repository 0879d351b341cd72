import Foundation
import Testing

@testable import Sandbox

@Suite("Graph: delta")
struct GraphDeltaTests {
  let test = TestWorld(people: 450)
  let select = "$select=id,jobTitle,mail,accountEnabled"

  private func round(_ link: String, _ token: String) throws -> (rows: [JSON], link: String, pages: Int) {
    let round = try test.allPages(link, token: token)
    return (round.rows, try #require(round.last["@odata.deltaLink"]?.text), round.pages)
  }

  /// "full snapshot in pages"; "Follow nextLink until a page has deltaLink instead"; "server chooses page size"; "$top on
  /// /users/delta is silently ignored".
  @Test("a snapshot holds everyone once, in pages of the server's size") func snapshot() throws {
    let token = try test.token()
    let snapshot = try round("/users/delta?\(select)&$top=10", token)
    #expect(snapshot.rows.count == 450)
    #expect(snapshot.pages == 3)
    try test.control("POST", "/m365/Acme/delta", #"{"page-size":50}"#)
    #expect(try round("/users/delta?\(select)", token).pages == 9)
  }

  /// "Even a no-change round returns a new deltaLink".
  @Test("a round without changes is empty and has a new link") func quiet() throws {
    let token = try test.token()
    let snapshot = try round("/users/delta?\(select)", token)
    let quiet = try round(snapshot.link, token)
    #expect(quiet.rows.isEmpty)
    #expect(quiet.link != snapshot.link)
  }

  /// "changed → new value (null when cleared); unchanged → old value repeated; never set → key absent"; "only changes to
  /// selected properties make an object appear later".
  @Test("a round holds what changed in what was selected") func changes() throws {
    let token = try test.token()
    let snapshot = try round("/users/delta?\(select)", token)
    let (one, two, three) = (
      try #require(test.user(.ordinary)["id"]?.text), try #require(test.user(.noTitleNoPhone)["id"]?.text),
      try #require(test.user(.accents)["id"]?.text)
    )
    try test.control("PATCH", "/m365/Acme/users/\(one)", #"{"jobTitle":null}"#)
    try test.control("POST", "/m365/Acme/users/\(two)/disable")
    try test.control("PATCH", "/m365/Acme/users/\(three)", #"{"department":"Elsewhere"}"#)
    let changes = try round(snapshot.link, token)
    #expect(Set(changes.rows.map { $0["id"]?.text }) == [one, two])
    let first = try #require(changes.rows.first { $0["id"]?.text == one })
    #expect(first["jobTitle"] == JSON.null)
    #expect(first["mail"]?.text != nil)
    let second = try #require(changes.rows.first { $0["id"]?.text == two })
    #expect(second["accountEnabled"] == false)
    #expect(second["jobTitle"] == nil)
    // "with Prefer: return=minimal: changed only".
    let minimal = test.graph(snapshot.link, token: token, headers: ["Prefer": "return=minimal"]).json
    let only = minimal["value"]?.elements?.first { $0["id"]?.text == one }
    #expect(only?.members?.map(\.name) == ["id", "jobTitle"])
  }

  /// "@removed.reason = changed: soft-deleted; deleted: gone for good"; "A restored user comes back as a normal object".
  @Test("deleting, restoring and purging show") func removals() throws {
    let token = try test.token()
    var link = try round("/users/delta?\(select)", token).link
    let id = try #require(test.user(.ordinary)["id"]?.text)
    for (act, expected) in [("delete", "changed"), ("restore", nil), ("delete", "changed"), ("purge", "deleted")] {
      try test.control("POST", "/m365/Acme/users/\(id)/\(act)")
      let next = try round(link, token)
      #expect(next.rows.count == 1)
      #expect(next.rows.first?["id"]?.text == id)
      #expect(next.rows.first?["@removed"]?["reason"]?.text == expected)
      #expect((next.rows.first?["mail"] != nil) == (expected == nil))
      link = next.link
    }
  }

  @Test("a recreated account is one removal and one new user of the same address") func recreated() throws {
    let token = try test.token()
    let link = try round("/users/delta?\(select)", token).link
    let user = try test.user(.ordinary)
    let anew = try test.control("POST", "/m365/Acme/users/\(try #require(user["id"]?.text))/recreate")
    let rows = try round(link, token).rows
    #expect(rows.count == 2)
    #expect(rows.contains { $0["id"] == user["id"] && $0["@removed"] != nil })
    #expect(rows.contains { $0["id"] == anew["id"] && $0["mail"] == user["mail"] })
    #expect(anew["id"] != user["id"])
  }

  /// "$deltaToken=latest on the first call returns no data and a deltaLink from now".
  @Test("latest gives a link from now on", arguments: ["$deltatoken", "$deltaToken"])
  func latest(_ option: String) throws {
    let token = try test.token()
    let start = try round("/users/delta?\(select)&\(option)=latest", token)
    #expect(start.rows.isEmpty)
    try test.control("POST", "/m365/Acme/users", #"{"givenName":"Nora","surname":"Lind"}"#)
    #expect(try round(start.link, token).rows.compactMap { $0["mail"]?.text } == ["nora.lind@acme.example"])
  }

  /// "At-least-once: the same change can be delivered again in later rounds"; "One object can occur several times in one
  /// round".
  @Test("a replay sends old changes again, some of them twice") func replay() throws {
    let token = try test.token()
    let snapshot = try round("/users/delta?\(select)", token)
    let id = try #require(test.user(.ordinary)["id"]?.text)
    try test.control("POST", "/m365/Acme/users/\(id)/disable")
    let first = try round(snapshot.link, token)
    #expect(first.rows.count == 1)
    try test.control("POST", "/m365/Acme/delta", #"{"replay":true}"#)
    let again = try round(first.link, token)
    #expect(again.rows.count == 2)
    #expect(Set(again.rows.map { $0["id"]?.text }) == [id])
    #expect(try round(again.link, token).rows.isEmpty)
  }

  /// "delta tokens are documented as valid 7 days"; "410 Gone with a Location header whose URL has an empty delta token";
  /// "a 40x with code syncStateNotFound".
  @Test("an expired token is answered with a reset") func expiry() throws {
    let link = try round("/users/delta?\(select)", try test.token()).link
    try test.control("POST", "/clock", #"{"advance-seconds":\#(7 * 86_400 - 60)}"#)
    #expect(test.graph(link, token: try test.token()).status == 200)
    try test.control("POST", "/clock", #"{"advance-seconds":120}"#)
    let token = try test.token()
    let gone = test.graph(link, token: token)
    #expect(gone.status == 410)
    let location = try #require(gone.header("Location"))
    #expect(location.hasSuffix("$deltatoken="))
    let anew = try round(location, token)
    #expect(anew.rows.count == 450)
    #expect(anew.rows.first?["jobTitle"] != nil || anew.rows.first?["mail"] != nil)
    try test.control("POST", "/m365/Acme/delta", #"{"expire":"syncStateNotFound"}"#)
    let refused = test.graph(anew.link, token: token)
    #expect(refused.status == 400)
    #expect(refused.json["error"]?["code"] == "syncStateNotFound")
  }

  /// "$filter: only id eq '…' joined by or"; "$orderby, $expand, $search not supported"; signInActivity "rejected by delta".
  @Test(
    "what delta does not take is refused",
    arguments: [
      "$select=shoeSize", "$orderby=displayName", "$select=signInActivity", "$filter=accountEnabled%20eq%20true",
      "$deltatoken=nonsense",
    ])
  func refusals(_ query: String) throws {
    #expect(test.graph("/users/delta?\(query)", token: try test.token()).status == 400)
  }

  @Test("delta can be limited to some users") func filtered() throws {
    let token = try test.token()
    let id = try #require(test.user(.ordinary)["id"]?.text)
    let some = try round("/users/delta?\(select)&$filter=id%20eq%20'\(id)'", token)
    #expect(some.rows.map { $0["id"]?.text } == [id])
    try test.control("POST", "/m365/Acme/users/\(try #require(test.user(.accents)["id"]?.text))/disable")
    #expect(try round(some.link, token).rows.isEmpty)
  }

  @Test("leaving takes address, licences and sign-in in one change") func leaving() throws {
    let token = try test.token()
    let link = try round("/users/delta?\(select),assignedLicenses,proxyAddresses", token).link
    let user = try test.user(.ordinary)
    try test.control("POST", "/m365/Acme/users/\(try #require(user["mail"]?.text))/leave")
    let row = try #require(try round(link, token).rows.first)
    #expect(row["accountEnabled"] == false)
    #expect(row["mail"] == JSON.null)
    #expect(row["assignedLicenses"] == [])
    #expect(row["proxyAddresses"] == [])
  }
}
