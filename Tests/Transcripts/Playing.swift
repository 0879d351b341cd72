/// Plays a transcript against a new home and a new sandbox, and writes down what really comes back.
import CommandLanguage
import Connectors
import Execution
import Foundation
import LineEditing
import Logging
import Sandbox
import Storage
import Synchronization
import Testing

@testable import Shell

/// A clock that stands still until a transcript moves it. Waiting takes a moment of real time and moves nothing, so that
/// what renews itself in the background neither spins nor runs away.
final class StillClock: WallClock {
  private let moment: Mutex<Date>
  init(_ start: Date) { moment = Mutex(start) }
  func now() -> Date { moment.withLock(\.self) }
  func advance(_ seconds: Double) { moment.withLock { $0.addTimeInterval(seconds) } }
  func sleep(for duration: Duration) async throws {
    try await Task.sleep(for: min(duration, .milliseconds(20)))
  }
}

/// What requests wait by: waiting is over at once and is all that moves it, so that a busy machine changes no answer.
final class WaitedClock: MonotonicClock {
  private let waited = Mutex(0.0)
  func now() -> Double { waited.withLock(\.self) }
  func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    let end = now() + max(0, seconds)
    waited.withLock { $0 = max($0, end) }
    await Task.yield()
  }
}

/// One playing of one transcript.
final class Player {
  /// Monday, 2 March 2026, 09:00 UTC: every transcript begins then.
  static let start = Date(timeIntervalSince1970: 1_772_442_000)

