/// What was read from one side, and how far it can be believed.
package import Foundation

/// How much a reading proves.
package enum ReadCompleteness: Hashable, Sendable, Codable {
  /// Every record there is: only such a reading proves that a record is absent.
  case complete
  /// What changed since the last reading, on top of an earlier complete one.
  case delta
  /// What a file lists: it can be planned upon, and proves nothing about what it does not list.
  case listing
  /// Something is missing, in words: "page 2 of 3 answered 500".
  case partial(why: String)
}

/// The proof that comes with a reading.
package struct ReadCertificate: Hashable, Sendable, Codable {
  package var completeness: ReadCompleteness
  package var startedAt: Date
  package var finishedAt: Date
  package var pagesAsked: Int
  package var pagesReceived: Int
  /// Whether the system said that there is no further page.
  package var sawEnd: Bool
  /// The number of records that the system declared, where it declares one.
  package var declaredTotal: Int?
  /// The number of records that this reading brought (a delta: that it spoke of).
  package var recordCount: Int
  /// The number of records in the snapshot after this reading.
  package var snapshotCount: Int
  /// When the last complete reading of the same scope was made, this one included.
  package var completeAt: Date?
  /// The record counts of the complete readings before this one, newest first, at most five.
  package var earlierCounts: [Int]
  /// Requests made for this reading, sign-in left out.
  package var requests: Int
  /// What the reading left out, in words: "2 lines left out: 7, 12"; `nil`: nothing.
  package var remark: String?

  package init(
    completeness: ReadCompleteness, startedAt: Date, finishedAt: Date, pagesAsked: Int, pagesReceived: Int,
    sawEnd: Bool, declaredTotal: Int?, recordCount: Int, snapshotCount: Int, completeAt: Date?, earlierCounts: [Int],
    requests: Int, remark: String? = nil
  ) {
    self.remark = remark
    self.completeness = completeness
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.pagesAsked = pagesAsked
    self.pagesReceived = pagesReceived
    self.sawEnd = sawEnd
    self.declaredTotal = declaredTotal
    self.recordCount = recordCount
    self.snapshotCount = snapshotCount
    self.completeAt = completeAt
    self.earlierCounts = earlierCounts
    self.requests = requests
  }

  /// The reading can be planned upon: it is complete, or a delta on top of a complete one.
  package var isUsable: Bool {
    switch completeness {
    case .complete: sawEnd && pagesReceived == pagesAsked && (declaredTotal.map { $0 <= recordCount } ?? true)
    case .delta: sawEnd && pagesReceived == pagesAsked && completeAt != nil
    case .listing: sawEnd && pagesReceived == pagesAsked
    case .partial: false
    }
  }

  /// Whether a record that this reading does not show may be taken for absent: a complete reading with its end seen,
  /// its declared total met, and no fewer records than half of the median of the complete readings before it.
  package var provesAbsence: Bool {
    completeness == .complete && isUsable && !isSuspiciouslySmall
  }

  /// Fewer records than half of the median of the last five complete readings.
  package var isSuspiciouslySmall: Bool {
    guard completeness == .complete, let median = medianOfEarlierCounts else { return false }
    return recordCount * 2 < median
  }

  package var medianOfEarlierCounts: Int? {
    guard !earlierCounts.isEmpty else { return nil }
    let sorted = earlierCounts.prefix(5).sorted()
    return sorted[sorted.count / 2]
  }
}

/// Everything known of one side: the snapshot after the last reading, with its certificate.
package struct Reading: Sendable {
  package var records: [Record]
  /// `nil` when this side was never read.
  package var certificate: ReadCertificate?
  /// Ids that the system itself said are deleted, or that were asked for directly and not found, and when.
  package var tombstones: [RecordID: Date]
  /// The company that a record with a tombstone was last said to belong to, where the system said so: somebody who left
  /// every company that is read is no longer there either.
  package var lastParents: [RecordID: RecordID]
  /// The number of the reading that brought a record in its present form; a write of ours is not a reading.
  package var arrivals: [RecordID: Int]
  /// How many records each reading brought, new or changed.
  package var arrivalCounts: [Int: Int]

  package init(
    records: [Record], certificate: ReadCertificate?, tombstones: [RecordID: Date] = [:],
    lastParents: [RecordID: RecordID] = [:], arrivals: [RecordID: Int] = [:], arrivalCounts: [Int: Int] = [:]
  ) {
    self.records = records
    self.certificate = certificate
    self.tombstones = tombstones
    self.lastParents = lastParents
    self.arrivals = arrivals
    self.arrivalCounts = arrivalCounts
  }
}
