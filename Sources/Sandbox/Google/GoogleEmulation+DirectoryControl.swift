// What control does to the tenant: users, groups and organisational units.

import Foundation

extension GoogleEmulation {
  var directoryRoutes: [ControlRoute] {
    [
      ControlRoute("GET", "/control/google/users", "All users, deleted ones included."),
      ControlRoute(
        "POST", "/control/google/users",
        "Creates a user: givenName, familyName, primaryEmail, orgUnitPath. takes-address: an alias that stands in the way "
          + "is taken from its user first, as when a former address is given to somebody new.",
        example: #"{"givenName":"Nora","familyName":"Lind","primaryEmail":"nora.lind@kestrel.example"}"#),
      ControlRoute(
        "POST", "/control/google/users/import",
        "Creates so many users at once, userN@kestrel.example, in a unit, with no contacts yet: a tenant of any size.",
        example: #"{"users":450,"orgUnitPath":"/Interns"}"#),
      ControlRoute("GET", "/control/google/users/{user}", "One user, by id, address or alias."),
      ControlRoute(
        "PATCH", "/control/google/users/{user}",
        "Changes givenName, familyName, primaryEmail (the former one becomes an alias), orgUnitPath, isAdmin, "
          + "isDelegatedAdmin, isMailboxSetup, aliases.",
        example: #"{"primaryEmail":"dana.reed@kestrel.example"}"#),
      ControlRoute("DELETE", "/control/google/users/{user}", "Deletes a user; its contacts go with it."),
      ControlRoute(
        "POST", "/control/google/users/{user}/{act}",
        "act: suspend, unsuspend, archive, unarchive, contacts-off, contacts-on, undelete, empty-trash."),
      ControlRoute("DELETE", "/control/google/users/{user}/aliases/{alias}", "Drops an alias."),
      ControlRoute("GET", "/control/google/groups", "All groups with their members."),
      ControlRoute(
        "POST", "/control/google/groups", "Creates a group: email, name, members (addresses).",
        example: #"{"email":"north@kestrel.example","name":"North","members":["dana.whitfield@kestrel.example"]}"#),
      ControlRoute("DELETE", "/control/google/groups/{group}", "Deletes a group."),
      ControlRoute(
        "POST", "/control/google/groups/{group}/members",
        "Puts a user or a group in: email, role. An address of nobody here is an outsider, with outside-group a group of "
          + "another tenant; customer means every user.",
        example: #"{"email":"dana.whitfield@kestrel.example"}"#),
      ControlRoute("DELETE", "/control/google/groups/{group}/members/{member}", "Takes a member out."),
      ControlRoute("GET", "/control/google/orgunits", "All organisational units."),
      ControlRoute(
        "POST", "/control/google/orgunits", "Creates a unit; its parent must be there.",
        example: #"{"path":"/Sales/APAC"}"#),
      ControlRoute(
        "PATCH", "/control/google/orgunits", "Renames a unit.", example: #"{"path":"/Sales","name":"Selling"}"#),
    ]
  }

  mutating func controlDirectory(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    directory.lag = options[.searchLag]
    switch request.line {
    case "GET users": return .array(directory.users.map(controlJSON))
    case "POST users": return try createUser(request.body, at: moment)
    case "POST users import": return try importUsers(request.body, at: moment)
    case "GET groups": return .array(directory.groups.map(controlJSON))
    case "POST groups": return try createGroup(request.body)
    case "GET orgunits": return .array(directory.units.map(directory.json))
    case "POST orgunits": return try createUnit(request.body)
    case "PATCH orgunits": return try renameUnit(request.body)
    default: break
    }
    let path = request.path
    switch (request.method, path.first, path.count) {
    case ("GET", "users", 2): return controlJSON(directory.users[try userPlace(path[1])])
    case ("PATCH", "users", 2): return try editUser(path[1], request.body, at: moment)
    case ("DELETE", "users", 2):
      let place = try presentUser(path[1])
      directory.change(place, at: moment.seconds) { $0.deletedAt = moment.seconds }
      directory.forgetMember(directory.users[place].id)
      return controlJSON(directory.users[place])
    case ("POST", "users", 3): return try act(path[2], on: path[1], at: moment)
    case ("DELETE", "users", 4) where path[2] == "aliases":
      let place = try presentUser(path[1])
      let alias = path[3].lowercased()
      guard directory.users[place].aliases.contains(alias) else {
        throw ControlProblem(
          404, "\(directory.users[place].primaryEmail) has no alias \"\(alias)\".", fix: "GET the user to see them.")
      }
      directory.change(place, at: moment.seconds) { $0.aliases.removeAll { $0 == alias } }
      return controlJSON(directory.users[place])
    case ("DELETE", "groups", 2):
      let group = directory.groups.remove(at: try groupPlace(path[1]))
      directory.forgetMember(group.id)
      return ["deleted": .string(group.email)]
    case ("POST", "groups", 3) where path[2] == "members":
      let place = try groupPlace(path[1])
      let member = try member(request.body)
      directory.groups[place].members.removeAll { $0.id == member.id }
      directory.groups[place].members.append(member)
      return controlJSON(directory.groups[place])
    case ("DELETE", "groups", 4) where path[2] == "members":
      let place = try groupPlace(path[1])
      let wanted = path[3].lowercased()
      let id =
        directory.presentPlace(key: path[3]).map { directory.users[$0].id }
        ?? directory.groupPlace(key: path[3]).map { directory.groups[$0].id }
      let count = directory.groups[place].members.count
      directory.groups[place].members.removeAll { $0.id == id || $0.id == path[3] || $0.email == wanted }
      guard directory.groups[place].members.count < count else {
        throw ControlProblem(
          404, "\(path[1]) has no member \"\(path[3])\".", fix: "GET /control/google/groups lists them.")
      }
      return controlJSON(directory.groups[place])
    default: return nil
    }
  }

  func presentUser(_ name: String) throws(ControlProblem) -> Int {
    let place = try userPlace(name)
    guard directory.users[place].deletedAt == nil else {
      throw ControlProblem(409, "The user \"\(name)\" is deleted.", fix: "POST …/undelete first.")
    }
    return place
  }

  private func groupPlace(_ name: String) throws(ControlProblem) -> Int {
    guard let place = directory.groupPlace(key: name) else {
      throw ControlProblem(
        404, "There is no group \"\(name)\".", fix: "Known: \(directory.groups.map(\.email).joined(separator: ", ")).")
    }
    return place
  }

  private func unit(_ path: String) throws(ControlProblem) -> GoogleUnit {
    guard let unit = directory.unit(path) else {
      throw ControlProblem(
        404, "There is no organisational unit \"\(path)\".",
        fix: "Known: \(directory.units.map { directory.path(of: $0.id) }.joined(separator: ", ")).")
    }
    return unit
  }

  // MARK: - Users

  /// An address of one of the tenant's domains that nobody has.
  private func address(_ text: String, except user: GoogleUser? = nil) throws(ControlProblem) -> String {
    let address = text.lowercased()
    guard directory.holdsUsers(directory.domain(of: address)), address.contains("@") else {
      throw ControlProblem(
        400, "\"\(text)\" is in no domain of the tenant.",
        fix: "Known: \(directory.domains.map(\.name).joined(separator: ", ")).")
    }
    guard directory.isFree(address) || user?.answers(to: address) ?? false else {
      // "cannot be given to someone else while it is" an alias.
      throw ControlProblem(
        409, "\"\(text)\" belongs to somebody.",
        fix: "Drop the alias first, or send takes-address where it may be taken.")
    }
    return address
  }

  private mutating func createUser(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let given = body["givenName"]?.text ?? "New"
    let family = body["familyName"]?.text ?? "Person"
    let local = "\(given).\(family)".lowercased().filter { $0.isASCII && !$0.isWhitespace }
    let wanted = (body["primaryEmail"]?.text ?? "\(local)@kestrel.example").lowercased()
    if body["takes-address"]?.flag ?? false, let owner = directory.presentPlace(key: wanted),
      directory.users[owner].aliases.contains(wanted)
    {
      directory.change(owner, at: moment.seconds) { $0.aliases.removeAll { $0 == wanted } }
    }
    let unit = try body["orgUnitPath"]?.text.map { (path) throws(ControlProblem) in try self.unit(path).id }
    var user = GoogleUser(
      id: "1" + GoogleServiceAccount.digits(20, &random), primaryEmail: try address(wanted), givenName: given,
      familyName: family, unitID: unit ?? directory.rootID, createdAt: moment.seconds)
    user.isAdmin = body["isAdmin"]?.flag ?? false
    directory.add(user, at: moment.seconds)
    books[user.id] = GoogleBook(random: SeededGenerator(seed: random.next()), at: moment.seconds)
    return controlJSON(user)
  }

  private mutating func importUsers(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let count = body["users"]?.whole, (0...10_000).contains(count) else {
      throw ControlProblem(400, "No number of users was given.", fix: #"Send {"users":450}."#)
    }
    let unit = try unit(body["orgUnitPath"]?.text ?? "/").id
    for number in directory.users.count..<(directory.users.count + count) {
      let user = GoogleUser(
        id: "1" + GoogleServiceAccount.digits(20, &random), primaryEmail: try address("user\(number)@kestrel.example"),
        givenName: "User", familyName: "Number \(number)", unitID: unit, createdAt: moment.seconds)
      directory.add(user, at: moment.seconds)
      books[user.id] = GoogleBook(random: SeededGenerator(seed: random.next()), at: moment.seconds)
    }
    return ["users": .int(count)]
  }

  private mutating func editUser(_ name: String, _ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let place = try presentUser(name)
    var user = directory.users[place]
    for member in body.members ?? [] {
      switch (member.name, member.value) {
      case ("givenName", .string(let text)): user.givenName = text
      case ("familyName", .string(let text)): user.familyName = text
      case ("primaryEmail", .string(let text)):
        // "the old address stays as an ALIAS of the same user".
        let address = try address(text, except: user)
        guard address != user.primaryEmail else { continue }
        user.aliases.removeAll { $0 == address }
        user.aliases.append(user.primaryEmail)
        user.primaryEmail = address
      case ("orgUnitPath", .string(let text)): user.unitID = try unit(text).id
      case ("isAdmin", .bool(let flag)): user.isAdmin = flag
      case ("isDelegatedAdmin", .bool(let flag)): user.isDelegatedAdmin = flag
      case ("isMailboxSetup", .bool(let flag)): user.isMailboxSetUp = flag
      case ("aliases", .array(let aliases)):
        var addresses: [String] = []
        for alias in aliases.compactMap(\.text) { addresses.append(try address(alias, except: user)) }
        user.aliases = addresses
      default:
        throw ControlProblem(
          400, "\"\(member.name)\" of a user cannot be \(member.value.encoded).",
          fix: "GET /control says what can be changed.")
      }
    }
    directory.change(place, at: moment.seconds) { $0 = user }
    return controlJSON(user)
  }

  private mutating func act(
    _ act: String, on name: String, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    if act == "undelete" {
      let place = try userPlace(name)
      guard directory.isFree(directory.users[place].primaryEmail) else {
        throw ControlProblem(
          409, "The address of \"\(name)\" belongs to somebody else now.", fix: "Rename that one first.")
      }
      directory.change(place, at: moment.seconds) { $0.deletedAt = nil }
      return controlJSON(directory.users[place])
    }
    let place = try presentUser(name)
    let now = moment.seconds
    switch act {
    case "suspend", "unsuspend":
      directory.change(place, at: now) {
        $0.isSuspended = act == "suspend"
        $0.suspendedAt = act == "suspend" ? now : nil
      }
    case "archive", "unarchive":
      directory.change(place, at: now) {
        $0.isArchived = act == "archive"
        $0.archivedAt = act == "archive" ? now : nil
      }
    case "contacts-off", "contacts-on": directory.change(place, at: now) { $0.hasContacts = act == "contacts-on" }
    case "empty-trash": books[directory.users[place].id]?.emptyTrash(at: now)
    default:
      throw ControlProblem(
        404, "There is no act \"\(act)\".",
        fix: "Known: suspend, unsuspend, archive, unarchive, contacts-off, contacts-on, undelete, empty-trash.")
    }
    return controlJSON(directory.users[place])
  }

  // MARK: - Groups and units

  private mutating func createGroup(_ body: JSON) throws(ControlProblem) -> JSON {
    let email = try address(body["email"]?.text ?? "")
    var group = GoogleGroup(
      id: "0" + random.key(length: 14).lowercased(), email: email,
      name: body["name"]?.text ?? email.prefix { $0 != "@" }.description)
    for address in (body["members"]?.elements ?? []) { group.members.append(try member(["email": address])) }
    directory.groups.append(group)
    return controlJSON(group)
  }

  private mutating func member(_ body: JSON) throws(ControlProblem) -> GoogleMember {
    let role = body["role"]?.text ?? "MEMBER"
    guard ["OWNER", "MANAGER", "MEMBER"].contains(role) else {
      throw ControlProblem(400, "There is no role \"\(role)\".", fix: "Known: OWNER, MANAGER, MEMBER.")
    }
    if body["customer"]?.flag ?? false { return GoogleMember(kind: .customer, id: directory.customerID, role: role) }
    guard let email = body["email"]?.text?.lowercased(), email.contains("@") else {
      throw ControlProblem(400, "No member was named.", fix: #"Send {"email":"…"} or {"customer":true}."#)
    }
    if let user = directory.presentPlace(key: email) {
      return GoogleMember(kind: .user, id: directory.users[user].id, role: role)
    }
    if let group = directory.groupPlace(key: email) {
      return GoogleMember(kind: .group, id: directory.groups[group].id, role: role)
    }
    let isGroup = body["outside-group"]?.flag ?? false
    return GoogleMember(
      kind: isGroup ? .outsideGroup : .outsider, id: GoogleServiceAccount.digits(21, &random), email: email, role: role)
  }

  private mutating func createUnit(_ body: JSON) throws(ControlProblem) -> JSON {
    let names = (body["path"]?.text ?? "").split(separator: "/").map(String.init)
    guard let name = names.last, directory.unit(names.joined(separator: "/")) == nil else {
      throw ControlProblem(400, "No new unit was named.", fix: #"Send {"path":"/Sales/APAC"}."#)
    }
    let parent = try unit("/" + names.dropLast().joined(separator: "/"))
    let unit = GoogleUnit(id: "id:" + random.key(length: 14).lowercased(), name: name, parentID: parent.id)
    directory.units.append(unit)
    return directory.json(unit)
  }

  private mutating func renameUnit(_ body: JSON) throws(ControlProblem) -> JSON {
    let unit = try unit(body["path"]?.text ?? "")
    guard let name = body["name"]?.text, !name.isEmpty, !name.contains("/"), unit.parentID != nil,
      let place = directory.units.firstIndex(where: { $0.id == unit.id })
    else { throw ControlProblem(400, "No name was given.", fix: #"Send {"path":"/Sales","name":"Selling"}."#) }
    directory.units[place].name = name
    return directory.json(directory.units[place])
  }

  // MARK: - Showing

  func controlJSON(_ user: GoogleUser) -> JSON {
    .object(
      (directory.json(user, public: false, schemas: nil).members ?? []).filter {
        $0.name != "etag" && $0.name != "kind"
      }
        + [.init(name: "contacts-service", value: .bool(user.hasContacts))])
  }

  func controlJSON(_ group: GoogleGroup) -> JSON {
    [
      "id": .string(group.id), "email": .string(group.email), "name": .string(group.name),
      "members": .array(
        group.members.map {
          [
            "id": .string($0.id), "email": directory.email(of: $0).map { .string($0) } ?? .null,
            "kind": .string($0.kind.rawValue), "role": .string($0.role),
          ]
        }),
    ]
  }
}
