/// Lines that were typed, as a script that can be run with nobody watching.
import CommandLanguage
import Execution
import Foundation
import Model
import Planning
import Storage

struct HistoryScript {
  /// Right by the static check.
  private(set) var text = "language 1\n"
  /// What was changed on the way, a sentence each.
  private(set) var remarks: [String] = []

  private let session: Session
  /// What `use` has set at this place of the script.
  private var context: String?

  /// Lines that say nothing outside of the sitting they were typed in.
  private static let passing: Set<String> = ["quit", "help", "edit", "save"]

  /// The lines of a history that ended well and can stand in a script, in the order given.
  static func repeatable(_ entries: [HistoryEntry]) -> [HistoryEntry] {
    entries.filter { entry in
      let verb = entry.line.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
      let whole = Verbs.declarations.filter { $0.name.hasPrefix(verb) }
      let name = Verbs.named(verb) != nil ? verb : whole.count == 1 ? whole[0].name : verb
      return entry.exitCode == ExitCode.done.rawValue && !passing.contains(name)
    }
  }

  /// Writes a script of lines in their order.
  /// - Throws: `ShellError` (2) for a line that cannot be repeated, with the line to write instead.
  init(of entries: [HistoryEntry], in session: Session) throws {
    self.session = session
    for entry in entries { try append(entry) }
    let checked = session.check(text, canAsk: false, isDry: false)
    guard checked.isRight else {
      session.tell(checked.told)
      throw ShellError(
        "These lines make no script: \(counted(checked.findings.count, "finding")).",
        hint: "name fewer lines with  last N, or write the script:  edit NAME", code: .wrong)
    }
  }

  private mutating func append(_ entry: HistoryEntry) throws {
    if entry.company != context {
      text += "use \(entry.company.map { quoted($0, avoiding: ["nothing"]) } ?? "nothing")\n"
      context = entry.company
    }
    let vocabulary = ShellVocabulary(session: session)
    let typed = parse(entry.line, vocabulary: vocabulary)
    let whole = typed.expanded ?? entry.line
    let script = parse(whole, vocabulary: vocabulary, mode: .script)
    var bytes = Array(whole.utf8)
    for command in script.commands.reversed() {
      guard let change = try change(of: command, in: entry) else { continue }
      let span = change.isWhole ? command.span.lower..<command.span.upper : command.span.upper..<command.span.upper
      bytes.replaceSubrange(span, with: change.text.utf8)
    }
    text += String(decoding: bytes, as: UTF8.self) + "\n"
    for command in script.commands where command.verb == UseVerb.declaration.name {
      context = command.text("company")
    }
  }

  /// What a command needs so that it can stand in a script: more words behind it, or others in its place.
  private mutating func change(
    of command: Invocation, in entry: HistoryEntry
  ) throws -> (text: String, isWhole: Bool)? {
    switch command.verb {
    case ConnectVerb.declaration.name:
      let secrets = try session.store.connection(named: command.text("name") ?? "")?.secrets ?? [:]
      let missing = secrets.filter { key, _ in command.pair(key) == nil }.sorted { $0.key < $1.key }
      if missing.isEmpty { return nil }
      return (missing.map { " \($0.key)=\(quoted($0.value))" }.joined(), false)
    case SyncVerb.declaration.name:
      guard !command.has("dry"), command.limits("confirm") == nil else { return nil }
      let counts = try counts(of: command, in: entry)
      let limits = Self.limits(counts)
      remarks.append("\(entry.line.trimmingCharacters(in: .whitespaces)): \(limits), as many as it did")
      return (" " + limits, false)
    case ApplyVerb.declaration.name:
      return (try sync(insteadOf: command), true)
    default: return nil
    }
  }

