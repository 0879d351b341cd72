/// How the session's answers look right now: the width can change between two lines.
package import Foundation
import LineEditing

/// Answers with the style of the moment.
package struct StyleSource: Sendable {
  package var isTerminal: Bool
  package var color: Bool
  package var ascii: Bool
  package var timeZone: TimeZone
  /// The width of the terminal in columns; `nil` where there is none.
  package var width: @Sendable () -> Int?
  package var progress: ProgressDisplay?
  /// What long answers are read in; `nil` where they are written out.
  package var pager: Pager?

  package init(
    isTerminal: Bool, color: Bool, ascii: Bool, timeZone: TimeZone, progress: ProgressDisplay?, pager: Pager? = nil,
    width: @escaping @Sendable () -> Int?
  ) {
    self.isTerminal = isTerminal
    self.color = color
    self.ascii = ascii
    self.timeZone = timeZone
    self.progress = progress
    self.pager = pager
    self.width = width
  }

  package func current(now: Date) -> RenderStyle {
    RenderStyle(
      width: isTerminal ? width() : nil, color: color, now: now, timeZone: timeZone, isTerminal: isTerminal,
      ascii: ascii)
  }
}
