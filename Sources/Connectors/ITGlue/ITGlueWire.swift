/// The JSON of the IT Glue API as it stands on the wire: a dialect of JSON:API with kebab-case names.
import Foundation
import Model

/// An id, which is a text outside of attributes and a number inside; both are taken everywhere.
struct ITGlueID: Decodable, Sendable, Hashable {
  var text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      text = String(number)
    } else {
      text = try container.decode(String.self)
    }
  }
}

/// One resource with its attributes, and the ids of the PSA records that IT Glue's own sync links it to.
struct ITGlueResource<Attributes: Decodable & Sendable>: Decodable, Sendable {
  var id: String
  var attributes: Attributes
  /// `nil`: not said.
  var adapters: [String]?

  private enum CodingKeys: CodingKey { case id, attributes, relationships }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(ITGlueID.self, forKey: .id).text
    attributes = try container.decode(Attributes.self, forKey: .attributes)
    adapters = (try? container.decode(ITGlueRelationships.self, forKey: .relationships))?.adapters
  }
}

private struct ITGlueRelationships: Decodable {
  private struct Reference: Decodable { var id: ITGlueID }
  private struct Many: Decodable {
    var data: [Reference]
    private enum CodingKeys: CodingKey { case data }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      if let one = try? container.decode(Reference.self, forKey: .data) {
        data = [one]
      } else {
        data = try container.decodeIfPresent([Reference].self, forKey: .data) ?? []
      }
    }
  }

  var adapters: [String]?

  private enum CodingKeys: String, CodingKey {
    case dashed = "adapters-resources"
    case underlined = "adapters_resources"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let many =
      (try? container.decode(Many.self, forKey: .dashed)) ?? (try? container.decode(Many.self, forKey: .underlined))
    adapters = many?.data.map(\.id.text)
  }
}

/// What an answer holds beside its data: of interest are the links to PSA records.
struct ITGlueIncluded: Decodable, Sendable {
  private struct Attributes: Decodable {
    var remoteID: ITGlueID?
    private enum CodingKeys: String, CodingKey {
      case dashed = "remote-id"
      case underlined = "remote_id"
    }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      remoteID =
        (try? container.decode(ITGlueID.self, forKey: .dashed))
        ?? (try? container.decode(ITGlueID.self, forKey: .underlined))
    }
  }

  var id: String
  var isAdapter: Bool
  /// The PSA's own id of the record; "0" is a legal one.
  var remoteID: String?

  private enum CodingKeys: CodingKey { case id, type, attributes }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(ITGlueID.self, forKey: .id).text
    let type = (try? container.decode(String.self, forKey: .type)) ?? ""
    isAdapter = ["adapters-resources", "adapters_resources"].contains(type)
    remoteID = (try? container.decode(Attributes.self, forKey: .attributes))?.remoteID?.text
  }
}

/// One page of a list.
struct ITGluePage<Attributes: Decodable & Sendable>: Decodable, Sendable {
  var rows: [ITGlueResource<Attributes>]
  /// The PSA's ids by the ids of the links.
  var remoteIDs: [String: String]
  var totalCount: Int?
  /// `nil`: the answer does not say whether more follows.
  var saysMore: Bool?

  private enum CodingKeys: CodingKey { case data, included, meta }
  private struct Meta: Decodable {
    var next: Said<Int>
    var total: Int?
    private enum CodingKeys: String, CodingKey {
      case next = "next-page"
      case total = "total-count"
    }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      next = container.said(Int.self, .next)
      total = container.said(Int.self, .total).value
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    rows = try container.decode([ITGlueResource<Attributes>].self, forKey: .data)
    remoteIDs = ITGlueIncluded.remoteIDs(container.said([ITGlueIncluded].self, .included).value)
    let meta = container.said(Meta.self, .meta).value
    totalCount = meta?.total
    saysMore =
      switch meta?.next {
      case .value: true
      case .null: false
      case .absent, nil: nil
      }
  }
}

