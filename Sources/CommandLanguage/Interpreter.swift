// Carrying a script out, statement by statement, once it was checked whole.

/// What a script runs in: it carries commands out and shows what they give; the language knows no command itself.
package protocol ScriptHost: Sendable {
  /// Carries one command out; its variables are replaced by their values already.
  func outcome(of command: Invocation) async throws -> Outcome

  /// Writes what a pipeline gave to where its line says.
  func show(_ outcome: Outcome, of pipeline: Pipeline) throws

  /// Shows what one look of a `watch` gave, in place of the look before it where that can be.
  func showLook(_ outcome: Outcome, of pipeline: Pipeline, every: Duration) throws

  /// The time, the calendar and the moments that conditions are read in.
  func scope(_ variables: Variables) -> EvaluationScope

  /// An error as a script may look at it; nil where none may keep the script from ending: an interruption.
  func caught(_ error: any Error) -> CaughtError?

  /// Lets time pass between two looks of a `watch`.
  /// - Throws: `CancellationError`.
  func pause(for duration: Duration) async throws
}

/// How `stop` ended a script.
package struct ScriptStop: Error, Hashable, Sendable {
  package var ending: Statement.Ending
  package var message: String?

  package init(ending: Statement.Ending, message: String? = nil) {
    self.ending = ending
    self.message = message
  }
}

/// A `watch` was ended by the person who watched: how it always ends.
package struct WatchEnded: Error {}

/// An error with the line of the script at which it happened.
package struct ScriptFailure: Error {
  package var underlying: any Error
  package var line: Int
}

/// Something that a script said has to be so, and is not.
package struct UnmetExpectation: Error, Hashable, Sendable {
  package var message: String
}

