/// What a system is and can do, as declared data: the planner, the shell and the help read it; nothing asks "which
/// vendor is this?".

/// A system's handle: `m365`, `connectwise`.
package struct SystemID: TextID {
  package let rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// One field of one kind of record at one system.
package struct FieldDeclaration: Sendable {
  /// What kith calls the field, on screen and in `where`.
  package var name: FieldName
  /// What the vendor's own screens and API call it; shown beside the name so that a technician finds it there.
  package var vendorName: String
  package var summary: String
  package var rule: ComparisonRule
  /// The longest text the system takes, in characters; `nil` where none is known.
  package var maximumLength: Int?
  package var isWritable: Bool
  /// Whether the system demands it of a new record.
  package var isRequired: Bool
  /// Read from other fields or facts: shown with `show person`, but never mapped.
  package var isFact: Bool
  /// Whether a reading tells it. What is only ever written (a photo that no answer shows) is sent with a new record and
  /// when it changes at the source, and never compared with what the system holds.
  package var isTold: Bool

  package init(
    _ name: FieldName, vendorName: String, summary: String, rule: ComparisonRule = .exact, maximumLength: Int? = nil,
    isWritable: Bool = false, isRequired: Bool = false, isFact: Bool = false, isTold: Bool = true
  ) {
    self.name = name
    self.vendorName = vendorName
    self.summary = summary
    self.rule = rule
    self.maximumLength = maximumLength
    self.isWritable = isWritable
    self.isRequired = isRequired
    self.isFact = isFact
    self.isTold = isTold
  }
}

/// One thing that `connect SYSTEM as NAME KEY=VALUE…` asks for.
package struct ConnectionParameter: Sendable {
  package var key: String
  package var summary: String
  package var isSecret: Bool
  package var isRequired: Bool
  package var defaultValue: String?
  /// A file of this machine: said relative to where the shell is, kept whole.
  package var isPath: Bool

  package init(
    _ key: String, summary: String, isSecret: Bool = false, isRequired: Bool = true, defaultValue: String? = nil,
    isPath: Bool = false
  ) {
    self.isPath = isPath
    self.key = key
    self.summary = summary
    self.isSecret = isSecret
    self.isRequired = isRequired
    self.defaultValue = defaultValue
  }
}

/// A permission that a recipe needs at a system, in the vendor's words, and where it is granted.
package struct PermissionDeclaration: Sendable {
  package var name: String
  package var purpose: String
  package var whereGranted: String
  package init(_ name: String, purpose: String, whereGranted: String) {
    self.name = name
    self.purpose = purpose
    self.whereGranted = whereGranted
  }
}

/// What a system can do where a connection's parameter has a value: more than it can by itself.
package struct FeatureVariant: Sendable {
  package var parameter: String
  package var value: String
  package var features: Features
  package init(parameter: String, value: String, features: Features) {
    self.parameter = parameter
    self.value = value
    self.features = features
  }
}

/// A system as its connector declares it.
package struct SystemDescription: Sendable {
  package var id: SystemID
  /// The product's name: "Microsoft 365".
  package var name: String
  package var kinds: [RecordKind]
  /// What the product calls one record of a kind: "user", "organization", "configuration item".
  package var nouns: [RecordKind: String]
  package var fields: [RecordKind: [FieldDeclaration]]
  package var parameters: [ConnectionParameter]
  package var permissions: [PermissionDeclaration]
  /// What one partition of the system is called: "tenant", "company".
  package var partitionName: String
  package var features: Features
  /// What it can do instead where a connection says so.
  package var variants: [FeatureVariant]

  package init(
    id: SystemID, name: String, kinds: [RecordKind], nouns: [RecordKind: String],
    fields: [RecordKind: [FieldDeclaration]], parameters: [ConnectionParameter], permissions: [PermissionDeclaration],
    partitionName: String, features: Features, variants: [FeatureVariant] = []
  ) {
    self.id = id
    self.name = name
    self.kinds = kinds
    self.nouns = nouns
    self.fields = fields
    self.parameters = parameters
    self.permissions = permissions
    self.partitionName = partitionName
    self.features = features
    self.variants = variants
  }

  /// The system as one connection leads to it.
  package func connected(by parameters: [String: String]) -> SystemDescription {
    guard let variant = variants.first(where: { parameters[$0.parameter] == $0.value }) else { return self }
    var connected = self
    connected.features = variant.features
    return connected
  }

  /// "contact"; the kind's own word where the system declares none.
  package func noun(_ kind: RecordKind) -> String { nouns[kind] ?? kind.rawValue }

  package func field(_ name: FieldName, of kind: RecordKind) -> FieldDeclaration? {
    fields[kind]?.first { $0.name == name }
  }
}

/// What a system can do, as data that the planner reads, so that a plan never holds a write that cannot be done.
package struct Features: Sendable {
  /// The kinds of write that each kind of record takes.
  package var writes: [RecordKind: Set<WriteKind>]
  /// The largest page of a reading.
  package var pageSize: [RecordKind: Int]
  /// How many writes of a kind one request takes; one, where a kind is not named.
  package var writeBatch: [WriteKind: Int]
  /// Whether a reading to the end holds everything there is; a file's never does.
  package var readsEverything: Bool
  /// Whether a reading may be of everything where the recipe has it by partition and none is set: a file may be one
  /// company's as a whole.
  package var partitionIsOptional: Bool
  /// Whether a reading since a mark tells of deletions; where it does not, only a complete reading shows them.
  package var deltaTellsDeletions: Bool
  /// Whether records carry a version that shows an edit between plan and apply.
  package var hasVersions: Bool
  /// The smallest step of the vendor's modification stamps, in seconds; `nil` where records have none.
  package var timestampStepSeconds: Int?
  /// How many writes may be under way at once.
  package var concurrentWrites: Int
  /// How many requests a customer's whole account may make in a window of time; `nil` where only the pace is limited.
  package var budget: RequestBudget?
  /// Kinds of record that can be moved from one company to another.
  package var moves: Set<RecordKind>

  package init(
    writes: [RecordKind: Set<WriteKind>], pageSize: [RecordKind: Int], deltaTellsDeletions: Bool, hasVersions: Bool,
    timestampStepSeconds: Int?, concurrentWrites: Int, budget: RequestBudget? = nil,
    moves: Set<RecordKind> = [], writeBatch: [WriteKind: Int] = [:], readsEverything: Bool = true,
    partitionIsOptional: Bool = false
  ) {
    self.partitionIsOptional = partitionIsOptional
    self.writes = writes
    self.pageSize = pageSize
    self.writeBatch = writeBatch
    self.readsEverything = readsEverything
    self.deltaTellsDeletions = deltaTellsDeletions
    self.hasVersions = hasVersions
    self.timestampStepSeconds = timestampStepSeconds
    self.concurrentWrites = concurrentWrites
    self.budget = budget
    self.moves = moves
  }

  package func can(_ write: WriteKind, _ kind: RecordKind) -> Bool { writes[kind]?.contains(write) ?? false }
}

/// A number of requests in a rolling window, in seconds; all integrations of an account may share it.
package struct RequestBudget: Hashable, Sendable, Codable {
  package var requests: Int
  package var windowSeconds: Int
  package init(requests: Int, windowSeconds: Int) {
    self.requests = requests
    self.windowSeconds = windowSeconds
  }
}

/// The ways in which a record can be changed at a system.
package enum WriteKind: String, Hashable, Sendable, Codable, CaseIterable {
  case create, update, deactivate, reactivate, delete
}
