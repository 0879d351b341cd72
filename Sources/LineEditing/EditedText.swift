// The line under the cursor as a value: libedit counts scalars, completion counts UTF-8.

/// A line and the place of the cursor in it.
struct EditedText: Equatable {
  var scalars: [Unicode.Scalar]
  /// How many scalars stand before the cursor.
  var cursor: Int

  init(scalars: [Unicode.Scalar], cursor: Int) {
    self.scalars = scalars
    self.cursor = cursor
  }

  /// A text with the cursor at its end.
  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    cursor = scalars.count
  }

  /// The whole line.
  var text: String { Self.string(scalars[...]) }
  /// What stands before the cursor.
  var beforeCursor: String { Self.string(scalars.prefix(cursor)) }
  /// The cursor as an offset in UTF-8.
  var cursorOffset: Int { scalars.prefix(cursor).reduce(0) { $0 + UTF8.width($1) } }

  /// How many scalars stand before an offset in UTF-8.
  func scalarCount(before offset: Int) -> Int {
    var bytes = 0
    return scalars.prefix { scalar in
      bytes += UTF8.width(scalar)
      return bytes <= offset
    }.count
  }

  /// The cursor one row of the text further up, at the same distance from the row's beginning; `nil` in the first row.
  var cursorAbove: Int? {
    let start = rowStart(of: cursor)
    guard start > 0 else { return nil }
    let above = rowStart(of: start - 1)
    return min(above + cursor - start, start - 1)
  }

  /// The cursor one row further down; `nil` in the last row.
  var cursorBelow: Int? {
    guard let end = scalars[cursor...].firstIndex(of: "\n") else { return nil }
    let next = end + 1
    let nextEnd = scalars[next...].firstIndex(of: "\n") ?? scalars.count
    return min(next + cursor - rowStart(of: cursor), nextEnd)
  }

  /// Where the next word after the cursor ends.
  var nextWordEnd: Int {
    var place = cursor
    while place < scalars.count, !scalars[place].isOfWord { place += 1 }
    while place < scalars.count, scalars[place].isOfWord { place += 1 }
    return place
  }

  private func rowStart(of place: Int) -> Int {
    scalars[..<place].lastIndex(of: "\n").map { $0 + 1 } ?? 0
  }

  static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}

extension Unicode.Scalar {
  fileprivate var isOfWord: Bool { properties.isAlphabetic || properties.numericType != nil }
}

extension UTF8 {
  /// The bytes that a scalar takes.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x80: 1
    case 0x80..<0x800: 2
    case 0x800..<0x10000: 3
    default: 4
    }
  }
}
