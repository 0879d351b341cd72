// Findings as a person reads them: the line, carets under the trouble, and one sentence for each.

/// The findings in the order of the text, each with carets under its place.
///
/// Each line with findings is echoed once, after `named:line:column` where a name is given. With `under` (the width of
/// the prompt) a one-line source is not echoed: the carets stand under what was just typed. What stands at `secrets`, and
/// under findings that conceal it, is echoed as asterisks. Of a line that is wider than `width` the part around the trouble
/// is echoed, for each finding anew.
package func render(
  _ findings: [Finding], in source: String, named name: String? = nil, under promptWidth: Int? = nil,
  within width: Int? = nil, concealing secrets: [SourceSpan] = []
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
    var before = displayWidth(of: slice(text, 0, finding.span.lower - start))
    if echoes {
      let whole = echo(text, from: start, concealing: concealed)
      let room = width.map { max(20, $0 - indent.count - 1) }
      let isCut = room.map { displayWidth(of: whole) > $0 } ?? false
      if number != shownLine {
        if let name {
          output.append("\(name):\(number):\(finding.span.column)")
        } else if lines.count > 1 {
          output.append("line \(number)")
        }
      }
      if let room, isCut {
        let part = excerpt(of: whole, around: before, room)
        output.append(indent + part.text)
        before = part.column
      } else if number != shownLine {
        output.append(indent + whole)
      }
    }
    shownLine = number
    let under = displayWidth(of: slice(text, finding.span.lower - start, finding.span.upper - start))
    let carets = String(repeating: "^", count: max(1, under))
    output.append(indent + String(repeating: " ", count: before) + carets + " " + finding.sentence)
  }
  return output.joined(separator: "\n")
}

/// The part of a line around a column that takes at most so many columns, and where the column is in it.
private func excerpt(of line: String, around column: Int, _ room: Int) -> (text: String, column: Int) {
  let whole = displayWidth(of: line)
  let first = max(0, min(column - room / 3, whole - room))
  var text = first > 0 ? "…" : ""
  var place = 0
  var used = first > 0 ? 1 : 0
  var dropped = 0
  for character in line {
    let width = displayWidth(of: String(character))
    defer { place += width }
    // The sign of what is left out takes the place of the first character.
    if place < first + (first > 0 ? 1 : 0) {
      dropped += width
      continue
    }
    if used + width > room - 1, place + width < whole {
      text += "…"
      break
    }
    text.append(character)
    used += width
  }
  return (text, max(0, column - dropped) + (first > 0 ? 1 : 0))
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
