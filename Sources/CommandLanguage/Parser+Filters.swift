// filter: what may stand after `|`.

extension Parser {
  static let filterWords = FilterHelp.all.map(\.word)

  /// One filter or destination, put into the pipeline; what is wrong is reported.
  mutating func filter(into pipeline: inout Pipeline) {
    let start = position
    let found = findings.count
    context = pipeline.command
    for filter in FilterHelp.all { note(.keyword(filter.word, help: filter.summary)) }
    guard token.kind == .word, Self.filterWords.contains(token.text) else {
      fail()
      return
    }
    let word = token
    position += 1
    switch word.text {
    case "as": format(into: &pipeline)
    case "to": file(into: &pipeline)
    case "page": pipeline.page = true
    default:
      if pipeline.format != nil || pipeline.file != nil || pipeline.page {
        fail(
          "`\(word.text)` cannot follow what says where the rows go", at: word,
          fix: "move it before `as`, `to file` and `page`")
      }
      let subject = pipeline.command.subject
      if let action = action(word.text, subject) {
        pipeline.filters.append(Filter(action, span: span(from: start)))
      } else {
        return
      }
    }
    if !endsCommand(token), findings.count == found { fail() }
  }

  private mutating func action(_ word: String, _ subject: String?) -> Filter.Action? {
    switch word {
    case "where": return (condition(over: .rows(subject: subject)) ?? begunCondition).map(Filter.Action.where)
    case "sort": return sortKeys(subject).map(Filter.Action.sort)
    case "first": return number().map(Filter.Action.first)
    case "last": return number().map(Filter.Action.last)
    case "columns": return fieldNames(subject).map(Filter.Action.columns)
    case "count":
      guard take(word: "by") else { return .count(by: nil) }
      guard let field = fieldName(subject) else { return nil }
      return .count(by: field)
    default: preconditionFailure("every filter word has its action")
    }
  }

  /// `NAME [ "down" ] { "," NAME [ "down" ] }`
  private mutating func sortKeys(_ subject: String?) -> [Filter.SortKey]? {
    var keys: [Filter.SortKey] = []
    repeat {
      guard let field = fieldName(subject) else { return nil }
      keys.append(Filter.SortKey(field: field, isDown: take(word: "down")))
    } while take(mark: .comma)
    return keys
  }

  private mutating func fieldNames(_ subject: String?) -> [Name]? {
    var names: [Name] = []
    repeat {
      guard let field = fieldName(subject) else { return nil }
      names.append(field)
    } while take(mark: .comma)
    return names
  }

  private mutating func fieldName(_ subject: String?) -> Name? {
    note(.fieldName(subject: subject))
    guard token.kind == .word else {
      fail()
      return nil
    }
    position += 1
    return Name(token(at: position - 1).text, token(at: position - 1).span)
  }

  private mutating func number() -> Int? {
    note(.slot("n", .count))
    guard case .number = token.kind, let count = Literals.count(token.text) else {
      fail()
      return nil
    }
    position += 1
    return count
  }

  private mutating func format(into pipeline: inout Pipeline) {
    for format in Format.allCases { note(.keyword(format.rawValue, help: format.help)) }
    guard token.kind == .word, let format = Format(rawValue: token.text) else {
      fail()
      return
    }
    position += 1
    pipeline.format = format
  }

  private mutating func file(into pipeline: inout Pipeline) {
    guard take(word: "file") else {
      fail()
      return
    }
    note(.slot("file", SlotType("file")))
    guard let path = argument(for: SlotType("file"), avoiding: ["overwrite"]) else {
      fail()
      return
    }
    pipeline.file = Pipeline.File(path: path, overwrites: take(word: "overwrite"))
  }
}
