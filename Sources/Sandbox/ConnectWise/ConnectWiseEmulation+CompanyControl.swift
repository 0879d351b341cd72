// What control does to companies, and saving records without a change.

extension ConnectWiseEmulation {
  func companyPlace(_ name: String) throws(ControlProblem) -> Int {
    let wanted = name.lowercased()
    if let place = Int(name).flatMap({ companyPlaces[$0] }) { return place }
    guard let place = companies.firstIndex(where: { $0.identifier.lowercased() == wanted }) else {
      throw ControlProblem(
        404, "There is no company \"\(name)\".", fix: "GET /control/connectwise/companies lists them.")
    }
    return place
  }

  mutating func createCompany(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let members = body.members, body["identifier"] != nil, body["name"] != nil else {
      throw ControlProblem(
        400, "A company needs an identifier of up to 25 and a name of up to 50 characters.",
        fix: #"Send {"identifier":"NewCo","name":"New Company"}."#)
    }
    if let identifier = body["identifier"]?.text, companyIDs[identifier.lowercased()] != nil {
      throw ControlProblem(409, "There is a company \"\(identifier)\".", fix: "Give another identifier.")
    }
    let id = (companies.last?.id ?? 249) + 1
    let usual = ConnectWiseEmulation.usualTexts(of: id).filter { $0.key != "phoneNumber" && body[$0.key] == nil }
    let later: Set<String> = ["deletedFlag", "status", "types", "parentCompany"]
    let wire = members.filter { !later.contains($0.name) } + usual.map { .init(name: $0.key, value: .string($0.value)) }
    _ = try refused { (system) throws(ConnectWiseRefusal) in
      system.json(try system.newCompany(from: .object(wire), by: ConnectWiseEmulation.technician, at: moment))
    }
    let rest = members.filter { later.contains($0.name) }
    return rest.isEmpty
      ? json(companies[companies.count - 1]) : try changeCompany(id.description, .object(rest), at: moment)
  }

  /// What a technician changes; the status of a company does not bind the person who sets it.
  mutating func changeCompany(
    _ name: String, _ body: JSON, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let place = try companyPlace(name)
    var company = companies[place]
    for member in body.members ?? [] {
      switch (member.name, member.value) {
      case ("name", .string(let text)) where !text.isEmpty: company.name = text
      case ("identifier", .string(let text)) where !text.isEmpty:
        guard [nil, company.id].contains(companyIDs[text.lowercased()]) else {
          throw ControlProblem(409, "There is a company \"\(text)\".", fix: "Give another identifier.")
        }
        company.identifier = text
      case ("deletedFlag", .bool(let flag)): company.isDeleted = flag
      case ("status", let value):
        let wanted = value["id"]?.whole ?? value.whole
        guard let status = CompanyStatus.all.first(where: { $0.id == wanted || $0.name == value.text }) else {
          throw ControlProblem(
            400, "There is no status \(value.encoded).",
            fix: "Known: \(CompanyStatus.all.map(\.name).joined(separator: ", ")).")
        }
        company.status = status
      case ("types", .array(let values)):
        company.types = []
        for value in values {
          guard let type = CompanyType.all.first(where: { $0.id == value.whole || $0.name == value.text }) else {
            throw ControlProblem(
              400, "There is no type \(value.encoded).",
              fix: "Known: \(CompanyType.all.map(\.name).joined(separator: ", ")).")
          }
          company.types.append(type)
        }
      case ("parentCompany", .null): company.parentID = nil
      case ("parentCompany", let value):
        company.parentID = companies[try companyPlace(value.text ?? (value["id"] ?? value).encoded)].id
      case (let field, .string(let text)) where ConnectWiseCompany.textFields[field] != nil:
        company.texts[field] = text.isEmpty ? nil : text
      case (let field, .null) where ConnectWiseCompany.textFields[field] != nil: company.texts[field] = nil
      default:
        throw ControlProblem(
          400, "\"\(member.name)\" of a company cannot be set so.",
          fix: "Known: name, identifier, status, deletedFlag, types, parentCompany, and texts such as website.")
      }
    }
    company.stamp.updated = moment.seconds
    company.stamp.updatedBy = ConnectWiseEmulation.technician
    replaceCompany(place, with: company)
    return json(company)
  }

  mutating func touch(_ kind: String, _ name: String, at moment: Moment) throws(ControlProblem) -> JSON? {
    func stamp(_ stamp: inout RecordStamp) {
      stamp.updated = moment.seconds
      stamp.updatedBy = ConnectWiseEmulation.technician
    }
    switch kind {
    case "contacts":
      let place = try contactPlace(named: name)
      stamp(&contacts[place].stamp)
      return json(contacts[place])
    case "companies":
      let place = try companyPlace(name)
      stamp(&companies[place].stamp)
      return json(companies[place])
    case "configurations":
      let place = try configurationPlace(named: name)
      stamp(&configurations[place].stamp)
      return json(configurations[place])
    default: return nil
    }
  }
}
