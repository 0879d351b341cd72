import Foundation
import Testing

@testable import Sandbox

@Suite("Google: seed and control")
struct GoogleSeedTests {
  let test = TestWorld()

  private func state(_ test: TestWorld) throws -> JSON {
    try #require(try test.control("GET", "/state?system=google")["google"])
  }

  @Test("the same seed gives the same world, another seed another") func seed() throws {
    let first = try state(TestWorld(seed: 7))
    #expect(try state(TestWorld(seed: 7)) == first)
    #expect(try state(TestWorld(seed: 8)) != first)
  }

  @Test(
    "the number of users follows the number of people, within bounds",
    arguments: [(0, 8), (8, 8), (25, 25), (60, 60), (500, 60)])
  func size(_ people: Int, _ users: Int) throws {
    let test = TestWorld(companies: 1, people: people)
    let answer = try test.googleAdmin().directory("/users?customer=my_customer&maxResults=500")
    #expect(answer.json["users"]?.elements?.count == users)
  }

  @Test("the shared label holds every awkward kind, and people of the customers") func label() throws {
    let contacts =
      try test.control("GET", "/google/users/\(GoogleNames.dana)/contacts?label=Shared%20Contacts").elements ?? []
    func contact(_ address: String) throws -> JSON {
      try #require(contacts.first { $0["emailAddresses"]?.encoded.contains(address) ?? false })
    }
    #expect(contacts.count == 14 + 20)
    #expect(try contact("rui@prata")["phoneNumbers"]?.elements?.count == 4)
    #expect(try contact("reception@harbour")["names"] == nil)
    #expect(try contact("taro.yamada")["names"]?.encoded.contains("山田") == true)
    #expect(try contact("zoe.park")["names"]?.encoded.contains("🚀") == true)
    #expect(try contact("jose.nunez")["names"]?.encoded.contains("Nuñez") == true)
    #expect((try contact("nora.notes")["biographies"]?.elements?.first?["value"]?.text?.count ?? 0) > 5000)
    #expect(try contact("eve@terminal")["displayName"]?.text?.contains("\u{1b}") == true)
    #expect(contacts.filter { $0["displayName"] == "Jordan Lee" }.count == 2)
    #expect(contacts.contains { $0["userDefined"]?.elements?.count == 3 })
    let birthday = try contact("leap@calendar")["birthdays"]?.elements?.first?["date"]
    #expect(birthday?["month"] == 2 && birthday?["day"] == 29 && birthday?["year"] == nil)
    #expect(contacts.contains { $0["names"] == nil && $0["emailAddresses"] == nil })
    let seed = SeedWorld(SandboxOptions(), now: .now).companies[0]
    let known = try #require(seed.contacts.first { $0.isActive && $0.email != nil })
    #expect(try contact(known.email ?? "")["organizations"]?.elements?.first?["name"]?.text == seed.name)
    // Others have contacts of their own, which nobody shares.
    let others = try test.control("GET", "/google/users/\(GoogleNames.marcus)/contacts").elements ?? []
    #expect((2...5).contains(others.count))
    #expect(others.allSatisfy { $0["labels"]?.elements?.contains("myContacts") == true })
  }

