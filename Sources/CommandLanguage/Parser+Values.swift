// value, literal, lists.

extension Parser {
  /// `value`: a literal or a variable, by its own form.
  mutating func argument() -> Argument? {
    argument(for: nil, avoiding: [])
  }

  /// A value that fits the slot, or nil where none stands here. Unquoted words that are in `keywords` are none.
  mutating func argument(for type: SlotType?, avoiding keywords: Set<String>) -> Argument? {
    let token = token
    if token.isMark(.openBracket) {
      guard type == nil || type?.shape == .value else { return nil }
      return list(for: type)
    }
    if token.kind == .word, keywords.contains(token.text) || self.token(at: position + 1).isMark(.equals) { return nil }
    guard let content = content(of: token, for: type?.shape) else { return nil }
    position += 1
    var isQuoted = false
    if case .string = token.kind { isQuoted = true }
    return Argument(content, text: token.text, isQuoted: isQuoted, type: type, span: token.span)
  }

  /// `"[" [ value { "," value } ] "]"`
  private mutating func list(for type: SlotType?) -> Argument? {
    let start = position
    guard depth < Self.deepest else { return nil }
    depth += 1
    defer { depth -= 1 }
    position += 1
    var items: [Argument] = []
    if !take(mark: .closeBracket) {
      repeat {
        if let item { note(item) }
        guard let item = argument() else {
          note(.operand)
          position = start
          return nil
        }
        items.append(item)
      } while take(mark: .comma)
      guard take(mark: .closeBracket) else {
        position = start
        return nil
      }
    }
    let text = items.map(\.text).joined(separator: ", ")
    return Argument(.list(items), text: text, type: type, span: span(from: start))
  }

  /// What a token says in a slot of this shape; nil where it does not fit.
  private func content(of token: Token, for shape: SlotType.Shape?) -> Argument.Content? {
    switch token.kind {
    case .variable(let path): return .variable(path)
    case .string(let parts):
      let plain = parts.allSatisfy { if case .text = $0 { true } else { false } }
      if !plain { return isTextual(shape) ? .interpolated(parts) : nil }
      return isTextual(shape) ? literal(token.text, for: shape) : nil
    case .word:
      switch shape {
      case .reference(let prefix)? where !Literals.isReference(token.text, prefix: prefix): return nil
      case .part(let prefix)? where !Literals.isPart(token.text, prefix: prefix): return nil
      case .reference?, .part?: return .literal(.text(token.text))
      default: return isTextual(shape) ? literal(token.text, for: shape) : nil
      }
    case .number(let number):
      switch shape {
      case nil, .value?, .number?: return .literal(.number(number))
      case .count?: return Literals.count(token.text) == nil ? nil : .literal(.number(number))
      case .text?, .when?: return .literal(.text(token.text))
      case .duration?, .flag?, .reference?, .part?: return nil
      }
    case .duration(let duration):
      switch shape {
      case nil, .value?, .duration?: return .literal(.duration(duration))
      case .text?: return .literal(.text(token.text))
      case .count?, .number?, .when?, .flag?, .reference?, .part?: return nil
      }
    case .field, .mark, .lineEnd, .end, .cursor, .unreadable: return nil
    }
  }

  private func isTextual(_ shape: SlotType.Shape?) -> Bool {
    switch shape {
    case nil, .text?, .value?, .flag?, .when?: true
    case .count?, .number?, .duration?, .reference?, .part?: false
    }
  }

  private func literal(_ text: String, for shape: SlotType.Shape?) -> Argument.Content {
    if shape == .flag, let flag = Literals.flag(text) { return .literal(.flag(flag)) }
    return .literal(.text(text))
  }
}
