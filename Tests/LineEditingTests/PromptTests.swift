import Testing

@testable import LineEditing

@Suite("The prompt")
struct PromptTests {
  @Test(
    "it reads the same with and without Unicode, as far as it can",
    arguments: [
      (Prompt.shell(context: nil), "kith› ", "kith> "), (.shell(context: ""), "kith› ", "kith> "),
      (.shell(context: "acme"), "kith acme› ", "kith acme> "),
      (.shell(context: "zażółć"), "kith zażółć› ", "kith za????> "),
      (.shell(context: "a\u{1B}[2J\n"), "kith a␛[2J⏎› ", "kith a^[[2J^J> "),
    ])
  func plain(_ prompt: Prompt, _ unicode: String, _ ascii: String) {
    #expect(prompt.plain(unicode: true) == unicode)
    #expect(prompt.plain(unicode: false) == ascii)
    #expect(prompt.forEditor(colors: false, unicode: true) == unicode)
  }

  private static let prompts = [
    Prompt.shell(context: nil), .shell(context: "acme"), Prompt([]),
    Prompt([.init("", .name), .init("a", .context), .init("", .mark), .init("b", .context), .init("c", .warning)]),
  ]

  @Test("escape sequences never meet, never end the prompt, and are closed by a reset", arguments: prompts)
  func escapes(_ prompt: Prompt) {
    let pieces = prompt.forEditor(colors: true, unicode: true).split(
      separator: "\u{1}", omittingEmptySubsequences: false)
    // Text and sequences take turns, text first and last.
    #expect(pieces.count % 2 == 1)
    #expect(pieces.last == " ")
    for (index, piece) in pieces.enumerated() {
      #expect(piece.hasPrefix("\u{1B}[") == (index % 2 == 1))
      if index > 0 { #expect(!piece.isEmpty) }
    }
    if pieces.count > 1 { #expect(pieces[pieces.count - 2] == "\u{1B}[0m") }
    let text = pieces.enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined()
    #expect(text == prompt.plain(unicode: true))
  }

  @Test("a context cannot bring escape sequences or marks of its own")
  func hostileContext() {
    let rendered = Prompt.shell(context: "\u{1}\u{1B}]0;x\u{7}").forEditor(colors: true, unicode: true)
    let harmless = Prompt.shell(context: "a").forEditor(colors: true, unicode: true)
    let marks = [rendered, harmless].map { $0.unicodeScalars.filter { $0 == "\u{1}" }.count }
    #expect(marks[0] == marks[1])
    #expect(rendered.contains("␁␛]0;x␇"))
  }
}
