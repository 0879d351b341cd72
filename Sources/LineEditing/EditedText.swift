// The line under the cursor as a value: libedit counts scalars, completion counts UTF-8.

/// A line and the place of the cursor in it.
struct EditedText: Equatable {
  var scalars: [Unicode.Scalar]
  /// How many scalars stand before the cursor.
  var cursor: Int

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

  /// In which row the cursor stands, counted from 0 where the prompt begins, when rows have so many columns.
  func cursorRow(promptWidth: Int, columns: Int) -> Int {
    let columns = max(1, columns)
    var row = promptWidth / columns
    var column = promptWidth % columns
    for character in beforeCursor {
      if character == "\n" {
        row += 1
        column = 0
        continue
      }
      let width = character.isASCII ? 1 : DisplayWidth.of(character)
      if column + width > columns {
        row += 1
        column = 0
      }
      column += width
      if column == columns {
        row += 1
        column = 0
      }
    }
    return row
  }

  static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}

extension UTF8 {
  /// The bytes that a scalar takes.
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x80: 1
    case 0x80..<0x800: 2
    case 0x800..<0x10000: 3
    default: 4
    }
  }
}
