// What kinds of record Autotask has, and what its metadata says of their fields.

/// A kind of record; the raw value is its place among the tables.
enum AutotaskKind: Int, CaseIterable, Sendable {
  case companies
  case contacts
  case locations
  case configurationItems
  case products
  case resources
  case billingCodes

  /// As it stands in paths.
  var name: String {
    switch self {
    case .companies: "Companies"
    case .contacts: "Contacts"
    case .locations: "CompanyLocations"
    case .configurationItems: "ConfigurationItems"
    case .products: "Products"
    case .resources: "Resources"
    case .billingCodes: "BillingCodes"
    }
  }

  /// As errors and references call one of it.
  var singular: String {
    switch self {
    case .companies: "Company"
    case .contacts: "Contact"
    case .locations: "CompanyLocation"
    case .configurationItems: "ConfigurationItem"
    case .products: "Product"
    case .resources: "Resource"
    case .billingCodes: "BillingCode"
    }
  }

  /// As control calls it.
  var handle: String {
    switch self {
    case .companies: "companies"
    case .contacts: "contacts"
    case .locations: "locations"
    case .configurationItems: "configuration-items"
    case .products: "products"
    case .resources: "resources"
    case .billingCodes: "billing-codes"
    }
  }

  static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name.lowercased(), $0) })
  static let byHandle = Dictionary(uniqueKeysWithValues: allCases.map { ($0.handle, $0) })
}

/// One value of a picklist: a number in records, a text in metadata.
struct AutotaskPick: Sendable {
  var value: Int
  var label: String
  var isActive = true
  var isDefault = false

  func json(sortOrder: Int) -> JSON {
    [
      "value": .string(value.description), "label": .string(label), "isDefaultValue": .bool(isDefault),
      "sortOrder": .int(sortOrder), "parentValue": "", "isActive": .bool(isActive), "isSystem": false,
    ]
  }
}

/// One field, as `entityInformation/fields` describes it.
struct AutotaskField: Sendable {
  enum Kind: String, Sendable {
    case integer
    case long
    case decimal
    case string
    case boolean
    case datetime
  }

  var name: String
  var kind: Kind
  /// The most characters; 0 for what is no text.
  var length = 0
  var isRequired = false
  var isReadOnly = false
  var isQueryable = true
  /// The kind of record whose id it holds.
  var reference: AutotaskKind?
  /// The same where that kind is not emulated.
  var referenceName: String?
  var picks: [AutotaskPick] = []

  private init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  static func integer(_ name: String) -> AutotaskField { AutotaskField(name, .integer) }
  static func long(_ name: String) -> AutotaskField { AutotaskField(name, .long) }
  static func decimal(_ name: String) -> AutotaskField { AutotaskField(name, .decimal) }
  static func flag(_ name: String) -> AutotaskField { AutotaskField(name, .boolean) }
  static func instant(_ name: String) -> AutotaskField { AutotaskField(name, .datetime) }

  static func text(_ name: String, _ length: Int) -> AutotaskField {
    var field = AutotaskField(name, .string)
    field.length = length
    return field
  }

  static func pick(_ name: String, _ picks: [AutotaskPick]) -> AutotaskField {
    var field = AutotaskField(name, .integer)
    field.picks = picks
    return field
  }

  static func reference(_ name: String, to kind: AutotaskKind) -> AutotaskField {
    var field = AutotaskField(name, .integer)
    field.reference = kind
    field.referenceName = kind.singular
    return field
  }

  static func reference(_ name: String, toUnknown kind: String) -> AutotaskField {
    var field = AutotaskField(name, .integer)
    field.referenceName = kind
    return field
  }

  var required: AutotaskField { with { $0.isRequired = true } }
  var readOnly: AutotaskField { with { $0.isReadOnly = true } }
  var unqueryable: AutotaskField { with { $0.isQueryable = false } }

  private func with(_ change: (inout AutotaskField) -> Void) -> AutotaskField {
    var field = self
    change(&field)
    return field
  }

  var json: JSON {
    [
      "name": .string(name), "dataType": .string(kind.rawValue), "length": .int(length),
      "isRequired": .bool(isRequired), "isReadOnly": .bool(isReadOnly), "isQueryable": .bool(isQueryable),
      "isReference": .bool(referenceName != nil), "referenceEntityType": .string(referenceName ?? ""),
      "isPickList": .bool(!picks.isEmpty),
      "picklistValues": picks.isEmpty
        ? .null : .array(picks.enumerated().map { $0.element.json(sortOrder: $0.offset + 1) }),
      "picklistParentValueField": "", "isSupportedWebhookField": false,
    ]
  }
}

/// One user-defined field; all of the emulated ones are texts.
struct AutotaskUserField: Sendable {
  var name: String
  /// Shown as asterisks to users without the right to protected data, as API users are.
  var isProtected = false

  var json: JSON {
    [
      "name": .string(name), "label": .string(name), "type": "singleLineText", "dataType": "string", "length": 255,
      "description": "", "defaultValue": "", "isRequired": false, "isReadOnly": false, "isQueryable": true,
      "isReference": false, "referenceEntityType": "", "isPickList": false, "picklistValues": nil,
      "picklistParentValueField": "", "isSupportedWebhookField": false,
    ]
  }
}

/// One kind of record with its fields and what the API does with it.
struct AutotaskEntity: Sendable {
  let kind: AutotaskKind
  var fields: [AutotaskField]
  let userFields: [AutotaskUserField]
  var canCreate = false
  var canUpdate = false
  var canDelete = false
  /// Contacts and locations are written below their company.
  var isChild = false
  /// Fields whose place is asked for by name, in lower case.
  let columns: [String: Int]
  let companyColumn: Int?
  let createdColumn: Int?
  /// Moves when the record itself is edited.
  let modifiedColumn: Int?
  /// Moves when the record is edited, and when something around it happens.
  let activityColumn: Int?

  init(
    _ kind: AutotaskKind, _ fields: [AutotaskField], userFields: [AutotaskUserField] = [], created: String? = nil,
    modified: String? = nil, activity: String? = nil
  ) {
    self.kind = kind
    self.fields = fields
    self.userFields = userFields
    let columns = Dictionary(
      fields.enumerated().map { ($0.element.name.lowercased(), $0.offset) }, uniquingKeysWith: { first, _ in first })
    precondition(columns.count == fields.count, "two fields of one entity have one name")
    precondition(fields.first?.name == "id", "the first field of an entity must be its id")
    self.columns = columns
    func column(_ name: String?) -> Int? { name.flatMap { columns[$0.lowercased()] } }
    companyColumn = kind == .companies ? nil : column("companyID")
    createdColumn = column(created)
    modifiedColumn = column(modified)
    activityColumn = column(activity)
  }

  var singular: String { kind.singular }

  /// The place of a field that exists; names are compared without regard to case.
  func column(_ name: String) -> Int? { columns[name.lowercased()] }

  func userColumn(_ name: String) -> Int? {
    userFields.firstIndex { $0.name.lowercased() == name.lowercased() }
  }
}
