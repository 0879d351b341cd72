/// Readings since a mark: what changed, what is gone, and marks that are no longer good.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct ChangesSuite {
  @Test(
    "a reading since a mark tells of what changed, and of nothing else", arguments: Subject.all.filter(\.tellsChanges))
  func changes(_ subject: Subject) async throws {
    try await Stage.with(simulatesTime: true) { stage in
      let ground = try Ground(subject, stage)
      try ground.add(count: 6)
      let connector = try stage.connector(subject)
      // Some tell changes only of the whole account: who left one company does not show among its people.
      let own = await Reading(connector, subject.kind, in: ground.scope)
      let scope = own.last?.mark == nil ? ReadScope() : ground.scope
      let full = await Reading(connector, subject.kind, in: scope)
      #expect(full.looksComplete)
      let mark = try #require(full.last?.mark)
      let mine = own.records.suffix(6)
      let (edited, deleted, moved) = (
        try #require(mine.first).id, try #require(mine.dropFirst(2).first).id, try #require(mine.dropFirst(3).first).id
      )
      // Beyond every overlap, so that what was read already is not told again; the mark goes by what the vendor says, so
      // that an edit is needed to move it.
      stage.sandbox.control.advanceClock(bySeconds: 7200)
      try ground.edit(moved, subject.editable, "Before")
      let quiet = await Reading(connector, subject.kind, in: scope, since: mark)
      try #require(quiet.error == nil)
      #expect(quiet.ids.contains(moved))
      #expect(quiet.pages.allSatisfy { $0.isDelta })
      let next = try #require(quiet.last?.mark)
      stage.sandbox.control.advanceClock(bySeconds: 7200)
      try ground.edit(edited, subject.editable, "Edited")
      let added = try ground.add(700)
      let changed = await Reading(connector, subject.kind, in: scope, since: next)
      try #require(changed.error == nil)
      #expect(changed.living[edited]?.fields.text(subject.editable) == "Edited")
      #expect(changed.living[added] != nil)
      // Only the last change before the mark may come again.
      #expect(Set(changed.ids).isSubset(of: [edited, added, moved]))
      #expect(changed.pages.allSatisfy { $0.isDelta })
      if let total = changed.last?.declaredTotal { #expect(total == full.living.count + 1) }

      let later = try #require(changed.last?.mark)
      stage.sandbox.control.advanceClock(bySeconds: 7200)
      try ground.delete(deleted)
      let after = await Reading(connector, subject.kind, in: scope, since: later)
      #expect(after.error == nil)
      let told = after.records.filter { $0.state == .gone }.map(\.id)
      #expect(told.isEmpty || told == [deleted])
      if subject.features.deltaTellsDeletions { #expect(told == [deleted]) }
      // What a delta does not tell, its total or a complete reading shows.
      if let total = after.last?.declaredTotal { #expect(total == full.living.count) }
      let whole = await Reading(connector, subject.kind, in: scope)
      #expect(whole.looksComplete)
      #expect(whole.living[deleted] == nil && whole.living.count == full.living.count)
      let single = try await connector.read([deleted, edited], of: subject.kind, in: scope)
      #expect(single.filter { $0.state != .gone }.map(\.id) == [edited])
    }
  }

  @Test("a mark that cannot be honoured says so, or everything is read", arguments: Subject.all)
  func badMarks(_ subject: Subject) async throws {
    try await Stage.with(simulatesTime: true) { stage in
      let ground = try Ground(subject, stage)
      try ground.add(count: 3)
      let connector = try stage.connector(subject)
      let whole = await Reading(connector, subject.kind, in: ground.scope)
      for mark in ["", "garbage", "9999-99-99T99:99:99Z", "{}", "-1", "\u{0}", String(repeating: "9", count: 400)] {
        let reading = await Reading(connector, subject.kind, in: ground.scope, since: DeltaMark(mark))
        if let error = reading.error {
          #expect(error.kind == .deltaExpired, "\(mark): \(error)")
        } else {
          #expect(reading.pages.allSatisfy { !$0.isDelta }, "\(mark)")
          #expect(Set(reading.living.keys) == Set(whole.living.keys), "\(mark)")
        }
      }
    }
  }

  @Test("records say when they changed, and an edit shows in their version", arguments: Subject.all)
  func versions(_ subject: Subject) async throws {
    try await Stage.with(simulatesTime: true) { stage in
      let ground = try Ground(subject, stage)
      let id = try ground.add(1)
      let connector = try stage.connector(subject)
      let before = try #require(try await connector.read([id], of: subject.kind, in: ground.scope).first)
      #expect((before.version != nil) == subject.features.hasVersions)
      stage.sandbox.control.advanceClock(bySeconds: 120)
      try ground.edit(id, subject.editable, "Edited")
      let after = try #require(try await connector.read([id], of: subject.kind, in: ground.scope).first)
      #expect(before.fingerprint != after.fingerprint)
      guard subject.features.hasVersions else { return }
      #expect(after.version != before.version)
      if let step = subject.features.timestampStepSeconds, let later = after.modified, let earlier = before.modified {
        let moved = later.timeIntervalSince(earlier)
        #expect(abs(moved - 120) <= Double(step))
      }
    }
  }
}
