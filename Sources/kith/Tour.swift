/// The guided tour: what is said, what is typed, and what changes outside.
import Foundation
import Model
import Sandbox
import Shell

/// Walks through the main job: set up, look, explain, sync, and sync again after the world has moved.
struct Tour {
  let control: SandboxControl
  let description: SandboxDescription
  let answers: ScriptedAnswers

  static let farewell =
    "\nThe shell is yours: the sandbox goes on running behind it. Try  why acme,  show people,  help.  Ctrl-D leaves.\n\n"

  init(control: SandboxControl, description: SandboxDescription) {
    self.control = control
    self.description = description
    answers = ScriptedAnswers([], output: StandardStreams())
  }

  /// Runs every step; the first line that fails ends the tour with its exit code.
  func walk(_ session: Session, _ commands: Commands) -> Shell.ExitCode {
    for step in steps {
      switch step {
      case .say(let text):
        session.narrate("\n\(text)\n")
      case .type(let line, let answer):
        if let answer { answers.add(answer) }
        StandardStreams().writeOut("kith\(session.context.map { " \($0.name)" } ?? "")› \(line)\n")
        let code = commands.run(on: session) { await $0.run(line, isTyped: true) }
        if code != .done {
          StandardStreams().writeError("The tour ends here: that line ended with \(code.rawValue) (\(code.meaning)).\n")
          return code
        }
      case .explainSomeone(let reason):
        guard let line = someone(stoppedBy: reason, in: session) else { continue }
        StandardStreams().writeOut("kith\(session.context.map { " \($0.name)" } ?? "")› \(line)\n")
        _ = commands.run(on: session) { await $0.run(line, isTyped: true) }
      case .outside(let text, let method, let path, let body):
        do { try control.perform(method, path, body) } catch {
          StandardStreams().writeError("The tour ends here: \(error)\n")
          return .failed
        }
        session.narrate("  (outside: \(text))\n")
      case .changesOutside(let company):
        do { try changeTheWorld(of: company, in: session) } catch {
          StandardStreams().writeError("The tour ends here: \(error)\n")
          return .failed
        }
      }
    }
    return .done
  }

  private enum Step {
    case say(String)
    case type(String, answering: String? = nil)
    /// `why` for the first person that a reason stopped.
    case explainSomeone(Reason)
    /// What other people do at the vendors meanwhile, through the sandbox's control interface.
    case changesOutside(company: String)
    /// One thing that somebody does at a vendor, and how to say it.
    case outside(String, method: String, path: String, body: String)
  }

