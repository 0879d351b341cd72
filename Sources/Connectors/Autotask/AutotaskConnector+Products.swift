/// What configuration items are instances of: products, which are found by manufacturer and model, or made.
import Model
import Synchronization

/// Manufacturer and model, as they are compared.
struct AutotaskModel: Hashable, Sendable {
  var manufacturer: String
  var model: String

  init(manufacturer: String, model: String) {
    self.manufacturer = ComparisonRule.email.key(manufacturer)
    self.model = ComparisonRule.email.key(model)
  }
}

/// What looking for a product came to.
enum AutotaskProductSearch: Sendable {
  case found(AutotaskProduct)
  case refused(AutotaskRefusal)
}

extension AutotaskConnector {
  /// Adds the products that are not there yet, in as few requests as there are lists of ids.
  func add(to products: inout [Int: AutotaskProduct], _ ids: Set<Int>) async throws(ConnectorError) {
    let known = products
    let missing = ids.filter { known[$0] == nil }.sorted()
    for chunk in missing.chunks(of: AutotaskFeatures.pageSize) {
      let query = AutotaskQuery([AutotaskQuery.among(chunk)], fields: AutotaskProduct.fields)
      for product in try await calls.rows(
        AutotaskProduct.self, query, of: .products, purpose: "\(chunk.count) products")
      { products[product.id] = product }
    }
  }

  /// The product of a manufacturer's model; made where there is none.
  ///
  /// - Parameter hasMade: set when a product was made, so that a refusal afterwards is a partial one.
  func product(
    manufacturer: String, model: String, _ departure: Departure, _ hasMade: inout Bool
  ) async throws(ConnectorError) -> AutotaskProductSearch {
    let key = AutotaskModel(manufacturer: manufacturer, model: model)
    try await findingProduct.take()
    defer { findingProduct.giveBack() }
    if let known = knownProducts.withLock({ $0[key] }) { return .found(known) }
    let candidates = try await products(manufacturer: manufacturer, model: model)
    if let found = Self.chosen(among: candidates, manufacturer: manufacturer, model: model) {
      guard found.isActive else {
        return .refused(
          AutotaskRefusal("model", "the product \"\(found.name ?? model)\" (\(found.id)) is inactive at Autotask"))
      }
      knownProducts.withLock { $0[key] = found }
      return .found(found)
    }
    let made = try await make(manufacturer: manufacturer, model: model, departure)
    if case .found(let product) = made {
      hasMade = true
      knownProducts.withLock { $0[key] = product }
    }
    return made
  }

  private func products(manufacturer: String, model: String) async throws(ConnectorError) -> [AutotaskProduct] {
    let query = AutotaskQuery(
      [
        AutotaskQuery.compare("eq", "manufacturerName", .text(manufacturer)),
        AutotaskQuery.compare("eq", "manufacturerProductName", .text(model)),
      ], fields: AutotaskProduct.fields)
    return try await calls.rows(
      AutotaskProduct.self, query, of: .products, purpose: "the product \(manufacturer) \(model)")
  }

  /// Letter by letter before without case, active before inactive, the oldest first.
  static func chosen(
    among candidates: [AutotaskProduct], manufacturer: String, model: String
  ) -> AutotaskProduct? {
    func matching(_ rule: ComparisonRule) -> [AutotaskProduct] {
      candidates.filter {
        rule.key($0.manufacturerName ?? "") == rule.key(manufacturer)
          && rule.key($0.manufacturerProductName ?? "") == rule.key(model)
      }.sorted { $0.id < $1.id }
    }
    let (exact, loose) = (matching(.exact), matching(.email))
    return exact.first(where: \.isActive) ?? loose.first(where: \.isActive) ?? exact.first ?? loose.first
  }

  private func make(
    manufacturer: String, model: String, _ departure: Departure
  ) async throws(ConnectorError) -> AutotaskProductSearch {
    guard let code = try await newProductBillingCode() else {
      return .refused(
        AutotaskRefusal(
          "model",
          "Autotask demands a billing code of the new product \(manufacturer) \(model), and no product has one to take "
            + "over: set billing-code of the connection"))
    }
    let metadata = try? await calls.metadata(of: .products)
    let name = "\(manufacturer) \(model)"
    do throws(AutotaskRefusal) {
      try AutotaskMapping.checkLength(manufacturer, "manufacturer", "manufacturerName", metadata)
      try AutotaskMapping.checkLength(model, "model", "manufacturerProductName", metadata)
    } catch {
      return .refused(error)
    }
    let longest = metadata?.length(of: "name") ?? name.count
    let body: [String: JSONValue] = [
      "name": .text(String(name.prefix(longest))), "manufacturerName": .text(manufacturer),
      "manufacturerProductName": .text(model), "isActive": true, "isSerialized": false,
      "productBillingCodeID": .number(code),
    ]
    let purpose = "new product \(name)"
    // Looked for by its model before it is made again, so that an answer that was lost makes no second one.
    let response = try await calls.call(
      .post, .products, [AutotaskEntity.products.rawValue], body: .object(body), purpose: purpose, departure: departure,
      isFollowUp: true)
    if case .rejected(let rejection) = refusal(response, purpose: purpose) {
      return .refused(AutotaskRefusal(rejection.field ?? "model", rejection.message))
    }
    guard let id = try calls.decode(AutotaskWritten.self, response, purpose: purpose).itemId else {
      throw ConnectorError(.malformed, "Autotask, \(purpose): its id is missing")
    }
    let query = AutotaskQuery([AutotaskQuery.among([id])], fields: AutotaskProduct.fields)
    let made = try await calls.rows(AutotaskProduct.self, query, of: .products, purpose: "\(purpose), read back")
    guard let product = made.first else {
      throw ConnectorError(.malformed, "Autotask, \(purpose): it is not there when it is read back")
    }
    return .found(product)
  }

  private func refusal(_ response: HTTPResponse, purpose: String) -> WriteOutcome? {
    guard AutotaskErrors.meaning(response) != .done else { return nil }
    return calls.errors.outcome(
      response, purpose: purpose, action: .create,
      sent: ["manufacturerName": "manufacturer", "manufacturerProductName": "model", "name": "model"],
      isPartial: false, now: calls.now())
  }

  /// The one that a person named, else the one that most products have.
  private func newProductBillingCode() async throws(ConnectorError) -> Int? {
    if let billingCode { return billingCode }
    let query = AutotaskQuery(
      [AutotaskQuery.compare("eq", "isActive", true)], fields: ["id", "isActive", "productBillingCodeID"])
    let page = try await calls.page(
      AutotaskProduct.self, query, of: .products, after: nil, purpose: "billing codes of products")
    var counts: [Int: Int] = [:]
    for case let code? in page.rows.map(\.productBillingCodeID) { counts[code, default: 0] += 1 }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
