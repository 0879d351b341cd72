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

  static let farewell = "\nThe shell is yours: the sandbox goes on running behind it. Try  why acme,  show people,  help.  Ctrl-D leaves.\n\n"

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
        StandardStreams().writeOut("\n\(text)\n")
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
      case .outside(let what, let method, let path, let body):
        let answer = control.perform(method: method, path: path, body: body.map { Data($0.utf8) })
        guard (200..<300).contains(answer.status) else {
          StandardStreams().writeError(
            "The tour ends here: \(method) \(path) answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))\n")
          return .failed
        }
        StandardStreams().writeOut("  (outside: \(what))\n")
      }
    }
    return .done
  }

  private enum Step {
    case say(String)
    case type(String, answering: String? = nil)
    /// `why` for the first person that a reason stopped.
    case explainSomeone(Reason)
    /// Something that somebody else does at a vendor, through the sandbox's control interface.
    case outside(String, method: String, path: String, body: String? = nil)
  }

  /// The line that explains somebody whom the reason stopped.
  private func someone(stoppedBy reason: Reason, in session: Session) -> String? {
    guard let plan = session.newestPlan, let decision = plan.decisions.first(where: { $0.reason.reason == reason }) else {
      return nil
    }
    return "why \(decision.label)"
  }

  private var steps: [Step] {
    let tenants = description.systems["m365"]?.tenants ?? []
    var steps: [Step] = [
      .say("kith keeps people in step between systems. Here Microsoft 365 and ConnectWise are emulated on this machine."),
    ]
    steps += description.connect.map { .type($0) }
    steps += [
      .type("check"),
      .say("The PSA knows the companies; each gets a sync from its Microsoft 365 tenant."),
      .type("load companies from cw"),
    ]
    for tenant in tenants {
      steps.append(
        .type("add sync m365-contacts for \(tenant.company.lowercased()) from ms to cw tenant=\(tenant.domain) update-existing=on"))
    }
    guard let first = tenants.first else { return steps }
    let handle = first.company.lowercased()
    steps += [
      .type("load people"), .type("use \(handle)"),
      .say("Who would find whom, before anything is synced?"),
      .type("show matches | first 12 | columns name, key, outcome, reason"),
      .type("preview"),
      .say("Why was somebody left out?"),
      .explainSomeone(.unlicensed),
      .type("why \(handle)"),
      .say("It looks right: switch it on and carry it out."),
      .type("enable"), .type("sync", answering: "y"),
      .type("show runs | first 1"),
      .say("Meanwhile the world moves: somebody leaves, somebody is promoted, and somebody edits a title in the PSA."),
    ]
    steps += [
      .outside("somebody leaves", of: first, action: .leave), .outside("somebody is promoted", of: first, action: .promote),
      .outside("a title is edited in the PSA", of: first, action: .editAtTarget),
    ]
    steps += [
      .say("Sync again: only the changes travel, and the PSA's own edit stays."),
      .type("sync", answering: "y"),
      .type("status"),
      .type("use nothing"),
    ]
    return steps
  }
}
