/// Ids as systems count their records: whole numbers, asked for in lists of bearable length.
import Model

extension RecordID {
  /// The id of a system whose ids are whole numbers.
  var number: Int? { Int(rawValue) }
}
