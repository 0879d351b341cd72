// One declaration per verb: parsing, checking, completion, usage and help all read it, and nothing else knows its shape.

/// A verb: its names, its forms, and what is said about it.
package struct VerbDeclaration: Hashable, Sendable {
  /// A line that shows the verb at work.
  package struct Example: Hashable, Sendable {
    package var line: String
    package var does: String

    package init(_ line: String, _ does: String) {
      self.line = line
      self.does = does
    }
  }

  /// As typed; it may be several words (`never pair`).
  package var name: String
  /// Other names, typed in full.
  package var aliases: [String]
  /// One line, without a full stop.
  package var summary: String
  /// Paragraphs for `help VERB`.
  package var details: String
  package var forms: [Form]
  package var examples: [Example]
  package var effect: VerbEffect
  /// The heading that it stands under in the list of verbs.
  package var group: String

  package init(
    _ name: String, aliases: [String] = [], group: String = "", effect: VerbEffect = .works, summary: String,
    details: String = "", forms: [Form], examples: [Example] = []
  ) {
    self.name = name
    self.aliases = aliases
    self.group = group
    self.effect = effect
    self.summary = summary
    self.details = details
    self.forms = forms
    self.examples = examples
  }
}

/// How far a verb reaches.
package enum VerbEffect: Hashable, Sendable {
  /// It answers from what is at hand, or sets what the next lines mean: nothing is kept, and nothing asked of a vendor.
  case looks
  /// It changes settings.
  case sets
  /// It changes what is kept, or asks a vendor.
  case works
  /// It writes to a vendor, so that `confirm within …` is needed where nobody can answer.
  case writes
}

/// One way of using a verb. The first form that fits a line is taken, unless a later one takes more of its words as
/// keywords, or knows more of its names.
package struct Form: Hashable, Sendable {
  /// What the verb's code asks for: which form it was.
  package var id: String
  package var elements: [Element]
  package var summary: String
  /// What the rows of the result are, for filters.
  package var subject: Subject
  /// Whether it answers one thing where only one is meant, so that a variable that holds it has its fields.
  package var givesOne: Bool

  package init(
    _ id: String, _ elements: [Element], subject: Subject = .none, givesOne: Bool = false, summary: String = ""
  ) {
    self.id = id
    self.elements = elements
    self.subject = subject
    self.givesOne = givesOne
    self.summary = summary
  }
}

/// What the rows of a command are, which decides the fields that `where`, `sort` and `columns` know.
package enum Subject: Hashable, Sendable {
  /// No rows: a filter is a finding.
  case none
  /// Rows whose fields are only known when they are there.
  case unknown
  /// Always these: `runs`.
  case fixed(String)
  /// What the slot of this name says: `show people`; behind a word where its names are no subjects of their own:
  /// `records cw`.
  case slot(String, of: String = "")
}

/// A piece of a form. An unquoted word that is a keyword of the form never fills one of its slots.
package indirect enum Element: Hashable, Sendable {
  /// A word, and what it means in this form.
  case keyword(String, help: String = "")
  case slot(String, SlotType)
  /// All of it or nothing.
  case optional([Element])
  case oneOf([[Element]])
  /// Each at most once, in any order, or not at all.
  case options([[Element]])
  /// Once or several times, with or without commas between.
  case many([Element])
  /// One or several `KEY=VALUE` of the set of keys of this name.
  case pairs(String)
  /// `where …` over rows of this subject.
  case condition(Subject)
  /// `KIND N, KIND, …`: numbers for kinds of change, in `Invocation.limits` under this name.
  case limits(String, [LimitKind])
}

/// A word of `confirm within …` or `over guard …`, and what may follow it.
package struct LimitKind: Hashable, Sendable {
  package enum Bound: Hashable, Sendable {
    /// A number or `any`.
    case countOrAny
    /// A number.
    case count
    /// Nothing.
    case none
  }

  package var name: String
  package var bound: Bound
  package var help: String

  package init(_ name: String, _ bound: Bound, help: String) {
    self.name = name
    self.bound = bound
    self.help = help
  }
}

extension Element {
  /// Every keyword in it.
  var keywords: Set<String> {
    switch self {
    case .keyword(let word, _): [word]
    case .slot, .pairs: []
    case .optional(let elements), .many(let elements): Element.keywords(of: elements)
    case .oneOf(let alternatives), .options(let alternatives):
      alternatives.reduce(into: []) { $0.formUnion(Element.keywords(of: $1)) }
    case .condition: ["where"]
    case .limits: []
    }
  }

  static func keywords(of elements: [Element]) -> Set<String> {
    elements.reduce(into: []) { $0.formUnion($1.keywords) }
  }

  /// The type of each slot in it.
  package var slotTypes: [SlotType] {
    switch self {
    case .slot(_, let type): [type]
    case .optional(let elements), .many(let elements): elements.flatMap(\.slotTypes)
    case .oneOf(let alternatives), .options(let alternatives): alternatives.flatMap { $0.flatMap(\.slotTypes) }
    case .keyword, .pairs, .condition, .limits: []
    }
  }

  /// The limits in them, each with its name.
  static func limits(in elements: [Element]) -> [(name: String, kinds: [LimitKind])] {
    elements.flatMap { element -> [(name: String, kinds: [LimitKind])] in
      switch element {
      case .limits(let name, let kinds): [(name, kinds)]
      case .optional(let elements), .many(let elements): limits(in: elements)
      case .oneOf(let alternatives), .options(let alternatives): alternatives.flatMap(limits)
      case .keyword, .slot, .pairs, .condition: []
      }
    }
  }
}