/// The state of one script at work.
package struct Interpreter<Host: ScriptHost>: Sendable {
  private let host: Host
  package private(set) var variables: Variables
  /// How many errors `on error` has caught: they still count at the end.
  package private(set) var caughtErrors = 0

  package init(host: Host, variables: Variables = Variables()) {
    self.host = host
    self.variables = variables
  }

  /// Runs the statements in their order.
  ///
  /// - Throws: ``ScriptStop`` where the script ended itself; ``ScriptFailure`` around the first error that nothing
  ///   caught.
  package mutating func run(_ statements: [Statement]) async throws {
    for statement in statements {
      do {
        try Task.checkCancellation()
        try await run(statement)
      } catch let error where error is ScriptStop || error is ScriptFailure {
        throw error
      } catch {
        throw ScriptFailure(underlying: error, line: statement.span.line)
      }
    }
  }

  /// Runs a block: the names that it gives are forgotten behind it.
  private mutating func run(block: [Statement]) async throws {
    let visible = variables
    defer { variables = visible }
    try await run(block)
  }

  private mutating func run(_ statement: Statement) async throws {
    switch statement.content {
    case .pipeline(let pipeline):
      try host.show(try await outcome(of: pipeline), of: try pipeline.resolved(with: variables))
    case .binding(let name, .pipeline(let pipeline)):
      bind(name.text, to: try await outcome(of: pipeline))
    case .binding(let name, .condition(let condition)):
      variables.bind(name.text, to: try value(of: condition))
    case .branch(let branches, let otherwise):
      for branch in branches where try holds(branch.condition) { return try await run(block: branch.body) }
      try await run(block: otherwise ?? [])
    case .loop(let name, let source, let body):
      try await loop(name.text, over: source, body)
    case .attempt(let body, let error, let handler):
      try await attempt(body, error?.text, handler)
    case .stop(let ending, let message):
      throw ScriptStop(ending: ending, message: try message?.resolved(with: variables).text)
    case .expectation(let condition, let because):
      guard try !holds(condition) else { return }
      throw UnmetExpectation(message: try because.resolved(with: variables).text)
    case .watch(let every, let pipeline):
      do {
        while true {
          let resolved = try pipeline.resolved(with: variables)
          try host.showLook(try await outcome(of: pipeline), of: resolved, every: every)
          try await host.pause(for: every)
        }
      } catch  where Task.isCancelled {
        throw WatchEnded()
      }
    }
  }

  /// A finite number of rounds, known before the first: rows, the items of a list, or one value.
  private mutating func loop(_ name: String, over source: Statement.Source, _ body: [Statement]) async throws {
    var rounds: [Variables] = []
    func round(_ bind: (inout Variables) -> Void) {
      var inside = variables
      bind(&inside)
      rounds.append(inside)
    }
    var rows: Rows?
    switch source {
    case .pipeline(let pipeline):
      switch try await outcome(of: pipeline) {
      case .rows(let given), .record(let given), .drawn(_, let given): rows = given
      case .number(let number): round { $0.bind(name, to: .count(number)) }
      case .text(let text), .message(let text): round { $0.bind(name, to: .text(text)) }
      case .nothing: break
      }
    case .value(let argument):
      if case .variable(let path) = argument.content, path.fields.isEmpty { rows = variables.rows[path.name] }
      guard rows == nil else { break }
      switch try value(of: argument) {
      case .list(let items): for item in items { round { $0.bind(name, to: item) } }
      case .blank: break
      case let value: round { $0.bind(name, to: value) }
      }
    }
    for row in rows?.rows ?? [] { if let rows { round { $0.bind(name, to: row, of: rows) } } }
    let outside = variables
    defer { variables = outside }
    for inside in rounds {
      variables = inside
      try await run(body)
    }
  }

  private mutating func attempt(_ body: [Statement], _ name: String?, _ handler: [Statement]) async throws {
    do {
      try await run(block: body)
    } catch let failure as ScriptFailure {
      guard !Task.isCancelled, var error = host.caught(failure.underlying) else { throw failure }
      error.line = failure.line
      caughtErrors += 1
      let visible = variables
      defer { variables = visible }
      if let name { variables.bind(name, to: error) }
      try await run(handler)
    }
  }

  // MARK: - Values

  private func outcome(of pipeline: Pipeline) async throws -> Outcome {
    let scope = host.scope(variables)
    let command = try pipeline.command.resolved(with: variables)
    var outcome = try await host.outcome(of: command)
    if let condition = command.condition, case .rows(let rows) = outcome {
      outcome = try apply([Filter(.where(condition), span: command.span)], to: .rows(rows), scope: scope)
    }
    return try apply(pipeline.filters, to: outcome, scope: scope)
  }

  private mutating func bind(_ name: String, to outcome: Outcome) {
    switch outcome {
    case .record(let rows): variables.bind(name, to: rows.rows.first ?? [], of: rows)
    // One plan, one run: the thing itself.
    case .drawn(_, let rows) where rows.rows.count == 1: variables.bind(name, to: rows.rows[0], of: rows)
    case .rows(let rows), .drawn(_, let rows): variables.bind(name, to: rows)
    case .number(let number): variables.bind(name, to: .count(number))
    case .text(let text), .message(let text): variables.bind(name, to: .text(text))
    case .nothing: variables.bind(name, to: .blank)
    }
  }

  private func holds(_ condition: Condition) throws -> Bool {
    try evaluate(condition, row: [], columns: [], scope: host.scope(variables))
  }

  /// A value alone, and no comparison, is that value; anything else is yes or no.
  private func value(of condition: Condition) throws -> Value {
    if case .flag(.argument(let argument)) = condition { return try value(of: argument) }
    return .flag(try holds(condition))
  }

  private func value(of argument: Argument) throws -> Value {
    try argument.resolved(with: variables).value ?? .blank
  }
}

extension Pipeline {
  /// The same with the variables of the file's name replaced by their values.
  fileprivate func resolved(with variables: Variables) throws(EvaluationError) -> Pipeline {
    var resolved = self
    if let file { resolved.file?.path = try file.path.resolved(with: variables) }
    return resolved
  }
}
