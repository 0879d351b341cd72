/// What `why` answers about a company: where its people stop, in figures that add up.
import CommandLanguage
import LineEditing
package import Model
package import Planning

/// One line with the most likely cause, the gates of the company itself, then the funnel:
/// `read 214 → match −3 ambiguous-target → state −31 unlicensed −2 sign-in-disabled → in step 170, changed 8`.
///
/// - Parameter name: what the sync is for: the company's name, or the sync's own for one of a whole tenant.
package func renderFunnel(_ funnel: Funnel, name: String, sync: SyncName, style: RenderStyle) -> String {
  let text = FunnelText(funnel: funnel, name: name, sync: sync, style: style)
  return style.joined(text.headline + gateLines(funnel.companyLines, style: style) + text.figures + text.beside)
}

private struct FunnelText {
  let funnel: Funnel
  let name: String
  let sync: SyncName
  let style: RenderStyle

  var headline: [String] {
    let subject = name.hasPrefix(sync.rawValue) ? name : "\(name)  \(sync)"
    return style.shown("\(subject)   \(funnel.headline)").folded(to: style.textWidth).map { style.paint($0, .strong) }
  }

  /// One below the other with a bar of those that are left, where there is a terminal with room for it; else in one line,
  /// broken at the arrows.
  var figures: [String] {
    guard style.isTerminal, let width = style.textWidth, width >= Self.leastBarredWidth else { return arrows }
    let digits = String(funnel.read).count
    let margin = "  " + String(repeating: " ", count: Self.barWidth + 2 + digits + 2)
    // A stop is kept on one line with its number.
    let steps = ["read"] + stages(parting: "  ") + [endings]
    return zip(steps, remaining).flatMap { step, left -> [String] in
      let parts = [
        BarPart(amount: Double(left), meaning: .done), BarPart(amount: Double(funnel.read - left), meaning: .rest),
      ]
      let number = DisplayWidth.padding(String(left), to: digits, alignment: .right)
      let head = "  \(bar(parts, cells: Self.barWidth, style: style))  \(number)  "
      let pieces = step.folded(to: width - margin.count, hang: 2)
      return pieces.enumerated().map { $0 == 0 ? head + $1 : margin + $1 }
    }
  }

  private static let barWidth = 10
  private static let leastBarredWidth = 50

  /// How many are left behind each step.
  private var remaining: [Int] {
    var left = [funnel.read]
    for stage in funnel.stages where !stage.stops.isEmpty { left.append((left.last ?? 0) - stage.count) }
    return left + [left.last ?? 0]
  }

  private var arrows: [String] {
    let arrow = " \(style.glyph(.becomes)) "
    var lines: [String] = []
    for step in steps {
      if let line = lines.last, fits(line + arrow + step) {
        lines[lines.count - 1] = line + arrow + step
      } else {
        lines.append(lines.isEmpty ? "  " + step : "   " + arrow + step)
      }
    }
    return lines
  }

  /// What is no part of the records read, and so of no figure above.
  var beside: [String] {
    var lines: [String] = []
    let gone = funnel.gone.reduce(0) { $0 + $1.count }
    if gone > 0 {
      let words = funnel.gone.map { "\($0.action.rawValue) \($0.count)" }.joined(separator: ", ")
      lines.append("  \(gone) linked before and no longer at the source: \(words)")
    }
    if funnel.targetOnly > 0 {
      lines.append("  \(funnel.targetOnly) only at the target: left alone")
    }
    return lines
  }

  private var steps: [String] { ["read \(funnel.read)"] + stages(parting: " ") + [endings] }

  private func stages(parting: String) -> [String] {
    funnel.stages.filter { !$0.stops.isEmpty }.map { stage in
      let stops = stage.stops.map { "\(style.glyph(.minus))\($0.count) \($0.reason.rawValue)" }
      return ([stage.gate.rawValue] + stops).joined(separator: parting)
    }
  }

  /// "in step 170, changed 7 (create 5, update 2)", and whatever else came through.
  private var endings: String {
    let counts = PlanFigures.order.map { action in
      (action: action, count: funnel.endings.filter { $0.action == action }.reduce(0) { $0 + $1.count })
    }
    let changes = counts.filter { $0.action.isChange && $0.count > 0 }
    let others = counts.filter { !$0.action.isChange && $0.action != .inStep && $0.count > 0 }
    let inStep = counts.first { $0.action == .inStep }?.count ?? 0
    let kinds = changes.map { "\($0.action.rawValue) \($0.count)" }.joined(separator: ", ")
    return "in step \(inStep), changed \(changes.reduce(0) { $0 + $1.count })"
      + (changes.isEmpty ? "" : " (\(kinds))") + others.map { ", \($0.action.rawValue) \($0.count)" }.joined()
  }

  private func fits(_ line: String) -> Bool {
    // Every sign of a funnel takes one column.
    style.textWidth.map { line.count <= $0 } ?? true
  }
}
