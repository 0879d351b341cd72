/// How employees get into Crewhu. It publishes no API for that, so that there are two forms behind one small type: files
/// for its upload page, and an API that is only assumed.
import Model

protocol CrewhuWriter: Sendable {
  /// One outcome for each write, in the same order.
  func write(_ batch: [Write]) async -> [WriteOutcome]

  /// Whether anything could be written, and what a person should know of it.
  func check() async throws(ConnectorError) -> CheckReport

  func smallestRequestCount(_ write: Write) -> Int
}

extension CrewhuWriter {
  /// Why a write cannot be carried out by any form; `nil` when it can.
  static func fault(_ write: Write, emailIsHidden: Bool) -> WriteRejection? {
    guard write.kind == .member, write.action != .delete else {
      return WriteRejection(
        reason: .recordForbidden, message: "kith does not \(write.action.rawValue) a \(write.kind) at Crewhu")
    }
    if write.action == .create, emailIsHidden {
      return WriteRejection(
        reason: .recordForbidden, field: "email",
        message: "Crewhu shows nobody's e-mail address, so that nobody can tell whether this employee is there already")
    }
    if write.action != .create, write.target == nil {
      return WriteRejection(reason: .targetGone, message: "nothing is no id of a Crewhu employee")
    }
    let keys: [FieldName] = ["email", "employee-ids"]
    if let key = keys.first(where: { write.values[$0]?.isBlank ?? (write.action == .create) }) {
      let what = key == "email" ? "an e-mail address" : "an employee id"
      return WriteRejection(
        reason: .valueRefused, field: key, message: "an employee without \(what) could never be matched again")
    }
    if write.action != .create, write.values["profile"] != nil {
      return WriteRejection(
        reason: .valueRefused, field: "profile", message: "the profile of an employee who is there is never changed")
    }
    return nil
  }
}
