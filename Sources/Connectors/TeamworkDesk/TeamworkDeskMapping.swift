/// From Desk's customers and companies to our records and back: pure.
import Foundation
import Model

enum TeamworkDeskMapping {
  // MARK: Reading

  static func record(_ company: TeamworkDeskCompany, _ included: TeamworkDeskIncluded) -> Record {
    var fields: FieldValues = [:]
    fields["name"] = company.name.filled
    fields["website"] = company.website.filled
    fields["email"] = company.email.filled
    if let ids = company.domains {
      let names = Dictionary(included.domains.map { ($0.id, $0.name) }) { first, _ in first }
      let found = ids.compactMap { names[$0] ?? nil }
      // Domains that were not sent along are not known, which is not the same as none.
      if found.count == ids.count { fields["domains"] = .list(found.sorted()) }
    }
    return Record(
      id: id(company.id), kind: .company, state: state(company), fields: fields,
      modified: stamp(company), created: date(company.createdAt))
  }

  static func record(_ customer: TeamworkDeskCustomer, _ included: TeamworkDeskIncluded) -> Record {
    var fields: FieldValues = [:]
    for (field, name) in scalars {
      if let said = customer.texts[name] { fields[field] = said.filled }
    }
    if let photo = fields.text("photo"), isStockPicture(photo) { fields["photo"] = .null }
    if let said = customer.texts["addMethod"] { fields["add-method"] = said.filled }
    let points = points(of: customer, included)
    let flat = customer.texts["email"]?.filled
    if let points {
      let emails = emails(points)
      let others = emails.others.map(\.value).filter { !$0.isBlank }
      let main = emails.main.map { $0.value.isBlank ? .null : .text($0.value) } ?? flat ?? .null
      fields["email"] = main
      fields["other-emails"] = .list(others)
      fields["addresses"] = .list([main.text].compactMap { $0 } + others)
    } else {
      fields["email"] = flat
    }
    for (field, type, name) in networks {
      let point = points?.first { $0.type == type && !$0.value.isBlank }
      fields[field] = point.map { .text($0.value) } ?? customer.texts[name]?.filled ?? points.map { _ in .null }
    }
    switch customer.company {
    case .value(let company): fields["company-id"] = .text(String(company.id))
    case .null: fields["company-id"] = .null
    case .absent: break
    }
    return Record(
      id: id(customer.id), kind: .person, state: state(customer), fields: fields, modified: stamp(customer),
      created: date(customer.createdAt), parent: customer.company.value.map { id($0.id) },
      native: points.map { JSONWire.text($0) })
  }

  static func id(_ number: Int) -> RecordID { RecordID(String(number)) }

  static func stamp(_ row: some TeamworkDeskRow) -> Date? { date(row.updatedAt) ?? date(row.createdAt) }

  static func state(_ row: some TeamworkDeskRow) -> RecordState {
    row.state?.lowercased() == "deleted" ? .gone : .active
  }

  /// `nil` too for the year 1, which rows made by the system carry.
  static func date(_ text: String?) -> Date? {
    text.flatMap { $0.hasPrefix("0001-") ? nil : WireDate.read($0) }
  }

  /// A new customer is given one of the vendor's animals for a picture.
  private static func isStockPicture(_ address: String) -> Bool { address.contains("/desk/images/avatars/") }

  /// The contact points that a customer names; `nil` where they were not all sent along.
  private static func points(
    of customer: TeamworkDeskCustomer, _ included: TeamworkDeskIncluded
  ) -> [TeamworkDeskPoint]? {
    guard let ids = customer.contacts else { return nil }
    let known = Dictionary(included.contacts.map { ($0.id, $0) }) { first, _ in first }
    let points = ids.compactMap { known[$0] }
    return points.count == ids.count ? points : nil
  }

  /// The main address, else the first one, and the others in their order.
  private static func emails(
    _ points: [TeamworkDeskPoint]
  ) -> (main: TeamworkDeskPoint?, others: [TeamworkDeskPoint]) {
    var others = points.filter { $0.type == "email" }
    guard let place = others.firstIndex(where: \.isMain) ?? others.indices.first else { return (nil, []) }
    return (others.remove(at: place), others)
  }

