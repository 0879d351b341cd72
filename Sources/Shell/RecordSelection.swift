/// Which record a line means: a person, a company, a configuration, on one side of one sync.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

/// One record as found by a word.
struct FoundRecord {
  var kind: RecordKind
  var id: RecordID
  var side: Side
  var label: String
}

extension Session {
  /// The one record that a word means, with its sync.
  ///
  /// Looks in the sync that the line names or the context holds, else in all of them; an id that both sides use, and a
  /// word that fits several records, is an error that lists them.
  func record(
    meantBy word: String, _ call: Invocation, on side: Side? = nil, in known: Sync? = nil, of kind: RecordKind? = nil
  ) throws -> (Sync, FoundRecord) {
    let candidates =
      try known.map { [$0] } ?? (call.text("company") != nil || context != nil ? syncs(call) : store.syncs())
    guard !candidates.isEmpty else { throw ShellError.nothingSetUp }
    let planned = try planned(candidates)
    var found: [(Sync, FoundRecord)] = []
    for sync in planned {
      guard let situations = try engine.situations(for: sync.name, answeringTo: word) else { continue }
      for hit in Why.find(word, in: situations, on: side)
      where (side == nil || hit.side == side) && (kind == nil || hit.kind == kind) {
        found.append((sync, FoundRecord(kind: hit.kind, id: hit.id, side: hit.side, label: hit.label)))
      }
    }
    // Both halves of a pair answer to the same words: that is one record, and the source's half speaks for it.
    if side == nil {
      let sources = found.filter { $0.1.side == .source }
      found.removeAll { one in
        one.1.side == .target && sources.contains { $0.1.kind == one.1.kind && $0.0 == one.0 }
      }
    }
    guard let first = found.first else {
      throw ShellError(
        "Nothing called “\(word)” was read\(side.map { " at the \($0.rawValue)" } ?? "").",
        hint: "check the spelling, or read again:  load people")
    }
    guard found.count == 1 else {
      let list = found.prefix(6).map { "\($0.1.id) \($0.1.label) (\($0.1.kind.rawValue), \($0.0.name))" }
        .joined(separator: ", ")
      throw ShellError("“\(word)” means \(found.count) records: \(list).", hint: "use the id", code: .wrong)
    }
    return first
  }

  /// Records a person's word about a record, and says what comes next.
  func rule(_ verdict: Verdict, on sync: Sync, saying text: String) throws -> String {
    _ = try store.record(verdict, of: sync.name)
    return "\(text)  next: preview \(sync.shortName)"
  }
}

extension Sync {
  /// What a line calls the sync: its company, or its own name.
  var shortName: String { company ?? name.rawValue }
}
