// What the opaque tokens of Graph's links hold.

import Foundation

/// The place in a listing or a delta round, as it travels in `$skiptoken` and `$deltatoken`.
struct GraphPageMark: Sendable, Equatable {
  enum Kind: String, Sendable {
    case listing
    /// In the middle of a delta round.
    case deltaPage
    /// At the end of a delta round.
    case deltaEnd
  }

  var kind: Kind
  /// A token is worth nothing in another tenant.
  var tenant: String
  /// The next place in the tenant's list of users.
  var place = 0
  /// Changes after this number belong to the round; `nil` in a first snapshot.
  var since: Int?
  /// Where the round before began, for replays.
  var before: Int?
  /// The change number at which the round began.
  var until = 0
  var epoch = 0
  /// Seconds since 1970.
  var issuedAt = 0
  /// The properties that the chain tracks, joined by commas.
  var select: String?
  /// The users that the chain tracks; `nil` for all.
  var ids: [String]?
  var sendsChangesOnly = false
  var repeats = false
  /// Makes every token another one, as the vendor's are.
  var nonce: Int

  /// The opaque text.
  var token: String {
    let json: JSON = [
      "k": .string(kind.rawValue), "t": .string(tenant), "p": .int(place), "s": since.map { .int($0) } ?? nil,
      "b": before.map { .int($0) } ?? nil, "u": .int(until), "e": .int(epoch), "i": .int(issuedAt),
      "f": select.map { .string($0) } ?? nil, "d": ids.map { .array($0.map { .string($0) }) } ?? nil,
      "m": .bool(sendsChangesOnly), "r": .bool(repeats), "n": .int(nonce),
    ]
    return Data(json.encoded.utf8).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}

extension GraphPageMark {
  /// Reads a token; `nil` for anything that was not given out.
  init?(token: String) {
    var base64 = token.replacing("-", with: "+").replacing("_", with: "/")
    while base64.utf8.count % 4 != 0 { base64 += "=" }
    guard let data = Data(base64Encoded: base64), let json = try? JSON(reading: Array(data)),
      let kind = json["k"]?.text.flatMap({ Kind(rawValue: $0) }), let tenant = json["t"]?.text,
      let place = json["p"]?.whole, place >= 0, let nonce = json["n"]?.whole
    else { return nil }
    self.init(
      kind: kind, tenant: tenant, place: place, since: json["s"]?.whole, before: json["b"]?.whole,
      until: json["u"]?.whole ?? 0, epoch: json["e"]?.whole ?? 0, issuedAt: json["i"]?.whole ?? 0,
      select: json["f"]?.text, ids: json["d"]?.elements?.compactMap(\.text),
      sendsChangesOnly: json["m"]?.flag ?? false, repeats: json["r"]?.flag ?? false, nonce: nonce)
  }
}
