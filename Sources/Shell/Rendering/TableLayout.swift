/// Which columns of a table fit a width, and how wide each may be. Pure: it sees numbers only.

struct TableLayout: Equatable {
  /// What one column asks for.
  struct Need: Equatable {
    /// The widest of its cells and its heading.
    var natural: Int
    /// The least that is still of use; a column that may not be cut has its natural width here.
    var least: Int
    /// The lower, the sooner it goes.
    var priority: Int
  }

  /// The width of each column; `nil` for one that does not fit.
  var widths: [Int?]
  /// The priority of a column that says nothing.
  static let blank = Int.min
  /// Spaces between two columns.
  static let gutter = 2

  /// Fits the columns into so many; `nil` is no limit.
  ///
  /// Columns of which nothing is missed go first. The others are cut down to their least before one is dropped; of those
  /// that remain, the most important come into their natural width first. The last column never goes: it is cut to what there is.
  init(_ needs: [Need], into available: Int?) {
    widths = needs.map(\.natural)
    guard let available, Self.total(needs.map(\.natural)) > available else { return }
    var kept = needs.indices.sorted { Self.goes($0, before: $1, needs) }[...]
    while kept.count > 1, needs[kept[kept.startIndex]].priority == Self.blank { kept = kept.dropFirst() }
    while kept.count > 1, Self.total(kept.map { needs[$0].least }) > available { kept = kept.dropFirst() }
    widths = needs.map { _ in nil }
    for index in kept { widths[index] = min(needs[index].least, max(1, available)) }
    var room = available - Self.total(kept.map { needs[$0].least })
    for index in kept.reversed() where room > 0 {
      let share = min(needs[index].natural - needs[index].least, room)
      widths[index] = needs[index].least + share
      room -= share
    }
  }

  /// The same with more room for some columns; `nil` where there are none of them here, or where that would take a column
  /// away, or from another more than is allowed.
  ///
  /// - Parameter least: what a column may be narrowed to; `nil`: it has to stay as it is.
  func widened(
    _ columns: [Int], by extra: Int, _ needs: [Need], into available: Int?, least: (Int) -> Int?
  ) -> TableLayout? {
    let shown = columns.filter { widths[$0] != nil }
    guard !shown.isEmpty else { return nil }
    var wider = needs
    for index in shown {
      wider[index].natural += extra
      wider[index].least += extra
    }
    let layout = TableLayout(wider, into: available)
    let holds = needs.indices.allSatisfy { index in
      guard let before = widths[index] else { return layout.widths[index] == nil }
      guard let after = layout.widths[index] else { return false }
      let needed = least(index).map { min(before, $0) } ?? before
      return after >= (shown.contains(index) ? before + extra : needed)
    }
    return holds ? layout : nil
  }

  private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + gutter * max(0, widths.count - 1) }
  /// Whether the first column is given up before the second; of equal priority, the one further right is.
  private static func goes(_ left: Int, before right: Int, _ needs: [Need]) -> Bool {
    let (a, b) = (needs[left].priority, needs[right].priority)
    return a == b ? left > right : a < b
  }
}
