/// Which syncs a line means: those it names, else those of the context.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

extension Session {
  /// The syncs that a word means: a sync by its name, or every sync of a company.
  func syncs(meantBy word: String) throws -> [Sync] {
    if let sync = try store.sync(named: SyncName(word)) { return [sync] }
    guard let company = try store.company(word) else {
      throw unknown(word, as: "company or sync", among: try store.companies().map(\.handle))
    }
    let syncs = try store.syncs(of: company.handle)
    guard !syncs.isEmpty else {
      throw ShellError(
        "\(company.name) has no sync yet.",
        hint: addLine(for: company.handle))
    }
    return syncs
  }

  /// The syncs whose records are planned: of one with many destinations its parts.
  func planned(_ syncs: [Sync]) throws -> [Sync] {
    try syncs.flatMap { try engine.hasParts($0) ? store.parts(of: $0.name) : [$0] }
  }

  /// Where a part stands: "named by group:sales@acme.example", "left", or why nothing can be written there; `nil` for a
  /// sync that is whole.
  func destination(of sync: Sync) throws -> String? {
    guard let id = sync.place, let whole = try store.whole(of: sync.name),
      let place = try store.places(of: whole.name).first(where: { $0.side == .target && $0.id == id })
    else { return nil }
    if let fault = place.fault { return fault.reason.rawValue }
    switch place.standing {
    case .named: return "named by \(place.namedBy.joined(separator: ", "))"
    case .left: return "left \(place.namedBy.joined(separator: ", ")), kept"
    case .struck: return "struck, to be cleaned"
    }
  }

  /// The syncs that a line means: those it names, else the context's, else (where `orAll`) all.
  func syncs(_ call: Invocation, slot: String = "company", orAll: Bool = false) throws -> [Sync] {
    let words = call.texts(slot)
    if !words.isEmpty {
      var found: [Sync] = []
      for word in words {
        for sync in try syncs(meantBy: word) where !found.contains(sync) { found.append(sync) }
      }
      return found
    }
    if let context { return try syncs(meantBy: context.name) }
    if orAll {
      let all = try store.syncs()
      guard !all.isEmpty else { throw ShellError.nothingSetUp }
      return all
    }
    let all = try store.syncs()
    if all.count == 1 { return all }
    throw all.isEmpty
      ? ShellError.nothingSetUp
      : ShellError(
        "Which company? There are \(all.count) syncs.",
        hint: "name one, or say:  use \(all[0].company ?? all[0].name.rawValue)",
        code: .wrong)
  }

  /// The syncs that `sync` carries out: those that the line or the context names, else all that are enabled.
  func syncsToCarryOut(_ call: Invocation) throws -> [Sync] {
    let syncs = try syncs(call, orAll: true)
    guard call.arguments("company").isEmpty, context == nil else { return syncs }
    let enabled = try syncs.filter { try engine.settings(for: $0).flag(.enabled) }
    guard !enabled.isEmpty else {
      throw ShellError(
        "No sync is enabled: \(counted(syncs.count, "sync is", "syncs are")) set up.",
        hint: "preview, then  enable \(syncs[0].name)")
    }
    return enabled
  }

  /// The one sync that a line means.
  func sync(_ call: Invocation, slot: String = "company") throws -> Sync {
    let syncs = try syncs(call, slot: slot)
    guard syncs.count == 1 else {
      throw ShellError(
        "That means \(syncs.count) syncs: \(syncs.map(\.name.rawValue).joined(separator: ", ")).",
        hint: "name one of them", code: .wrong)
    }
    return syncs[0]
  }

  /// The company that a line means, by its word or by the context.
  func company(_ call: Invocation, slot: String = "company") throws -> Company {
    if let word = call.text(slot) { return try company(meantBy: word) }
    switch context {
    case .company(let handle): return try company(meantBy: handle)
    case .sync(let name):
      guard let handle = try store.sync(named: name)?.company else { break }
      return try company(meantBy: handle)
    case nil: break
    }
    throw ShellError("Which company?", hint: "name one, or say:  use COMPANY", code: .wrong)
  }

  func company(meantBy word: String) throws -> Company {
    if let company = try store.company(word) { return company }
    if let handle = try store.sync(named: SyncName(word))?.company, let company = try store.company(handle) {
      return company
    }
    throw unknown(word, as: "company", among: try store.companies().map(\.handle))
  }

  func connection(meantBy word: String) throws -> Connection {
    if let connection = try store.connection(named: word) { return connection }
    throw unknown(word, as: "connection", among: try store.connections().map(\.name))
  }

  /// The error for a name that nothing has, with the nearest one that something has.
  func unknown(_ word: String, as what: String, among names: [String]) -> ShellError {
    let near = nearest(word, among: names)
    return ShellError(
      "There is no \(what) “\(word)”.",
      hint: near.map { "did you mean \($0)?" } ?? (names.isEmpty ? "none is known yet" : "show companies lists them"))
  }
}

extension ShellError {
  /// A sync with many destinations that were never looked up.
  static func noDestinations(_ name: SyncName) -> ShellError {
    ShellError("The destinations of \(name) were never looked up.", hint: "preview \(name)")
  }

  static let nothingSetUp = ShellError(
    "No sync is set up yet.",
    hint:
      "connect two systems, then:  add sync RECIPE from SOURCE to TARGET   (show recipes)")
}
