/// Crewhu: employees, written by the assumed API, since only that answers.
import Foundation
import Model

extension Subject {
  static let crewhuEmployees = Subject(
    system: "crewhu", kind: .member, listing: "*/user", creation: "*/user",
    outside: Outside(
      records: "/crewhu/employees",
      words: ["email": "email", "first-name": "firstname", "last-name": "lastname", "position": "position"],
      bulk: ("/crewhu/import", #"{"count":{count}}"#), setting: ("/crewhu/options", #"{"shows-profile":true}"#)),
    values: [
      "email": .text("nora.lind@suite.example"), "employee-ids": .list(["NLIND", "nora.lind@suite.example"]),
      "first-name": .text("Nora"), "last-name": .text("Lind"), "location": .text("Porto"), "team": .text("Service"),
      "position": .text("Tier 2"), "hire-date": .text("2021-03-01"), "profile": .text("Employee"),
    ],
    // The profile is given once, when the employee is made.
    others: [
      "email": .text("new@suite.example"), "employee-ids": .list(["N LIND", "new@suite.example", "third"]),
      "first-name": .text("Eleonora"), "last-name": .text("Lind-Ćwikła"), "location": .text("Faro"),
      "team": .text("王 & \"Sons\""), "position": .text("Tier 3"), "hire-date": .text("2022-04-02"),
    ],
    texts: ["first-name", "last-name"], kept: ["profile", "first-name", "last-name"],
    keys: ["email", "first-name", "last-name"], alsoDemanded: ["first-name", "last-name"],
    parameters: ["experimental-writes": "on", "uploads": NSTemporaryDirectory() + "kith-uploads"], tellsChanges: false)

  static let crewhuSubjects = [crewhuEmployees]
}
