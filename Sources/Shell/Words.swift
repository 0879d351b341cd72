/// How counts, lengths of time and lists read in a sentence.

/// "1 request", "7 requests".
func counted(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
}

/// "0.3 s", "12 s".
func seconds(_ duration: Duration) -> String {
  let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
  guard milliseconds < 10_000 else { return "\(milliseconds / 1_000) s" }
  return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
}