  /// The contact points that a record of ours remembers; `nil` where it remembers none.
  static func points(of record: Record?) -> [TeamworkDeskPoint]? {
    guard let native = record?.native else { return nil }
    return JSONWire.read([TeamworkDeskPoint].self, from: native)
  }

  // MARK: Fields

  /// The fields that stand in the customer itself, by their names there.
  static let scalars: [(field: FieldName, name: String)] = [
    ("first-name", "firstName"), ("last-name", "lastName"), ("title", "jobTitle"), ("phone", "phone"),
    ("mobile", "mobile"), ("photo", "avatarURL"),
  ]

  static let companyScalars: [(field: FieldName, name: String)] = [
    ("name", "name"), ("website", "website"), ("email", "email"),
  ]

  /// The social networks: the type of contact point, and the flat property that mirrors it.
  private static let networks: [(field: FieldName, type: String, name: String)] = [
    ("twitter", "twitter", "twitterHandle"), ("facebook", "facebook", "facebookURL"),
    ("linkedin", "linkedin", "linkedinURL"),
  ]

  /// Our name of a field that the validator speaks of.
  static func field(named name: String, of kind: RecordKind) -> FieldName? {
    let name = name.lowercased()
    let names = kind == .company ? companyScalars : scalars + networks.map { ($0.field, $0.name) }
    if let known = names.first(where: { $0.name.lowercased() == name }) { return known.field }
    return kind == .person && ["email", "contacts", "contact", "value"].contains(name) ? "email" : nil
  }

  // MARK: Writing

  /// What cannot be written, whatever the server would say; `nil` where all can.
  static func fault(_ write: Write) -> WriteRejection? {
    if write.kind == .company, let name = write.values["name"], name.isBlank {
      return WriteRejection(reason: .valueRefused, field: "name", message: "a company needs a name")
    }
    if write.kind == .person, write.action != .create, let email = write.values["email"], email.isBlank {
      return WriteRejection(
        reason: .valueRefused, field: "email", message: "Desk expects every customer to keep one main address")
    }
    return nil
  }

  /// The body of a company; an empty text clears, a create leaves out what is blank. Making a client at Teamwork.com
  /// along with it is never asked for.
  static func company(_ values: FieldValues, isNew: Bool) -> [String: JSONValue] {
    values.body(companyScalars, isNew: isNew)
  }

  /// The body of a new customer. Without a company Desk chooses one by the domain of the address.
  static func newCustomer(_ values: FieldValues, company: Int?) -> JSONValue {
    var customer = values.body(scalars, isNew: true)
    // Given twice: as the contact point that it is, and in the property that mirrors it.
    if let email = filled(values["email"]) { customer["email"] = .text(email) }
    customer["sendWelcomeEmail"] = false
    var included: [String: JSONValue] = [:]
    if let company { included["companies"] = [["id": .number(company), "delete": false]] }
    let changes = changes(values, points: [])
    if !changes.isEmpty { included["contacts"] = .list(changes.map(\.json)) }
    return ["customer": .object(customer), "included": .object(included)]
  }

  /// The body of a change; `nil` where there is nothing to change.
  ///
  /// - Parameter points: all contact points of the customer: whoever touches one sends the full set.
  static func change(
    _ values: FieldValues, points: [TeamworkDeskPoint], from old: RecordID?, to new: RecordID?
  ) -> JSONValue? {
    var customer = values.body(scalars, isNew: false)
    var included: [String: JSONValue] = [:]
    if touchesPoints(values) {
      included["contacts"] = .list(changes(values, points: points).map(\.json))
      // A network that only the mirror knows has no contact point to be removed.
      for (field, type, name) in networks {
        if let value = values[field], value.isBlank, !points.contains(where: { $0.type == type }) {
          customer[name] = ""
        }
      }
    }
    if let id = new.flatMap({ Int($0.rawValue) }), new != old {
      var companies: [JSONValue] = [["id": .number(id), "delete": false]]
      if let id = old.flatMap({ Int($0.rawValue) }) { companies.append(["id": .number(id), "delete": true]) }
      included["companies"] = .list(companies)
    }
    guard !customer.isEmpty || !included.isEmpty else { return nil }
    guard !included.isEmpty else { return ["customer": .object(customer)] }
    return ["customer": .object(customer), "included": .object(included)]
  }