  /// The homes of `//home`; the session is in the last one.
  private var homes = [
    FileManager.default.temporaryDirectory.appendingPathComponent("kith-transcript-\(UUID().uuidString)")
  ]
  private var home: URL { homes[homes.count - 1] }
  /// Where a transcript's template and files for upload lie: `{files}` in its lines, FILES in what comes back.
  private let files = FileManager.default.temporaryDirectory.appendingPathComponent("kith-files-\(UUID().uuidString)")
  private var uploaded: Set<String> = []
  /// Where the session is: `//file` puts files here, and `to file` writes here.
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "kith-transcript-files-\(UUID().uuidString)", isDirectory: true)
  private let clock = StillClock(Player.start)
  private let output = CollectedOutput()
  private let stack = HTTPStack(logger: Logger(label: "transcript") { _ in SwiftLogNoOpLogHandler() })
  private var sandbox: Sandbox?
  private var description: SandboxDescription?
  private var answers: ScriptedAnswers?
  private var session: Session?
  /// The columns of the terminal that the session believes to be at; `nil`: none.
  private let columns = Mutex<Int?>(nil)

  /// The transcript as it really goes.
  func play(_ transcript: Transcript) async throws -> String {
    try await steps(of: transcript).joined().joined(separator: "\n")
  }

  /// The same, step by step.
  func steps(of transcript: Transcript) async throws -> [[String]] {
    var played: [[String]] = []
    for step in transcript.steps {
      var lines: [String] = []
      defer { played.append(lines) }
      switch step {
      case .prose(let text):
        lines.append(text)
      case .directive(let word, let rest):
        lines.append("//\(word)\(rest.isEmpty ? "" : " \(rest)")")
        try await follow(word, rest)
      case .line(let typed, let expected):
        let session = try opened()
        let prompt = "kith\(session.context.map { " \($0.name)" } ?? "")› "
        lines.append(prompt + typed)
        let code = await session.runTyped(filled(typed))
        lines += masked(output.take()).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
          String.init)
        if code != .done { lines.append("ends \(code.rawValue)") }
        // A blank line that parted two lines of the transcript is kept.
        if expected.hasSuffix("\n\n") || expected == "\n" { lines.append("") }
      case .key(let key, let marked, let expected):
        lines.append("//\(key) \(marked)")
        lines += masked(try pressed(key, marked).joined(separator: "\n")).split(separator: "\n").map(String.init)
        if expected.hasSuffix("\n\n") || expected == "\n" { lines.append("") }
      }
    }
    return played
  }

  func end() async {
    await sandbox?.stop()
    await stack.shutdown()
    for home in homes { try? FileManager.default.removeItem(at: home) }
    try? FileManager.default.removeItem(at: files)
    try? FileManager.default.removeItem(at: folder)
  }

  /// What columns of a few words hold now besides the words that they say they can hold, each with its list and column.
  func strangeWords() throws -> Set<String> {
    guard let session, try !session.store.syncs().isEmpty else { return [] }
    var lists = (Listings.all + [.explained]).map { listing in
      // A sync whose records were not read yet has no rows to show.
      Rows(
        subject: listing.name, columns: listing.columns,
        rows: (try? listing.rows(session, ShowRequest(syncs: nil, since: nil, most: 500))) ?? [])
    }
    for plan in try session.store.plans(limit: 20) {
      lists.append(planRows(try #require(try session.store.plan(plan.id))))
    }
    for run in try session.store.runs(of: nil, since: nil, limit: 20) {
      lists.append(runRows(run, lines: try session.lines(of: run)))
    }
    var strange: Set<String> = []
    for list in lists {
      for (place, column) in list.columns.enumerated() where !column.choices.isEmpty {
        let known = Set(column.choices.map { Value.text($0.value) })
        for row in list.rows where !row[place].isBlank && !known.contains(row[place]) {
          strange.insert("\(list.subject) \(column.name): \(row[place].display)")
        }
      }
    }
    return strange
  }

  /// What an emulated vendor counted that its API was made to do: `invitations-sent`, `logins-edited`, and of a table such
  /// as `deleted` the sum.
  func counts(of system: String) throws -> [String: Int] {
    guard let sandbox else { throw TranscriptFault("no //sandbox before counting") }
    let answer = sandbox.control.perform(method: "GET", path: "/control/state?system=\(system)")
    let states = try JSONSerialization.jsonObject(with: answer.body) as? [String: [String: Any]]
    guard let counters = states?[system]?["counters"] as? [String: Any] else {
      throw TranscriptFault("\(system) counts nothing")
    }
    return counters.compactMapValues { $0 as? Int ?? ($0 as? [String: Int])?.values.reduce(0, +) }
  }

  /// How often each kind of request was sent in the name of each Google user whose address begins so; sign-ins left out.
  func requests(ofUsers prefix: String) throws -> [[String: Int]] {
    let counts = try asked("/control/google/counts") as? [String: Any]
    guard let users = counts?["users"] as? [String: [String: Any]] else {
      throw TranscriptFault("Google counts nobody")
    }
    return users.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.map { _, counted in
      (counted["requests"] as? [String: Int] ?? [:]).filter { $0.key != "token" }
    }
  }

  /// What the editor shows on Tab or `?`: the line as it is then, or the rows below it, 100 columns wide.
  private func pressed(_ key: String, _ marked: String) throws -> [String] {
    let parts = filled(marked).split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
    let (line, cursor) = (parts.joined(), parts[0].utf8.count)
    // However busy the machine is, every fact is there.
    let completing = Completing(try opened(), within: .seconds(30))
    func rows(_ candidates: [Candidate]) -> [String] {
      CompletionLayout.rows(for: candidates, columns: 100, rows: 24).map(\.text)
    }
    if key == "ask" { return rows(completing.listing(line, at: cursor)) }
    switch CompletionStep(line: line, result: completing.result(line, at: cursor)) {
    case .nothing: return ["nothing"]
    case .list(let candidates): return rows(candidates)
    case .replace(let range, let text):
      var bytes = Array(line.utf8)
      bytes.replaceSubrange(range, with: text.utf8)
      return ["→ " + String(decoding: bytes, as: UTF8.self) + "‸"]
    }
  }

  private func follow(_ word: String, _ rest: String) async throws {
    switch word {
    case "sandbox":
      var options = SandboxOptions(startingAt: Player.start, frozenClock: true)
      for pair in rest.split(separator: " ") {
        let parts = pair.split(separator: "=").map(String.init)
        guard parts.count == 2, let number = Int(parts[1]) else { throw TranscriptFault("//sandbox \(rest)") }
        switch parts[0] {
        case "companies": options.companies = number
        case "people": options.people = number
        case "seed": options.seed = UInt64(number)
        default: throw TranscriptFault("//sandbox \(rest)")
        }
      }
      let sandbox = Sandbox(options)
      self.sandbox = sandbox
      description = try await sandbox.start()
    case "attended": answers = ScriptedAnswers([], output: output)
    case "answer": answers?.add(rest)
    case "advance":
      guard let seconds = Double(rest) else { throw TranscriptFault("//advance \(rest)") }
      clock.advance(seconds)
      try control("POST", "/control/clock", "{\"advance-seconds\": \(seconds)}")
    case "outside":
      let parts = rest.split(separator: " ", maxSplits: 2).map(String.init)
      guard parts.count >= 2 else { throw TranscriptFault("//outside \(rest)") }
      try control(parts[0], parts[1], parts.count > 2 ? parts[2] : nil)
    case "scheduler":
      guard let seconds = Double(rest) else { throw TranscriptFault("//scheduler \(rest)") }
      try await runScheduler(for: seconds)
    case "routine": try copyRoutine(rest)
    case "home":
      try session?.store.close()
      session = nil
      homes.append(home.appendingPathExtension("next"))
    case "script": try addLine(rest, toScript: true)
    case "mode":
      let parts = rest.split(separator: " ").map(String.init)
      guard parts.count == 2, let mode = Int(parts[0], radix: 8) else { throw TranscriptFault("//mode \(rest)") }
      try FileManager.default.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: home.appendingPathComponent(parts[1]).path)
    case "tenants": try listTenants(rest)
    case "template": try saveTemplate()
    case "upload": try upload(rest)
    case "file": try addLine(rest)
    case "tools": try layOutTools()
    case "terminal":
      columns.withLock { $0 = Int(rest) }
      try session?.store.close()
      session = nil
    case "erase": try FileManager.default.removeItem(at: folder.appendingPathComponent(rest))
    case "unattended":
      answers = nil
      try session?.store.close()
      session = nil
    case "restart":
      try session?.store.close()
      session = nil
    default: throw TranscriptFault("//\(word)")
    }
  }

  /// `NAME`: a list of the sandbox's companies that have a tenant, with both.
  private func listTenants(_ name: String) throws {
    let tenants = description?.systems["m365"]?.tenants ?? []
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let lines = ["identifier,tenant"] + tenants.map { "\($0.company),\($0.domain)" }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: folder.appendingPathComponent(name))
  }

  /// A person copies one of the scripts that ship into the home.
  private func copyRoutine(_ name: String) throws {
    let shipped = URL(filePath: #filePath).appendingPathComponent("../../../Scripts/routines/\(name).kith")
    let scripts = home.appendingPathComponent("scripts")
    try FileManager.default.createDirectory(
      at: scripts, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let copy = scripts.appendingPathComponent("\(name).kith")
    try Data(contentsOf: shipped.standardizedFileURL).write(to: copy)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy.path)
  }

  /// A person saves the template of Crewhu's upload page.
  private func saveTemplate() throws {
    let template = try asked("/control/crewhu/template") as? [String: Any]
    guard let text = template?["csv"] as? String else { throw TranscriptFault("//template: there is none") }
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: files.appendingPathComponent("template.csv"))
  }

  /// A person uploads every file that was not uploaded yet.
  /// - Parameter words: the profile that is picked on the page, then `invite` where the box is ticked.
  private func upload(_ words: String) throws {
    let parts = words.split(separator: " ").map(String.init)
    guard let profile = parts.first else { throw TranscriptFault("//upload PROFILE [invite]") }
    let folder = files.appendingPathComponent("uploads")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".csv") }
    for name in names.sorted() where uploaded.insert(name).inserted {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      let body: [String: Any] = ["csv": text, "profile": profile, "invite": parts.contains("invite")]
      let data = try JSONSerialization.data(withJSONObject: body)
      try control("POST", "/control/crewhu/upload", String(decoding: data, as: UTF8.self))
    }
  }

  /// `NAME TEXT`: one more line of a file, which is made where it is not there yet.
  private func addLine(_ rest: String, toScript: Bool = false) throws {
    let parts = rest.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let folder = toScript ? home.appendingPathComponent("scripts") : folder
    let url = folder.appendingPathComponent(toScript ? parts[0] + ".kith" : parts[0])
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let before = (try? Data(contentsOf: url)) ?? Data()
    try (before + Data((parts.count > 1 ? parts[1] : "").utf8) + Data("\n".utf8)).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
  }

  /// A `crontab` and a `systemctl` that keep what they are told in the session's folder. Without them the session's machine
  /// has neither: the real ones are never asked.
  private func layOutTools() throws {
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
    let crontab = """
      #!/bin/sh
      case "$1" in
      -l) [ -f "$HOME/crontab" ] && /bin/cat "$HOME/crontab" || { echo "no crontab for tess" >&2; exit 1; } ;;
      -) /bin/cat > "$HOME/crontab" ;;
      esac
      """
    let systemctl = """
      #!/bin/sh
      units="$XDG_CONFIG_HOME/systemd/user"
      verb=$2
      shift 2
      for timer; do
        case "$verb $timer" in
        *--now) ;;
        enable*) /bin/mkdir -p "$units/timers.target.wants"
          /bin/ln -sf "$units/$timer" "$units/timers.target.wants/$timer" ;;
        disable*) /bin/rm -f "$units/timers.target.wants/$timer" ;;
        esac
      done
      """
    for (name, text) in [("crontab", crontab), ("systemctl", systemctl)] {
      // While another process has the open file, which it would inherit without O_CLOEXEC, the tool cannot be started.
      let descriptor = open(tools.appendingPathComponent(name).path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o755)
      guard descriptor >= 0 else { throw TranscriptFault("//tools: \(name) cannot be written") }
      try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
    }
  }

  private var tools: URL { folder.appendingPathComponent("tools") }

  /// The scheduler at work for so long, by both clocks: what it does takes no time, and what it waits for is let pass.
  private func runScheduler(for seconds: Double) async throws {
    let session = try opened()
    let end = clock.now().addingTimeInterval(seconds)
    while clock.now() < end {
      let next = await Scheduler(session).step()
      let pause = max(1, min(next, end).timeIntervalSince(clock.now()))
      clock.advance(pause)
      try control("POST", "/control/clock", "{\"advance-seconds\": \(pause)}")
    }
    _ = output.take()
  }

  /// What a vendor's control answers to a question.
  func asked(_ path: String) throws -> Any {
    guard let sandbox else { throw TranscriptFault("no //sandbox before GET \(path)") }
    return try JSONSerialization.jsonObject(with: sandbox.control.perform(method: "GET", path: path).body)
  }

  private func control(_ method: String, _ path: String, _ body: String?) throws {
    guard let sandbox else { throw TranscriptFault("no //sandbox before \(method) \(path)") }
    let answer = sandbox.control.perform(method: method, path: path, body: body.map { Data($0.utf8) })
    guard (200..<300).contains(answer.status) else {
      throw TranscriptFault(
        "\(method) \(path) answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
    }
  }

  private func opened() throws -> Session {
    if let session { return session }
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var environment = description?.environment ?? [:]
    environment["USER"] = "tess"
    let machine = Machine(
      program: URL(fileURLWithPath: "/usr/bin/kith"),
      environment: [
        "HOME": folder.path, "PATH": tools.path, "XDG_CONFIG_HOME": folder.appendingPathComponent("config").path,
      ])
    let width = columns.withLock(\.self)
    let style = StyleSource(
      isTerminal: width != nil, color: false, ascii: false, timeZone: .gmt, progress: nil, width: { width })
    let opened = try Session.open(
      Session.Opening(
        home: Home(directory: home), folder: folder, environment: environment, clock: clock,
        requestClock: WaitedClock(), output: output,
        asking: answers,
        style: style,
        user: "tess", machine: machine), over: stack)
    session = opened
    return opened
  }

  /// `{m365}` and `{connectwise}` as the sandbox's connection parameters.
  private func filled(_ line: String) -> String {
    var line = line
    for connect in description?.connect ?? [] {
      let words = connect.split(separator: " ")
      guard words.count > 4 else { continue }
      line = line.replacingOccurrences(of: "{\(words[1])}", with: words[4...].joined(separator: " "))
    }
    return line.replacingOccurrences(of: "{files}", with: files.path)
  }

  /// What differs from one playing to the next is written as a word.
  private func masked(_ text: String) -> String {
    var text = text
    if let port = description?.port {
      text = text.replacingOccurrences(of: "127.0.0.1:\(port)", with: "127.0.0.1:PORT")
    }
    // Which of several new records was made first, and got the lower number, is up to the vendor.
    text = text.replacing(/(contact) \S+, created by this sync/) { "\($0.output.1) NEW, created by this sync" }
    text = text.replacing(/\bc[0-9]{15,}\b/) { _ in "cNEW" }
    // Of two people whose requests meet at the edge of a budget, which is told first is up to the machine.
    text = text.replacing(/\b95[0-9]{2} of the 10000 requests/) { _ in "95NN of the 10000 requests" }
    text = text.replacingOccurrences(of: folder.path, with: "FOLDER")
    for home in homes.reversed() { text = text.replacingOccurrences(of: home.path, with: "HOME") }
    text = text.replacingOccurrences(of: files.path, with: "FILES")
    return text
  }
}

struct TranscriptFault: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
