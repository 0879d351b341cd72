/// What `show` can list: one declaration each drives the verb, `where`, completion and help.
import CommandLanguage
import Foundation
import Model
import Storage

/// One kind of thing to list.
struct Listing: Sendable {
  var name: String
  var summary: String
  var columns: [Column]
  /// Whether `of COMPANY` and the context narrow it.
  var isOfCompany: Bool
  /// Whether `since WHEN` narrows it.
  var hasSince: Bool
  /// Whether its rows come from memory or from few rows of the store, so that they can be looked at while somebody types.
  var isQuick: Bool
  var rows: @Sendable (Session, ShowRequest) throws -> [[Value]]

  init(
    _ name: String, _ summary: String, isOfCompany: Bool = false, hasSince: Bool = false, isQuick: Bool = false,
    columns: [Column],
    rows: @escaping @Sendable (Session, ShowRequest) throws -> [[Value]]
  ) {
    self.name = name
    self.summary = summary
    self.isOfCompany = isOfCompany
    self.hasSince = hasSince
    self.isQuick = isQuick
    self.columns = columns
    self.rows = rows
  }
}

/// What a `show` line asked for besides the subject.
struct ShowRequest: Sendable {
  /// The syncs that `of COMPANY` or the context mean; `nil`: all.
  var syncs: [Sync]?
  var since: Date?
  /// How many rows of a long list, the newest ones.
  var most = 500
}

/// Every subject, in the order in which help lists them.
enum Listings {
  static let all: [Listing] = [
    .systems, .connections, .recipes, .companies, .syncs, .people, .pairs, .matches, .mapping, .links, .conflicts,
    .settings, .plans, .runs, .schedules,
    .scripts, .scriptRuns, .history, .fields, .reasons,
  ]

  static func named(_ name: String) -> Listing? { all.first { $0.name == name } }
}

extension Value {
  static func state(_ state: RecordState?) -> Value { state.map { .text($0.rawValue) } ?? .blank }
  static func date(orBlank date: Date?) -> Value { date.map(Value.date) ?? .blank }
  static func field(_ value: FieldValue?) -> Value {
    guard let value, !value.isBlank else { return .blank }
    return switch value {
    case .null: .blank
    case .text(let text): .text(text)
    case .flag(let flag): .flag(flag)
    case .list(let items): .list(items.map(Value.text))
    }
  }
}