  @Test("contacts are added, edited and deleted by their owner") func contacts() throws {
    let base = "/google/users/\(GoogleNames.marcus)/contacts"
    let made = try test.control(
      "POST", base,
      #"{"givenName":"Una","familyName":"Byrne","email":"una@h.example","phone":"1","mobile":"2","organization":"H","title":"T","notes":"n"}"#
    )
    #expect(made["displayName"] == "Una Byrne" && made["labels"]?.elements == ["myContacts"])
    let edited = try test.control(
      "PATCH", base + "/una@h.example",
      #"{"familyName":"Byrne-Kelly","phone":null,"mobile":"3","notes":null,"urls":[{"value":"https://h.example"}]}"#)
    #expect(edited["displayName"] == "Una Byrne-Kelly")
    #expect(edited["phoneNumbers"]?.elements?.count == 1 && edited["phoneNumbers"]?.encoded.contains("\"3\"") == true)
    #expect(edited["biographies"] == nil && edited["urls"] != nil && edited["organizations"] == made["organizations"])
    #expect(edited["etag"] != made["etag"])
    let marcus = try test.google(GoogleNames.marcus)
    let name = try #require(made["resourceName"]?.text)
    #expect(marcus.read(name)["names"]?.elements?.first?["familyName"] == "Byrne-Kelly")
    try test.control("DELETE", base + "/Una%20Byrne-Kelly")
    #expect(marcus.people("GET", "/\(name)?personFields=names").status == 404)
    for (method, path, body, status) in [
      ("GET", base + "/nobody", "", 404), ("POST", base, #"{"shoeSize":44}"#, 400),
      ("POST", base, #"{"labels":["None"]}"#, 404), ("GET", "/google/users/nobody/contacts", "", 404),
      ("PATCH", "/google/users/\(GoogleNames.dana)/contacts/Jordan%20Lee", "{}", 409),
    ] { #expect(try test.refusal(method, path, body).status == status, "\(path)") }
  }

  @Test("contacts go in and out of labels, which are renamed and deleted") func labels() throws {
    let user = "/google/users/\(GoogleNames.marcus)"
    try test.control("POST", user + "/labels", #"{"name":"Team"}"#)
    #expect(try test.refusal("POST", user + "/labels", #"{"name":"Team"}"#).status == 409)
    try test.control("POST", user + "/contacts", #"{"givenName":"Una","email":"una@h.example","labels":["Team"]}"#)
    let out = try test.control("POST", user + "/contacts/una@h.example/labels", #"{"remove":["My Contacts"]}"#)
    #expect(out["labels"]?.elements == ["Team"])
    // Out of the last label means into My Contacts.
    let last = try test.control("POST", user + "/contacts/una@h.example/labels", #"{"remove":["Team"]}"#)
    #expect(last["labels"]?.elements == ["myContacts"])
    try test.control("POST", user + "/contacts/una@h.example/labels", #"{"add":["Team"],"remove":["My Contacts"]}"#)
    #expect(try test.control("PATCH", user + "/labels/Team", #"{"name":"Crew"}"#)["members"] == 1)
    let marcus = try test.google(GoogleNames.marcus)
    #expect(try marcus.label("Crew").hasPrefix("contactGroups/"))
    try test.control("DELETE", user + "/labels/Crew")
    #expect(try test.control("GET", user + "/contacts/una@h.example")["labels"]?.elements == ["myContacts"])
    #expect(try test.refusal("DELETE", user + "/labels/starred").status == 409)
    try test.control("POST", user + "/labels", #"{"name":"Bulk"}"#)
    try test.control("POST", user + "/import", #"{"contacts":30,"labels":["Bulk"]}"#)
    #expect(try test.control("DELETE", user + "/labels/Bulk?contacts=true")["contacts-deleted"] == 30)
  }

  @Test("the state shows one user alone, and no secret") func scope() throws {
    let one = try test.control("GET", "/state?system=google&company=\(GoogleNames.dana)")["google"]
    #expect(one?["users"]?.elements?.count == 1)
    #expect(one?["users"]?.elements?.first?["labels"]?.elements?.count == 2)
    _ = try test.google()
    let whole = try state(test).encoded
    #expect(!whole.contains("PRIVATE KEY") && !whole.contains("ya29."))
  }

  @Test("options and quotas refuse what they do not know") func refusals() throws {
    for (path, body) in [
      ("/google/options", #"{"nothing":true}"#), ("/google/options", #"{"contact-limit":-1}"#),
      ("/google/quotas", #"{"nothing":1}"#), ("/google/client", #"{"state":"tired"}"#),
      ("/google/apis", #"{"maps":true}"#), ("/google/scopes", #"{"refuses-as":"no"}"#),
    ] {
      let refusal = try test.refusal("POST", path, body)
      #expect(refusal.status == 400 && refusal.json["fix"]?.text?.isEmpty == false, "\(path)")
    }
  }
}
