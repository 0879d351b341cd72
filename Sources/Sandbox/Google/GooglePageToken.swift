// What the opaque tokens of Google's listings hold.

import Foundation

/// The place in a listing, or the state that a sync token stands for.
struct GooglePageToken: Sendable, Equatable {
  enum Kind: String, Sendable {
    case people, peopleSync, labels, labelsSync, users, groups, members
  }

  var kind: Kind
  /// A token is worth nothing to another user.
  var owner: String
  /// The other parameters of the request, which must not change.
  var parameters: String
  /// The next place, or the last change that was shown.
  var after = 0
  /// The last id that was shown.
  var afterID = ""
  /// Changes after this number belong to the delta; `nil` in a full listing.
  var since: Int?
  /// The change at which the listing began.
  var until = 0
  var epoch = 0
  /// When the full listing began, in seconds since 1970.
  var fullAt = 0
  var issuedAt = 0

  /// The opaque text.
  var text: String {
    let json: JSON = [
      "k": .string(kind.rawValue), "o": .string(owner), "q": .string(parameters), "a": .int(after),
      "n": .string(afterID), "s": since.map { .int($0) } ?? .null, "u": .int(until), "e": .int(epoch),
      "f": .int(fullAt), "i": .int(issuedAt),
    ]
    return Data(json.encoded.utf8).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// Parameters that say how an answer is written, not what it holds.
  private static let neutral: Set<String> = [
    "fields", "alt", "key", "prettyPrint", "quotaUser", "$.xgafv", "pageToken",
  ]

  /// The parameters of a request that its tokens are bound to.
  static func parameters(of request: EmulatedRequest, without names: Set<String> = []) -> String {
    request.query.filter { !neutral.contains($0.name) && !names.contains($0.name) }
      .map { "\($0.name)=\($0.value)" }.sorted().joined(separator: "&")
  }
}

extension GooglePageToken {
  /// Reads a token; `nil` for anything that was not given out.
  init?(_ text: String) {
    var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    while base64.utf8.count % 4 != 0 { base64 += "=" }
    guard let data = Data(base64Encoded: base64), let json = try? JSON(reading: Array(data)),
      let kind = json["k"]?.text.flatMap({ Kind(rawValue: $0) }), let owner = json["o"]?.text,
      let parameters = json["q"]?.text, let after = json["a"]?.whole, after >= 0
    else { return nil }
    self.init(
      kind: kind, owner: owner, parameters: parameters, after: after, afterID: json["n"]?.text ?? "",
      since: json["s"]?.whole, until: json["u"]?.whole ?? 0, epoch: json["e"]?.whole ?? 0,
      fullAt: json["f"]?.whole ?? 0, issuedAt: json["i"]?.whole ?? 0)
  }
}
