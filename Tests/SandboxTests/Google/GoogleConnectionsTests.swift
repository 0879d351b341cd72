import Foundation
import Testing

@testable import Sandbox

@Suite("Google: reading contacts")
struct GoogleConnectionsTests {
  let test = TestWorld()
  let dana: GoogleCaller

  init() throws { dana = try test.google() }

  private let list = "/people/me/connections"

  @Test(
    "what a listing must be asked",
    arguments: [
      ("", "400 INVALID_ARGUMENT"), ("?personFields=", "400 INVALID_ARGUMENT"),
      ("?personFields=names,shoeSize", "400 INVALID_ARGUMENT"), ("?personFields=[%22names%22]", "400 INVALID_ARGUMENT"),
      ("?personFields=names&pageSize=0", "400 INVALID_ARGUMENT"), ("?personFields=names&pageSize=1", ""),
      ("?personFields=names&pageSize=1000", ""), ("?personFields=names&pageSize=1001", "400 INVALID_ARGUMENT"),
      ("?personFields=names&sortOrder=LAST_NAME_ASCENDING", ""),
      ("?personFields=names&sortOrder=up", "400 INVALID_ARGUMENT"),
      ("?personFields=names&sources=READ_SOURCE_TYPE_CONTACT", ""),
      ("?personFields=names&sources=CONTACT", "400 INVALID_ARGUMENT"),
      ("?personFields=names&syncToken=x", "400 INVALID_ARGUMENT"),
      ("?personFields=names&pageToken=x", "400 INVALID_ARGUMENT"),
    ])
  func parameters(_ query: String, _ error: String) {
    let answer = dana.people("GET", list + query)
    #expect(answer.json.googleError == error)
    #expect(answer.status == (error.isEmpty ? 200 : 400))
  }

  /// "only people/me is valid"; "400 when the mask is missing".
  @Test("only one's own list, and only with a mask") func others() throws {
    #expect(dana.people("GET", "/people/c1/connections?personFields=names").status == 400)
    let name = try #require(try dana.connections().rows.first?["resourceName"]?.text)
    #expect(dana.people("GET", "/\(name)").json.googleError == "400 INVALID_ARGUMENT")
    #expect(dana.people("GET", "/people/c404?personFields=names").json.googleError == "404 NOT_FOUND")
    #expect(dana.people("GET", "/people/me?personFields=names").json["names"]?.elements?.count == 1)
  }

