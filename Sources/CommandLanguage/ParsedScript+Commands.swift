// What a text does, wherever it stands in it.

extension ParsedScript {
  /// Every command in the order of the text, those of blocks too.
  package var commands: [Invocation] { pipelines.map(\.command) }
}

extension VerbDeclaration {
  /// The words that its forms give a meaning to.
  package var keywords: Set<String> {
    forms.reduce(into: []) { $0.formUnion(Element.keywords(of: $1.elements)) }
  }
}
