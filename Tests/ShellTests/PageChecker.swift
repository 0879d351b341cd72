/// A small, strict reader of the pages that `as html` writes: stricter than a browser, which forgives almost anything.
import Foundation

/// What is wrong with a page, a sentence each; none for one that may be sent to a customer.
func faults(of page: String) -> [String] {
  var checker = PageChecker()
  // A mark that joins the character before it would hide a < or > from a reader of whole characters, as Swift is one; a
  // browser reads scalar by scalar.
  let plain = page.unicodeScalars.filter { scalar in
    !scalar.properties.isGraphemeExtend && ![.format, .spacingMark].contains(scalar.properties.generalCategory)
  }
  checker.read(String(String.UnicodeScalarView(plain)))
  return checker.faults
}

private struct PageChecker {
  private(set) var faults: [String] = []
  private var open: [Element] = []
  private var seen: [String: Int] = [:]
  private var headingLevel = 0
  private var title = ""

  private struct Element {
    var name: String
    var attributes: [String: String]
    var children: [String] = []
    var text = ""
    /// Of a table: its columns, and whether a sum of columns is known.
    var columns = 0
  }

  private static let void: Set<String> = ["meta", "br"]
  private static let known: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "main", "footer", "section", "div", "h1", "h2", "h3", "p", "ul",
    "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "b", "i", "code", "del",
    "ins", "time", "details", "summary", "br",
  ]
  /// None of these can leave the page, run anything or look otherwise than the sheet says.
  private static let attributes: Set<String> = [
    "lang", "charset", "name", "content", "http-equiv", "class", "scope", "role", "aria-label", "aria-hidden",
    "tabindex", "data-label", "datetime",
  ]
  /// What a phrase may hold.
  private static let phrasing: Set<String> = ["span", "b", "i", "code", "del", "ins", "time", "br"]
  private static let parents: [String: Set<String>] = [
    "tr": ["thead", "tbody"], "th": ["tr"], "td": ["tr"], "caption": ["table"], "thead": ["table"],
    "tbody": ["table"], "li": ["ul"], "dt": ["div"], "dd": ["div"], "summary": ["details"], "main": ["body"],
    "footer": ["body"], "section": ["main"], "title": ["head"], "style": ["head"],
  ]

  mutating func read(_ page: String) {
    guard page.hasPrefix("<!DOCTYPE html>\n<html") else { return note("no doctype") }
    var rest = page.dropFirst("<!DOCTYPE html>".count)
    while let start = rest.firstIndex(of: "<") {
      text(String(rest[..<start]))
      if open.last?.name == "style", !rest[start...].hasPrefix("</style>") { return note("a < in the sheet") }
      guard let end = rest[start...].firstIndex(of: ">") else { return note("a tag that does not end") }
      tag(String(rest[rest.index(after: start)..<end]))
      rest = rest[rest.index(after: end)...]
    }
    text(String(rest))
    if !open.isEmpty { note("never closed: \(open.map(\.name))") }
    for (name, count) in ["html": 1, "head": 1, "title": 1, "body": 1, "main": 1, "h1": 1, "style": 1] {
      if seen[name] != count { note("\(seen[name] ?? 0) × <\(name)>") }
    }
    for name in ["meta charset", "meta viewport", "meta policy"] where seen[name] != 1 { note("no \(name)") }
    if title.allSatisfy(\.isWhitespace) { note("an empty title") }
  }

  private mutating func note(_ fault: String) { faults.append(fault) }

  // MARK: - Tags

  private mutating func tag(_ source: String) {
    if source.hasPrefix("/") { return close(String(source.dropFirst())) }
    let name = String(source.prefix { $0 != " " })
    guard Self.known.contains(name) else { return note("<\(name)>") }
    let element = Element(name: name, attributes: attributes(source.dropFirst(name.count), of: name))
    seen[name, default: 0] += 1
    place(element)
    if Self.void.contains(name) { return }
    open.append(element)
  }

  private mutating func attributes(_ source: Substring, of name: String) -> [String: String] {
    var attributes: [String: String] = [:]
    var rest = source
    while !rest.isEmpty {
      guard let match = rest.prefixMatch(of: #/ ([a-z-]+)="([^"<>]*)"/#) else {
        note("attributes of <\(name)>: \(source)")
        return attributes
      }
      let key = String(match.1)
      if !Self.attributes.contains(key) { note("\(key) on <\(name)>") }
      if attributes.updateValue(String(match.2), forKey: key) != nil { note("\(key) twice on <\(name)>") }
      references(in: String(match.2))
      rest = rest[match.range.upperBound...]
    }
    return attributes
  }

  /// Where it stands, and what it has to have.
  private mutating func place(_ element: Element) {
    let parent = open.last?.name ?? ""
    if let allowed = Self.parents[element.name], !allowed.contains(parent) { note("<\(element.name)> in <\(parent)>") }
    if ["p", "h1", "h2", "h3", "caption", "summary", "del", "ins", "span", "dt", "dd", "li"].contains(parent),
      !Self.phrasing.contains(element.name)
    {
      note("<\(element.name)> in <\(parent)>")
    }
    if !open.isEmpty { open[open.count - 1].children.append(element.name) }
    switch element.name {
    case "html": if element.attributes["lang"] != "en" { note("no language") }
    case "meta": meta(element.attributes)
    case "h1", "h2", "h3":
      let level = Int(element.name.dropFirst()) ?? 0
      if level > headingLevel + 1 { note("<\(element.name)> below level \(headingLevel)") }
      headingLevel = level
    case "caption": if open.last?.children.count != 1 { note("a caption that is not first") }
    case "th":
      let isHeading = open.contains { $0.name == "thead" }
      if element.attributes["scope"] != (isHeading ? "col" : "row") { note("a th without its scope") }
    case "time": if element.attributes["datetime"] == nil { note("a time without datetime") }
    default: break
    }
  }

  private mutating func meta(_ attributes: [String: String]) {
    if attributes["charset"] == "utf-8" { seen["meta charset", default: 0] += 1 }
    if attributes["name"] == "viewport" { seen["meta viewport", default: 0] += 1 }
    if attributes["http-equiv"] == "Content-Security-Policy",
      attributes["content"]?.hasPrefix("default-src 'none'") == true
    {
      seen["meta policy", default: 0] += 1
    }
  }

  private mutating func close(_ name: String) {
    guard let element = open.popLast() else { return note("</\(name)> of nothing") }
    if element.name != name { return note("</\(name)> closes <\(element.name)>") }
    switch name {
    case "title": title = element.text
    case "table":
      if element.children != ["caption", "thead", "tbody"] { note("a table of \(element.children)") }
    case "tr": row(element)
    case "style":
      for word in ["url(", "@import", "expression", "src:"] where element.text.contains(word) {
        note("\(word) in the sheet")
      }
    case "h1", "h2", "h3", "caption", "summary":
      if element.text.allSatisfy(\.isWhitespace) { note("an empty <\(name)>") }
    default: break
    }
  }

  private mutating func row(_ row: Element) {
    guard let table = open.lastIndex(where: { $0.name == "table" }) else { return }
    if open.last?.name == "thead" {
      open[table].columns = row.children.count
      if row.children.contains("td") { note("a td among the headings") }
    } else {
      if row.children.count != open[table].columns { note("\(row.children.count) cells of \(open[table].columns)") }
      if row.children.count(where: { $0 == "th" }) != 1 { note("a row without a name, or with two") }
    }
  }

  // MARK: - Text

  private mutating func text(_ text: String) {
    guard !text.isEmpty else { return }
    if !open.isEmpty { open[open.count - 1].text += text }
    if open.last?.name == "style" { return }
    references(in: text)
    if text.contains(">") { note("a > in a text") }
    if steersTerminal(text) { note("a control character") }
    let isBetween = ["", "html", "head", "body", "table", "thead", "tbody", "tr", "ul", "dl"].contains(
      open.last?.name ?? "")
    if isBetween, !text.allSatisfy(\.isWhitespace) { note("text in <\(open.last?.name ?? "")>: \(text.prefix(20))") }
  }

  /// Every & begins one of the five references that are ever needed.
  private mutating func references(in text: String) {
    for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
    where !["amp;", "lt;", "gt;", "quot;", "#39;"].contains(where: part.hasPrefix) {
      note("a bare & before \(part.prefix(8))")
    }
  }
}
