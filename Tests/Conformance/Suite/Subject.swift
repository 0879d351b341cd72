/// One kind of record at one system: what a test of the suite needs to know of it, and nothing that its declaration says.
import Connectors
import Model

struct Subject: Sendable, CustomStringConvertible {
  var system: SystemID
  var kind: RecordKind
  /// The listing of the kind, as a fault names its path.
  var listing: String
  /// Where a create is sent, as a fault names its path.
  var creation: String
  /// How people at the vendor add, edit and delete such records.
  var outside: Outside
  /// The company that the records of a test belong to; `nil` for companies themselves.
  var home: Home?
  /// A value for each writable field, and another one.
  var values: FieldValues
  var others: FieldValues
  /// Fields that take any text, both from outside and by writing.
  var texts: Set<FieldName>
  /// What the vendor is known to make of a text, by the rule on its page.
  var rewrites: [FieldName: Rewrite]
  /// Fields that cannot be cleared although a new record needs none of them.
  var kept: Set<FieldName>
  /// Fields that follow another one when it is written, by the vendor's or the product's rule.
  var entangled: [FieldName: Set<FieldName>]
  /// Fields by which a record is looked for after a lost answer.
  var keys: [FieldName]
  /// Required fields that the product's rules demand and the vendor itself does not.
  var demandedByRule: Set<FieldName>
  /// Fields that the vendor expects of a new record although they are not declared as required.
  var alsoDemanded: Set<FieldName>
  /// How a fault meets the second page of the listing and those behind it.
  var secondPage: String
  /// What a connection of a test is told beside the address and the credentials.
  var parameters: [String: String]
  /// Whether a reading since a mark tells less than everything.
  var tellsChanges: Bool

  init(
    system: SystemID, kind: RecordKind = .person, listing: String, creation: String = "", outside: Outside = Outside(),
    home: Home? = nil, values: FieldValues = [:], others: FieldValues = [:], texts: Set<FieldName> = [],
    rewrites: [FieldName: Rewrite] = [:], kept: Set<FieldName> = [], entangled: [FieldName: Set<FieldName>] = [:],
    keys: [FieldName] = [], demandedByRule: Set<FieldName> = [], alsoDemanded: Set<FieldName> = [],
    secondPage: String = #""page":2"#, parameters: [String: String] = [:], tellsChanges: Bool = true
  ) {
    self.parameters = parameters
    self.tellsChanges = tellsChanges
    self.system = system
    self.kind = kind
    self.listing = listing
    self.creation = creation
    self.outside = outside
    self.home = home
    self.values = values
    self.others = others
    self.texts = texts
    self.rewrites = rewrites
    self.kept = kept
    self.entangled = entangled
    self.keys = keys
    self.demandedByRule = demandedByRule
    self.alsoDemanded = alsoDemanded
    self.secondPage = secondPage
  }

  var description: String { "\(system) \(kind.plural)" }

  var declaration: SystemDescription {
    guard let declared = Systems.description(of: system) else { preconditionFailure("there is no system \(system)") }
    return declared
  }
  var features: Features { declaration.connected(by: parameters).features }
  var fields: [FieldDeclaration] { declaration.fields[kind] ?? [] }
  var writable: Set<FieldName> { Set(fields.filter(\.isWritable).map(\.name)) }
  var required: Set<FieldName> { Set(fields.filter(\.isRequired).map(\.name)) }
  /// The largest page of its listing.
  var page: Int { features.pageSize[kind] ?? 1 }

  /// A part of a listing's address that no other request has.
  var listingMark: String { String(listing.drop { $0 == "*" }.prefix { $0 != "*" }) }

  /// What comes back of a text that was written.
  func kept(_ text: String, as field: FieldName) -> String { rewrites[field]?.apply(text) ?? text }

  static let all: [Subject] =
    [microsoft] + connectWiseSubjects + autotaskSubjects + teamworkSubjects + deskSubjects + itGlueSubjects
    + crewhuSubjects
  static let writers = all.filter { $0.features.can(.create, $0.kind) }
}

/// What a vendor does to a text that it is given.
enum Rewrite: Sendable {
  /// Control characters become blanks (ConnectWise, "Update: PATCH dialect").
  case flattensLines
  /// Only the digits stay (IT Glue, "Contact attributes").
  case digitsOnly

  func apply(_ text: String) -> String {
    switch self {
    case .flattensLines:
      String(
        String.UnicodeScalarView(text.unicodeScalars.map { "\n\r\u{8}\u{c}".unicodeScalars.contains($0) ? " " : $0 }))
    case .digitsOnly: text.filter { $0.isASCII && $0.isNumber }
    }
  }
}

/// A company made for a test, so that nothing else is in it.
enum Home: Sendable {
  /// Made below this path of control, with this body.
  case made(String, body: String)
  /// The tenant of this company, which is empty in a sandbox without people.
  case tenant(String)
}
