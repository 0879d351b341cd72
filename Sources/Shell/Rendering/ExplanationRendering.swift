/// What `why` answers about one record: the cause in a line, the gates as evidence, and what would change it.
import LineEditing
import Model
package import Planning

/// The explanation in the layout of `why`: headline, a line for each gate, then what else stops the record, near misses
/// with their difference marked, what would let it through, the rule behind it, and how many others stop there.
package func renderExplanation(_ explanation: Explanation, style: RenderStyle) -> String {
  let text = ExplanationText(explanation: explanation, style: style)
  return style.joined(text.headline + text.gates + text.behind)
}

/// The lines of gates that stand above a funnel and in an explanation.
func gateLines(_ gates: [GateLine], style: RenderStyle) -> [String] {
  let width = (Gate.allCases.map(\.rawValue.count).max() ?? 0) + 2
  let margin = String(repeating: " ", count: 4 + width + 1)
  return gates.flatMap { line -> [String] in
    let name = DisplayWidth.padding(line.gate.rawValue, to: width)
    let moment = line.readAt.map { style.clock($0) + ", " } ?? ""
    let text = style.shown(moment + line.text)
    let pieces = text.folded(to: style.textWidth.map { max(16, $0 - margin.count) }, hang: 0)
    return pieces.enumerated().map { index, piece in
      index == 0 ? "  \(mark(line.mark, style)) \(name) \(piece)" : margin + piece
    }
  }
}

private func mark(_ mark: GateMark, _ style: RenderStyle) -> String {
  switch mark {
  case .passed: style.paint(style.glyph(.passed), .good)
  case .stopped: style.paint(style.glyph(.stopped), .bad)
  case .noted, .notReached: style.paint(style.glyph(.noted), .dim)
  }
}

private struct ExplanationText {
  let explanation: Explanation
  let style: RenderStyle

  var headline: [String] {
    style.shown(explanation.headline).folded(to: style.textWidth).map { style.paint($0, .strong) }
  }

  var gates: [String] { gateLines(explanation.gates, style: style) }

  var behind: [String] {
    also + nearMisses + counterfactual + nextStep + toTry + rule + others
  }

  private var also: [String] {
    section("then also", explanation.also.map { "\($0.reason.rawValue)   \($0.words)" })
  }

  /// Both texts under each other, in quotes, and under them the letters in which they differ.
  private var nearMisses: [String] {
    explanation.nearMisses.flatMap { miss -> [String] in
      let margin = String(repeating: " ", count: Self.labelWidth)
      let texts = [miss.sourceText, miss.targetText].map { text in
        margin + (text.isEmpty ? "‹blank›" : "\"" + style.shown(text) + "\"")
      }
      // Below a text that is folded, marks would point anywhere.
      let fits = texts.allSatisfy { DisplayWidth.of($0) <= style.textWidth ?? .max }
      let isMarked = !miss.sourceText.isEmpty && !miss.targetText.isEmpty && fits
      return section("near miss", ["\(miss.target)   \(miss.field)   \(miss.difference)"]) + texts
        + (isMarked ? [margin + " " + marks(miss)] : [])
    }
  }

  /// The marks count letters; on screen a letter may take two columns, and one that cannot be shown several.
  private func marks(_ miss: NearMiss) -> String {
    let letters = Array(miss.targetText)
    return miss.marks.enumerated().map { index, mark in
      let width = letters.indices.contains(index) ? DisplayWidth.of(style.shown(String(letters[index]))) : 1
      return String(repeating: mark, count: width)
    }.joined()
  }

  private var counterfactual: [String] {
    let commands = explanation.counterfactual.map { style.shown($0.command) }
    let width = commands.map(DisplayWidth.of).max() ?? 0
    let lines = zip(commands, explanation.counterfactual).map { command, change in
      "\(DisplayWidth.padding(command, to: width))    \(style.glyph(.becomes)) \(change.becomes)"
    }
    return section("would sync if", lines)
  }

  private var nextStep: [String] { section("next step", explanation.nextStep.map { [$0] } ?? []) }

  private var toTry: [String] { section("to try first", explanation.toTry.map { [$0] } ?? []) }

  private var rule: [String] { section("rule", explanation.rule.map { [$0] } ?? []) }

  private var others: [String] {
    guard explanation.sameReason > 0 else { return [] }
    let stop = explanation.sameReason == 1 ? "1 other stops here" : "\(explanation.sameReason) others stop here"
    return [stop + (explanation.sameReasonCommand.map { ":  " + style.shown($0) } ?? "")]
  }

  private static let labelWidth = 16

  /// A label and its lines, the label standing once.
  private func section(_ label: String, _ lines: [String]) -> [String] {
    let room = style.textWidth.map { max(16, $0 - Self.labelWidth) }
    let pieces = lines.flatMap { style.shown($0).folded(to: room, hang: 0) }
    return pieces.enumerated().map { index, piece in
      let padded = DisplayWidth.padding(index == 0 ? label : "", to: Self.labelWidth)
      return (index == 0 ? style.paint(label, .dim) + padded.dropFirst(label.count) : padded) + piece
    }
  }
}
