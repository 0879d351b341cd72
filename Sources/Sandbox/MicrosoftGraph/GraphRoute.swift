// The paths of Graph, whose spellings vary from client to client.

/// Paths of Graph.
enum GraphRoute {
  /// `delta`, also as SDKs write it.
  static func isDelta(_ segment: String) -> Bool {
    ["delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()"].contains(segment.lowercased())
  }

  static func template(of path: [String]) -> String {
    var path = path
    if path.count == 4, path[1] == "oauth2" { path[0] = "{tenant}" }
    if path.count >= 3, path[1] == "users" {
      if isDelta(path[2]) { path[2] = "delta" } else if path[2] != "$count" { path[2] = "{id}" }
    }
    return "/" + path.joined(separator: "/")
  }
}
