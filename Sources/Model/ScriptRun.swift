/// Runs of saved scripts: what was run, with which arguments, and how it ended.
package import Foundation

/// A number of a run of a script: `s12`.
package struct ScriptRunID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  package let number: Int
  package init(_ number: Int) { self.number = number }
  /// Parses `s12`; `nil` for anything else.
  package init?(_ text: String) {
    guard text.hasPrefix("s"), let number = Int(text.dropFirst()), number > 0 else { return nil }
    self.number = number
  }
  package var description: String { "s\(number)" }
  package static func < (left: ScriptRunID, right: ScriptRunID) -> Bool { left.number < right.number }
}

/// One run of a saved script, also when nothing of it ran because it was wrong or not to be trusted.
package struct ScriptRun: Hashable, Sendable {
  package var id: ScriptRunID?
  /// The name of a saved script, or the path of one that lies elsewhere.
  package var script: String
  /// The text that was run, without what is a secret by its argument's type; `nil` where it was not read.
  package var text: String?
  /// The arguments as typed, by the parameter's name; never a secret.
  package var arguments: [String: String]
  /// The run of the script that ran this one.
  package var parent: ScriptRunID?
  package var by: String
  package var isAttended: Bool
  /// Nothing was to be sent.
  package var isDry: Bool
  package var startedAt: Date
  /// `nil` while it runs, and where its process ended without a word.
  package var endedAt: Date?
  /// One of the table of exit codes; `nil` as long as ``endedAt`` is.
  package var exitCode: Int32?
  /// What it ended with, in a sentence; `nil` where there is nothing to say.
  package var message: String?

  package init(
    id: ScriptRunID? = nil, script: String, text: String?, arguments: [String: String] = [:],
    parent: ScriptRunID? = nil, by: String, isAttended: Bool, isDry: Bool = false, startedAt: Date,
    endedAt: Date? = nil, exitCode: Int32? = nil, message: String? = nil
  ) {
    self.id = id
    self.script = script
    self.text = text
    self.arguments = arguments
    self.parent = parent
    self.by = by
    self.isAttended = isAttended
    self.isDry = isDry
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.exitCode = exitCode
    self.message = message
  }
}
