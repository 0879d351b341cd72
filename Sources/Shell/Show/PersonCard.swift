/// `show person X`: both sides beside each other, field by field.
import CommandLanguage
import Execution
import Model
import Planning

enum PersonCard {
  static let columns = [
    Column("field", priority: 9, style: .id, help: "the field"),
    Column("source", priority: 8, help: "its value at the source"),
    Column("target", priority: 8, help: "its value at the target"),
    Column(
      "settled-source", title: "settled at source", priority: 3, style: .dim,
      help: "its value at the source when both last agreed"),
    Column(
      "settled-target", title: "settled at target", priority: 3, style: .dim,
      help: "its value at the target when both last agreed"),
    Column("decision", priority: 7, style: .state, help: "what the next plan would do with it"),
    Column("reason", priority: 6, style: .reason, help: "why"),
  ]

  static func rows(_ record: FoundRecord, _ sync: Sync, in session: Session) throws -> Rows {
    let situations = try session.engine.situations(for: sync.name)
    guard let person = SideBySide.person(record.id, side: record.side, kind: record.kind, in: situations) else {
      throw ShellError(
        "\(record.label) is not in the last reading.", hint: "load people of \(sync.shortName)")
    }
    let decision = person.decision
    var rows: [[Value]] = [
      [
        .text("id"), .text(orBlank: person.source?.id.rawValue), .text(orBlank: person.target?.id.rawValue), .blank,
        .blank,
        .text(decision.action.rawValue), .text(decision.reason.reason.rawValue),
      ],
      [.text("state"), .state(person.sourceState), .state(person.targetState), .blank, .blank, .blank, .blank],
    ]
    rows += person.fields.map { field in
      [
        .text(field.name.rawValue), .field(field.source), .field(field.target), .field(field.sourceBaseline),
        .field(field.targetBaseline), .text(orBlank: written(field, sync, in: session)),
        .text(orBlank: field.reason?.rawValue),
      ]
    }
    let names = "source is \(session.systemName(sync.source)), target is \(session.systemName(sync.target))"
    return Rows(subject: "fields of a \(record.kind.rawValue)", columns: columns, rows: rows, note: names)
  }

  /// "write": to the target, or to the side that is named.
  private static func written(_ field: SideBySide.Field, _ sync: Sync, in session: Session) -> String? {
    guard field.isWritten else { return nil }
    return field.writtenAt == .source ? "write to \(session.systemName(sync.source))" : "write"
  }
}
