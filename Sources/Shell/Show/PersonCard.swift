/// `show person X`: both sides beside each other, field by field.
import CommandLanguage
import Execution
import Model
import Planning

enum PersonCard {
  static let columns = [
    Column("field", priority: 9, style: .id), Column("source", priority: 8), Column("target", priority: 8),
    Column("settled-source", title: "settled at source", priority: 3, style: .dim),
    Column("settled-target", title: "settled at target", priority: 3, style: .dim),
    Column("decision", priority: 7, style: .state), Column("reason", priority: 6, style: .reason),
  ]

  static func rows(_ id: RecordID, _ side: Side, _ sync: Sync, in session: Session) throws -> Rows {
    let situation = try session.engine.situation(for: sync.name)
    guard let person = SideBySide.person(id, side: side, in: situation) else {
      throw ShellError(
        "\(id) is not in the last reading.", hint: "load people of \(sync.company ?? sync.name.rawValue)")
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
        .field(field.targetBaseline), field.isWritten ? .text("write") : .blank, .text(orBlank: field.reason?.rawValue),
      ]
    }
    let names = "source is \(session.systemName(sync.source)), target is \(session.systemName(sync.target))"
    return Rows(subject: "fields of a person", columns: columns, rows: rows, note: names)
  }
}
