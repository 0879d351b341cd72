import Foundation
import Testing

@testable import Sandbox

@Suite("Google: writing contacts")
struct GoogleWritingTests {
  let test = TestWorld()
  let marcus: GoogleCaller

  init() throws { marcus = try test.google(GoogleNames.marcus) }

  /// "createdPeople[] of PersonResponse"; "you get no resourceName and no etag" without a mask.
  private func batch(_ contacts: [String], mask: String = #""names,metadata,memberships""#) -> EmulatedResponse {
    let list = contacts.map { #"{"contactPerson":{\#($0)}}"# }.joined(separator: ",")
    return marcus.people(
      "POST", "/people:batchCreateContacts",
      #"{"contacts":[\#(list)],"readMask":\#(mask),"sources":["READ_SOURCE_TYPE_CONTACT"]}"#)
  }

  private let rui = #""names":[{"givenName":"Rui","familyName":"Prata"}]"#

  // MARK: - Creating

  @Test("a contact comes back with its name and etags, in My Contacts where nothing else was said") func create() throws
  {
    let person = try marcus.created(rui)
    #expect(person["resourceName"]?.text?.hasPrefix("people/c") == true)
    #expect(person["names"]?.elements?.first?["displayName"] == "Rui Prata")
    #expect(person.sourceIDs == ["CONTACT"])
    #expect(person["memberships"]?.encoded.contains("contactGroups/myContacts") == true)
    let label = try #require(
      marcus.people("POST", "/contactGroups", #"{"contactGroup":{"name":"Only"}}"#).json["resourceName"]?.text)
    let only = try marcus.created(
      #"\#(rui),"memberships":[{"contactGroupMembership":{"contactGroupResourceName":"\#(label)"}}]"#)
    // "Contact with only a user label: stays out of My Contacts".
    #expect(only["memberships"]?.elements?.count == 1)
    #expect(only["memberships"]?.encoded.contains("myContacts") == false)
  }

  /// "SINGLETON: two entries = 400" and the limits of §5.7, each with its neighbour.
  @Test(
    "what a contact may hold",
    arguments: [
      (#""names":[{"givenName":"A"},{"givenName":"B"}]"#, false), (#""names":[{"givenName":"A"}]"#, true),
      (#""biographies":[{"value":"A"},{"value":"B"}]"#, false), (#""genders":[{"value":"male"},{"value":"x"}]"#, false),
      (#""birthdays":[{"date":{"month":2,"day":29}},{"date":{"year":2000}}]"#, false),
      (#""emailAddresses":[{"value":"a@x.example"},{"value":"b@x.example"}]"#, true),
      (#""emailAddresses":{"value":"a@x.example"}"#, false), (#""shoeSizes":[{"value":"44"}]"#, false),
      (#""names":[{"firstName":"A"}]"#, false), (#""names":[{"givenName":"A","displayName":"passed over"}]"#, true),
      (#""names":[{"givenName":"\#(String(repeating: "n", count: 1024))"}]"#, true),
      (#""names":[{"givenName":"\#(String(repeating: "n", count: 1025))"}]"#, false),
      (#""biographies":[{"value":"\#(String(repeating: "n", count: 5000))"}]"#, true),
      (#""biographies":[{"value":"\#(String(repeating: "n", count: 131_073))"}]"#, false),
      (#""userDefined":[\#(Array(repeating: #"{"key":"k","value":"v"}"#, count: 500).joined(separator: ","))]"#, true),
      (#""userDefined":[\#(Array(repeating: #"{"key":"k","value":"v"}"#, count: 501).joined(separator: ","))]"#, false),
      (#""memberships":[{"contactGroupMembership":{"contactGroupResourceName":"contactGroups/none"}}]"#, false),
      (#""memberships":[{"contactGroupMembership":{"contactGroupResourceName":"contactGroups/friends"}}]"#, false),
      (#""memberships":[{"contactGroupMembership":{"contactGroupResourceName":"contactGroups/starred"}}]"#, true),
    ])
  func limits(_ fields: String, _ isRight: Bool) {
    let answer = marcus.people("POST", "/people:createContact", "{\(fields)}")
    #expect(answer.status == (isRight ? 200 : 400), "\(answer.body.prefix(300))")
    #expect(answer.json.googleError == (isRight ? "" : "400 INVALID_ARGUMENT"))
  }

  /// "≤ 200 per call. readMask is a BODY member and required; empty = the read-back is skipped".
  @Test("a batch makes up to two hundred") func batchCreate() throws {
    func contacts(_ count: Int) -> [String] { (1...count).map { #""names":[{"givenName":"N\#($0)"}]"# } }
    let before = try marcus.connections("&pageSize=1000").rows.count
    #expect(batch(contacts(201)).json.googleError == "400 INVALID_ARGUMENT")
    #expect(batch([]).status == 400)
    #expect(batch([rui], mask: "null").status == 400)
    #expect(batch([rui], mask: #""names,nothing""#).status == 400)
    #expect(try marcus.connections("&pageSize=1000").rows.count == before)
    let made = batch(contacts(200))
    let people = made.json["createdPeople"]?.elements ?? []
    #expect(people.count == 200)
    #expect(people.first?["person"]?["names"]?.elements?.first?["givenName"] == "N1")
    #expect(people.allSatisfy { $0["person"]?["etag"]?.text?.isEmpty == false })
    #expect(batch([rui], mask: "\"\"").json == [:])
    #expect(try marcus.connections("&pageSize=1000").rows.count == before + 201)
    try test.control("POST", "/google/options", #"{"created-people-in-another-order":true}"#)
    let reversed = batch(contacts(3)).json["createdPeople"]?.elements ?? []
    #expect(reversed.first?["person"]?["names"]?.elements?.first?["givenName"] == "N3")
  }

  /// "BatchCreateContactsErrorDetails where the keys are request indexes".
  @Test("a batch with a wrong contact makes none, and names it") func batchCreateFails() throws {
    let before = try marcus.connections("&pageSize=1000").rows.count
    let answer = batch([rui, #""names":[{"givenName":"A"},{"givenName":"B"}]"#, rui])
    #expect(answer.json.googleError == "400 INVALID_ARGUMENT")
    let detail = try #require(answer.json.inside("error", "details")?.elements?.first)
    #expect(detail["@type"] == "type.googleapis.com/google.people.v1.BatchCreateContactsErrorDetails")
    #expect(detail["contactErrors"]?.members?.map(\.name) == ["1"])
    #expect(detail.inside("contactErrors", "1", "code") == 3)
    #expect(try marcus.connections("&pageSize=1000").rows.count == before)
    try test.control("POST", "/google/options", #"{"batches-are-atomic":false}"#)
    #expect(batch([rui, #""names":[{"givenName":"A"},{"givenName":"B"}]"#, rui]).status == 400)
    #expect(try marcus.connections("&pageSize=1000").rows.count == before + 2)
  }

  /// "Deleted contacts sit in the user's trash for 30 days and still count towards the account limit".
  @Test("the trash counts towards the limit until it is emptied") func overflow() throws {
    let count = try marcus.connections("&pageSize=1000").rows.count
    try test.control("POST", "/google/options", #"{"contact-limit":\#(count + 2)}"#)
    #expect(batch([rui, rui, rui]).json.googleMessage.contains("MY_CONTACTS_OVERFLOW_COUNT"))
    #expect(batch([rui, rui]).status == 200)
    let name = try #require(try marcus.connections("&pageSize=1000").rows.last?["resourceName"]?.text)
    #expect(marcus.people("DELETE", "/\(name):deleteContact").json == [:])
    let refused = marcus.people("POST", "/people:createContact", "{\(rui)}")
    #expect(refused.status == 400 && refused.json.googleMessage.contains("MY_CONTACTS_OVERFLOW_COUNT"))
    try test.control("POST", "/google/options", #"{"overflow-answers-429":true}"#)
    #expect(marcus.people("POST", "/people:createContact", "{\(rui)}").status == 429)
    try test.advance(30 * 86_400 - 1)
    #expect(try test.google(GoogleNames.marcus).people("POST", "/people:createContact", "{\(rui)}").status == 429)
    try test.advance(1)
    let later = try test.google(GoogleNames.marcus)
    #expect(later.people("POST", "/people:createContact", "{\(rui)}").status == 200)
    #expect(later.people("POST", "/people:createContact", "{\(rui)}").status == 429)
    let last = try #require(try later.connections("&pageSize=1000").rows.last?["resourceName"]?.text)
    _ = later.people("DELETE", "/\(last):deleteContact")
    try test.control("POST", "/google/users/\(GoogleNames.marcus)/empty-trash")
    #expect(later.people("POST", "/people:createContact", "{\(rui)}").status == 200)
  }

  // MARK: - Updating

  /// "Every field named in the mask is REPLACED as a whole; a field named but absent from the body is cleared."
  @Test("a mask replaces whole fields and clears what is absent") func update() throws {
    let person = try marcus.created(
      #"\#(rui),"phoneNumbers":[{"value":"1"},{"value":"2"}],"emailAddresses":[{"value":"rui@x.example"}]"#)
    let one = marcus.update(person, "phoneNumbers,emailAddresses", #""phoneNumbers":[{"value":"3"}]"#)
    #expect(one.status == 200)
    #expect(one.json["phoneNumbers"]?.elements?.compactMap { $0["value"]?.text } == ["3"])
    #expect(one.json["emailAddresses"] == nil && one.json["names"] != nil)
    #expect(one.json["etag"] != person["etag"])
    // What is not in the mask is passed over.
    let two = marcus.update(one.json, "phoneNumbers", #""names":[{"givenName":"Other"}]"#)
    #expect(two.json["phoneNumbers"] == nil)
    #expect(two.json["names"]?.elements?.first?["givenName"] == "Rui")
    for mask in ["", "metadata", "photos", "names,nothing"] {
      #expect(marcus.update(two.json, mask, "").json.googleError == "400 INVALID_ARGUMENT", "\(mask)")
    }
  }

  /// "Stale etag: HTTP 400 (not 409/412), FAILED_PRECONDITION"; "missing = 400".
  @Test("a stale etag is refused with 400, and so is none") func staleEtag() throws {
    let first = try marcus.created(rui)
    let name = try #require(first["resourceName"]?.text)
    let second = marcus.update(first, "names", #""names":[{"givenName":"Ruy"}]"#).json
    let stale = marcus.update(first, "names", #""names":[{"givenName":"X"}]"#)
    #expect(stale.status == 400 && stale.json.googleError == "400 FAILED_PRECONDITION")
    #expect(stale.json.googleMessage.hasPrefix("Request person.etag is different than the current person.etag."))
    // The newest etag above a stale source.
    let mixed = #"{"etag":\#(second["etag"]?.encoded ?? ""),"metadata":\#(first["metadata"]?.encoded ?? "")}"#
    let target = "/\(name):updateContact?updatePersonFields=urls"
    let refused = marcus.people("PATCH", target, mixed)
    #expect(refused.json.googleError == "400 FAILED_PRECONDITION")
    #expect(refused.json.googleMessage.contains("person.metadata.sources.etag"))
    let alone = #"{"etag":\#(second["etag"]?.encoded ?? "")}"#
    #expect(marcus.people("PATCH", target, alone).json.googleError == "400 INVALID_ARGUMENT")
    #expect(marcus.people("PATCH", target, "{}").json.googleError == "400 INVALID_ARGUMENT")
    try test.control("POST", "/google/options", #"{"top-level-etag-suffices":true}"#)
    #expect(marcus.people("PATCH", target, alone).status == 200)
    // Somebody else edits.
    let fresh = marcus.read(name)
    try test.control("PATCH", "/google/users/\(GoogleNames.marcus)/contacts/\(name.dropFirst(7))", #"{"title":"Boss"}"#)
    #expect(marcus.update(fresh, "names", rui).json.googleError == "400 FAILED_PRECONDITION")
    #expect(marcus.update(marcus.read(name), "names", rui).status == 200)
  }

  @Test("what is no contact cannot be updated") func notContacts() throws {
    let person = try marcus.created(rui)
    func update(_ name: String) -> String {
      marcus.people("PATCH", "/\(name):updateContact?updatePersonFields=names", GoogleCaller.body(person, rui)).json
        .googleError
    }
    // "people/me or a profile id is not a contact: 400 INVALID_ARGUMENT".
    #expect(update("people/me") == "400 INVALID_ARGUMENT")
    #expect(update("people/104411223344556677889") == "400 INVALID_ARGUMENT")
    #expect(update("people/c404") == "404 NOT_FOUND")
  }

  /// "`memberships` in the mask with no group membership in the body = 400".
  @Test("a contact keeps at least one group") func memberships() throws {
    let person = try marcus.created(rui)
    #expect(marcus.update(person, "memberships", "").json.googleError == "400 INVALID_ARGUMENT")
    let starred = marcus.update(
      person, "memberships",
      #""memberships":[{"contactGroupMembership":{"contactGroupResourceName":"contactGroups/starred"}}]"#)
    #expect(starred.json["memberships"]?.elements?.count == 1)
  }

  private func batchUpdate(_ people: [JSON], _ fields: String, mask: String) -> EmulatedResponse {
    let list = people.map { "\($0["resourceName"]?.encoded ?? ""):\(GoogleCaller.body($0, fields))" }
    return marcus.people(
      "POST", "/people:batchUpdateContacts",
      #"{"contacts":{\#(list.joined(separator: ","))},"updateMask":"\#(mask)","readMask":"names,phoneNumbers,metadata"}"#
    )
  }

  /// "`contacts` is a MAP … one updateMask applies to all"; "≤ 200".
  @Test("a batch of updates goes by one mask") func batchUpdate() throws {
    let made =
      (batch(Array(repeating: #"\#(rui),"phoneNumbers":[{"value":"1"}]"#, count: 200)).json["createdPeople"]?.elements
      ?? [])
      .compactMap { $0["person"] }
    let extra = try marcus.created(rui)
    #expect(batchUpdate(made + [extra], rui, mask: "names").json.googleError == "400 INVALID_ARGUMENT")
    let answer = batchUpdate(made, #""names":[{"givenName":"Ruy"}]"#, mask: "names,phoneNumbers")
    #expect(answer.status == 200, "\(answer.body.prefix(300))")
    let results = answer.json["updateResult"]?.members ?? []
    #expect(Set(results.map(\.name)) == Set(made.compactMap { $0["resourceName"]?.text }))
    #expect(results.allSatisfy { $0.value["person"]?["phoneNumbers"] == nil })
    #expect(results.allSatisfy { $0.value["person"]?["names"]?.elements?.first?["givenName"] == "Ruy" })
    let wrongName = #"{"contacts":{},"updatePersonFields":"names","readMask":"names"}"#
    #expect(marcus.people("POST", "/people:batchUpdateContacts", wrongName).status == 400)
  }

  /// "BatchUpdateContactsErrorDetails, contactErrors … code 9 = failed precondition, 5 = not found, 3 = invalid argument".
  @Test("a failed batch of updates changes nothing and names the offenders") func batchUpdateFails() throws {
    let people = try (0..<3).map { _ in try marcus.created(rui) }
    _ = marcus.update(people[0], "names", #""names":[{"givenName":"Meanwhile"}]"#)
    _ = marcus.people("DELETE", "/\(people[1]["resourceName"]?.text ?? ""):deleteContact")
    let answer = batchUpdate(people, #""names":[{"givenName":"All"}]"#, mask: "names")
    #expect(answer.status == 400 && answer.json.googleError == "400 FAILED_PRECONDITION")
    let detail = try #require(answer.json.inside("error", "details")?.elements?.first)
    #expect(detail["@type"] == "type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails")
    let errors = detail["contactErrors"]
    #expect(errors?[people[0]["resourceName"]?.text ?? ""]?["code"] == 9)
    #expect(errors?[people[1]["resourceName"]?.text ?? ""]?["code"] == 5)
    #expect(errors?.members?.count == 2)
    let third = try #require(people[2]["resourceName"]?.text)
    #expect(marcus.read(third)["names"]?.elements?.first?["givenName"] == "Rui")
    try test.control("POST", "/google/options", #"{"batches-are-atomic":false}"#)
    #expect(batchUpdate(people, #""names":[{"givenName":"All"}]"#, mask: "names").status == 400)
    #expect(marcus.read(third)["names"]?.elements?.first?["givenName"] == "All")
  }

  // MARK: - Deleting

  /// "batchDeleteContacts … ≤ 500, answer {}".
  @Test("contacts are deleted one by one and in batches") func delete() throws {
    try test.control("POST", "/google/users/\(GoogleNames.marcus)/import", #"{"contacts":510}"#)
    let names = try marcus.connections("&pageSize=1000").rows.compactMap { $0["resourceName"]?.text }
    func delete(_ names: [String]) -> EmulatedResponse {
      let list = names.map { "\"\($0)\"" }.joined(separator: ",")
      return marcus.people("POST", "/people:batchDeleteContacts", #"{"resourceNames":[\#(list)]}"#)
    }
    #expect(delete(Array(names.prefix(501))).json.googleError == "400 INVALID_ARGUMENT")
    #expect(delete([]).status == 400)
    #expect(marcus.people("DELETE", "/\(names[0]):deleteContact").json == [:])
    #expect(marcus.people("DELETE", "/\(names[0]):deleteContact").json.googleError == "404 NOT_FOUND")
    #expect(marcus.people("GET", "/\(names[0])?personFields=names").status == 404)
    // One that is gone already: "on error fall back to single deletes".
    #expect(delete(Array(names.prefix(2))).status == 404)
    #expect(marcus.people("GET", "/\(names[1])?personFields=names").status == 200)
    try test.control("POST", "/google/options", #"{"batch-delete-forgives":true}"#)
    #expect(delete(Array(names.prefix(500))).json == [:])
    #expect(try marcus.connections("&pageSize=1000").rows.count == names.count - 500)
  }
}

@Suite("Google: labels")
struct GoogleLabelTests {
  let test = TestWorld()
  let dana: GoogleCaller

  init() throws { dana = try test.google() }

  private func create(_ group: String) -> EmulatedResponse {
    dana.people(
      "POST", "/contactGroups",
      #"{"contactGroup":\#(group),"readGroupFields":"name,groupType,metadata,clientData,memberCount"}"#)
  }

  @Test("labels are listed with the system's groups, never with members") func list() throws {
    let answer = dana.people("GET", "/contactGroups?groupFields=name,groupType,memberCount,clientData").json
    let groups = answer["contactGroups"]?.elements ?? []
    #expect(answer["totalItems"] == .int(groups.count) && answer["nextSyncToken"] != nil)
    #expect(groups.allSatisfy { $0["memberResourceNames"] == nil })
    let shared = try #require(groups.first { $0["name"] == "Shared Contacts" })
    #expect(shared["groupType"] == "USER_CONTACT_GROUP" && (shared["memberCount"]?.whole ?? 0) > 14)
    let own = try #require(groups.first { $0["resourceName"] == "contactGroups/myContacts" })
    #expect(own["groupType"] == "SYSTEM_CONTACT_GROUP" && own["formattedName"] == "My Contacts")
    // Numbers that are zero are left out.
    #expect(groups.first { $0["name"] == "friends" }?["memberCount"] == nil)
    for (query, status) in [
      ("pageSize=0", 400), ("pageSize=1", 200), ("pageSize=1000", 200), ("pageSize=1001", 400), ("groupFields=x", 400),
    ] { #expect(dana.people("GET", "/contactGroups?\(query)").status == status, "\(query)") }
    var names: [String] = []
    var token = ""
    repeat {
      let page = dana.people("GET", "/contactGroups?pageSize=3\(token)").json
      names += (page["contactGroups"]?.elements ?? []).compactMap { $0["name"]?.text }
      token = page["nextPageToken"]?.text.map { "&pageToken=\($0)" } ?? ""
    } while !token.isEmpty
    #expect(names == groups.compactMap { $0["name"]?.text })
  }

  /// "`maxMembers` default 0 = NO members; `memberCount` = true total".
  @Test("a label is read without members unless they are asked for") func get() throws {
    let label = try dana.label("Shared Contacts")
    let plain = dana.people("GET", "/\(label)").json
    let count = try #require(plain["memberCount"]?.whole)
    #expect(plain["memberResourceNames"] == nil && plain["clientData"] == nil)
    let some = dana.people("GET", "/\(label)?maxMembers=3").json
    #expect(some["memberResourceNames"]?.elements?.count == 3 && some["memberCount"] == .int(count))
    let whole = dana.people("GET", "/\(label)?maxMembers=\(count)").json["memberResourceNames"]?.elements ?? []
    let listed = try dana.connections("&pageSize=1000").rows.filter {
      $0["memberships"]?.encoded.contains(label) ?? false
    }
    #expect(Set(whole.compactMap(\.text)) == Set(listed.compactMap { $0["resourceName"]?.text }))
    #expect(dana.people("GET", "/contactGroups/none").json.googleError == "404 NOT_FOUND")
    let batch = dana.people(
      "GET", "/contactGroups:batchGet?resourceNames=\(label)&resourceNames=contactGroups/none&maxMembers=1"
    ).json
    let responses = batch["responses"]?.elements ?? []
    #expect(responses.first?["contactGroup"]?["memberResourceNames"]?.elements?.count == 1)
    #expect(responses.last?.inside("status", "code") == 5)
    let many = (0..<201).map { _ in "resourceNames=\(label)" }.joined(separator: "&")
    #expect(dana.people("GET", "/contactGroups:batchGet?\(many)").status == 400)
  }

  /// "duplicate name = HTTP 409".
  @Test("names are unique, and a label carries the client's own data") func create() throws {
    let made = create(#"{"name":"Sales Contacts","clientData":[{"key":"job","value":"3"}]}"#)
    #expect(made.status == 200 && made.json["clientData"]?.elements?.first?["value"] == "3")
    let name = try #require(made.json["resourceName"]?.text)
    #expect(create(#"{"name":"Sales Contacts"}"#).json.googleError == "409 ALREADY_EXISTS")
    #expect(create(#"{"name":"myContacts"}"#).status == 409)
    #expect(create(#"{"name":" "}"#).status == 400)
    #expect(dana.people("GET", "/\(name)?groupFields=name,clientData").json["clientData"] == made.json["clientData"])
    func put(_ group: String, _ fields: String = "name") -> EmulatedResponse {
      dana.people("PUT", "/\(name)", #"{"contactGroup":\#(group),"updateGroupFields":"\#(fields)"}"#)
    }
    #expect(put(#"{"name":"Shared Contacts"}"#).json.googleError == "409 ALREADY_EXISTS")
    #expect(put(#"{"name":"Sales"}"#).json["name"] == "Sales")
    #expect(
      put(#"{"name":"Sales 2","etag":\#(made.json["etag"]?.encoded ?? "")}"#).json.googleError
        == "400 FAILED_PRECONDITION")
    #expect(put(#"{"clientData":[]}"#, "clientData").status == 200)
    #expect(dana.people("GET", "/\(name)?groupFields=name,clientData").json["clientData"] == nil)
    #expect(put(#"{"name":"x"}"#, "memberCount").status == 400)
    #expect(dana.people("PUT", "/contactGroups/starred", #"{"contactGroup":{"name":"x"}}"#).status == 400)
    #expect(dana.people("DELETE", "/contactGroups/starred").status == 400)
  }

  private func modify(_ label: String, add: [String] = [], remove: [String] = []) -> EmulatedResponse {
    func list(_ names: [String]) -> String { "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
    return dana.people(
      "POST", "/\(label)/members:modify",
      #"{"resourceNamesToAdd":\#(list(add)),"resourceNamesToRemove":\#(list(remove))}"#)
  }

  /// "A 200 can hide failures: notFoundResourceNames[] and canNotRemoveLastContactGroupResourceNames[]".
  @Test("modifying members hides its failures in a 200") func modify() throws {
    let label = try dana.label("Suppliers")
    let person = try dana.created(#""names":[{"givenName":"Una"}]"#)
    let name = try #require(person["resourceName"]?.text)
    #expect(modify(label, add: [name]).json == [:])
    #expect(dana.read(name)["memberships"]?.elements?.count == 2)
    // "Assume modify changes the person's etag".
    #expect(dana.read(name)["etag"] != person["etag"])
    #expect(modify("contactGroups/myContacts", remove: [name]).json == [:])
    let hidden = modify(label, add: ["people/c404"], remove: [name])
    #expect(hidden.status == 200)
    #expect(hidden.json["notFoundResourceNames"]?.elements == ["people/c404"])
    #expect(hidden.json["canNotRemoveLastContactGroupResourceNames"]?.elements == [.string(name)])
    #expect(dana.read(name)["memberships"]?.elements?.count == 1)
    #expect(modify("contactGroups/friends", add: [name]).status == 400)
    #expect(modify("contactGroups/none", add: [name]).status == 404)
    #expect(modify("contactGroups/starred", add: [name]).json == [:])
  }

  /// "add + remove ≤ 1000 together".
  @Test(
    "a thousand members at once, no more", arguments: [(0, 0, 400), (500, 500, 200), (1000, 0, 200), (1000, 1, 400)])
  func mostModified(_ additions: Int, _ removals: Int, _ status: Int) throws {
    let names = { (count: Int) in (0..<count).map { "people/c\($0)" } }
    #expect(modify(try dana.label("Suppliers"), add: names(additions), remove: names(removals)).status == status)
  }

  /// "the flag also deletes the member contacts"; "for unmarked members add myContacts, then DELETE".
  @Test("deleting a label takes what is in no other along") func delete() throws {
    func label(_ name: String) throws -> String {
      try #require(create(#"{"name":"\#(name)"}"#).json["resourceName"]?.text)
    }
    func contact(_ labels: String...) throws -> String {
      let list = labels.map { #"{"contactGroupMembership":{"contactGroupResourceName":"\#($0)"}}"# }.joined(
        separator: ",")
      return try #require(
        try dana.created(#""names":[{"givenName":"Una"}],"memberships":[\#(list)]"#)["resourceName"]?.text)
    }
    let first = try label("First")
    let (lone, both) = (try contact(first), try contact(first, "contactGroups/myContacts"))
    #expect(dana.people("DELETE", "/\(first)").json == [:])
    #expect(dana.people("GET", "/\(first)").status == 404)
    #expect(dana.people("GET", "/\(lone)?personFields=names").status == 404)
    #expect(dana.read(both)["memberships"]?.elements?.count == 1)
    let second = try label("Second")
    let with = try contact(second, "contactGroups/myContacts")
    #expect(dana.people("DELETE", "/\(second)?deleteContacts=true").json == [:])
    #expect(dana.people("GET", "/\(with)?personFields=names").status == 404)
    let counters = try test.control("GET", "/google/counts")["total"]
    #expect(counters?["labels-deleted-with-contacts"] == 1 && counters?["lone-members-trashed"] == 1)
    try test.control("POST", "/google/options", #"{"label-deletion-trashes-lone-members":false}"#)
    let third = try label("Third")
    let kept = try contact(third)
    #expect(dana.people("DELETE", "/\(third)").json == [:])
    #expect(dana.read(kept)["memberships"]?.encoded.contains("myContacts") == true)
  }

  /// "`metadata.deleted` only appears when listing with a sync token."
  @Test("labels have deltas of their own") func sync() throws {
    let target = "/contactGroups?groupFields=name,metadata"
    let token = try #require(dana.people("GET", target + "&pageSize=1000").json["nextSyncToken"]?.text)
    let base = "/google/users/\(GoogleNames.dana)/labels"
    try test.control("POST", base, #"{"name":"Fresh"}"#)
    try test.control("PATCH", base + "/Suppliers", #"{"name":"Vendors"}"#)
    try test.control("DELETE", base + "/Shared%20Contacts")
    let delta = dana.people("GET", target + "&pageSize=1000&syncToken=\(token)").json["contactGroups"]?.elements ?? []
    #expect(Set(delta.compactMap { $0["name"]?.text }) == ["Fresh", "Vendors", "Shared Contacts"])
    #expect(
      delta.filter { $0.inside("metadata", "deleted") == true }.compactMap { $0["name"]?.text } == ["Shared Contacts"])
    let listed = dana.people("GET", target + "&pageSize=1000").json["contactGroups"]?.elements ?? []
    #expect(!listed.contains { $0["name"] == "Shared Contacts" || $0.inside("metadata", "deleted") != nil })
    #expect(dana.people("GET", target + "&pageSize=999&syncToken=\(token)").json.googleError == "400 INVALID_ARGUMENT")
    try test.control("POST", "/google/sync-tokens/expire")
    #expect(
      dana.people("GET", target + "&pageSize=1000&syncToken=\(token)").json.googleError
        == "400 FAILED_PRECONDITION EXPIRED_SYNC_TOKEN")
  }
}