/// The answer that holds one resource.
struct ITGlueSingle<Attributes: Decodable & Sendable>: Decodable, Sendable {
  var row: ITGlueResource<Attributes>
  var remoteIDs: [String: String]

  private enum CodingKeys: CodingKey { case data, included }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    row = try container.decode(ITGlueResource<Attributes>.self, forKey: .data)
    remoteIDs = ITGlueIncluded.remoteIDs(container.said([ITGlueIncluded].self, .included).value)
  }
}

extension ITGlueIncluded {
  fileprivate static func remoteIDs(_ included: [ITGlueIncluded]?) -> [String: String] {
    let pairs = (included ?? []).compactMap { item in
      item.isAdapter ? item.remoteID.map { (item.id, $0) } : nil
    }
    return Dictionary(pairs) { first, _ in first }
  }
}

struct ITGlueOrganization: Decodable, Sendable {
  var name: Said<String>
  var shortName: Said<String>
  var typeID: Said<ITGlueID>
  var typeName: Said<String>
  var statusID: Said<ITGlueID>
  var statusName: Said<String>
  /// The provider's own organization.
  var primary: Said<Bool>
  var stamps: ITGlueStamps

  private enum CodingKeys: String, CodingKey {
    case name, primary
    case shortName = "short-name"
    case typeID = "organization-type-id"
    case typeName = "organization-type-name"
    case statusID = "organization-status-id"
    case statusName = "organization-status-name"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = container.said(String.self, .name)
    shortName = container.said(String.self, .shortName)
    typeID = container.said(ITGlueID.self, .typeID)
    typeName = container.said(String.self, .typeName)
    statusID = container.said(ITGlueID.self, .statusID)
    statusName = container.said(String.self, .statusName)
    primary = container.said(Bool.self, .primary)
    stamps = try ITGlueStamps(from: decoder)
  }
}

struct ITGlueStamps: Decodable, Sendable {
  var created: String?
  var updated: String?

  private enum CodingKeys: String, CodingKey {
    case created = "created-at"
    case updated = "updated-at"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    created = container.said(String.self, .created).value
    updated = container.said(String.self, .updated).value
  }
}

/// One e-mail address of a contact; kept with the record, since a change has to send the whole list.
struct ITGlueEmail: Codable, Sendable, Equatable {
  var value: String
  var label: String
  var isPrimary: Bool

  init(value: String, label: String, isPrimary: Bool) {
    self.value = value
    self.label = label
    self.isPrimary = isPrimary
  }

  private enum CodingKeys: String, CodingKey {
    case value
    case label = "label-name"
    case isPrimary = "primary"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    value = container.said(String.self, .value).value ?? ""
    label = container.said(String.self, .label).value ?? ""
    isPrimary = container.said(Bool.self, .isPrimary).value ?? false
  }
}

/// One telephone or fax number of a contact.
struct ITGluePhone: Codable, Sendable, Equatable {
  var value: String
  var number: String? { value.isBlank ? nil : value }
  var label: String
  /// `phone` or `fax`.
  var kind: String
  var ext: String?
  var isPrimary: Bool

  init(value: String, label: String, kind: String, ext: String? = nil, isPrimary: Bool) {
    self.value = value
    self.label = label
    self.kind = kind
    self.ext = ext
    self.isPrimary = isPrimary
  }

  private enum CodingKeys: String, CodingKey {
    case value
    case label = "label-name"
    case kind = "label-type"
    case ext = "extension"
    case isPrimary = "primary"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    value = container.said(ITGlueID.self, .value).value?.text ?? ""
    label = container.said(String.self, .label).value ?? ""
    // What is left out counts as a phone.
    kind = container.said(String.self, .kind).value ?? "phone"
    ext = container.said(ITGlueID.self, .ext).value?.text
    isPrimary = container.said(Bool.self, .isPrimary).value ?? false
  }
}

struct ITGlueContact: Decodable, Sendable {
  var organizationID: Said<ITGlueID>
  var firstName: Said<String>
  var lastName: Said<String>
  var title: Said<String>
  /// `nil`: not said.
  var emails: [ITGlueEmail]?
  /// `nil`: not said.
  var phones: [ITGluePhone]?
  var stamps: ITGlueStamps

