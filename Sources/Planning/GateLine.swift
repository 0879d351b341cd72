/// What a gate says about one record, and who listens.
package import Foundation
package import Model

/// How a record came through a gate.
package enum GateMark: String, Hashable, Sendable {
  case passed, stopped
  /// It went through, and there is something to know: what would change, a warning.
  case noted
  /// Nothing was asked here, because an earlier gate had settled it.
  case notReached
}

/// One line of an explanation: "✓ match   ConnectWise contact 8841, by e-mail".
package struct GateLine: Hashable, Sendable {
  package var gate: Gate
  package var mark: GateMark
  /// Begins with the reason's name where the gate stopped. Times are left to ``readAt``.
  package var text: String
  /// When what the line speaks of was read or checked; `nil` where no moment belongs to it.
  package var readAt: Date?
  package init(gate: Gate, mark: GateMark, text: String, readAt: Date? = nil) {
    self.gate = gate
    self.mark = mark
    self.text = text
    self.readAt = readAt
  }
}

/// The record that a walk through the gates is about: a source record, or one that only the target has.
package enum Subject: Hashable, Sendable {
  case source(RecordID)
  case target(RecordID)
}

/// Hears every line of every record's way through the gates, in the order of the walk.
package protocol GateListener: AnyObject {
  func hear(_ line: GateLine, of subject: Subject)
}

/// Keeps the lines of one record.
final class GateRecorder: GateListener {
  private let subject: Subject
  private(set) var lines: [GateLine] = []
  init(_ subject: Subject) { self.subject = subject }
  func hear(_ line: GateLine, of subject: Subject) {
    if subject == self.subject { lines.append(line) }
  }
}
