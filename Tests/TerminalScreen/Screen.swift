// A terminal's screen as a value: bytes go in, rows of cells come out.

/// A small emulation of an xterm, as far as kith and libedit use one.
///
/// Wide characters take two cells, marks join the cell before them. What it does not know is kept in ``unknown``, so that a
/// test can tell that nothing was overlooked.
package struct Screen: Sendable {
  /// What a cell looks like besides its text.
  package struct Look: Hashable, Sendable {
    package var isBold = false
    package var isDim = false
    package var isUnderlined = false
    package var isReversed = false
    package var isStruck = false
    /// 30…37, 90…97; `nil` for the terminal's own.
    package var color: Int?

    package init() {}
  }

  struct Cell: Hashable, Sendable {
    /// Empty behind a wide character.
    var text = " "
    var look = Look()
  }

  package private(set) var columns: Int
  package private(set) var rowCount: Int
  package private(set) var cursor = (row: 0, column: 0)
  /// Rows that have left at the top, oldest first.
  package private(set) var scrolledOff: [String] = []
  /// Sequences that the emulation does not carry out.
  package private(set) var unknown: [String] = []
  /// Whether the terminal was asked to mark what is pasted.
  package private(set) var marksPastes = false

  private var cells: [[Cell]]
  private var look = Look()
  /// The last column is filled, and the next character goes to the row below.
  private var isFull = false
  private var pending: [UInt8] = []
  private var parser = SequenceParser()

  package init(columns: Int, rows: Int) {
    self.columns = columns
    rowCount = rows
    cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
  }

  /// Takes what was written to the terminal; a character that is not whole yet waits for its rest.
  package mutating func take(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    while let (scalar, length) = Self.decode(pending[...]) {
      pending.removeFirst(length)
      for event in parser.take(scalar) { carryOut(event) }
    }
  }

  /// The texts of the rows, without the blanks at their ends.
  package var rows: [String] { cells.map(Self.text) }

  /// The whole screen without the empty rows at its end.
  package var text: String {
    var rows = self.rows
    while rows.last?.isEmpty == true { rows.removeLast() }
    return rows.joined(separator: "\n")
  }

  /// How the cells of a text look, in the last row that holds it; `nil` where none does, or where it has several looks.
  ///
  /// - Parameter beginning: what the row begins with.
  package func look(of text: String, inRow beginning: String = "") -> Look? {
    for row in cells.reversed() where Self.text(row).hasPrefix(beginning) {
      let texts = row.map(\.text)
      for start in texts.indices where texts[start...].joined().hasPrefix(text) {
        var end = start
        while end < texts.count, texts[start...end].joined().count < text.count { end += 1 }
        let looks = Set(row[start...min(end, row.count - 1)].filter { !$0.text.isEmpty }.map(\.look))
        return looks.count == 1 ? looks.first : nil
      }
    }
    return nil
  }

  /// The terminal's window gets another size: rows are cut or filled, not wrapped anew.
  package mutating func resize(columns: Int, rows: Int) {
    while cells.count > rows {
      if cursor.row >= rows {
        scroll()
        cursor.row -= 1
      }
      cells.removeLast()
    }
    while cells.count < rows { cells.append(blankRow) }
    cells = cells.map { row in
      Array(row.prefix(columns)) + Array(repeating: Cell(), count: max(0, columns - row.count))
    }
    (self.columns, rowCount) = (columns, rows)
    cursor.column = min(cursor.column, columns - 1)
    cursor.row = min(cursor.row, rows - 1)
    isFull = false
  }

  private static func text(_ row: [Cell]) -> String {
    let text = row.map(\.text).joined()
    return String(text.reversed().drop { $0 == " " }.reversed())
  }

  private var blankRow: [Cell] { Array(repeating: Cell(), count: columns) }

  // MARK: - Characters

  private mutating func carryOut(_ event: SequenceParser.Event) {
    switch event {
    case .print(let scalar): put(scalar)
    case .control(let scalar): control(scalar)
    case .sequence(let sequence): carryOut(sequence)
    case .unknown(let text): unknown.append(text)
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = CharacterWidth.of(scalar)
    if width == 0 { return join(scalar) }
    if isFull || cursor.column + width > columns {
      cursor.column = 0
      feed()
    }
    isFull = false
    cells[cursor.row][cursor.column] = Cell(text: String(scalar), look: look)
    if width == 2 { cells[cursor.row][cursor.column + 1] = Cell(text: "", look: look) }
    cursor.column += width
    if cursor.column >= columns {
      cursor.column = columns - 1
      isFull = true
    }
  }

  private mutating func join(_ mark: Unicode.Scalar) {
    var column = isFull ? cursor.column : cursor.column - 1
    while column > 0, cells[cursor.row][column].text.isEmpty { column -= 1 }
    if column >= 0 { cells[cursor.row][column].text.unicodeScalars.append(mark) }
  }

  private mutating func control(_ scalar: Unicode.Scalar) {
    isFull = false
    switch scalar {
    case "\r": cursor.column = 0
    case "\n": feed()
    case "\u{8}": cursor.column = max(0, cursor.column - 1)
    case "\t": cursor.column = min(columns - 1, (cursor.column / 8 + 1) * 8)
    case "\u{7}": break
    default: unknown.append("control \(scalar.value)")
    }
  }

  private mutating func feed() {
    if cursor.row == rowCount - 1 { scroll() } else { cursor.row += 1 }
  }

  private mutating func scroll() {
    scrolledOff.append(Self.text(cells.removeFirst()))
    cells.append(blankRow)
  }

  // MARK: - Sequences

  private mutating func carryOut(_ sequence: SequenceParser.Sequence) {
    let first = sequence.numbers.first.flatMap(\.self)
    let count = max(1, first ?? 1)
    if sequence.final != "m" { isFull = false }
    switch (sequence.mark, sequence.final) {
    case (nil, "A"): cursor.row = max(0, cursor.row - count)
    case (nil, "B"): cursor.row = min(rowCount - 1, cursor.row + count)
    case (nil, "C"): cursor.column = min(columns - 1, cursor.column + count)
    case (nil, "D"): cursor.column = max(0, cursor.column - count)
    case (nil, "G"): cursor.column = min(columns - 1, count - 1)
    case (nil, "H"), (nil, "f"):
      let column = sequence.numbers.dropFirst().first.flatMap(\.self) ?? 1
      cursor = (min(rowCount - 1, count - 1), min(columns - 1, max(1, column) - 1))
    case (nil, "J"): eraseDisplay(first ?? 0)
    case (nil, "K"): eraseLine(first ?? 0)
    case (nil, "P"): deleteCells(count)
    case (nil, "@"): insertCells(count)
    case (nil, "m"): setLook(sequence.numbers.map { $0 ?? 0 })
    case ("?", "h") where first == 2004: marksPastes = true
    case ("?", "l") where first == 2004: marksPastes = false
    case ("?", "h") where first == 25, ("?", "l") where first == 25: break
    default: unknown.append(sequence.description)
    }
  }

  private mutating func eraseDisplay(_ part: Int) {
    switch part {
    case 0:
      eraseLine(0)
      for row in cells.indices where row > cursor.row { cells[row] = blankRow }
    case 2: cells = cells.map { _ in blankRow }
    default: unknown.append("erase \(part)")
    }
  }

  private mutating func eraseLine(_ part: Int) {
    let range =
      switch part {
      case 0: cursor.column..<columns
      case 1: 0..<cursor.column + 1
      default: 0..<columns
      }
    for column in range { cells[cursor.row][column] = Cell() }
  }

  private mutating func deleteCells(_ count: Int) {
    let count = min(count, columns - cursor.column)
    cells[cursor.row].removeSubrange(cursor.column..<cursor.column + count)
    cells[cursor.row] += Array(repeating: Cell(), count: count)
  }

  private mutating func insertCells(_ count: Int) {
    let count = min(count, columns - cursor.column)
    cells[cursor.row].insert(contentsOf: Array(repeating: Cell(), count: count), at: cursor.column)
    cells[cursor.row].removeLast(count)
  }

  private mutating func setLook(_ codes: [Int]) {
    for code in codes.isEmpty ? [0] : codes {
      switch code {
      case 0: look = Look()
      case 1: look.isBold = true
      case 2: look.isDim = true
      case 4: look.isUnderlined = true
      case 7: look.isReversed = true
      case 9: look.isStruck = true
      case 22: (look.isBold, look.isDim) = (false, false)
      case 24: look.isUnderlined = false
      case 27: look.isReversed = false
      case 29: look.isStruck = false
      case 30...37, 90...97: look.color = code
      case 39: look.color = nil
      case 49: break
      default: unknown.append("look \(code)")
      }
    }
  }

  /// The scalar that bytes begin with, and how many they are; `nil` where they are not whole. A byte that is no UTF-8 is a
  /// replacement character.
  private static func decode(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    guard let first = bytes.first else { return nil }
    let length = first < 0x80 ? 1 : first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard bytes.count >= length else { return nil }
    let text = String(decoding: bytes.prefix(length), as: UTF8.self)
    return (text.unicodeScalars.first ?? "\u{FFFD}", length)
  }
}