  private enum CodingKeys: String, CodingKey {
    case title
    case organizationID = "organization-id"
    case firstName = "first-name"
    case lastName = "last-name"
    case emails = "contact-emails"
    case phones = "contact-phones"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    organizationID = container.said(ITGlueID.self, .organizationID)
    firstName = container.said(String.self, .firstName)
    lastName = container.said(String.self, .lastName)
    title = container.said(String.self, .title)
    // Strict: a list that cannot be read must not look like an empty one.
    emails =
      container.contains(.emails) ? try container.decodeIfPresent([ITGlueEmail].self, forKey: .emails) ?? [] : nil
    phones =
      container.contains(.phones) ? try container.decodeIfPresent([ITGluePhone].self, forKey: .phones) ?? [] : nil
    stamps = try ITGlueStamps(from: decoder)
  }
}

struct ITGlueConfiguration: Decodable, Sendable {
  var organizationID: Said<ITGlueID>
  var typeID: Said<ITGlueID>
  var statusID: Said<ITGlueID>
  var manufacturerID: Said<ITGlueID>
  var modelID: Said<ITGlueID>
  var archived: Said<Bool>
  /// The texts by their names on the wire.
  var texts: [String: Said<String>]
  var stamps: ITGlueStamps

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    organizationID = container.said(ITGlueID.self, WireKey("organization-id"))
    typeID = container.said(ITGlueID.self, WireKey("configuration-type-id"))
    statusID = container.said(ITGlueID.self, WireKey("configuration-status-id"))
    manufacturerID = container.said(ITGlueID.self, WireKey("manufacturer-id"))
    modelID = container.said(ITGlueID.self, WireKey("model-id"))
    archived = container.said(Bool.self, WireKey("archived"))
    let names = ITGlueMapping.configurationTexts.map(\.attribute) + ITGlueMapping.configurationNames.map(\.attribute)
    texts = Dictionary(names.map { ($0, container.said(String.self, WireKey($0))) }) { first, _ in first }
    stamps = try ITGlueStamps(from: decoder)
  }
}

/// A row of a list of names: types, statuses, manufacturers, models.
struct ITGlueName: Decodable, Sendable {
  var name: String?

  private enum CodingKeys: CodingKey { case name }

  init(from decoder: any Decoder) throws {
    name = try decoder.container(keyedBy: CodingKeys.self).said(String.self, .name).value
  }
}

/// A row of which nothing but the id is asked.
struct ITGlueAnything: Decodable, Sendable {
  init(from decoder: any Decoder) throws {}
}

/// A body that creates or changes one resource; an attribute that is null is cleared.
enum ITGlueBody {
  static func resource(_ type: String, _ attributes: [String: JSONValue]) -> JSONValue {
    ["data": ["type": .text(type), "attributes": .object(attributes)]]
  }
}

/// What an error answer holds; `status` is a number here, and `detail` may be missing.
struct ITGlueErrorBody: Decodable, Sendable {
  struct Item: Decodable, Sendable, Equatable {
    var title: String?
    var detail: String?
    var pointer: String?

    private enum CodingKeys: CodingKey { case title, detail, source }
    private struct Source: Decodable { var pointer: String? }

    init(title: String? = nil, detail: String? = nil, pointer: String? = nil) {
      self.title = title
      self.detail = detail
      self.pointer = pointer
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      title = try? container.decode(String.self, forKey: .title)
      detail = try? container.decode(String.self, forKey: .detail)
      pointer = (try? container.decode(Source.self, forKey: .source))?.pointer
    }

    /// The attribute that the pointer names, in kebab case: it comes with or without a slash before it, and in snake
    /// case too.
    var attribute: String? {
      let parts = (pointer ?? "").split(separator: "/")
      guard let index = parts.firstIndex(of: "attributes"), index + 1 < parts.count else { return nil }
      return parts[index + 1].replacingOccurrences(of: "_", with: "-")
    }
  }
  var errors: [Item]
}
