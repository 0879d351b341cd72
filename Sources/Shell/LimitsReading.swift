/// The words of `confirm within` and `over guard`, as the planner's values.
import CommandLanguage
import Model
import Planning

extension Limits {
  /// What a line's `confirm within` says. A word that is said twice counts as last said.
  init(reading call: Invocation) throws {
    self.init()
    for limit in call.limits("confirm") ?? [] {
      let bound: Limit? =
        switch limit.bound {
        case .any: .any
        case .count: limit.count.map(Limit.atMost)
        case .none: nil
        }
      switch limit.kind {
      case "first": first = true
      case "failures": failures = bound ?? .any
      default:
        guard let kind = ChangeKind(rawValue: limit.kind), let bound else {
          throw ShellError("\(limit.kind) needs a number or any.", hint: "\(limit.kind) 20", code: .wrong)
        }
        kinds[kind] = bound
      }
    }
  }
}

extension Overrides {
  init(reading call: Invocation) {
    self.init()
    for limit in call.limits("guard") ?? [] { words.updateValue(limit.count, forKey: limit.kind) }
  }
}