  /// "100 by default"; pages hold everything once.
  @Test("pages follow each other in the order of modification") func pages() throws {
    try test.control("POST", "/google/users/\(GoogleNames.dana)/import", #"{"contacts":230}"#)
    let whole = try dana.connections("&pageSize=1000")
    #expect(whole.pages == 1 && whole.last["totalItems"] == .int(whole.rows.count))
    let names = whole.rows.compactMap { $0["resourceName"]?.text }
    #expect(Set(names).count == names.count)
    let paged = try dana.connections()
    #expect(paged.pages == (names.count + 99) / 100)
    #expect(paged.rows.compactMap { $0["resourceName"]?.text } == names)
    let backwards = try dana.connections("&sortOrder=LAST_MODIFIED_DESCENDING&pageSize=7")
    #expect(backwards.rows.compactMap { $0["resourceName"]?.text } == names.reversed())
    let byName = try dana.connections("&sortOrder=FIRST_NAME_ASCENDING").rows.map {
      ($0["names"]?.elements?.first?["givenName"]?.text ?? "").lowercased()
    }
    #expect(byName == byName.sorted())
  }

  /// "every other parameter must equal the first call's".
  @Test("a page token is bound to its parameters and to its user") func boundPageTokens() throws {
    let first = "?personFields=names&pageSize=2"
    let token = try #require(dana.people("GET", list + first).json["nextPageToken"]?.text)
    #expect(dana.people("GET", list + "?pageSize=2&personFields=names&pageToken=\(token)").status == 200)
    #expect(dana.people("GET", list + "?personFields=names&pageSize=3&pageToken=\(token)").status == 400)
    #expect(dana.people("GET", list + "?personFields=names,urls&pageSize=2&pageToken=\(token)").status == 400)
    #expect(dana.people("GET", list + first + "&requestSyncToken=true&pageToken=\(token)").status == 400)
    let marcus = try test.google(GoogleNames.marcus)
    #expect(marcus.people("GET", list + first + "&pageToken=\(token)").status == 400)
  }

  /// "Empty result: the connections key may be absent."
  @Test("an empty book leaves the key out") func empty() throws {
    try test.control("POST", "/google/users", #"{"givenName":"New","familyName":"Hire"}"#)
    let hire = try test.google("new.hire@kestrel.example")
    #expect(hire.people("GET", list + "?personFields=names").json == [:])
  }

  /// "By default a Person MERGES the contact with the linked Google profile."
  @Test("a linked profile leaks unless only contacts are asked for") func mergedProfiles() throws {
    func sam(_ options: String) throws -> JSON {
      try #require(
        dana.people("GET", list + "?personFields=names,emailAddresses,metadata&pageSize=1000\(options)").json[
          "connections"]?
          .elements?.first { $0["emailAddresses"]?.encoded.contains("sam.linked@") ?? false })
    }
    let merged = try sam("")
    #expect(merged.sourceIDs == ["CONTACT", "PROFILE"])
    let names = merged["names"]?.elements ?? []
    #expect(names.count == 2)
    #expect(Set(names.compactMap { $0.inside("metadata", "source", "type")?.text }) == ["CONTACT", "PROFILE"])
    #expect(names.filter { $0.inside("metadata", "primary") == true }.count == 1)
    #expect(merged["emailAddresses"]?.encoded.contains("sam.private@profile.example") == true)
    let own = try sam("&sources=READ_SOURCE_TYPE_CONTACT")
    #expect(own.sourceIDs == ["CONTACT"])
    #expect(own["names"]?.elements?.count == 1 && !own.encoded.contains("rivate"))
    let both = try sam("&sources=READ_SOURCE_TYPE_CONTACT&sources=READ_SOURCE_TYPE_PROFILE")
    #expect(both == merged)
  }

  @Test("what the server adds is there, and each field has one primary entry") func derived() throws {
    let rui = try #require(
      dana.people("GET", list + "?personFields=names,phoneNumbers,addresses,memberships,emailAddresses&pageSize=1000")
        .json["connections"]?.elements?.first { $0["emailAddresses"]?.encoded.contains("rui@prata") ?? false })
    let name = try #require(rui["names"]?.elements?.first)
    #expect(name["displayName"] == "Dr. Rui Prata" && name["displayNameLastFirst"] == "Prata, Rui")
    let phones = rui["phoneNumbers"]?.elements ?? []
    #expect(phones.compactMap { $0["canonicalForm"]?.text } == ["+351210000000", "+351910000000", "+351210000009"])
    #expect(phones.compactMap { $0["formattedType"]?.text } == ["Work", "Mobile", "Work Fax", "Boat"])
    #expect(phones.compactMap { $0.inside("metadata", "primary")?.flag } == [true])
    #expect(rui["addresses"]?.elements?.first?["formattedValue"] == "Rua do Ouro 7\nLisboa, 1100-060\nPortugal")
    let groups = (rui["memberships"]?.elements ?? []).compactMap {
      $0.inside("contactGroupMembership", "contactGroupResourceName")?.text
    }
    #expect(groups == ["contactGroups/myContacts", try dana.label("Shared Contacts")])
    #expect(rui["organizations"] == nil && rui["metadata"] == nil)
  }

