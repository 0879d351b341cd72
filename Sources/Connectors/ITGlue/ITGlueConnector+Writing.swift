/// Organizations, contacts and configurations are created and changed, one at a time: never in bulk, never by filter.
import Model

extension ITGlueConnector {
  /// Sends each write by itself, a few at once. A cancelled caller stops writes that have not begun; what has begun is
  /// seen through.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    await batch.carriedOut(atOnce: ITGlueFeatures.description.features.concurrentWrites) { write, departure in
      await self.carryOut(write, in: scope, departure)
    }
  }

  /// The fewest requests of a write; names are looked up once a connector, and are not counted.
  static func requestCount(of write: Write) -> Int {
    guard write.action == .update, write.kind == .person else { return 1 }
    let texts = ITGlueMapping.attributes(write.values, .person)
    let lists = ITGlueMapping.ContactLists(of: write.current) ?? .init(emails: [], phones: [])
    let changesLists = !ITGlueMapping.attributes(write.values, lists: lists).isEmpty
    let moves = write.parent != nil && write.parent != write.current?.parent
    guard changesLists || !texts.isEmpty || moves else { return 0 }
    // Whether lists are merged or replaced is not documented: they are read back.
    return changesLists ? 2 : 1
  }

  /// A write that is ready to be sent, or one that need not be.
  private enum Preparation {
    case ready([String: JSONValue])
    case refused(WriteRejection)

    static func refused(_ field: FieldName?, _ message: String) -> Preparation {
      .refused(WriteRejection(reason: .valueRefused, field: field, message: message))
    }
  }

  private func carryOut(_ write: Write, in scope: ReadScope, _ departure: Departure) async -> WriteOutcome {
    let noun = ITGlueFeatures.description.noun(write.kind)
    guard ITGlueFeatures.description.features.can(write.action, write.kind) else {
      return .refused(.recordForbidden, "kith does not \(write.action.rawValue) IT Glue \(noun)s")
    }
    var stage = WriteStage.preparing
    do throws(ConnectorError) {
      if write.action == .create { return try await create(write, in: scope, departure, &stage) }
      guard let id = write.target?.number, id > 0 else { return .noID(write, of: "an IT Glue \(noun)") }
      return try await change(write, id, departure, &stage)
    } catch {
      return stage.outcome(of: error)
    }
  }

  private func create(
    _ write: Write, in scope: ReadScope, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    let type = ITGlueMapping.type(write.kind)
    let purpose = "new \(ITGlueFeatures.description.noun(write.kind))"
    var attributes: [String: JSONValue]
    switch try await prepare(write) {
    case .refused(let rejection): return .rejected(rejection)
    case .ready(let prepared): attributes = prepared
    }
    // What is not filled is left out of a new record.
    attributes = attributes.filter { $0.value != .null }
    if write.kind != .company {
      attributes["organization-id"] = .number(try Self.organization(write.parent?.rawValue ?? scope.partition))
    }
    stage = .sending
    let response = try await calls.call(
      .post, [type], body: ITGlueBody.resource(type, attributes), purpose: purpose, departure: departure)
    guard response.isSuccess else {
      return calls.errors.outcome(
        response, purpose: purpose, write: write, psaID: nil, isPartial: false, now: calls.now())
    }
    stage = .carriedOut
    let record = try self.record(write.kind, response, former: nil, purpose: purpose)
    let lacksLists =
      (attributes["contact-emails"] != nil && record.fields["email"] == nil)
      || (attributes["contact-phones"] != nil && record.fields["phone"] == nil)
    guard lacksLists else { return .done(record) }
    return .done(try await readBack(write.kind, record.id, former: nil, departure))
  }

  private func change(
    _ write: Write, _ id: Int, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    let type = ITGlueMapping.type(write.kind)
    let purpose = "\(ITGlueFeatures.description.noun(write.kind)) \(id)"
    var write = write
    if write.current == nil || (write.kind == .person && ITGlueMapping.ContactLists(of: write.current) == nil) {
      // Lists are sent whole: without those that are there nothing can be sent.
      write.current = try await read([RecordID(String(id))], of: write.kind, in: ReadScope()).first
      guard write.current != nil else { return .refused(.targetGone, "IT Glue has no \(purpose)") }
    }
    let attributes: [String: JSONValue]
    switch try await prepare(write) {
    case .refused(let rejection): return .rejected(rejection)
    case .ready(let prepared): attributes = prepared
    }
    stage = .sending
    guard !attributes.isEmpty else {
      if let current = write.current { return .done(current) }
      return .done(try await readBack(write.kind, RecordID(String(id)), former: nil, departure))
    }
    let response = try await calls.call(
      .patch, [type, String(id)], body: ITGlueBody.resource(type, attributes), purpose: purpose,
      departure: departure)
    guard response.isSuccess else {
      return calls.errors.outcome(
        response, purpose: purpose, write: write, psaID: write.current?.fields.text("psa-id"), isPartial: false,
        now: calls.now())
    }
    stage = .carriedOut
    let sendsLists = attributes["contact-emails"] != nil || attributes["contact-phones"] != nil
    let record =
      sendsLists
      ? try await readBack(write.kind, RecordID(String(id)), former: write.current, departure)
      : try self.record(write.kind, response, former: write.current, purpose: purpose)
    if let wanted = write.parent, attributes["organization-id"] != nil, let parent = record.parent, parent != wanted {
      return .refused(
        .valueRefused, "IT Glue left the \(purpose) at organization \(parent)", isPartial: attributes.count > 1)
    }
    return .done(record)
  }

  // MARK: Attributes

  private func prepare(_ write: Write) async throws(ConnectorError) -> Preparation {
    var attributes = ITGlueMapping.attributes(write.values, write.kind)
    let isNew = write.action == .create
    if write.kind != .person, attributes["name"] == .null || (isNew && attributes["name"] == nil) {
      return .refused("name", "IT Glue takes no \(ITGlueFeatures.description.noun(write.kind)) without a name")
    }
    switch write.kind {
    case .company:
      if let refusal = try await setNames(
        write.values,
        [
          ("type", "organization-type-id", .organizationTypes),
          ("status", "organization-status-id", .organizationStatuses),
        ], in: &attributes)
      {
        return refusal
      }
    case .person:
      let lists = ITGlueMapping.ContactLists(of: write.current) ?? .init(emails: [], phones: [])
      attributes.merge(ITGlueMapping.attributes(write.values, lists: lists)) { _, new in new }
    case .configuration:
      if let refusal = try await setNames(
        write.values,
        [
          ("type", "configuration-type-id", .configurationTypes),
          ("status", "configuration-status-id", .configurationStatuses),
        ], in: &attributes)
      {
        return refusal
      }
      let type = attributes["configuration-type-id"]
      if type == .null || (isNew && type == nil) {
        return .refused("type", "IT Glue takes no configuration without a type")
      }
      if let refusal = try await setDevice(write, in: &attributes) { return refusal }
    case .member: throw .without(.member, ITGlueFeatures.description)
    }
    if write.kind != .company, !isNew, let parent = write.parent, parent != write.current?.parent {
      attributes["organization-id"] = .number(try Self.organization(parent.rawValue))
    }
    switch write.action {
    case .deactivate: attributes["archived"] = true
    case .reactivate: attributes["archived"] = false
    case .create, .update, .delete: break
    }
    return .ready(attributes)
  }

  /// Names become ids; one that IT Glue does not have refuses the write, and says which there are.
  private func setNames(
    _ values: FieldValues, _ fields: [(field: FieldName, attribute: String, list: ITGlueList)],
    in attributes: inout [String: JSONValue]
  ) async throws(ConnectorError) -> Preparation? {
    for (field, attribute, list) in fields {
      guard let value = values[field] else { continue }
      guard let name = value.text, !name.isBlank else {
        attributes[attribute] = .null
        continue
      }
      switch try await catalogue.lookUp(name, in: list) {
      case .found(let id): attributes[attribute] = .number(id)
      case .missing(let names):
        let more = names.count > 20 ? ", …" : ""
        let there = names.isEmpty ? "it has none" : "it has \(names.prefix(20).joined(separator: ", "))\(more)"
        return .refused(field, "IT Glue has no \(list.noun) \"\(name)\"; \(there)")
      }
    }
    return nil
  }

  /// Manufacturer and model by name, made where they are missing. A model belongs to one manufacturer: where that
  /// changes and the model is not named, the model of the same name is taken there.
  private func setDevice(
    _ write: Write, in attributes: inout [String: JSONValue]
  ) async throws(ConnectorError) -> Preparation? {
    func filled(_ value: FieldValue?) -> String? { value?.text.flatMap { $0.isBlank ? nil : $0.trimmedNFC } }
    let former = write.current?.native.flatMap { Int($0) }
    var manufacturer = former
    var model = filled(write.values["model"])
    if let value = write.values["manufacturer"] {
      if let name = filled(value) {
        let id = try await catalogue.findOrMake(name, in: .manufacturers)
        attributes["manufacturer-id"] = .number(id)
        manufacturer = id
        if id != former, write.values["model"] == nil { model = filled(write.current?.fields["model"]) }
      } else {
        attributes["manufacturer-id"] = .null
        manufacturer = nil
      }
    }
    if let model {
      guard let manufacturer else {
        return .refused("model", "at IT Glue a model belongs to a manufacturer, and none is given")
      }
      let id = try await catalogue.findOrMake(model, in: .models(manufacturer: manufacturer))
      attributes["model-id"] = .number(id)
    } else if write.values["model"] != nil {
      attributes["model-id"] = .null
    }
    return nil
  }

  // MARK: Answers

  private func readBack(
    _ kind: RecordKind, _ id: RecordID, former: Record?, _ departure: Departure
  ) async throws(ConnectorError) -> Record {
    let purpose = "\(ITGlueFeatures.description.noun(kind)) \(id), read back"
    let response = try await calls.call(
      .get, [ITGlueMapping.type(kind), id.rawValue], purpose: purpose, departure: departure)
    guard response.isSuccess else { throw calls.errors.error(response, purpose: purpose, now: calls.now()) }
    return try record(kind, response, former: former, purpose: purpose)
  }

  private func record(
    _ kind: RecordKind, _ response: HTTPResponse, former: Record?, purpose: String
  ) throws(ConnectorError) -> Record {
    let what = "IT Glue, \(purpose)"
    let record: Record
    switch kind {
    case .company:
      let single = try JSONWire.decode(ITGlueSingle<ITGlueOrganization>.self, from: response.body, purpose: what)
      record = ITGlueMapping.record(single.row, remoteIDs: single.remoteIDs)
    case .person:
      let single = try JSONWire.decode(ITGlueSingle<ITGlueContact>.self, from: response.body, purpose: what)
      record = ITGlueMapping.record(single.row, remoteIDs: single.remoteIDs)
    case .configuration:
      let single = try JSONWire.decode(ITGlueSingle<ITGlueConfiguration>.self, from: response.body, purpose: what)
      record = ITGlueMapping.record(single.row, remoteIDs: single.remoteIDs)
    case .member: throw .without(.member, ITGlueFeatures.description)
    }
    return ITGlueMapping.completed(record, by: former)
  }
}
