/// Every record exactly once, whatever the number of pages and whatever happens between them.
import Connectors
import Foundation
import Model
import Sandbox
import Synchronization
import Testing

@Suite(.serialized) struct PagingSuite {
  @Test(
    "every record comes exactly once, from none to more than two full pages, and the certificate's facts are right",
    arguments: Subject.all)
  func sizes(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      _ = try await connector.check(partitions: [])
      // Companies and members are of the whole account, so that some are there before.
      var there = await Reading(connector, subject.kind, in: ground.scope).records.count
      #expect(subject.home == nil || there == 0)
      let limit = subject.page
      for count in [there, 1, limit - 1, limit, limit + 1, 2 * limit + 1] where count >= there {
        try ground.add(count: count - there, from: there + 1)
        there = count
        let before = connector.requestCount
        let reading = await Reading(connector, subject.kind, in: ground.scope)
        try #require(reading.error == nil, "\(count): \(String(describing: reading.error))")
        #expect(reading.records.count == count)
        #expect(Set(reading.ids).count == count)
        #expect(reading.pages.map(\.number) == Array(1...max(reading.pages.count, 1)), "\(count)")
        #expect(reading.pages.map(\.isLast) == reading.pages.map { $0.number == reading.pages.count }, "\(count)")
        #expect(reading.pages.allSatisfy { !$0.isDelta }, "\(count)")
        #expect(reading.pages.dropLast().allSatisfy { $0.mark == nil }, "\(count)")
        #expect((reading.last?.declaredTotal ?? count) == count)
        #expect(reading.records.allSatisfy { $0.kind == subject.kind && $0.parent == ground.parent })
        let least = connector.smallestRequestCount(.read(subject.kind, count: count, isDelta: false))
        #expect(connector.requestCount - before <= least + subject.extraRequests(count), "\(count)")
        guard count == 1, subject.system != "m365" else { continue }
        // The whole account has it too, once, and what others have beside it.
        let whole = await Reading(connector, subject.kind, in: ReadScope())
        #expect(whole.looksComplete && Set(whole.ids).count == whole.records.count)
        #expect(whole.ids.filter { reading.ids.contains($0) } == reading.ids)
      }
    }
  }

  @Test("over a socket the same pages come as in process", arguments: Subject.all)
  func ways(_ subject: Subject) async throws {
    var read: [[Record]] = []
    for way in Way.allCases {
      try await Stage.with(way) { stage in
        let ground = try Ground(subject, stage)
        try ground.add(count: min(subject.page, 100) + 1)
        let reading = await Reading(try stage.connector(subject), subject.kind, in: ground.scope)
        #expect(reading.looksComplete, "\(way.rawValue)")
        read.append(reading.records)
      }
    }
    #expect(read.first == read.last)
  }

  private enum Event: String, CaseIterable {
    case added, edited
    case deletedBefore = "deleted among those read"
    case deletedAfter = "deleted among those to come"
  }

  @Test("a record that is added, edited or deleted between two pages costs no other record", arguments: Subject.all)
  func between(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      try ground.add(count: subject.page + 8)
      let first = await Reading(connector, subject.kind, in: ground.scope)
      #expect(first.looksComplete)
      var ids = first.ids
      for event in Event.allCases {
        let (early, late) = (ids[1], ids[ids.count - 2])
        let failure = Mutex<String?>(nil)
        stage.interruption.arrange(after: subject.listingMark) {
          do {
            switch event {
            case .added: try ground.add(900_001)
            case .edited:
              try ground.edit(early, subject.editable, "Edited early")
              try ground.edit(late, subject.editable, "Edited late")
            case .deletedBefore: try ground.delete(early)
            case .deletedAfter: try ground.delete(late)
            }
          } catch {
            failure.withLock { $0 = "\(error)" }
          }
        }
        let reading = await Reading(connector, subject.kind, in: ground.scope)
        #expect(failure.withLock { $0 } == nil, "\(event.rawValue)")
        switch event {
        case .added, .edited: break
        case .deletedBefore: ids.removeAll { $0 == early }
        case .deletedAfter: ids.removeAll { $0 == late }
        }
        // A reading that lost somebody must not look complete; one that did not may.
        if reading.looksComplete { #expect(Set(ids).isSubset(of: Set(reading.living.keys)), "\(event.rawValue)") }
        if event == .edited, reading.looksComplete {
          #expect(reading.living[late]?.fields.text(subject.editable) == "Edited late")
        }
      }
      // And when nothing happens any more the next one is whole again.
      let after = await Reading(connector, subject.kind, in: ground.scope)
      #expect(after.looksComplete && Set(ids).isSubset(of: Set(after.living.keys)))
      #expect(after.living.count == ids.count + 1)
    }
  }
}

extension Subject {
  /// A field that is edited where any would do.
  var editable: FieldName {
    switch kind {
    case .company, .configuration: "name"
    case .person: "title"
    case .member: "first-name"
    }
  }

  /// Requests that a reading may make beside those for its pages.
  ///
  /// Microsoft 365 names licences by one request for each tenant that has any. Teamwork.com gives phones and further
  /// addresses by 250 people of one company ("v1 lists"), of which the smallest number counts one.
  /// Crewhu is asked once more for the end of each full page, where it declares no total.
  func extraRequests(_ count: Int) -> Int {
    switch (system, kind) {
    case ("m365", _): count > 0 ? 1 : 0
    case ("teamwork", .person): max(count - 1, 0) / 250
    case ("crewhu", _): count / page
    default: 0
    }
  }
}
