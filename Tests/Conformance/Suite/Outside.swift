/// What people at the vendor do to records, past every connector: the words of the sandbox's control interface.
import Connectors
import Foundation
import Model
import Sandbox

struct Outside: Sendable {
  enum Deletion: Sendable {
    case delete
    case post(String)
  }

  /// Below `/control`, the records of the kind.
  var records = ""
  /// Control's word for each field that a test sets or reads.
  var words: [FieldName: String] = [:]
  /// What else a new record has; `{n}` stands for its number and `{prepared}` for the id of what was prepared.
  var always = ""
  /// The word for the company of a new record.
  var company: String?
  /// A record of another kind that those of this kind need: its path and body.
  var preparation: (path: String, body: String)?
  /// Path and body of a bulk import; `{count}` and `{company}` stand for what the test says.
  var bulk: (path: String, body: String)?
  /// A switch of the vendor's that the fields need: its path and body.
  var setting: (path: String, body: String)?
  var deletion = Deletion.delete
  /// Seconds until a deleted record is no longer shown.
  var deletionTakes = 0

  /// The texts of a new record of a number.
  static func usual(_ kind: RecordKind, _ number: Int) -> [FieldName: String] {
    switch kind {
    case .company: ["name": "Suite \(number) Ltd"]
    case .person, .member: ["first-name": "P\(number)", "last-name": "X", "email": "p\(number)@suite.example"]
    case .configuration: ["name": "PC-\(number)"]
    }
  }
}

/// What a test has of a subject in one sandbox: where its records live, and how they are changed from outside.
struct Ground: Sendable {
  let subject: Subject
  let stage: Stage
  /// The company of the records; `nil` for companies.
  let home: String?
  let prepared: String
  /// Where the records of the test are, and for people and configurations nobody else.
  var scope: ReadScope { ReadScope(partition: home) }
  var parent: RecordID? { subject.system == "m365" ? nil : home.map { RecordID($0) } }
  private var control: SandboxControl { stage.sandbox.control }

  init(_ subject: Subject, _ stage: Stage) throws {
    self.subject = subject
    self.stage = stage
    switch subject.home {
    case .made(let path, let body): home = try Self.id(stage.sandbox.control.perform("POST", path, body))
    case .tenant(let company):
      home = stage.world.systems[subject.system.rawValue]?.tenants?.first { $0.company == company }?.id
    case nil: home = nil
    }
    if let (path, body) = subject.outside.setting { try stage.sandbox.control.perform("POST", path, body) }
    if let (path, body) = subject.outside.preparation {
      prepared = try Self.id(stage.sandbox.control.perform("POST", path, body))
    } else {
      prepared = ""
    }
  }

  /// Adds a record and gives its id.
  @discardableResult
  func add(_ number: Int, _ texts: [FieldName: String] = [:]) throws -> RecordID {
    var members = try Outside.usual(subject.kind, number).merging(texts) { _, own in own }.compactMap { name, text in
      try subject.outside.words[name].map { try Self.member($0, text) }
    }
    if let word = subject.outside.company, let home { members.append(try Self.member(word, home)) }
    if !subject.outside.always.isEmpty {
      members.append(
        subject.outside.always.replacing("{n}", with: "\(number)").replacing("{prepared}", with: prepared))
    }
    return RecordID(
      try Self.id(control.perform("POST", subject.outside.records, "{\(members.joined(separator: ","))}")))
  }

  /// Adds so many records at once.
  func add(count: Int, from first: Int = 1) throws {
    guard count > 0 else { return }
    guard let (path, body) = subject.outside.bulk else {
      for number in first..<first + count { try add(number) }
      return
    }
    try control.perform(
      "POST", path, body.replacing("{count}", with: "\(count)").replacing("{company}", with: home ?? ""))
  }

  func edit(_ id: RecordID, _ field: FieldName, _ text: String) throws {
    guard let word = subject.outside.words[field] else { throw StageError.noSuchField(field) }
    try control.perform("PATCH", "\(subject.outside.records)/\(id)", "{\(try Self.member(word, text))}")
  }

  func delete(_ id: RecordID) throws {
    switch subject.outside.deletion {
    case .delete: try control.perform("DELETE", "\(subject.outside.records)/\(id)")
    case .post(let act): try control.perform("POST", "\(subject.outside.records)/\(id)/\(act)")
    }
    if subject.outside.deletionTakes > 0 { control.advanceClock(bySeconds: subject.outside.deletionTakes) }
  }

  /// Every text that the vendor holds in a record.
  func texts(of id: RecordID) throws -> [String] {
    let text = try control.perform("GET", "\(subject.outside.records)/\(id)")
    return try JSONDecoder().decode(HeldValue.self, from: Data(text.utf8)).texts
  }

  private static func member(_ name: String, _ text: String) throws -> String {
    "\"\(name)\":" + String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }

  private static func id(_ answer: String) throws -> String {
    let object = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
    switch object?["id"] {
    case let text as String: return text
    case let number as Int: return String(number)
    default: throw StageError.noID(answer)
    }
  }
}

/// Any value that the vendor holds, of which only the texts count.
private struct HeldValue: Decodable {
  var texts: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      texts = [text]
    } else if let items = try? container.decode([HeldValue].self) {
      texts = items.flatMap(\.texts)
    } else if let members = try? container.decode([String: HeldValue].self) {
      texts = members.values.flatMap(\.texts)
    } else {
      texts = []
    }
  }
}
