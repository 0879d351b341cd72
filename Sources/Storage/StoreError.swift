/// What the store can answer instead of what was asked.

/// A failure of the store: a kind for the code, a sentence for the person, a hint on what to do.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// What was named is not in the store.
    case notFound
    /// The file is not what was written into it; nothing in it may be acted upon.
    case damaged
    /// The file was written by a newer kith, whose version of the store this is.
    case newer(version: Int)
    /// The disk, the quota or the largest file size is used up; nothing was half written.
    case noRoom
    /// Another process kept the file for itself for longer than is reasonable.
    case locked
    /// The name is taken, or the file is there already.
    case exists
    /// What should go is still needed by something else.
    case inUse
    /// What was asked cannot be done as asked.
    case invalid
  }

  package var kind: Kind
  /// The cause, in one sentence; never a secret.
  package var message: String
  /// What to do about it; `nil` when there is nothing to do.
  package var hint: String?

  package init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  package var description: String { hint.map { "\(message) \($0)" } ?? message }
}
