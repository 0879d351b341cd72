/// What is declared, for whoever has to go through all of it: the manual, and the check that every part says what it means.
package import CommandLanguage

package enum Declared {
  package static let verbs = Verbs.declarations
  package static let lists = Listings.all.map(\.name) + ["plan", "run", "status", "checks", Listing.explained.name]
  package static var pages: [HelpPage] { HelpTopics.all.map { $0.page() } }

  /// The fields of a list.
  package static func columns(of list: String) -> [Column] { ShellVocabulary.columns(of: list) ?? [] }

  /// The keywords of a form with what they mean.
  package static func keywords(of elements: [Element]) -> [(word: String, help: String)] {
    elements.flatMap { element -> [(word: String, help: String)] in
      switch element {
      case .keyword(let word, let help): [(word, help)]
      case .optional(let elements), .many(let elements): keywords(of: elements)
      case .oneOf(let alternatives), .options(let alternatives): alternatives.flatMap(keywords)
      case .slot, .pairs, .condition, .limits: []
      }
    }
  }
}