  /// How many changes of each kind the line's plans had: of several syncs, the most of any.
  private func counts(of command: Invocation, in entry: HistoryEntry) throws -> [ChangeKind: Int] {
    let words = command.texts("company").isEmpty ? [entry.company].compactMap(\.self) : command.texts("company")
    let meant = Set(try words.flatMap { try session.syncs(meantBy: $0) }.map(\.name))
    // The line's end was noted after its last run had ended; the store rounds to milliseconds.
    let (seconds, attoseconds) = entry.duration.components
    let began = entry.at.addingTimeInterval(-Double(seconds) - Double(attoseconds) / 1e18 - 0.002)
    let runs = try session.store.runs(since: began, limit: 10_000).filter { run in
      let whole = try session.store.whole(of: run.sync)?.name ?? run.sync
      return run.startedAt <= entry.at && run.verb == SyncVerb.declaration.name && run.by == session.who.user
        && run.isAttended == session.who.isAttended && run.script == nil && (meant.isEmpty || meant.contains(whole))
    }
    guard !runs.isEmpty else {
      throw ShellError(
        "No run of  \(entry.line)  is known, so what it may do cannot be said.",
        hint: "write the line yourself:  \(entry.line) confirm within creates N, updates N", code: .wrong)
    }
    // Limits are for all destinations of a sync together.
    var bySync: [SyncName: [ChangeKind: Int]] = [:]
    for run in runs {
      let counts = try run.plan.flatMap { try session.store.plan($0) }?.changeCounts ?? [:]
      let whole = try session.store.whole(of: run.sync)?.name ?? run.sync
      bySync[whole, default: [:]].merge(counts, uniquingKeysWith: +)
    }
    return bySync.values.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: max) }
  }

  /// `confirm within creates 7, updates 2`: a kind that is not named may not happen.
  private static func limits(_ counts: [ChangeKind: Int]) -> String {
    let named = counts.sorted { $0.key < $1.key }.filter { kind, count in
      count > 0 && LimitKind.confirmKinds.contains { $0.name == kind.rawValue }
    }
    let words = named.isEmpty ? ["creates 0"] : named.map { "\($0.key.rawValue) \($0.value)" }
    return "confirm within " + words.joined(separator: ", ")
  }

  /// A plan is applied once: in a script its sync stands instead, which makes a plan of its own each time.
  private mutating func sync(insteadOf command: Invocation) throws -> String {
    let typed = "apply \(command.text("plan") ?? "")"
    guard let plan = PlanID(command.text("plan") ?? "").flatMap({ try? session.store.plan($0) }) else {
      throw ShellError("\(typed) cannot be repeated: a plan is applied once.", hint: "sync COMPANY confirm within …")
    }
    let line = "sync \(quoted(plan.sync.rawValue)) \(Self.limits(plan.changeCounts))"
    let isCut = plan.decisions.contains(where: \.isDropped)
    guard plan.purpose == .sync, !isCut, !command.has("rest"), !command.has("over") else {
      let why =
        plan.purpose != .sync
        ? "it reversed a run" : isCut ? "changes were dropped from it" : "it was looked at by a person"
      throw ShellError(
        "\(typed) cannot be repeated: a plan is applied once, and \(why).",
        hint: "what a script can do of it:  \(line)", code: .wrong)
    }
    remarks.append("\(typed) became  \(line): a plan is applied once")
    return line
  }
}

extension Session {
  /// What `as script` makes of an answer: of the history the lines, ready to be saved.
  func asScript(_ outcome: Outcome) throws -> Outcome {
    guard case .rows(let rows) = outcome, rows.subject == Listing.history.name else { return outcome }
    let places = ["at", "line", "company", "took", "exit-code"].map { rows.index(of: $0) }
    guard !places.contains(nil) else {
      throw ShellError(
        "A script is made of whole lines of the history.", hint: "leave  columns  out before  as script", code: .wrong)
    }
    let entries = rows.rows.compactMap { row -> HistoryEntry? in
      let cells = places.compactMap { $0.map { row[$0] } }
      guard case .date(let at) = cells[0], case .text(let line) = cells[1], case .duration(let took) = cells[3],
        case .number(let code) = cells[4]
      else { return nil }
      let company: String? = if case .text(let name) = cells[2] { name } else { nil }
      return HistoryEntry(
        line: line, at: at, company: company, duration: took, exitCode: Int32(code), session: who.session)
    }
    let script = try HistoryScript(of: HistoryScript.repeatable(entries), in: self)
    for remark in script.remarks { tell(remark) }
    return .text(script.text)
  }
}