  static func touchesPoints(_ values: FieldValues) -> Bool {
    values["email"] != nil || values["other-emails"] != nil || networks.contains { values[$0.field] != nil }
  }

  /// One contact point as it is to be.
  struct PointChange: Equatable {
    var point: TeamworkDeskPoint
    var isRemoved = false

    /// One that is there already is addressed by its id, or it would be added a second time.
    var json: JSONValue {
      var body: [String: JSONValue] = [
        "value": .text(point.value), "type": .text(point.type), "isMain": .flag(point.isMain),
      ]
      if let id = point.id {
        body["id"] = .number(id)
        body["delete"] = .flag(isRemoved)
      }
      return .object(body)
    }
  }

  /// Every contact point of a customer as the values want it: kept, changed, added or removed.
  static func changes(_ values: FieldValues, points: [TeamworkDeskPoint]) -> [PointChange] {
    var changes = emailChanges(values, points)
    for point in points where point.type != "email" {
      guard let network = networks.first(where: { $0.type == point.type }), values[network.field] != nil else {
        changes.append(PointChange(point: point))
        continue
      }
      let isFirst = points.first { $0.type == point.type } == point
      guard let wanted = filled(values[network.field]) else {
        changes.append(PointChange(point: point, isRemoved: true))
        continue
      }
      changes.append(PointChange(point: isFirst ? changed(point, wanted, isMain: point.isMain) : point))
    }
    for (field, type, _) in networks where !points.contains(where: { $0.type == type }) {
      guard let wanted = filled(values[field]) else { continue }
      changes.append(PointChange(point: TeamworkDeskPoint(id: nil, value: wanted, type: type, isMain: false)))
    }
    return changes
  }

  /// The addresses: each wanted one takes the contact point that holds it; a new main one takes the old one's place.
  private static func emailChanges(_ values: FieldValues, _ points: [TeamworkDeskPoint]) -> [PointChange] {
    let (main, others) = emails(points)
    guard values["email"] != nil || values["other-emails"] != nil else {
      return ([main].compactMap { $0 } + others).map { PointChange(point: $0) }
    }
    let key: (String) -> String = ComparisonRule.email.key
    let wantedMain = filled(values["email"]) ?? main?.value
    var wanted: [String]
    if let value = values["other-emails"] {
      wanted = (value.items ?? [value.text].compactMap { $0 }).filter { !$0.isBlank }
    } else {
      // Nothing was said of the others: an address that becomes the main one changes places with it.
      wanted = others.map { other in
        guard let main, let wantedMain, key(other.value) == key(wantedMain) else { return other.value }
        return main.value
      }
    }
    var seen: Set<String> = Set([wantedMain].compactMap { $0 }.map(key))
    wanted = wanted.filter { seen.insert(key($0)).inserted }
    var free = [main].compactMap { $0 } + others
    func take(_ address: String) -> TeamworkDeskPoint? {
      guard let place = free.firstIndex(where: { key($0.value) == key(address) }) else { return nil }
      return free.remove(at: place)
    }
    let mainPoint = wantedMain.flatMap(take)
    let otherPoints = wanted.map { (address: $0, point: take($0)) }
    var changes: [PointChange] = []
    if let wantedMain {
      // An address that is nobody's yet takes the place of the old main one, unless that stays on as another.
      var point = mainPoint
      if point == nil, let main, let place = free.firstIndex(of: main) { point = free.remove(at: place) }
      changes.append(PointChange(point: changed(point, wantedMain, isMain: true)))
    }
    for (address, point) in otherPoints {
      changes.append(PointChange(point: changed(point, address, isMain: false)))
    }
    return changes + free.map { PointChange(point: changed($0, $0.value, isMain: false), isRemoved: true) }
  }

  private static func changed(_ point: TeamworkDeskPoint?, _ value: String, isMain: Bool) -> TeamworkDeskPoint {
    TeamworkDeskPoint(id: point?.id, value: value, type: point?.type ?? "email", isMain: isMain)
  }

  private static func filled(_ value: FieldValue?) -> String? {
    guard let text = value?.text, !text.isBlank else { return nil }
    return text
  }
}
