// What a command returns.

/// One column of rows: its name as filters call it, and what a renderer needs to know.
package struct Column: Hashable, Sendable {
  /// What a cell means, for colour and for the width it may lose.
  package enum Style: String, Hashable, Sendable, CaseIterable {
    case plain, id, state, reason, date, number, dim
    /// Sentences, and what else reads as well on several lines.
    case prose
  }

  /// A column whose number is one part of a bar: the parts together are the whole.
  package struct BarPart: Hashable, Sendable {
    /// What a part of a bar stands for.
    package enum Meaning: Hashable, Sendable { case done, trouble, rest }

    package var column: String
    package var meaning: Meaning
    package init(_ column: String, _ meaning: Meaning) {
      self.column = column
      self.meaning = meaning
    }
  }

  /// One of the values of a column that has no others.
  package struct Choice: Hashable, Sendable {
    package var value: String
    /// What it means; empty where it speaks for itself.
    package var help: String
    package init(_ value: String, _ help: String = "") {
      self.value = value
      self.help = help
    }
  }

  package enum Alignment: Hashable, Sendable { case left, right }

  /// As written in `where`, `sort` and `columns`: small letters, digits and dashes.
  package var name: String
  /// The heading; the name with spaces where nil.
  package var title: String?
  package var type: ValueType
  /// Where a table is too wide, columns of the lowest priority go first.
  package var priority: Int
  package var alignment: Alignment
  package var style: Style
  /// Whether `is` and `in` compare this column without case, as for e-mail addresses and handles.
  package var ignoresCase: Bool
  /// The columns that a small bar before this one's numbers is made of, where there is room for one; none as a rule.
  package var bar: [BarPart]
  /// All that it can be besides blank; none: it can be anything.
  package var choices: [Choice]
  /// One line for completion and help.
  package var help: String

  package init(
    _ name: String, title: String? = nil, type: ValueType = .text, priority: Int = 5, alignment: Alignment? = nil,
    style: Style? = nil, ignoresCase: Bool = false, bar: [BarPart] = [], choices: [Choice] = [], help: String = ""
  ) {
    self.name = name
    self.title = title
    self.type = type
    self.priority = priority
    let isNumeric = type == .number || type == .count || type == .duration
    self.alignment = alignment ?? (isNumeric ? .right : .left)
    self.style = style ?? (isNumeric ? .number : type == .date ? .date : .plain)
    self.ignoresCase = ignoresCase
    self.bar = bar
    self.choices = choices
    self.help = help
  }

  /// The heading to show.
  package var heading: String { title ?? name.split(separator: "-").joined(separator: " ") }
}

/// Rows with typed columns.
package struct Rows: Hashable, Sendable {
  /// What the rows are, in the plural: `people`, `runs`.
  package var subject: String
  package var columns: [Column]
  /// One value for each column. A shorter row reads as blank behind its end.
  package var rows: [[Value]]
  /// A line to stand under the rows.
  package var note: String?
  /// What a page says around them; `nil` where they speak for themselves.
  package var preface: Deferred<Preface>?

  package init(
    subject: String, columns: [Column], rows: [[Value]] = [], note: String? = nil, preface: Deferred<Preface>? = nil
  ) {
    self.subject = subject
    self.columns = columns
    self.rows = rows
    self.note = note
    self.preface = preface
  }

  /// The column that names a row: the first that is drawn as an id, else the first.
  package var identity: Int { columns.firstIndex { $0.style == .id } ?? 0 }

  /// One row by the names of its columns.
  package func fields(of row: [Value]) -> [String: Value] {
    Dictionary(
      columns.enumerated().map { ($0.element.name, row.indices.contains($0.offset) ? row[$0.offset] : .blank) }
    ) { first, _ in first }
  }

  /// What names a row, where a single value is wanted.
  package func name(of row: [Value]) -> Value { row.indices.contains(identity) ? row[identity] : .blank }

  /// The place of the column of that name.
  package func index(of column: String) -> Int? { columns.firstIndex { $0.name == column } }
}

/// A layout of a result's own, for a person to read.
package struct Drawing: Hashable, Sendable {
  package var text: String
  /// What a page lists in place of the result's rows: of the row of a plan its decisions; `nil`: the rows.
  package var page: Deferred<Rows>?

  package init(_ text: String, page: Deferred<Rows>? = nil) {
    self.text = text
    self.page = page
  }
}

/// What a command, or a command and its filters, gave.
package enum Outcome: Hashable, Sendable {
  case rows(Rows)
  /// One thing, shown as a card: one row.
  case record(Rows)
  /// A record or rows with a layout of their own: a plan at a glance. Filters, formats and variables take the rows.
  case drawn(Drawing, Rows)
  case number(Int)
  /// The answer itself, where it has a layout of its own: an explanation, a plan at a glance, a help page.
  case text(String)
  /// What is said besides: that a setting was changed.
  case message(String)
  case nothing
}
