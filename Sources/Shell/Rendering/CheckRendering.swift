/// What `check` found, test by test.
import LineEditing
package import Model

/// The name of the connection, then a line for each test, those of a partition under its name; below a test that did not
/// pass, what to do about it.
package func renderCheck(_ results: [CheckResult], of connection: String, style: RenderStyle) -> String {
  let failed = results.count { $0.outcome == .failed }
  let verdict =
    failed == 0
    ? style.paint("passed", .good) : style.paint("\(failed) of \(results.count) tests failed", .bad)
  let width = results.map { DisplayWidth.of(style.shown($0.name)) }.max() ?? 0
  var lines = ["\(style.shown(connection)): " + (results.isEmpty ? "nothing was tested" : verdict)]
  for partition in partitions(of: results) {
    let margin = partition == nil ? "  " : "    "
    if let partition { lines.append("  " + style.shown(partition)) }
    for result in results where result.partition == partition {
      let name = DisplayWidth.padding(style.shown(result.name), to: width)
      lines.append(margin + mark(result.outcome, style) + " " + name + "   " + style.shown(result.detail))
      if let fix = result.fix, result.outcome != .passed {
        lines.append(margin + "    " + style.paint("fix:", .dim) + " " + style.shown(fix))
      }
    }
  }
  return style.joined(lines)
}

/// The connection as a whole first, then each partition in the order of its first test.
private func partitions(of results: [CheckResult]) -> [String?] {
  var seen: Set<String?> = []
  let ordered = results.map(\.partition).filter { seen.insert($0).inserted }
  return ordered.filter { $0 == nil } + ordered.filter { $0 != nil }
}

private func mark(_ outcome: CheckResult.Outcome, _ style: RenderStyle) -> String {
  switch outcome {
  case .passed: style.paint(style.glyph(.passed), .good)
  case .warned: style.paint("!", .warning)
  case .failed: style.paint(style.glyph(.stopped), .bad)
  }
}
