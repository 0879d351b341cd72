/// `relink`, `forget`: what to do with a pair of which one side was deleted, or that was linked wrongly.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum RelinkVerb: Verb {
  static let declaration = VerbDeclaration(
    "relink", group: "Decide",
    summary: "make or pair the missing side of a broken link again",
    details: "The next plan looks for a match, and creates the record where there is none.",
    forms: [
      Form(
        "relink",
        [.slot("person", .person), .forCompany])
    ],
    examples: [.init("relink jane.doe@acme.example", "her contact is made again")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let (sync, link, label) = try session.link(meantBy: call)
    guard case .broken = link.state else {
      throw ShellError(
        "\(label) is linked to \(link.target): nothing is broken.", hint: "forget \(link.source)  drops the pair")
    }
    try session.store.markForRelink(link, of: sync.name)
    return .message(
      "\(label): the next plan makes or pairs the missing side again.  next: preview \(sync.shortName)"
    )
  }
}

enum ForgetVerb: Verb {
  static let declaration = VerbDeclaration(
    "forget", group: "Decide",
    summary: "drop a pair and its memory",
    details: """
      The next plan treats both records as never linked. What waits in a file for its upload is forgotten too, so that it \
      is written again. Nothing changes at either system.
      """,
    forms: [
      Form(
        "forget",
        [.slot("person", .person), .forCompany])
    ],
    examples: [.init("forget jane.doe@acme.example", "the pair is unknown again")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    if let said = try session.forgetWaiting(meantBy: call) { return .message(said) }
    let (sync, link, label) = try session.link(meantBy: call)
    try session.store.forget(link, of: sync.name)
    return .message("\(label): the pair with \(link.target) is forgotten.")
  }
}

extension Session {
  /// Forgets that a change of a record waits in a file; `nil` where none does.
  func forgetWaiting(meantBy call: Invocation) throws -> String? {
    let word = call.text("person") ?? ""
    let candidates = try call.text("company") != nil || context != nil ? syncs(call) : store.syncs()
    for sync in candidates {
      let waiting = try store.waiting(of: sync.name)
      guard !waiting.isEmpty else { continue }
      let hits = Why.find(word, in: try engine.situations(for: sync.name)).filter { $0.side == .source }
      let meant = waiting.filter { change in hits.contains { $0.kind == change.kind && $0.id == change.source } }
      guard let change = meant.first, hits.count == 1 else { continue }
      try store.stopWaiting(meant, of: sync.name)
      return "\(hits[0].label): \(change.file) is not waited for any more; the next sync writes it again.  "
        + "next: preview \(sync.shortName)"
    }
    return nil
  }

  /// The link that a word means: by the person on either side, or by the id of a record that is no longer there.
  func link(meantBy call: Invocation) throws -> (Sync, Link, String) {
    let word = call.text("person") ?? ""
    let candidates = try call.text("company") != nil || context != nil ? syncs(call) : store.syncs()
    for sync in try planned(candidates) {
      let byID = try store.links(of: sync.name).first { $0.source == RecordID(word) || $0.target == RecordID(word) }
      if let byID { return (sync, byID, word) }
    }
    let (sync, record) = try self.record(meantBy: word, call)
    let link = try store.links(of: sync.name).first {
      $0.kind == record.kind && (record.side == .source ? $0.source == record.id : $0.target == record.id)
    }
    guard let link else { throw ShellError("\(record.label) is not linked in \(sync.name).", hint: "why \(record.id)") }
    return (sync, link, record.label)
  }
}
