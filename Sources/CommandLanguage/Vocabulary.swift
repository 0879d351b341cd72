// What exists: the names that parsing, checking and completion ask for.

/// The verbs, names, fields and keys that are known. The language asks; it knows none of them itself.
///
/// Everything here is asked on every key stroke: answers come from memory or one prefix look-up, never from a network.
package protocol Vocabulary: Sendable {
  var verbs: [VerbDeclaration] { get }

  /// What has a name before the text begins.
  var variables: [String: VariableShape] { get }

  /// Whether `text` is right for the slot. `context` holds what stands before it on the line.
  func check(_ text: String, as slot: SlotType, in context: Invocation) -> NameCheck

  /// What could stand in the slot and begins with `prefix` (or has it inside a word; the language ranks).
  func candidates(for slot: SlotType, prefix: String, in context: Invocation, limit: Int) -> [VocabularyEntry]

  /// The fields of a subject (`people`), or nil where there is no such subject or its fields are not known.
  func fields(of subject: String) -> [Column]?

  /// Values that a field of a subject has, for completion, what is there before what could be. `context` is the command
  /// that gives the rows.
  func values(
    of field: String, subject: String, prefix: String, in context: Invocation, limit: Int
  ) -> [VocabularyEntry]

  /// What is known of a kind of limit at this place: how many there are now.
  func standing(of kind: LimitKind, in context: Invocation) -> LimitStanding?

  /// The keys of a set named by `Element.pairs`, or nil where any key is right. Where the keys depend on what stands before
  /// them and that is mistyped or missing, the answer holds every key that is a secret anywhere, so that none is kept.
  func pairKeys(_ set: String, in context: Invocation) -> [PairKey]?
}

extension Vocabulary {
  package var variables: [String: VariableShape] { [:] }
  package func standing(of kind: LimitKind, in context: Invocation) -> LimitStanding? { nil }
}

/// How many changes of one kind there are, and where that is said: 7, in p12.
package struct LimitStanding: Hashable, Sendable {
  package var count: Int
  package var place: String

  package init(_ count: Int, in place: String) {
    self.count = count
    self.place = place
  }
}

/// Whether a text is right for a slot.
package enum NameCheck: Hashable, Sendable {
  /// This slot takes any text.
  case unchecked
  case known
  /// Nothing is called that; the nearest name, where one is near.
  case unknown(nearest: String?)
  /// It cannot stand here: the beginning of a sentence, and what to do.
  case wrong(String, fix: String?)
}

/// Something that may be typed, with what is to be said of it.
package struct VocabularyEntry: Hashable, Sendable {
  /// The text itself, unquoted.
  package var text: String
  /// What it is: `Acme Dental`.
  package var description: String
  /// Live facts: `214 people, last run 3 h ago`.
  package var detail: String
  /// Whether more has to follow directly, as behind the name of a folder.
  package var isOpen: Bool

  package init(_ text: String, _ description: String = "", detail: String = "", isOpen: Bool = false) {
    self.text = text
    self.description = description
    self.detail = detail
    self.isOpen = isOpen
  }
}

/// A key of `KEY=VALUE`.
package struct PairKey: Hashable, Sendable {
  package var name: String
  /// What its value is; the vocabulary is asked about values by this type.
  package var type: SlotType
  package var help: String
  /// Whether the value is a secret: it is then only named (`env:NAME`, `file:PATH`, `vault:NAME`), never typed.
  package var isSecret: Bool
  /// What it takes, and what it is now: `on or off, now off`.
  package var detail: String
  /// The values to choose from, where they can be listed; else the vocabulary is asked by the type.
  package var choices: [VocabularyEntry]

  package init(
    _ name: String, type: SlotType = .value, help: String = "", isSecret: Bool = false, detail: String = "",
    choices: [VocabularyEntry] = []
  ) {
    self.name = name
    self.type = type
    self.help = help
    self.isSecret = isSecret
    self.detail = detail
    self.choices = choices
  }
}
