// Where each scalar of the line stands on the screen, as libedit puts it there.
import CLibEdit

/// The places of a line's scalars, counted from where its prompt begins.
///
/// libedit gives each scalar the columns that the C library says, control characters two (`^X`), what cannot be printed
/// the columns of its number (`\U+1F600`), and goes to the next row as soon as one is full.
struct LineLayout: Equatable {
  struct Place: Equatable {
    var row: Int
    var column: Int
  }

  /// One for each scalar, and one for the end of the line.
  let places: [Place]
  /// The columns of each scalar; 0 for a newline, and `nil` for what is shown other than by itself.
  let widths: [Int?]

  /// Where the cursor stands.
  let cursor: Place

  init(_ edited: EditedText, promptWidth: Int, columns: Int) {
    let scalars = edited.scalars
    let columns = max(1, columns)
    var place = Place(row: promptWidth / columns, column: promptWidth % columns)
    var places: [Place] = []
    var widths: [Int?] = []
    places.reserveCapacity(scalars.count + 1)
    widths.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar == "\n" {
        places.append(place)
        widths.append(0)
        place = Place(row: place.row + 1, column: 0)
        continue
      }
      let (width, isItself) = Self.width(of: scalar)
      if place.column + width > columns { place = Place(row: place.row + 1, column: 0) }
      places.append(place)
      widths.append(isItself ? width : nil)
      place.column += width
      if place.column >= columns { place = Place(row: place.row + 1, column: 0) }
    }
    places.append(place)
    self.places = places
    self.widths = widths
    cursor = places[min(edited.cursor, scalars.count)]
  }

  /// Where the line ends.
  var end: Place { places[places.count - 1] }

  private static func width(of scalar: Unicode.Scalar) -> (width: Int, isItself: Bool) {
    let columns = Int(clibedit_columns(scalar.value))
    return (abs(columns), columns >= 0)
  }
}
