// What has to be said around rows where they leave the shell as a page of their own.

/// A plan, a run or another thing that rows belong to, as a reader who has never seen the shell is told of it.
///
/// Filters leave it as it is: what it says is true of the whole, and a page counts by itself what was kept.
package struct Preface: Hashable, Sendable {
  /// One thing worth knowing: "read at", a moment.
  package struct Fact: Hashable, Sendable {
    package var label: String
    package var value: Value
    package init(_ label: String, _ value: Value) {
      self.label = label
      self.value = value
    }
  }

  /// What a reader must not miss: a guard that holds a plan, the error that ended a run.
  package struct Notice: Hashable, Sendable {
    package var label: String
    package var text: String
    package init(_ label: String, _ text: String) {
      self.label = label
      self.text = text
    }
  }

  /// Numbers that add up: a line for each word, a column for each noun, and their sums.
  package struct Figures: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
      package var word: String
      package var counts: [Int]
      package init(_ word: String, _ counts: [Int]) {
        self.word = word
        self.counts = counts
      }
    }
    /// What is counted, in the plural: "people".
    package var nouns: [String]
    package var lines: [Line]
    package init(nouns: [String], lines: [Line]) {
      self.nouns = nouns
      self.lines = lines
    }
  }

  /// Rows that stand under a heading of their own.
  package struct Group: Hashable, Sendable {
    package var heading: String
    /// What it means for them, in a sentence.
    package var lead: String
    /// What names each of its rows, as ``Rows/name(of:)`` gives it.
    package var members: Set<Value>
    /// The column by whose values they are counted first, the rows themselves being of less interest; `nil`: listed only.
    package var countedBy: String?
    package init(_ heading: String, lead: String, members: Set<Value>, countedBy: String? = nil) {
      self.heading = heading
      self.lead = lead
      self.members = members
      self.countedBy = countedBy
    }
  }

  package var title: String
  package var lead: String
  package var facts: [Fact]
  package var notices: [Notice]
  package var figures: Figures?
  /// What the figures leave out.
  package var remarks: [String]
  /// The columns that a page shows, in their order, unless a filter chose others.
  package var columns: [String]
  /// The column whose values name a row to a reader.
  package var name: String
  package var groups: [Group]
  /// How many rows there were before any filter, and the columns that they had.
  package var whole: (count: Int, columns: [String]) { (rowCount, columnNames) }
  private let rowCount: Int
  private let columnNames: [String]

  package init(
    to rows: Rows, title: String, lead: String, facts: [Fact] = [], notices: [Notice] = [], figures: Figures? = nil,
    remarks: [String] = [], columns: [String], name: String, groups: [Group] = []
  ) {
    self.title = title
    self.lead = lead
    self.facts = facts
    self.notices = notices
    self.figures = figures
    self.remarks = remarks
    self.columns = columns
    self.name = name
    self.groups = groups
    rowCount = rows.rows.count
    columnNames = rows.columns.map(\.name)
  }
}
