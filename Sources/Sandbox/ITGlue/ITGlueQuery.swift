// The query of a listing: pages, sorting, filters and what is included.

/// One filter with what it asks for.
struct ITGlueFilter: Sendable {
  var form: ITGlueFilterForm
  /// One of these must fit.
  var values: [String]
  var excludes = false
}

/// A listing request, taken apart.
struct ITGlueQuery: Sendable {
  var number = 1
  var size = ITGlueOptions.defaultPage
  /// Without a minus.
  var sortKey: String?
  var isDescending = false
  var filters: [ITGlueFilter] = []
  /// Whether the ids of the PSA are wanted.
  var includesAdapters = false
  var includesAnything = false
  /// Filters on a nested route, which have no effect.
  var ignoredFilters = 0

  init(_ request: EmulatedRequest, _ scope: ITGlueScope, _ options: ITGlueOptions) throws(ITGlueRefusal) {
    let schema = ITGlueSchema.of(scope.kind)
    for item in request.query {
      let name = item.name
      if name == "page[number]" {
        number = max(1, Int(item.value) ?? 1)
      } else if name == "page[size]" {
        size = Int(item.value).flatMap { $0 > 0 ? $0 : nil } ?? ITGlueOptions.defaultPage
      } else if name == "sort" {
        try readSort(item.value, schema)
      } else if name == "include" {
        try readIncludes(item.value, scope.kind)
      } else if name.hasPrefix("filter[") {
        guard scope.parent == nil else {
          // "Filters do not work on nested routes": they are passed over.
          ignoredFilters += 1
          continue
        }
        try readFilter(name, item.value, schema, options)
      }
    }
    guard size <= ITGlueOptions.largestPage || !options.refusesLargePages else {
      throw ITGlueRefusal(400, "Bad Request", detail: "page[size] must not be above \(ITGlueOptions.largestPage).")
    }
    size = min(size, ITGlueOptions.largestPage)
    number = min(number, 1_000_000_000)
    try checkPSAFilters(request)
  }

  private mutating func readSort(_ text: String, _ schema: ITGlueSchema) throws(ITGlueRefusal) {
    isDescending = text.hasPrefix("-")
    let key = isDescending ? String(text.dropFirst()) : text
    guard schema.sorts.contains(key) else {
      throw ITGlueRefusal(400, "Bad Request", detail: "\(key) is not a sort key.")
    }
    sortKey = key
  }

  /// Values are written with underscores; hyphens work as well.
  private mutating func readIncludes(_ text: String, _ kind: ITGlueKind) throws(ITGlueRefusal) {
    for part in text.split(separator: ",") {
      let name = String(part).replacing("-", with: "_")
      guard kind.includes.contains(name) else {
        throw ITGlueRefusal(400, "Bad Request", detail: "\(part) cannot be included.")
      }
      includesAnything = true
      if name == "adapters_resources" { includesAdapters = true }
    }
  }

  private mutating func readFilter(
    _ name: String, _ value: String, _ schema: ITGlueSchema, _ options: ITGlueOptions
  ) throws(ITGlueRefusal) {
    var key = String(name.dropFirst("filter[".count).prefix { $0 != "]" })
    var excludes = false
    let rest = name.dropFirst("filter[".count + key.count + 1)
    if key == "exclude", rest.hasPrefix("["), rest.hasSuffix("]") {
      excludes = true
      key = String(rest.dropFirst().dropLast())
    }
    let mayExclude: Set<String> = ["id", "name", "organization_type_id", "organization_status_id"]
    guard let form = schema.filters[key], !excludes || mayExclude.contains(key) else {
      guard options.refusesUnknownFilters else { return }
      throw ITGlueRefusal(400, "Bad Request", detail: "\(key) is not a filter.")
    }
    filters.append(ITGlueFilter(form: form, values: ITGlueQuery.alternatives(value), excludes: excludes))
  }

  /// A comma is OR; a literal one is written `\,`.
  static func alternatives(_ text: String) -> [String] {
    var values = [""]
    var isEscaped = false
    for character in text {
      if isEscaped {
        if character != "," { values[values.count - 1].append("\\") }
        values[values.count - 1].append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "," {
        values.append("")
      } else {
        values[values.count - 1].append(character)
      }
    }
    if isEscaped { values[values.count - 1].append("\\") }
    return values
  }

  static let psaTypes: Set<String> = ["manage", "autotask", "tigerpaw", "kaseya-bms", "pulseway-psa", "vorex"]

  /// "`psa_id` is only accepted together with `psa_integration_type`".
  private func checkPSAFilters(_ request: EmulatedRequest) throws(ITGlueRefusal) {
    var (hasID, type): (Bool, String?) = (false, nil)
    for filter in filters {
      if case .psaID = filter.form { hasID = true }
      if case .psaType = filter.form { type = filter.values.first }
    }
    if hasID, type == nil {
      throw ITGlueRefusal(400, "Bad Request", detail: "psa_id requires psa_integration_type.")
    }
    if let type, !ITGlueQuery.psaTypes.contains(type) {
      throw ITGlueRefusal(400, "Bad Request", detail: "\(type) is not a PSA integration type.")
    }
  }
}
