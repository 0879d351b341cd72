// What a text does, wherever it stands in it.

extension ParsedScript {
  /// Every command in the order of the text, those of blocks too.
  package var commands: [Invocation] { pipelines.map(\.command) }
}

extension Statement {
  /// Itself and the statements of its blocks, in the order of the text.
  package var withInner: [Statement] {
    let inner: [Statement] =
      switch content {
      case .pipeline, .binding, .stop, .expectation, .watch: []
      case .branch(let branches, let otherwise): branches.flatMap(\.body) + (otherwise ?? [])
      case .loop(_, _, let body): body
      case .attempt(let body, _, let handler): body + handler
      }
    return [self] + inner.flatMap(\.withInner)
  }
}

extension VerbDeclaration {
  /// The words that its forms give a meaning to.
  package var keywords: Set<String> {
    forms.reduce(into: []) { $0.formUnion(Element.keywords(of: $1.elements)) }
  }
}
