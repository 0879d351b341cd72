/// Companies: from the wire to records, and from values to the bodies of requests.
import Foundation
import Model

extension ConnectWiseMapping {
  static func record(_ company: ConnectWiseCompany, statuses: [Int: ConnectWiseStatus]) -> Record {
    var fields: FieldValues = [:]
    // Every reading asks for these by name, and a server may leave a null out of its answer.
    fields["name"] = filledText(company.name)
    fields["identifier"] = filledText(company.identifier)
    fields["website"] = filledText(company.website)
    fields["phone"] = filledText(company.phoneNumber)
    fields["city"] = filledText(company.city)
    let status = company.status.value?.id.flatMap { statuses[$0] }
    if let name = company.status.value?.name ?? status?.name { fields["status"] = .text(name) }
    fields["status-id"] = company.status.value?.id.map { .text(String($0)) } ?? .null
    if let status { fields["status-active"] = .flag(status.inactiveFlag != true) }
    // Of several types the one that was there first: the order of the list is not promised.
    let types = (company.types.value ?? []).sorted { ($0.id ?? .max) < ($1.id ?? .max) }
    if company.types != .absent {
      fields["types"] = .list(types.compactMap(\.name).sorted())
      fields["type"] = types.first?.name.map { .text($0) } ?? .null
      fields["type-id"] = types.first?.id.map { .text(String($0)) } ?? .null
    }
    let state: RecordState =
      company.deletedFlag == .value(true) ? .gone : status?.inactiveFlag == true ? .inactive : .active
    return Record(
      id: RecordID(String(company.id)), kind: .company, state: state, fields: fields,
      version: version(company.info, fields, state), modified: date(company.info?.lastUpdated),
      created: date(company.info?.dateEntered), native: types.compactMap(\.id).map(String.init).joined(separator: ","))
  }

  /// The ids of a company's types, as its record remembers them.
  static func types(of record: Record?) -> [Int] {
    (record?.native ?? "").split(separator: ",").compactMap { Int($0) }
  }

  /// The fields that stand in the company itself, by their names there.
  static let companyTexts: [(field: FieldName, property: String)] = [
    ("name", "name"), ("website", "website"), ("phone", "phoneNumber"),
  ]

  /// What stands as the address of a company that kith makes: at least one address field must be there, and no system
  /// gives kith one.
  static let addressNotKnown = "Address not known"

  /// The body of a create; what is blank is left out. Each company has a site, and the first one is called Main.
  static func companyCreation(_ values: FieldValues, identifier: String, type: Int?, status: Int?) -> JSONValue {
    var body: [String: JSONValue] = [
      "identifier": .text(identifier), "site": ["name": "Main"], "addressLine1": .text(addressNotKnown),
    ]
    for (field, property) in companyTexts {
      if let text = filled(values[field]) { body[property] = .text(text) }
    }
    if let status { body["status"] = ["id": .number(status)] }
    if let type { body["types"] = .list([["id": .number(type)]]) }
    return .object(body)
  }

  /// The operations of the one PATCH on the company.
  static func companyOperations(_ values: FieldValues, status: Int?) -> [JSONValue] {
    let texts = companyTexts.compactMap { field, property in
      values[field].map { replace(property, .text(filled($0) ?? "")) }
    }
    return texts + (status.map { [replace("status", ["id": .number($0)])] } ?? [])
  }

  /// Which types have to be added to a company and taken from it, so that it has the one wanted.
  ///
  /// The one type of a company is exchanged. A company with several keeps them all: kith cannot know which of them the
  /// wanted one stands for.
  static func typeChange(to wanted: Int?, from now: [Int]) -> (add: Int?, remove: Int?) {
    guard let wanted else { return (nil, now.count == 1 ? now.first : nil) }
    if now.contains(wanted) { return (nil, nil) }
    return (wanted, now.count == 1 ? now.first : nil)
  }
}