  /// One person leaves, one is promoted, and one contact's title is edited in the PSA: three people who are in step.
  private func changeTheWorld(of company: String, in session: Session) throws {
    let settled = session.newestPlan?.decisions.filter { $0.action == .inStep || $0.action == .link }.map(\.label) ?? []
    let people = settled.filter { $0.contains("@") && $0.allSatisfy(\.isASCII) }
    guard people.count >= 3 else { return }
    try control.perform("POST", "/m365/\(company)/users/\(people[0])/leave")
    try control.perform("PATCH", "/m365/\(company)/users/\(people[1])", #"{"jobTitle": "Head of Operations"}"#)
    try control.perform("PATCH", "/connectwise/contacts/\(people[2])", #"{"title": "Edited in the PSA"}"#)
    session.narrate(
      """
        (outside: \(people[0]) leaves: sign-in off, licences and address gone)
        (outside: \(people[1]) becomes Head of Operations at Microsoft 365)
        (outside: the title of \(people[2]) is edited at ConnectWise)

      """)
  }

  /// The line that explains somebody whom the reason stopped.
  private func someone(stoppedBy reason: Reason, in session: Session) -> String? {
    guard let plan = session.newestPlan, let decision = plan.decisions.first(where: { $0.reason.reason == reason })
    else {
      return nil
    }
    return decision.label.contains(" ") ? "why '\(decision.label)'" : "why \(decision.label)"
  }

  private var steps: [Step] {
    let tenants = description.systems["m365"]?.tenants ?? []
    var steps: [Step] = [
      .say(
        "kith keeps people in step between systems. Here Microsoft 365 and ConnectWise are emulated on this machine.")
    ]
    // Crewhu's documented form needs the template of its upload page; the tour shows the assumed API.
    steps += description.connect.map { line in
      .type(line.hasPrefix("connect crewhu ") ? line + " experimental-writes=on" : line)
    }
    steps += [
      .say("The PSA knows the companies; each gets a sync from its Microsoft 365 tenant."),
      .type("load companies from cw"),
    ]
    for tenant in tenants {
      steps.append(
        .type(
          "add sync m365-contacts for \(tenant.company.lowercased()) from ms to cw tenant=\(tenant.domain) update-existing=on"
        ))
    }
    guard let first = tenants.first else { return steps }
    let handle = first.company.lowercased()
    steps += [
      .say("Is everything reachable and allowed, tenant by tenant?"),
      .type("check"),
      .type("load people"), .type("use \(handle)"),
      .say("Who would find whom, before anything is synced?"),
      .type("show matches | first 12 | columns name, key, outcome, reason"),
      .type("preview"),
      .say("Why was somebody left out?"),
      .explainSomeone(.unlicensed),
      .type("why \(handle)"),
      .say("It looks right: switch it on, let it run by itself every night, and carry it out now."),
      .type("enable", answering: "y"), .type("sync", answering: "y"),
      .type("show runs | first 1"),
      .say("Meanwhile the world moves: somebody leaves, somebody is promoted, and somebody edits a title in the PSA."),
    ]
    steps.append(.changesOutside(company: first.company))
    steps += [
      .say("Sync again: only the changes travel, and the PSA's own edit stays."),
      .type("sync", answering: "y"),
      .type("use nothing"),
    ]
    return steps + deskSteps + documentationSteps + contactSteps + memberSteps + [
      .say("How everything stands."), .type("status"),
    ]
  }

  /// Teamwork.com and Desk: both sides are edited, and one field on both.
  private var deskSteps: [Step] {
    [
      .say("Two-way: Teamwork.com's clients and Desk's companies, with their people."),
      .type("add sync teamwork-desk from tw to desk"), .type("enable teamwork-desk", answering: "y"),
      .type("sync teamwork-desk", answering: "y"),
      .type("show links of teamwork-desk where kind is company | columns name, link, state, made"),
      .outside(
        "Acme Dental gets a new web site at Teamwork.com", method: "PATCH",
        path: "/teamwork/companies/Acme%20Dental", body: #"{"website": "https://new.acme.example"}"#),
      .outside(
        "and another e-mail address in Desk", method: "PATCH", path: "/desk/companies/Acme%20Dental",
        body: #"{"email": "desk@acme.example"}"#),
      .say("Each edit goes to the other side; nothing comes back as an echo."),
      .type("sync teamwork-desk", answering: "y"), .type("sync teamwork-desk"),
      .outside(
        "now somebody renames the web site at Teamwork.com", method: "PATCH",
        path: "/teamwork/companies/Acme%20Dental", body: #"{"website": "https://a.acme.example"}"#),
      .outside(
        "and somebody else in Desk", method: "PATCH", path: "/desk/companies/Acme%20Dental",
        body: #"{"website": "https://b.acme.example"}"#),
      .type("sync teamwork-desk"), .type("show conflicts | columns record, field, source, target, is"),
      .type("resolve 'Acme Dental' with desk for teamwork-desk"), .type("sync teamwork-desk", answering: "y"),
    ]
  }

  /// One Google user's contacts to others.
  private var contactSteps: [Step] {
    [
      .say("To many: one user's group of contacts goes to everybody in a group of users."),
      .type(
        "add sync google-contacts from g to g source-user=dana.whitfield@kestrel.example "
          + "source-group=\"Shared Contacts\" destinations=[group:sales-emea@kestrel.example]"),
      .type("check g | count by result"), .type("enable google-contacts", answering: "y"),
      .type("sync google-contacts", answering: "y"),
      .type("show syncs of google-contacts | columns name, links, destination"),
    ]
  }

  /// ConnectWise's members and Crewhu's employees.
  private var memberSteps: [Step] {
    [
      .say("Members of the PSA become employees at Crewhu, where e-mail address and employee id are both equal."),
      .type("add sync crewhu-employees from cw to crewhu member-types=[Full] profile=Employee"),
      .type("enable crewhu-employees", answering: "y"), .type("preview crewhu-employees"),
      .explainSomeone(.idMismatch),
    ]
  }

  /// The PSA and IT Glue: types and statuses decide what goes.
  private var documentationSteps: [Step] {
    [
      .say("The PSA and IT Glue: only what has a chosen type and status goes."),
      .type(
        "add sync itglue-psa from cw to glue organization-types=[Client] organization-statuses=[Active] "
          + "configuration-types=[Server, Workstation] configuration-statuses=[Active]"),
      .type("enable itglue-psa", answering: "y"), .type("sync itglue-psa", answering: "y"),
      .type("show pairs of itglue-psa | count by reason"),
      .explainSomeone(.typeNotSynced),
    ]
  }
}
