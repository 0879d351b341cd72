// What the credential of an instance allows, which control can change.

/// Reading and writing, allowed or not by kind of record.
struct Rights: Sendable {
  struct Access: Sendable {
    var read = true
    var write = true

    func covers(write isWrite: Bool) -> Bool { isWrite ? write : read }
  }

  /// Everything that there are rights on, in the order in which it is shown.
  let kinds: [String]
  private var granted: [String: Access]

  /// - Parameter granted: what is not allowed from the first.
  init(_ kinds: [String], _ granted: [String: Access] = [:]) {
    self.kinds = kinds
    self.granted = granted
  }

  subscript(kind: String) -> Access { granted[kind] ?? Access() }

  /// Changes what a body names, by kind.
  mutating func change(_ body: JSON) throws(ControlProblem) {
    for member in body.members ?? [] {
      guard kinds.contains(member.name) else {
        throw ControlProblem(
          400, "There are no rights on \"\(member.name)\".", fix: "Known: \(kinds.joined(separator: ", ")).")
      }
      var access = self[member.name]
      access.read = member.value["read"]?.flag ?? access.read
      access.write = member.value["write"]?.flag ?? access.write
      granted[member.name] = access
    }
  }

  var json: JSON {
    .object(kinds.map { .init(name: $0, value: ["read": .bool(self[$0].read), "write": .bool(self[$0].write)]) })
  }
}
