// The did-you-mean: which known word a mistyped one is nearest to.

/// The candidate that `word` was probably meant to be, or nil where none is near enough to be worth naming.
///
/// Near is at most one slip (a letter more, less, wrong, or two swapped) in three letters, case apart; where nothing
/// is, the only candidate that begins with the word. A word that is a candidate already is its own answer.
package func nearest(_ word: String, among candidates: [String]) -> String? {
  let typed = Array(word.lowercased())
  guard !typed.isEmpty, typed.count <= 64 else { return nil }
  var best: (candidate: String, slips: Int)?
  for candidate in candidates {
    let other = Array(candidate.lowercased())
    let limit = min(3, max(1, max(typed.count, other.count) / 3))
    guard abs(other.count - typed.count) <= limit, other.count > 1 || other == typed else { continue }
    let slips = editDistance(typed, other)
    if slips <= limit, slips < best?.slips ?? .max, slips < other.count { best = (candidate, slips) }
  }
  if let best { return best.candidate }
  let begun = candidates.filter { $0.lowercased().hasPrefix(word.lowercased()) }
  return typed.count >= 2 && begun.count == 1 ? begun.first : nil
}

/// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i]
    for j in 1...b.count {
      var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
