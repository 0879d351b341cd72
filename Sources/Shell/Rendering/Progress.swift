/// Work under way, in one line.

package struct Progress: Hashable, Sendable {
  /// What is being done: "applying", "reading Microsoft 365".
  package var label: String
  package var done: Int
  /// `nil` where nobody knows how much there is.
  package var total: Int?
  package var secondsLeft: Double?
  /// What else is to be said: "^C stops after the current person".
  package var remark: String?

  package init(_ label: String, done: Int, total: Int? = nil, secondsLeft: Double? = nil, remark: String? = nil) {
    self.label = label
    self.done = done
    self.total = total
    self.secondsLeft = secondsLeft
    self.remark = remark
  }
}

/// "applying ███████░░░░  29/41   6 s left   ^C stops after the current person"; one line, without a line break, a colour
/// or an indentation, for a row that is written over.
package func renderProgress(_ progress: Progress, style: RenderStyle) -> String {
  var parts: [String] = []
  if let total = progress.total {
    parts.append("\(bar(done: progress.done, of: total, style))  \(progress.done)/\(total)")
  } else if progress.done > 0 {
    parts.append("\(progress.done)")
  }
  if let seconds = progress.secondsLeft, seconds.isFinite, seconds >= 0 {
    parts.append("\(spent(seconds.rounded(.up)).replacingWholeTenths) left")
  }
  if let remark = progress.remark { parts.append(style.shown(remark)) }
  return ([style.shown(progress.label)] + (parts.isEmpty ? [] : [parts.joined(separator: "   ")])).joined(
    separator: " ")
}

/// Full only when everything is done.
private func bar(done: Int, of total: Int, _ style: RenderStyle) -> String {
  let width = 11
  let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 1
  let full = Int(share * Double(width))
  return String(repeating: style.glyph(.full), count: full)
    + String(repeating: style.glyph(.empty), count: width - full)
}

extension String {
  /// "6.0 s" as "6 s".
  fileprivate var replacingWholeTenths: String {
    hasSuffix(".0 s") ? String(dropLast(4)) + " s" : self
  }
}
