// How values are put in order: blank last, numbers by size, text as a person would file it.

extension Value {
  /// Whether this value stands before `other` in a list that goes up: -1 before, 0 level, 1 after.
  ///
  /// Values of different kinds are put in the order flag, number, duration, date, text, list; blank always comes last.
  package func order(to other: Value) -> Int {
    switch (compared, other.compared) {
    case (.flag(let a), .flag(let b)): Self.step(a ? 1 : 0, b ? 1 : 0)
    case (.number(let a), .number(let b)): Self.step(a, b)
    case (.duration(let a), .duration(let b)): Self.step(a, b)
    case (.date(let a), .date(let b)): Self.step(a, b)
    case (.text(let a), .text(let b)): naturalOrder(a, b)
    case (.list(let a), .list(let b)):
      zip(a, b).lazy.map { $0.order(to: $1) }.first { $0 != 0 } ?? Self.step(a.count, b.count)
    default: Self.step(rank, other.rank)
    }
  }

  private var rank: Int {
    switch self {
    case .flag: 0
    case .number: 1
    case .duration: 2
    case .date: 3
    case .text, .differences: 4
    case .list: 5
    case .blank: 6
    }
  }

  private static func step<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a > b ? 1 : 0 }
}

/// The natural order of two texts: without case, and runs of digits by their number, so that `p2` stands before `p12`.
package func naturalOrder(_ a: String, _ b: String) -> Int {
  let folded = naturalOrder(folded: Array(a.lowercased().utf8), Array(b.lowercased().utf8))
  if folded != 0 { return folded }
  return a < b ? -1 : a > b ? 1 : 0
}

/// The same over lower-cased UTF-8, which a sort prepares once for each row.
func naturalOrder(folded a: [UInt8], _ b: [UInt8]) -> Int {
  var i = 0
  var j = 0
  while i < a.count, j < b.count {
    if isDigit(a[i]), isDigit(b[j]) {
      let left = digits(a, &i)
      let right = digits(b, &j)
      if left.count != right.count { return left.count < right.count ? -1 : 1 }
      if let (x, y) = zip(left, right).first(where: { $0 != $1 }) { return x < y ? -1 : 1 }
    } else {
      if a[i] != b[j] { return a[i] < b[j] ? -1 : 1 }
      i += 1
      j += 1
    }
  }
  return (a.count - i) == (b.count - j) ? 0 : (a.count - i) < (b.count - j) ? -1 : 1
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

/// The run of digits at `index` without leading zeros; moves the index behind it.
private func digits(_ bytes: [UInt8], _ index: inout Int) -> ArraySlice<UInt8> {
  let start = index
  while index < bytes.count, isDigit(bytes[index]) { index += 1 }
  return bytes[start..<index].drop { $0 == 0x30 }
}
