/// Work under way: what is known of it from the engine's events, and the one line that says it.
import Execution
import Foundation
import LineEditing
import Model

struct WorkUnderWay: Sendable {
  private var turn: (name: String, number: Int, total: Int)?
  private var phase = Phase.nothing
  private var beganAt = Date.distantPast
  private var requestsBefore = 0
  private var wait: (until: Date, why: String)?

  private enum Phase {
    case nothing
    /// How many records have come from each system, in the order in which they were asked.
    case reading([(sync: SyncName?, system: String, records: Int, isDone: Bool)])
    /// Of each plan that is being applied.
    case applying([SyncName: (done: Int, total: Int, failed: Int)])
    case lookingUp(Int)
  }

  /// Takes an event in.
  /// - Parameter requests: how many requests have left so far.
  mutating func take(_ event: ProgressEvent, at now: Date, requests: Int = 0) {
    switch event {
    case .waiting(let seconds, let why):
      wait = (now.addingTimeInterval(seconds), why)
      return
    case .turn(let name, let number, let total):
      turn = (name.rawValue, number, total)
      begin(.nothing, now, requests)
    case .reading(let sync, let system, let records, _): read(sync, system, records, isDone: false, now, requests)
    case .readDone(let sync, let system, let records, _, _): read(sync, system, records, isDone: true, now, requests)
    case .applying(let done, let total, let failed, let sync):
      if case .applying(var plans) = phase {
        plans[sync] = (done, total, failed)
        phase = .applying(plans)
      } else {
        begin(.applying([sync: (done, total, failed)]), now, requests)
      }
    case .lookingUp(let count): begin(.lookingUp(count), now, requests)
    case .planned: begin(.nothing, now, requests)
    case .note: break
    }
    // Something goes on again.
    wait = nil
  }

  private mutating func begin(_ phase: Phase, _ now: Date, _ requests: Int) {
    (self.phase, beganAt, requestsBefore) = (phase, now, requests)
  }

  private mutating func read(
    _ sync: SyncName?, _ system: String, _ records: Int, isDone: Bool, _ now: Date, _ requests: Int
  ) {
    // One destination may still be read while others are written.
    if case .applying(let plans) = phase, plans.values.contains(where: { $0.done < $0.total }) { return }
    guard case .reading(var readings) = phase, readings.contains(where: { !$0.isDone }) else {
      if !isDone { begin(.reading([(sync, system, records, false)]), now, requests) }
      return
    }
    if let index = readings.firstIndex(where: { $0.sync == sync && $0.system == system }) {
      readings[index] = (sync, system, records, isDone)
    } else {
      readings.append((sync, system, records, isDone))
    }
    phase = .reading(readings)
  }

  /// The line for so many columns, plain and without a line break; `nil` where nothing is under way. What has no room is
  /// left out, the least important first.
  func line(at now: Date, requests: Int = 0, columns: Int, style: RenderStyle) -> String? {
    var parts: [Part] = []
    let elapsed = max(0, now.timeIntervalSince(beganAt))
    if let wait, wait.until > now {
      parts = [Part("waiting \(spentInWhole(wait.until.timeIntervalSince(now))): \(style.shown(wait.why))", 10)]
    } else {
      switch phase {
      case .nothing: return nil
      case .reading(let readings): parts = reading(readings, style) + ticking(elapsed)
      case .lookingUp(let count):
        parts = [Part("looking up \(counted(count, "unknown outcome"))", 10)] + ticking(elapsed)
      case .applying(let plans): parts = applying(plans, elapsed, style)
      }
      let sent = requests - requestsBefore
      if sent > 0 { parts.append(Part(counted(sent, "request"), 3)) }
    }
    if let turn { parts.insert(Part("\(turn.number)/\(turn.total) \(style.shown(turn.name))", 6), at: 0) }
    let isApplying = if case .applying = phase { true } else { false }
    parts.append(Part(isApplying ? "^C stops after the current person" : "^C stops", 1))
    return Part.fitted(parts, to: columns)
  }

  private func reading(
    _ readings: [(sync: SyncName?, system: String, records: Int, isDone: Bool)], _ style: RenderStyle
  ) -> [Part] {
    let names = readings.prefix(3).map { reading in
      let system = style.shown(reading.system)
      return reading.records > 0 ? "\(system) \(reading.records)" : system + " " + style.glyph(.more)
    }
    let more = readings.count > 3 ? " and \(readings.count - 3) more" : ""
    return [Part("reading " + names.joined(separator: ", ") + more, 10)]
  }

  /// That something goes on where no number grows.
  private func ticking(_ elapsed: Double) -> [Part] {
    elapsed >= 1 ? [Part(spentInWhole(elapsed.rounded(.down)), 5)] : []
  }

  private func applying(
    _ plans: [SyncName: (done: Int, total: Int, failed: Int)], _ elapsed: Double, _ style: RenderStyle
  ) -> [Part] {
    let (done, total) = (plans.values.reduce(0) { $0 + $1.done }, plans.values.reduce(0) { $0 + $1.total })
    let failed = plans.values.reduce(0) { $0 + $1.failed }
    // Beside its turn a sync's name would stand twice.
    let what = plans.count > 1 ? " \(plans.count) plans" : turn == nil ? " " + (plans.keys.first?.rawValue ?? "") : ""
    var parts = [
      Part("applying" + style.shown(what), 8), Part(bar(done: done, of: total, style), 4, after: " "),
      Part("\(done)/\(total)", 10),
    ]
    if failed > 0 { parts.append(Part("\(failed) failed", 9)) }
    guard done > 0, elapsed >= 1 else { return parts }
    let rate = Double(done) / elapsed
    parts.append(Part(rate >= 1 ? "\(Int(rate.rounded()))/s" : "\(max(1, Int((rate * 60).rounded())))/min", 2))
    if done < total { parts.append(Part("\(spentInWhole(Double(total - done) / rate)) left", 7)) }
    return parts
  }

  /// Full only when everything is done.
  private func bar(done: Int, of total: Int, _ style: RenderStyle) -> String {
    let width = 11
    let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 1
    let full = Int(share * Double(width))
    return String(repeating: style.glyph(.full), count: full)
      + String(repeating: style.glyph(.empty), count: width - full)
  }
}

/// A piece of the line, and how much it matters.
private struct Part {
  var text: String
  var priority: Int
  /// What parts it from the piece before it.
  var separator: String

  init(_ text: String, _ priority: Int, after separator: String = "  ") {
    (self.text, self.priority, self.separator) = (text, priority, separator)
  }

  /// As many of them as there is room for, in their order; the most important one may have to be cut.
  static func fitted(_ parts: [Part], to columns: Int) -> String {
    var parts = parts
    func joined() -> String {
      parts.enumerated().map { $0.offset == 0 ? $0.element.text : $0.element.separator + $0.element.text }.joined()
    }
    while parts.count > 1, DisplayWidth.of(joined()) > columns {
      let least = parts.indices.min { (parts[$0].priority, -$0) < (parts[$1].priority, -$1) } ?? 0
      parts.remove(at: least)
    }
    return DisplayWidth.truncating(joined(), to: columns)
  }
}
