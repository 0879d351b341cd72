// Creating, changing and deleting over the API, one by one and in bulk.

extension ITGlueEmulation {
  /// POST and PATCH of one kind.
  mutating func write(
    _ request: EmulatedRequest, id: String?, _ scope: ITGlueScope, at moment: Moment
  ) throws(ITGlueRefusal) -> EmulatedResponse {
    try refuseFilters(request)
    let data = try data(of: request)
    if request.method == "PATCH" {
      guard let id else { return try bulk(data, scope, at: moment) }
      guard let number = Int(id), let place = self[scope.kind].place(number),
        scope.parent.map({ self[scope.kind].children(of: $0).contains(place) }) ?? true
      else { throw .notFound("The record \(id)") }
      try update(place, from: data, scope.kind, at: moment)
      return response(200, document(place, scope.kind))
    }
    guard let entries = data.elements else {
      let place = try create(from: data, scope, at: moment)
      return response(scope.kind == .locations ? 201 : options.createStatus, document(place, scope.kind))
    }
    // "POST an array in `data`, only on nested routes."
    guard scope.parent != nil else { throw .malformed("data must be an object.") }
    count("bulk creates")
    let places = try each(entries) { (system, entry) throws(ITGlueRefusal) in
      try system.create(from: entry, scope, at: moment)
    }
    return response(options.createStatus, document(places, scope.kind))
  }

  private func document(_ place: Int, _ kind: ITGlueKind) -> String {
    var text = #"{"data":"#
    write(whole: place, kind, adapters: false, into: &text)
    return text + "}"
  }

  private func document(_ places: [Int], _ kind: ITGlueKind) -> String {
    var text = #"{"data":["#
    for (index, place) in places.enumerated() {
      if index > 0 { text += "," }
      write(whole: place, kind, adapters: false, into: &text)
    }
    return text + "]}"
  }

  /// Runs the same for every entry; when one fails, the ones before it stand, unless bulk requests are atomic.
  private mutating func each(
    _ entries: [JSON], _ act: (inout ITGlueEmulation, JSON) throws(ITGlueRefusal) -> Int
  ) throws(ITGlueRefusal) -> [Int] {
    let before = options.bulkIsAtomic ? self : nil
    var places: [Int] = []
    do throws(ITGlueRefusal) {
      for entry in entries { places.append(try act(&self, entry)) }
    } catch {
      if let before { self = before }
      throw error
    }
    return places
  }

  /// "A second form takes `filter[...]` in the query and edits everything that matches": refused here, and counted.
  private mutating func refuseFilters(_ request: EmulatedRequest) throws(ITGlueRefusal) {
    guard request.query.contains(where: { $0.name.hasPrefix("filter[") }) else { return }
    count("writes by filter refused")
    throw ITGlueRefusal(400, "Bad Request", detail: "A filter may not be combined with a body.")
  }

  private func data(of request: EmulatedRequest) throws(ITGlueRefusal) -> JSON {
    guard let body = try? request.json(), let data = body["data"], data.members != nil || data.elements != nil else {
      throw .malformed("The body must have data.")
    }
    return data
  }

  /// The attributes of an entry, in kebab-case; `type` may be written with hyphens or underscores.
  private func attributes(of data: JSON, _ kind: ITGlueKind) throws(ITGlueRefusal) -> [JSON.Member] {
    guard let type = data["type"]?.text, type.replacing("_", with: "-") == kind.rawValue else {
      throw .malformed("type must be \(kind.rawValue).")
    }
    guard let members = data["attributes"]?.members else { throw .malformed("attributes must be an object.") }
    return members.map { JSON.Member(name: $0.name.replacing("_", with: "-"), value: $0.value) }
  }

  // MARK: - One record

  private mutating func create(
    from data: JSON, _ scope: ITGlueScope, at moment: Moment
  ) throws(ITGlueRefusal) -> Int {
    var attributes = try attributes(of: data, scope.kind)
    if let parent = scope.parent, let name = scope.kind.parentAttribute {
      attributes.removeAll { $0.name == name }
      attributes.insert(.init(name: name, value: .int(parent)), at: 0)
    }
    if scope.kind == .configurations, let address = primaryAddress(in: data["relationships"]) {
      attributes.append(.init(name: "primary-ip", value: address))
    }
    return try create(attributes, scope.kind, at: moment)
  }

  /// "Primary IP/MAC mirror the primary configuration interface."
  private func primaryAddress(in relationships: JSON?) -> JSON? {
    let interfaces = relationships?["configuration_interfaces"] ?? relationships?["configuration-interfaces"]
    let primary = interfaces?["data"]?.elements?.first { $0["attributes"]?["primary"] == true }
    return primary?["attributes"]?["ip-address"] ?? primary?["attributes"]?["ip_address"]
  }

  private mutating func update(
    _ place: Int, from data: JSON, _ kind: ITGlueKind, at moment: Moment
  ) throws(ITGlueRefusal) {
    let attributes = try attributes(of: data, kind)
    if kind == .configurations, data["relationships"] != nil {
      throw ITGlueRefusal(
        422, "Unprocessable Entity", detail: "relationships cannot be changed", pointer: "/data/relationships")
    }
    try update(place, attributes, kind, by: .api, at: moment)
  }

  // MARK: - Bulk

  /// `PATCH /organizations` with an array, the id of each inside its attributes.
  private mutating func bulk(
    _ data: JSON, _ scope: ITGlueScope, at moment: Moment
  ) throws(ITGlueRefusal) -> EmulatedResponse {
    guard scope.parent == nil, scope.kind.canBeDeleted || scope.kind == .models else { throw .notFound("The resource") }
    guard let entries = data.elements else { throw .malformed("data must be an array.") }
    count("bulk updates")
    let places = try each(entries) { (system, entry) throws(ITGlueRefusal) in
      let place = try system.place(in: entry, scope.kind)
      try system.update(place, from: entry, scope.kind, at: moment)
      return place
    }
    return response(200, document(places, scope.kind))
  }

  /// The record that an entry of a bulk request means; an id beside `type` is not where it belongs.
  private func place(in entry: JSON, _ kind: ITGlueKind) throws(ITGlueRefusal) -> Int {
    let value = try attributes(of: entry, kind).first { $0.name == "id" }?.value
    guard let id = value?.whole ?? value?.text.flatMap({ Int($0) }) else {
      throw .malformed("id is required in attributes.")
    }
    guard let place = self[kind].place(id) else { throw .notFound("The record \(id)") }
    return place
  }

  /// `DELETE /contacts` with an array; answers the deleted objects.
  mutating func delete(
    _ request: EmulatedRequest, _ kind: ITGlueKind, at moment: Moment
  ) throws(ITGlueRefusal) -> EmulatedResponse {
    try refuseFilters(request)
    guard let entries = try data(of: request).elements else { throw .malformed("data must be an array.") }
    var texts: [String] = []
    _ = try each(entries) { (system, entry) throws(ITGlueRefusal) in
      let place = try system.place(in: entry, kind)
      guard !system.isLocked(system[kind].records[place]) else { throw .synced }
      var text = ""
      system.write(whole: place, kind, adapters: false, into: &text)
      texts.append(text)
      system.remove(place, kind, at: moment)
      system.count("\(kind.rawValue) deleted by API")
      return place
    }
    return response(200, #"{"data":["# + texts.joined(separator: ",") + "]}")
  }
}

extension ITGlueRefusal {
  static func malformed(_ detail: String) -> ITGlueRefusal { ITGlueRefusal(400, "Bad Request", detail: detail) }
}
