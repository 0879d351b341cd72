/// What a verb tells while it works, for whoever draws it.
package import Model

package enum ProgressEvent: Sendable {
  /// One of several syncs begins, the first being number 1.
  case turn(SyncName, number: Int, of: Int)
  /// Pages are coming in, or are asked for where there is none yet; `sync` is `nil` while companies are loaded.
  case reading(sync: SyncName?, system: String, records: Int, pages: Int)
  case readDone(sync: SyncName?, system: String, records: Int, requests: Int, isComplete: Bool)
  case planned(PlanID, sync: SyncName, counts: [Action: Int])
  case applying(done: Int, total: Int, failed: Int, sync: SyncName)
  case waiting(seconds: Double, why: String)
  /// Changes whose outcome is unknown are looked up.
  case lookingUp(count: Int)
  case note(String)
}

/// Takes progress; called from any thread, and must not wait.
package typealias ProgressListener = @Sendable (ProgressEvent) -> Void
