/// What an emulated vendor counted of things that a client should not do, or not do often.
import Foundation
import Model
import Sandbox

extension Stage {
  /// The counters of a system that are plain numbers.
  func counters(of subject: Subject) throws -> [String: Int] {
    let handle = subject.system.rawValue
    let state = try sandbox.control.state(of: handle)
    let object = try JSONSerialization.jsonObject(with: Data(state.utf8)) as? [String: [String: Any]]
    let counters = object?[handle]?["counters"] as? [String: Any] ?? [:]
    return counters.compactMapValues { $0 as? Int }
  }
}
