/// What one user's contacts may be asked in a minute: a pure decision over what was asked of late (google.md §7.1).
import Foundation
import Model

struct GoogleQuota: Sendable {
  /// The buckets that Google counts a minute and user, under the names of their settings.
  enum Bucket: String, Sendable, CaseIterable {
    case reads = "reads-per-minute"
    case writes = "writes-per-minute"
    case labelReads = "label-reads-per-minute"
    case deletes = "deletes-per-minute"

    /// One project's defaults as seen in 2026-03; the vendor publishes none.
    var usual: Int {
      switch self {
      case .reads: 60
      case .writes: 30
      case .labelReads: 90
      case .deletes: 30
      }
    }
  }

  /// What one request takes from the buckets.
  typealias Cost = [Bucket: Int]

  private let limits: [Bucket: Int]
  private var taken: [String: [Bucket: [(at: Double, units: Int)]]] = [:]
  static let window = 60.0

  init(_ limits: [Bucket: Int] = [:]) { self.limits = limits }

  /// - Throws: `.misconfigured` for a limit that is no whole number above nothing.
  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    var limits: [Bucket: Int] = [:]
    for bucket in Bucket.allCases {
      guard let text = setup.optional(bucket.rawValue) else { continue }
      guard let limit = Int(text), limit > 0 else {
        throw ConnectorError(
          .misconfigured, "\(bucket.rawValue) of the connection \(setup.connection.name) is no whole number above 0",
          hint: "leave it out for \(bucket.usual), or write the number of the Google Cloud console", delivery: .notSent)
      }
      limits[bucket] = limit
    }
    self.init(limits)
  }

  /// Seconds to wait before asking again; `nil` when the request may leave, and then it is counted.
  mutating func admit(_ user: String, _ cost: Cost, at now: Double) -> Double? {
    var wait = 0.0
    for (bucket, units) in cost {
      let limit = limits[bucket] ?? bucket.usual
      // A request that costs more than a whole minute allows has to leave some time: with a bucket to itself.
      let units = min(units, limit)
      var entries = (taken[user]?[bucket] ?? []).filter { $0.at + Self.window > now }
      taken[user, default: [:]][bucket] = entries
      while entries.reduce(0, { $0 + $1.units }) + units > limit, !entries.isEmpty {
        wait = max(wait, entries.removeFirst().at + Self.window - now)
      }
    }
    guard wait <= 0 else { return max(wait, 0.001) }
    for (bucket, units) in cost { taken[user, default: [:]][bucket, default: []].append((now, units)) }
    return nil
  }
}

extension GoogleQuota.Cost {
  static var read: Self { [.reads: 1] }
  static var labelRead: Self { [.labelReads: 1] }
  /// However many contacts are in it.
  static var batchWrite: Self { [.reads: 6, .writes: 6] }
  static var batchDelete: Self { [.deletes: 10] }
  static var delete: Self { [.deletes: 1] }
  static var labelWrite: Self { [.deletes: 1] }
}