  /// "emailAddresses and phoneNumbers are cut at 100 entries each here; people.get returns all".
  @Test("a listing cuts many addresses, a single reading does not") func cut() throws {
    let addresses = (1...120).map { #"{"value":"a\#($0)@many.example"}"# }.joined(separator: ",")
    let name = try #require(try dana.created(#""emailAddresses":[\#(addresses)]"#)["resourceName"]?.text)
    let row = try #require(try dana.connections("&pageSize=1000").rows.first { $0["resourceName"]?.text == name })
    #expect(row["emailAddresses"]?.elements?.count == 100)
    #expect(dana.read(name)["emailAddresses"]?.elements?.count == 120)
  }

  /// "at most 200 names"; "Per-item failure sits in status inside a 200".
  @Test("several are read at once, missing ones beside the others") func batchGet() throws {
    try test.control("POST", "/google/users/\(GoogleNames.dana)/import", #"{"contacts":210}"#)
    let names = try dana.connections("&pageSize=1000").rows.compactMap { $0["resourceName"]?.text }
    func get(_ names: [String]) -> EmulatedResponse {
      dana.people(
        "GET", "/people:batchGet?personFields=names&" + names.map { "resourceNames=\($0)" }.joined(separator: "&"))
    }
    #expect(get(Array(names.prefix(200))).json["responses"]?.elements?.count == 200)
    #expect(get(Array(names.prefix(201))).json.googleError == "400 INVALID_ARGUMENT")
    #expect(get([]).status == 400)
    #expect(dana.people("GET", "/people:batchGet?resourceNames=\(names[0])").status == 400)
    let mixed = get([names[0], "people/c404"])
    #expect(mixed.status == 200)
    let responses = mixed.json["responses"]?.elements ?? []
    #expect(responses.first?["person"]?["resourceName"]?.text == names[0])
    #expect(responses.last?["requestedResourceName"] == "people/c404")
    #expect(responses.last?.inside("status", "code") == 5 && responses.last?["person"] == nil)
  }

  @Test("partial answers") func fields() throws {
    let answer = dana.people(
      "GET", list + "?personFields=names,metadata&pageSize=1&fields=connections(resourceName,names/givenName)"
    ).json
    #expect(answer.members?.map(\.name) == ["connections"])
    let row = try #require(answer["connections"]?.elements?.first)
    #expect(Set((row.members ?? []).map(\.name)).isSubset(of: ["resourceName", "names"]))
    #expect(dana.people("GET", list + "?personFields=names&fields=connections(").status == 400)
  }
}

@Suite("Google: incremental sync")
struct GoogleSyncTests {
  let test = TestWorld()
  let dana: GoogleCaller

  init() throws { dana = try test.google() }

  private func token(_ options: String = "") throws -> String {
    try #require(try dana.connections("&requestSyncToken=true\(options)").last["nextSyncToken"]?.text)
  }

  private func names(_ rows: [JSON]) -> [String] { rows.compactMap { $0["resourceName"]?.text } }

  /// "`true` gives nextSyncToken on the LAST page only".
  @Test("the token stands on the last page, and only when asked for") func lastPage() throws {
    let list = "/people/me/connections?personFields=names&pageSize=2"
    #expect(dana.people("GET", list + "&requestSyncToken=true").json["nextSyncToken"] == nil)
    #expect(dana.people("GET", list + "&requestSyncToken=true").json["nextPageToken"] != nil)
    #expect(try dana.connections("&pageSize=2").last["nextSyncToken"] == nil)
    #expect(try dana.connections("&pageSize=2&requestSyncToken=true").last["nextSyncToken"] != nil)
  }

  @Test("a delta holds what was added, edited, moved between labels and deleted") func delta() throws {
    let before = try token()
    #expect(try dana.connections("&syncToken=\(before)").rows.isEmpty)
    let base = "/google/users/\(GoogleNames.dana)/contacts"
    let added = try #require(
      try test.control("POST", base, #"{"givenName":"Una","email":"una@h.example"}"#)["resourceName"]?.text)
    let edited = try #require(
      try test.control("PATCH", base + "/leap@calendar.example", #"{"title":"Leaper"}"#)["resourceName"]?.text)
    let moved = try #require(
      try test.control("POST", base + "/nora.notes@archive.example/labels", #"{"remove":["Shared Contacts"]}"#)[
        "resourceName"]?.text)
    let deleted = try #require(try test.control("DELETE", base + "/eve@terminal.example")["deleted"]?.text)
    let delta = try dana.connections("&syncToken=\(before)&requestSyncToken=true")
    #expect(Set(names(delta.rows)) == [added, edited, moved, deleted])
    // "a Person with metadata.deleted = true and little else".
    let gone = try #require(delta.rows.first { $0["resourceName"]?.text == deleted })
    #expect(gone.inside("metadata", "deleted") == true)
    #expect(gone["names"] == nil && gone["emailAddresses"] == nil)
    #expect(delta.rows.filter { $0.inside("metadata", "deleted") == true }.count == 1)
    let after = try #require(delta.last["nextSyncToken"]?.text)
    #expect(try dana.connections("&syncToken=\(after)").rows.isEmpty)
    try test.control("POST", "/google/options", #"{"memberships-in-deltas":false}"#)
    try test.control("POST", base + "/nora.notes@archive.example/labels", #"{"add":["Shared Contacts"]}"#)
    #expect(try dana.connections("&syncToken=\(after)").rows.isEmpty)
  }

  /// "every other parameter must equal the call that produced the token (also personFields, sources, pageSize)".
  @Test("a sync token is bound to its parameters") func bound() throws {
    let token = try token("&pageSize=50")
    #expect(try dana.connections("&pageSize=50&syncToken=\(token)").rows.isEmpty)
    for query in [
      "personFields=names&pageSize=50", "personFields=names,emailAddresses,memberships,metadata&pageSize=51",
      "personFields=names,emailAddresses,memberships,metadata&pageSize=50&sources=READ_SOURCE_TYPE_CONTACT",
    ] {
      let answer = dana.people("GET", "/people/me/connections?\(query)&syncToken=\(token)")
      #expect(answer.json.googleError == "400 INVALID_ARGUMENT")
    }
  }

  /// "7 days after the full sync"; "Expired: HTTP 400 … reason EXPIRED_SYNC_TOKEN, domain people.googleapis.com".
  @Test("a token lives seven days from the full reading, chained or not") func life() throws {
    let first = try token()
    try test.advance(4 * 86_400)
    let second = try #require(
      try test.google().connections("&syncToken=\(first)&requestSyncToken=true").last["nextSyncToken"]?.text)
    try test.advance(3 * 86_400 - 1)
    let later = try test.google()
    #expect(try later.connections("&syncToken=\(second)").rows.isEmpty)
    try test.advance(1)
    for token in [first, second] {
      let answer = later.people(
        "GET",
        "/people/me/connections?personFields=names,emailAddresses,memberships,metadata&syncToken=\(token)")
      #expect(answer.status == 400)
      #expect(answer.json.googleError == "400 FAILED_PRECONDITION EXPIRED_SYNC_TOKEN")
      #expect(answer.json.inside("error", "details")?.elements?.first?["domain"] == "people.googleapis.com")
      #expect(answer.json.googleMessage.hasPrefix("Sync token is expired."))
    }
  }

  @Test("tokens are expired by control, of one user or of all") func expired() throws {
    let token = try token()
    try test.control("POST", "/google/sync-tokens/expire", #"{"user":"\#(GoogleNames.marcus)"}"#)
    #expect(try dana.connections("&syncToken=\(token)").rows.isEmpty)
    try test.control("POST", "/google/sync-tokens/expire")
    #expect(
      dana.people(
        "GET", "/people/me/connections?personFields=names,emailAddresses,memberships,metadata&syncToken=\(token)"
      ).json.googleError == "400 FAILED_PRECONDITION EXPIRED_SYNC_TOKEN")
  }

  /// "Changed id in a delta: metadata.previousResourceNames[]".
  @Test("linking with a profile changes the resource name, and the former one still finds it") func renamed() throws {
    let before = try token()
    let base = "/google/users/\(GoogleNames.dana)/contacts/leap@calendar.example"
    let old = try #require(try test.control("GET", base)["resourceName"]?.text)
    let id = dana.read(old).inside("metadata", "sources")?.elements?.first?["id"]
    let new = try #require(
      try test.control("POST", base + "/profile", #"{"names":[{"givenName":"Leapy"}]}"#)["resourceName"]?.text)
    #expect(old != new)
    let row = try #require(try dana.connections("&syncToken=\(before)").rows.first)
    #expect(row["resourceName"]?.text == new)
    #expect(row.inside("metadata", "previousResourceNames")?.elements == [.string(old)])
    #expect(try dana.connections().rows.allSatisfy { $0.inside("metadata", "previousResourceNames") == nil })
    #expect(dana.read(old)["resourceName"]?.text == new)
    #expect(dana.read(old).inside("metadata", "sources")?.elements?.first?["id"] == id)
    let batch = dana.people("GET", "/people:batchGet?personFields=names&resourceNames=\(old)").json
    let response = try #require(batch["responses"]?.elements?.first)
    #expect(response["requestedResourceName"]?.text == old && response["person"]?["resourceName"]?.text == new)
  }

  /// "several minutes between a write and its appearance"; "A fresh GET right after a write can return an old etag".
  @Test("readings can lag behind writes, and no change is lost") func lag() throws {
    let before = try token()
    let leap = "/google/users/\(GoogleNames.dana)/contacts/leap@calendar.example"
    let name = try #require(try test.control("GET", leap)["resourceName"]?.text)
    let etag = dana.read(name)["etag"]
    try test.control("POST", "/google/options", #"{"read-lag-seconds":120}"#)
    try test.control("PATCH", leap, #"{"givenName":"Late"}"#)
    let made = try #require(try dana.created(#""names":[{"givenName":"Fresh"}]"#)["resourceName"]?.text)
    #expect(dana.read(name)["etag"] == etag)
    #expect(dana.people("GET", "/\(made)?personFields=names").status == 404)
    let early = try dana.connections("&syncToken=\(before)&requestSyncToken=true")
    #expect(early.rows.isEmpty)
    try test.advance(120)
    #expect(dana.read(name)["etag"] != etag)
    let late = try dana.connections("&syncToken=\(try #require(early.last["nextSyncToken"]?.text))")
    #expect(Set(names(late.rows)) == [name, made])
  }
}
