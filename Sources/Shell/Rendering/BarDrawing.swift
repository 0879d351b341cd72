/// A bar a few cells wide: how much of a whole is done, in trouble, or left.
import CommandLanguage

/// One part of a bar, and how much it is.
struct BarPart {
  var amount: Double
  var meaning: Column.BarPart.Meaning
}

/// The bar of such parts in so many cells; a part of something is never rounded to nothing, nor does the rest of one seem
/// to be the whole. Of nothing there is no bar.
func bar(_ parts: [BarPart], cells: Int, style: RenderStyle) -> String {
  let amounts = parts.map { $0.amount.isFinite ? max(0, $0.amount) : 0 }
  let whole = amounts.reduce(0, +)
  guard whole > 0 else { return String(repeating: " ", count: cells) }
  var widths = amounts.map { Int(($0 / whole * Double(cells)).rounded(.down)) }
  for index in widths.indices where widths[index] == 0 && amounts[index] > 0 { widths[index] = 1 }
  // What rounding left over goes to the largest part, and what it took too much is taken from there.
  let largest = amounts.indices.max { amounts[$0] < amounts[$1] } ?? 0
  widths[largest] = max(0, widths[largest] + cells - widths.reduce(0, +))
  return zip(parts, widths).map { part, width in
    style.paint(String(repeating: style.glyph(part.meaning.glyph), count: width), part.meaning.ink)
  }.joined()
}

extension Column.BarPart.Meaning {
  fileprivate var glyph: Glyph {
    switch self {
    case .done: .full
    case .trouble: .half
    case .rest: .empty
    }
  }

  fileprivate var ink: Ink {
    switch self {
    case .done: .good
    case .trouble: .bad
    case .rest: .dim
    }
  }
}
