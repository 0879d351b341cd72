// The tree of a script: every statement of the grammar, each as it stands in the text.

/// A text as parsed, with everything that was wrong with its form.
package struct ParsedScript: Sendable {
  package var source: String
  /// The language version of the first line.
  package var language: Int?
  package var parameters: [Parameter]
  package var statements: [Statement]
  package var findings: [Finding]

  /// The source with each abbreviated verb in full, or nil where none is abbreviated.
  package var expanded: String? {
    let abbreviated = pipelines.map(\.command).filter { $0.abbreviation != nil }
    guard !abbreviated.isEmpty else { return nil }
    var bytes = Array(source.utf8)
    for command in abbreviated.sorted(by: { $0.verbSpan.lower > $1.verbSpan.lower }) {
      bytes.replaceSubrange(command.verbSpan.lower..<command.verbSpan.upper, with: command.verb.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Every pipeline in the order of the text, those of blocks too.
  package var pipelines: [Pipeline] { statements.flatMap(\.pipelines) }
}

/// `param NAME : TYPE = literal`.
package struct Parameter: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case text, number, count, duration, date, flag, company, connection, sync, field, file
  }

  package var name: Name
  package var kind: Kind
  package var initial: Argument?
  package var span: SourceSpan
}

/// One statement.
package struct Statement: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case pipeline
    case binding = "let"
    case branch = "if"
    case loop = "for"
    case attempt = "try"
    case stop
    case expectation = "expect"
    case watch
  }

  package indirect enum Content: Hashable, Sendable {
    case pipeline(Pipeline)
    case binding(Name, Bound)
    case branch([Branch], otherwise: [Statement]?)
    case loop(Name, Source, [Statement])
    case attempt([Statement], error: Name?, handler: [Statement])
    case stop(Ending, Argument?)
    case expectation(Condition, because: Argument)
    case watch(every: Duration, Pipeline)
  }

  /// What a `let` gives a name to.
  package enum Bound: Hashable, Sendable {
    case pipeline(Pipeline)
    case condition(Condition)
  }

  /// What a `for` goes through.
  package enum Source: Hashable, Sendable {
    case pipeline(Pipeline)
    case value(Argument)
  }

  /// A condition of an `if` with its block.
  package struct Branch: Hashable, Sendable {
    package var condition: Condition
    package var body: [Statement]
  }

  /// How `stop` ends a script.
  package enum Ending: String, Hashable, Sendable, CaseIterable {
    case ok, failed, partial, changes, refused
  }

  package var content: Content
  /// The word that the statement begins with.
  package var keyword: SourceSpan
  package var span: SourceSpan

  package var kind: Kind {
    switch content {
    case .pipeline: .pipeline
    case .binding: .binding
    case .branch: .branch
    case .loop: .loop
    case .attempt: .attempt
    case .stop: .stop
    case .expectation: .expectation
    case .watch: .watch
    }
  }
}

extension Statement {
  /// Every pipeline in it, those of its blocks too.
  package var pipelines: [Pipeline] {
    switch content {
    case .pipeline(let pipeline), .binding(_, .pipeline(let pipeline)), .watch(_, let pipeline): [pipeline]
    case .binding, .stop, .expectation: []
    case .branch(let branches, let otherwise):
      branches.flatMap { $0.body.flatMap(\.pipelines) } + (otherwise ?? []).flatMap(\.pipelines)
    case .loop(_, let source, let body):
      (source.pipeline.map { [$0] } ?? []) + body.flatMap(\.pipelines)
    case .attempt(let body, _, let handler): (body + handler).flatMap(\.pipelines)
    }
  }
}

extension Statement.Source {
  fileprivate var pipeline: Pipeline? {
    if case .pipeline(let pipeline) = self { pipeline } else { nil }
  }
}

/// A command, the filters over its rows, and where the result goes.
package struct Pipeline: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    package var path: Argument
    package var overwrites: Bool
  }

  package var command: Invocation
  package var filters: [Filter]
  package var format: Format?
  package var file: File?
  package var page: Bool
  package var span: SourceSpan
}

/// A filter over rows.
package struct Filter: Hashable, Sendable {
  package struct SortKey: Hashable, Sendable {
    package var field: Name
    package var isDown: Bool
  }

  package enum Action: Hashable, Sendable {
    case `where`(Condition)
    case sort([SortKey])
    case first(Int)
    case last(Int)
    case columns([Name])
    /// The number of rows, or of rows for each value of a field.
    case count(by: Name?)
  }

  package var action: Action
  package var span: SourceSpan

  package init(_ action: Action, span: SourceSpan) {
    self.action = action
    self.span = span
  }
}

/// How rows are written.
package enum Format: String, Hashable, Sendable, CaseIterable {
  case table, cards, csv, json, ndjson, markdown, html, script
}
