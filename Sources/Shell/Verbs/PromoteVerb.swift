/// `promote`, `push`: sends a record to the other side that does not go there by itself.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum PromoteVerb: Verb {
  static let declaration = VerbDeclaration(
    "promote", group: "Decide",
    summary: "let a company that was made on this side go to the other",
    details: """
      Some recipes carry new companies in one direction only. A promoted company is created on the other side by the next \
      plan, and its people follow. Its reason until then is `not-promoted`.
      """,
    forms: [Form("promote", [.slot("record", .person), .forCompany])],
    examples: [.init("promote 'Harbour Bakery' for teamwork-desk", "the next plan creates it at Teamwork.com")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let (sync, company) = try session.record(meantBy: call.text("record") ?? "", call, of: .company)
    let link = try session.store.links(of: sync.name).first {
      $0.kind == .company && (company.side == .source ? $0.source : $0.target) == company.id
    }
    if let link {
      throw ShellError(
        "\(company.label) is linked already (\(link.source) ↔ \(link.target)).", hint: "why \(company.id)")
    }
    let there = session.systemName(sync.connection(company.side.other))
    return .message(
      try session.rule(
        Verdict(
          kind: .company, ruling: .promote(company.side, company.id), reason: "", madeBy: session.who.user,
          madeAt: session.now), on: sync, saying: "\(company.label) goes to \(there) with the next plan."))
  }
}

enum PushVerb: Verb {
  static let declaration = VerbDeclaration(
    "push", group: "Decide",
    summary: "send single records that were held back as an import, or as older than two-way",
    details: """
      A record at the target is not sent by itself when it was there before two-way was switched on (`not-yet-pushed`), or \
      came together with many others (`import-held`). What is said here holds for the record as it is now.
      """,
    forms: [Form("push", [.many([.slot("records", .person)]), .forCompany])],
    examples: [.init("push HB-TILL-1 for itglue-psa", "the next plan sends it to the PSA")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    var labels: [String] = []
    var last: Sync?
    for word in call.texts("records") {
      let (sync, record) = try session.record(meantBy: word, call, on: .target)
      _ = try session.store.record(
        Verdict(
          kind: record.kind, ruling: .push(record.id), reason: "", madeBy: session.who.user, madeAt: session.now),
        of: sync.name)
      labels.append(record.label)
      last = sync
    }
    guard let sync = last else { throw ShellError("Which record?", hint: "push RECORD", code: .wrong) }
    let there = session.systemName(sync.source)
    return .message(
      "\(labels.joined(separator: ", ")): to be sent to \(there) by the next plan.  next: preview \(sync.shortName)")
  }
}
