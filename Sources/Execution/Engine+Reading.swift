/// Reading both sides of a sync, side by side.
import Connectors
import Foundation
import Model
import Planning
import Storage

/// What reading one side cost.
struct SideReading: Sendable {
  var side: Side
  var certificate: ReadCertificate
  var requests: Int
  var floor: Int
}

/// What reading a sync cost, all of it together.
struct SyncReading: Sendable {
  var requests = 0
  var floor = 0
  mutating func add(_ reading: SideReading) {
    requests += reading.requests
    floor += reading.floor
  }
}

extension Engine {
  /// Reads every stage of both sides: the two systems at once, each of them one kind after the other. When one side
  /// fails, the other is still read to its end.
  ///
  /// A side whose place is not known yet is left out; the plan says what is missing.
  /// - Throws: the source's error before the target's.
  ///
  /// - Parameter sides: a side that is not named was read just before, for many syncs at once.
  func readBothSides(
    of scope: SyncScope, sides: Set<Side> = [.source, .target], progress: @escaping ProgressListener
  ) async throws -> SyncReading {
    // Where a place cannot be read, its cause is what the plan says.
    guard scope.part?.cause == nil else { return SyncReading() }
    async let source = sides.contains(.source) ? outcome(of: scope, .source, progress: progress) : .success([])
    async let target = sides.contains(.target) ? outcome(of: scope, .target, progress: progress) : .success([])
    var total = SyncReading()
    for result in await [source, target] {
      for reading in try result.get() { total.add(reading) }
    }
    return total
  }

  private func outcome(
    of scope: SyncScope, _ side: Side, progress: @escaping ProgressListener
  ) async -> Result<[SideReading], any Error> {
    do {
      return .success(try await read(scope, side, progress: progress))
    } catch {
      return .failure(error)
    }
  }

  /// Reads every stage of one side, companies first.
  func read(_ scope: SyncScope, _ side: Side, progress: @escaping ProgressListener) async throws -> [SideReading] {
    var readings: [SideReading] = []
    for stage in scope.stages {
      if let reading = try await read(scope, stage, side, progress: progress) { readings.append(reading) }
    }
    return readings
  }

  /// Reads one side of one stage; `nil` where its place is not known.
  /// - Parameter complete: why everything has to be read, whatever the mark says.
  func read(
    _ scope: SyncScope, _ stage: StageScope, _ side: Side, complete: ReadingChoice.Cause? = nil,
    progress: @escaping ProgressListener
  ) async throws -> SideReading? {
    let place = stage[side]
    guard let snapshot = place.snapshot else { return nil }
    let connector = try connector(for: place.connection)
    // A sync of several kinds says which of them it is at.
    let system = scope.stages.count > 1 ? "\(place.system.name) \(stage.kind.plural)" : place.system.name
    let name = scope.sync.name
    let reader = Reader(
      store: store, connector: connector, scope: snapshot, read: place.read, clock: clock,
      onPage: { progress(.reading(sync: name, system: system, records: $0, pages: $1)) })
    progress(.reading(sync: name, system: system, records: 0, pages: 0))
    let known = try reader.known(fullReadEvery: .seconds(scope.settings.seconds(.fullReadEvery)))
    let choice = complete.map { ReadingChoice.complete($0) } ?? ReadingChoice(known, now: clock.now())
    let result = try await reader.read(choice)
    progress(
      .readDone(
        sync: name, system: system, records: result.certificate.snapshotCount, requests: result.requests,
        isComplete: result.certificate.completeness != .delta))
    return SideReading(side: side, certificate: result.certificate, requests: result.requests, floor: result.floor)
  }

  /// Reads completely where the plan would otherwise have to leave a missing record open.
  ///
  /// A delta never proves that a record is gone. When a linked record is missing without a word from its system, and
  /// the plan would remove something if that were proved, it is proved or refuted: for each stage and side by itself.
  func proveAbsence(
    in scope: SyncScope, _ situations: [Situation], progress: @escaping ProgressListener
  ) async throws -> SyncReading? {
    var missing: [(StageScope, Side)] = []
    for (index, stage) in scope.stages.enumerated() {
      for side in situations[index].sidesWithUnprovedAbsence
      where situations.wouldRemove(ifProvedAbsentAt: side, ofStage: index) {
        missing.append((stage, side))
      }
    }
    guard !missing.isEmpty else { return nil }
    var total = SyncReading()
    for (stage, side) in missing {
      if let reading = try await read(scope, stage, side, complete: .absence, progress: progress) {
        total.add(reading)
      }
    }
    return total
  }
}

extension Situation {
  /// Sides whose last reading is a delta, and on which a linked record is missing that nobody reported as deleted.
  var sidesWithUnprovedAbsence: [Side] {
    let unseen = Planner.unseen(in: self)
    return Side.allCases.filter { unseen[$0] != nil && reading($0).certificate?.completeness == .delta }
  }
}

extension [Situation] {
  /// Whether the plan would take something away if the missing records of one side of a stage were proved to be gone.
  func wouldRemove(ifProvedAbsentAt side: Side, ofStage index: Int) -> Bool {
    var proved = self
    if side == .source {
      proved[index].source.certificate = self[index].source.certificate?.asComplete
    } else {
      proved[index].target.certificate = self[index].target.certificate?.asComplete
    }
    let removals: Set<Action> = [.deactivate, .delete, .unlink]
    func count(_ situations: [Situation]) -> Int {
      Planner.plan(situations).decisions.lazy.filter { removals.contains($0.action) }.count
    }
    return count(proved) > count(self)
  }
}

extension ReadCertificate {
  /// The certificate of a complete reading that would bring what the snapshot has: what a delta brought says nothing of
  /// how much there is.
  fileprivate var asComplete: ReadCertificate {
    var complete = self
    complete.completeness = .complete
    complete.recordCount = snapshotCount
    return complete
  }
}
