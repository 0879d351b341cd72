/// What must never happen at Teamwork.com and Desk as a side effect: mails, seats, edited logins, doubled contact points.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct TeamworkSafety {
  @Test("a life of a contact sends no invitation, takes no seat and edits no login, with every way of the site")
  func noInvitations() async throws {
    for ways in [
      "{}", #"{"invites-unless-refused":true,"takes-camel-case":true}"#,
      #"{"deleted-person-holds-email":true,"v1-errors-as-content":true}"#,
    ] {
      try await Stage.with(people: 30) { stage in
        try stage.sandbox.control.perform("POST", "/teamwork/options", ways)
        let ground = try Ground(.teamworkPeople, stage)
        let connector = try stage.connector(.teamworkPeople)
        let values = Subject.teamworkPeople.values
        let made = try await connector.write([.making(.person, values, in: ground.parent)], in: ReadScope()).record()
        let changed = try await connector.write([.changing(made, Subject.teamworkPeople.others)], in: ReadScope())
          .record()
        #expect(changed.fields.text("user-type") == "contact")
        // Everybody there is, staff and logins among them.
        let everybody = await Reading(connector, .person, in: ReadScope()).living.values
        let writes = everybody.map { Write.changing($0, ["title": .text("Changed")]) }
        let outcomes = await connector.write(writes, in: ReadScope())
        for (record, outcome) in zip(everybody, outcomes) {
          let isContact = record.fields.text("user-type") == "contact"
          #expect(([outcome].word == "done") == isContact, "\(record.fields.displayed)")
        }
        let counters = try stage.counters(of: .teamworkPeople)
        for name in [
          "invitations-sent", "logins-edited", "staff-edited", "seats-taken", "kinds-changed", "continued",
          "managers-cleared", "switched-to-multi-currency", "deleted-with-company",
        ] {
          #expect(counters[name] == 0, "\(name)")
        }
      }
    }
  }

  @Test("at Desk no mail is sent, no client made and no contact point doubled, however often a customer is written")
  func noDoubles() async throws {
    for ways in ["{}", #"{"keeps-omitted-contact-points":false}"#, #"{"contact-points-fill-flat-networks":false}"#] {
      try await Stage.with { stage in
        try stage.sandbox.control.perform("POST", "/desk/options", ways)
        let ground = try Ground(.deskCustomers, stage)
        let connector = try stage.connector(.deskCustomers)
        let (values, others) = (Subject.deskCustomers.values, Subject.deskCustomers.others)
        var current = try await connector.write([.making(.person, values, in: ground.parent)], in: ReadScope()).record()
        for round in 0..<6 {
          current = try await connector.write([.changing(current, round % 2 == 0 ? others : values)], in: ReadScope())
            .record()
          let addresses = current.fields.items("addresses") ?? []
          #expect(Set(addresses.map { $0.lowercased() }).count == addresses.count)
        }
        #expect(current.fields.filter { values[$0] != nil } == values)
        let counters = try stage.counters(of: .deskCustomers)
        for name in ["welcome-mails-sent", "created-in-projects", "puts", "bulk-updates", "duplicate-contact-points"] {
          #expect(counters[name] == 0, "\(name) \(ways)")
        }
      }
    }
  }
}

extension FieldValues {
  /// All of it in one line, for a comment.
  var displayed: String { sorted.map { "\($0.name)=\($0.value.displayed)" }.joined(separator: " ") }
}
