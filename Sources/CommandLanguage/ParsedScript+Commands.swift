// What a text does, wherever it stands in it.

extension ParsedScript {
  /// Every pipeline, those of blocks too, in the order of the text.
  package var allPipelines: [Pipeline] { statements.flatMap(\.pipelines) }

  /// Every command, those of blocks too, in the order of the text.
  package var commands: [Invocation] { allPipelines.map(\.command) }
}

extension VerbDeclaration {
  /// The words that its forms give a meaning to.
  package var keywords: Set<String> {
    forms.reduce(into: []) { $0.formUnion(Element.keywords(of: $1.elements)) }
  }
}
