/// Lines that were typed, as a script that can be run with nobody watching.
import CommandLanguage
import Execution
import Foundation
import Model
import Planning
import Storage

struct HistoryScript {
  /// What it is told when it is run: the company, and the most of each kind of change, as they were.
  private var parameters: [String] = []
  private var body = ""
  /// What was changed on the way, a sentence each.
  private(set) var remarks: [String] = []

  private let session: Session
  /// The one company that all lines are about, which a parameter stands for.
  private let company: String?
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
    company = Self.onlyCompany(of: entries, in: session)
    if let company { parameters.append("param company : company = \(quoted(company))") }
    for entry in entries { try append(entry) }
    let checked = session.check(text, canAsk: false, isDry: false)
    guard checked.isRight else {
      session.tell(checked)
      throw ShellError(
        "These lines make no script: \(counted(checked.findings.count, "finding")).",
        hint: "name fewer lines with  last N, or write the script:  edit NAME", code: .wrong)
    }
  }

  /// Right by the static check.
  var text: String {
    let head = ["language 1"] + parameters
    return head.joined(separator: "\n") + (parameters.isEmpty ? "\n" : "\n\n") + body
  }

  /// The company that lines name or had in use, where it is one and the same in all of them.
  private static func onlyCompany(of entries: [HistoryEntry], in session: Session) -> String? {
    let vocabulary = ShellVocabulary(session: session)
    let named = entries.flatMap { entry in
      parse(entry.line, vocabulary: vocabulary).commands.flatMap { companies(in: $0).map(\.text) }
        + [entry.company].compactMap(\.self)
    }
    guard let first = named.first, Set(named).count == 1, (try? session.store.company(first)) ?? nil != nil else {
      return nil
    }
    return first
  }

  /// The arguments of a command that name a company or a sync.
  private static func companies(in command: Invocation) -> [Argument] {
    command.slots.values.joined().filter { argument in
      [.company, .companyOrSync, .sync].contains(argument.type) && argument.literalText.map { $0 != "nothing" } ?? false
    }
  }

  private mutating func append(_ entry: HistoryEntry) throws {
    if entry.company != context {
      let used = entry.company.map { $0 == company ? "$company" : quoted($0, avoiding: ["nothing"]) }
      body += "use \(used ?? "nothing")\n"
      context = entry.company
    }
    let vocabulary = ShellVocabulary(session: session)
    let typed = parse(entry.line, vocabulary: vocabulary)
    let whole = typed.expanded ?? entry.line
    let script = parse(whole, vocabulary: vocabulary, mode: .script)
    var bytes = Array(whole.utf8)
    for command in script.commands.reversed() {
      let change = try change(of: command, in: entry)
      if let change, change.isWhole {
        bytes.replaceSubrange(command.span.lower..<command.span.upper, with: change.text.utf8)
        continue
      }
      if let change { bytes.replaceSubrange(command.span.upper..<command.span.upper, with: change.text.utf8) }
      let named = Self.companies(in: command).filter { $0.text == company }
      for argument in named.sorted(by: { $0.span.lower > $1.span.lower }) {
        bytes.replaceSubrange(argument.span.lower..<argument.span.upper, with: "$company".utf8)
      }
    }
    body += String(decoding: bytes, as: UTF8.self) + "\n"
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
      remarks.append(
        "\(entry.line.trimmingCharacters(in: .whitespaces)): \(Self.limits(counts)), as many as it did; "
          + "run it with other numbers by  max-…=N")
      return (" " + limits(counts), false)
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
    "confirm within " + named(counts).map { "\($0.kind) \($0.count)" }.joined(separator: ", ")
  }

  /// The same with a parameter for each number: `creates $max-creates`; a later line has numbers of its own.
  private mutating func limits(_ counts: [ChangeKind: Int]) -> String {
    let words = Self.named(counts).map { kind, count -> String in
      let earlier = parameters.count { $0.hasPrefix("param max-\(kind)") }
      let name = "max-\(kind)" + (earlier == 0 ? "" : "-\(earlier + 1)")
      parameters.append("param \(name) : count = \(count)")
      return "\(kind) $\(name)"
    }
    return "confirm within " + words.joined(separator: ", ")
  }

  private static func named(_ counts: [ChangeKind: Int]) -> [(kind: String, count: Int)] {
    let named = counts.sorted { $0.key < $1.key }.filter { kind, count in
      count > 0 && LimitKind.confirmKinds.contains { $0.name == kind.rawValue }
    }
    return named.isEmpty ? [("creates", 0)] : named.map { ($0.key.rawValue, $0.value) }
  }

  /// A plan is applied once: in a script its sync stands instead, which makes a plan of its own each time.
  private mutating func sync(insteadOf command: Invocation) throws -> String {
    let typed = "apply \(command.text("plan") ?? "")"
    guard let plan = PlanID(command.text("plan") ?? "").flatMap({ try? session.store.plan($0) }) else {
      throw ShellError("\(typed) cannot be repeated: a plan is applied once.", hint: "sync COMPANY confirm within …")
    }
    let plain = "sync \(quoted(plan.sync.rawValue)) \(Self.limits(plan.changeCounts))"
    let isCut = plan.decisions.contains(where: \.isDropped)
    guard plan.purpose == .sync, !isCut, !command.has("rest"), !command.has("over") else {
      let why =
        plan.purpose != .sync
        ? "it reversed a run" : isCut ? "changes were dropped from it" : "it was looked at by a person"
      throw ShellError(
        "\(typed) cannot be repeated: a plan is applied once, and \(why).",
        hint: "what a script can do of it:  \(plain)", code: .wrong)
    }
    remarks.append("\(typed) became  \(plain): a plan is applied once")
    return "sync \(quoted(plan.sync.rawValue)) \(limits(plan.changeCounts))"
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
