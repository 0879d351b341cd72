// Findings as a person reads them: the line, carets under the trouble, and one sentence for each.

/// The findings in the order of the text, each with carets under its place.
///
/// Each line with findings is echoed once, after `named:line:column` where a name is given. With `under` (the width of
/// the prompt) a one-line source is not echoed: the carets stand under what was just typed. What stands at `secrets`, and
/// under findings that conceal it, is echoed as asterisks.
package func render(
  _ findings: [Finding], in source: String, named name: String? = nil, under promptWidth: Int? = nil,
  concealing secrets: [SourceSpan] = []
) -> String {
  let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  let ordered = findings.enumerated().sorted {
    ($0.element.span.lower, $0.offset) < ($1.element.span.lower, $1.offset)
  }.map(\.element)
  let concealed = secrets + ordered.filter(\.conceals).map(\.span)
  let echoes = promptWidth == nil || lines.count > 1
  let indent = String(repeating: " ", count: echoes ? 2 : promptWidth ?? 0)

  var starts: [Int] = []
  var offset = 0
  for line in lines {
    starts.append(offset)
    offset += line.utf8.count + 1
  }

  var output: [String] = []
  var shownLine = 0
  for finding in ordered {
    let number = finding.span.line
    let text = lines.indices.contains(number - 1) ? lines[number - 1] : ""
    let start = starts.indices.contains(number - 1) ? starts[number - 1] : 0
    if echoes, number != shownLine {
      if let name {
        output.append("\(name):\(number):\(finding.span.column)")
      } else if lines.count > 1 {
        output.append("line \(number)")
      }
      output.append(indent + echo(text, from: start, concealing: concealed))
    }
    shownLine = number
    let before = displayWidth(of: slice(text, 0, finding.span.lower - start))
    let under = displayWidth(of: slice(text, finding.span.lower - start, finding.span.upper - start))
    let carets = String(repeating: "^", count: max(1, under))
    output.append(indent + String(repeating: " ", count: before) + carets + " " + finding.sentence)
  }
  return output.joined(separator: "\n")
}

/// The line as it may be shown: control characters as one sign each, secrets as asterisks.
private func echo(_ line: String, from start: Int, concealing spans: [SourceSpan]) -> String {
  var shown = ""
  var offset = start
  for character in line {
    let width = displayWidth(of: String(character))
    if spans.contains(where: { $0.lower <= offset && offset < $0.upper }) {
      shown += String(repeating: "*", count: width)
    } else if isControl(character) {
      shown += character == "\r" ? "" : " "
    } else {
      shown.append(character)
    }
    offset += character.utf8.count
  }
  return shown
}

/// The part of a line between two UTF-8 offsets, which may lie outside it or inside a character.
private func slice(_ line: String, _ lower: Int, _ upper: Int) -> String {
  var part = ""
  var offset = 0
  for character in line {
    if offset >= upper { break }
    if offset >= lower { part.append(character) }
    offset += character.utf8.count
  }
  return part
}
