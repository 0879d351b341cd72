/// Takes a connection's secrets, and anything unsightly, out of a server's words before they are shown.
import Foundation
package import Model

package struct Redaction: Sendable {
  private let hidden: [String]

  /// - Parameter secrets: what must never be seen; their percent-encoded and base64 forms are hidden too.
  package init(_ secrets: [Secret]) {
    hidden = secrets.map { $0.reveal() }.filter { !$0.isEmpty }
      .flatMap { [$0, WebAddress.encoded($0), Data($0.utf8).base64EncodedString()] }
      .sorted { $0.count > $1.count }
  }

  /// The words in one line, at most 300 characters, without secrets.
  package func clean(_ words: String) -> String {
    // Cut first (generously), so that a body of megabytes is not searched to its end.
    var text = String(words.prefix(5_000))
    for secret in hidden where text.contains(secret) {
      text = text.replacingOccurrences(of: secret, with: "‹secret›")
    }
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 300 ? line.prefix(299) + "…" : line
  }
}
