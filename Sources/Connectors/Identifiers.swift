/// Ids of systems that count their records: whole numbers, asked for in lists of bearable length.
import Model

extension RecordID {
  /// The id at a system whose ids are whole numbers.
  var number: Int? { Int(rawValue) }
}

extension [RecordID] {
  /// The whole numbers among the ids, each once: any other id can belong to nobody at such a system.
  func numbers(from least: Int = .min) -> [Int] {
    var seen: Set<Int> = []
    return compactMap(\.number).filter { $0 >= least && seen.insert($0).inserted }
  }
}

/// The id that a company is mapped to.
///
/// - Parameter record: what it is to be: "a ConnectWise company".
/// - Throws: `.misconfigured`; nothing was sent.
func companyNumber(_ text: String?, of record: String, from least: Int = .min) throws(ConnectorError) -> Int {
  guard let text, let number = Int(text), number >= least else {
    throw ConnectorError(
      .misconfigured, "\(text ?? "nothing") is no id of \(record)", hint: "map the company to its id",
      delivery: .notSent)
  }
  return number
}

extension Array {
  /// Cut into lists of at most so many elements.
  func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}

extension [Int] {
  /// Cut into lists of at most so many characters, as they are written with commas between, and of so many numbers.
  func chunks(longest: Int, most: Int = .max) -> [[Int]] {
    var chunks: [[Int]] = []
    var length = 0
    for number in self {
      let size = String(number).utf8.count + 1
      if chunks.isEmpty || length + size > longest || chunks[chunks.count - 1].count >= most {
        chunks.append([])
        length = 0
      }
      chunks[chunks.count - 1].append(number)
      length += size
    }
    return chunks
  }
}
