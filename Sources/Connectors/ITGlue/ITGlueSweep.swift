/// A walk over the pages of a list that others change meanwhile: which page comes next, and when it is over.
import Model

/// Pages are cut by position, so that a row deleted on a page that was read pulls the next page forward and hides a
/// row. A sweep sees that by the total, goes back as many rows as went, and begins anew where rows are still missing.
struct ITGlueSweep: Sendable {
  enum Next: Equatable, Sendable {
    case more
    case last
    /// The pages repeat themselves.
    case circle
    /// Fewer rows came than the server says there are, or said just before, also the second time.
    case short(missing: Int)
  }

  /// Each divides the one before, so that no row is passed over when pages become smaller.
  private static let sizes = [1000, 500, 250, 125, 25]

  private(set) var size: Int
  /// The page to ask for, counted from 1.
  private(set) var number = 1
  private(set) var total: Int?
  /// The largest total that was said on the way.
  private var peak = 0
  private(set) var seen: Set<RecordID> = []
  /// How many rows of the order have been asked for.
  private var furthest = 0
  private var stepsBack = 0
  private var hasRestarted = false
  /// A row that is edited meanwhile moves to the front, and pushes others onto pages to come.
  private let movesToFront: Bool
  private var asked = 0

  init(size: Int = ITGlueFeatures.pageSize, movesToFront: Bool = false) {
    precondition(Self.sizes.contains(size), "pages of \(size) could not be halved without passing over rows")
    self.size = size
    self.movesToFront = movesToFront
  }

  /// The server took too long over the page: asks for a smaller one from the same row on. False where it is the
  /// smallest already.
  mutating func shrink() -> Bool {
    guard let smaller = Self.sizes.first(where: { $0 < size }) else { return false }
    number = (number - 1) * (size / smaller) + 1
    size = smaller
    return true
  }

  /// Takes in a page, and says how it goes on.
  ///
  /// - Parameter saysMore: `nil` where the answer does not say.
  mutating func take(_ ids: [RecordID], total said: Int?, saysMore: Bool?) -> Next {
    asked += 1
    // What the server says is reckoned with: no account holds a million million records.
    let newTotal = said.map { min(max($0, 0), 1_000_000_000_000) }
    let offset = (number - 1) * size
    let isNewGround = offset >= furthest
    let fresh = ids.count { seen.insert($0).inserted }
    furthest = max(furthest, offset + ids.count)
    if isNewGround, !movesToFront, !hasRestarted, !ids.isEmpty, fresh == 0 { return .circle }
    let before = total
    total = newTotal ?? total
    peak = max(peak, newTotal ?? 0)
    // However much is going on in the list, it has an end.
    guard asked <= 3 * ((total ?? furthest) / size + 10) else { return .circle }
    if let before, let newTotal, newTotal < before, number > 1, stepsBack < 10 {
      stepsBack += 1
      number = max(1, number - (before - newTotal + size - 1) / size)
      return .more
    }
    if saysMore ?? (ids.count >= size), !ids.isEmpty {
      number += 1
      return .more
    }
    guard let total else { return .last }
    // A sudden drop is a page gone missing rather than a fifth of all rows deleted within a minute.
    let expected = total < peak - peak / 5 ? peak : total
    guard seen.count < expected else { return .last }
    guard !hasRestarted else { return .short(missing: expected - seen.count) }
    hasRestarted = true
    peak = 0
    number = 1
    return .more
  }
}
