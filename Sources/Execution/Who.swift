package import Model

/// In whose name a verb works: it goes into run rows and leases.
package struct Who: Sendable, Hashable {
  package var user: String
  /// A person is at the terminal and can be asked.
  package var isAttended: Bool
  package var host: String
  package var pid: Int32
  /// Names this start of kith among all others of the same process id.
  package var session: String
  /// The run of the saved script that works; `nil` at the prompt.
  package var script: ScriptRunID?
  package init(
    user: String, isAttended: Bool, host: String, pid: Int32, session: String, script: ScriptRunID? = nil
  ) {
    self.script = script
    self.user = user
    self.isAttended = isAttended
    self.host = host
    self.pid = pid
    self.session = session
  }
}
