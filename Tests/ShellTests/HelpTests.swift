/// What is declared is told: every word, every field and every topic says what it means.
import CommandLanguage
import Foundation
import Testing

@testable import Shell

@Suite struct HelpTests {
  /// The keywords of a form with what they mean.
  private static func keywords(of elements: [Element]) -> [(word: String, help: String)] {
    elements.flatMap { element -> [(word: String, help: String)] in
      switch element {
      case .keyword(let word, let help): [(word, help)]
      case .optional(let elements), .many(let elements): keywords(of: elements)
      case .oneOf(let alternatives), .options(let alternatives): alternatives.flatMap(keywords)
      case .slot, .pairs, .condition, .limits: []
      }
    }
  }

  @Test("every keyword of every form says what it means", arguments: Verbs.declarations)
  func keywords(verb: VerbDeclaration) {
    for form in verb.forms {
      for (word, help) in Self.keywords(of: form.elements) {
        #expect(!help.isEmpty, "\(verb.name) … \(word) in form \(form.id)")
      }
    }
  }

  @Test("every slot says what is typed there", arguments: Verbs.declarations)
  func slots(verb: VerbDeclaration) {
    for type in verb.forms.flatMap(\.elements).flatMap(\.slotTypes) { #expect(!type.help.isEmpty, "\(type.label)") }
  }

  @Test(
    "every field of every list says what it means",
    arguments: Listings.all.map(\.name) + ["plan", "run", "status", "checks", Listing.explained.name])
  func fields(list: String) {
    for column in ShellVocabulary.columns(of: list) ?? [] { #expect(!column.help.isEmpty, "\(list): \(column.name)") }
  }

  @Test("every verb shows itself at work", arguments: Verbs.declarations)
  func examples(verb: VerbDeclaration) { #expect(!verb.examples.isEmpty) }

  @Test("no line of any page is wider than the terminal", arguments: [60, 80, 120])
  func wrapped(width: Int) {
    for page in HelpTopics.all.map({ $0.page() }) {
      for line in page.text(width: width).split(separator: "\n") {
        // A word or a script's line that is longer stands by itself.
        let isBreakable = line.drop { $0 == " " }.contains(" ")
        let isScript = page.blocks.contains { block in
          if case .script(let text) = block { text.contains(line.dropFirst(2)) } else { false }
        }
        #expect(line.count <= width || !isBreakable || isScript, "\(page.word): \(line)")
      }
    }
  }

  @Test("the manual speaks of every verb, code and variable") func manual() {
    let text = ManualPage(commands: [], date: Date(timeIntervalSince1970: 1_772_442_000)).text
    let lines = text.split(separator: "\n")
    for verb in Verbs.declarations { #expect(lines.contains { $0 == ".SS \(verb.name)" }, "\(verb.name)") }
    for code in ExitCode.allCases { #expect(text.contains(".TP\n.B \"\(code.rawValue)\"\n"), "\(code)") }
    for name in [
      "KITH_HOME", "EDITOR", "VISUAL", "PAGER", "NO_COLOR", "COLUMNS", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
    ] {
      #expect(lines.contains { $0.hasPrefix(".B ") && $0.contains(name) }, "\(name)")
    }
    #expect(!lines.contains { $0.hasPrefix("'") })
  }
}
