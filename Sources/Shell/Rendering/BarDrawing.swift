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
  let exact = amounts.map { $0 / whole * Double(cells) }
  var widths = exact.map { Int($0.rounded(.down)) }
  // The cells that rounding left over go to where it took most; then whoever has nothing takes one from the largest.
  let unjust = exact.indices.sorted { exact[$0] - exact[$0].rounded(.down) > exact[$1] - exact[$1].rounded(.down) }
  for index in unjust.prefix(cells - widths.reduce(0, +)) { widths[index] += 1 }
  for index in widths.indices where widths[index] == 0 && amounts[index] > 0 {
    guard let largest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[largest] > 1 else { continue }
    widths[largest] -= 1
    widths[index] = 1
  }
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
