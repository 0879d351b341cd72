/// What every system can do for kith, and nothing more: test itself, be read, be asked for single records, be written.
package import Model

/// One way into one system, signed in.
///
/// An implementer turns HTTP into records and back. It decides nothing about a sync, keeps no state beyond its sign-in
/// and what the connection's findings say, and throws ``ConnectorError`` and nothing else.
package protocol Connector: Sendable {
  static var description: SystemDescription { get }

  /// Tests reachability, credentials and each permission on its own, for the connection and for each partition.
  ///
  /// Returns every test that could be made, failed ones among them; it throws only when it was cancelled.
  func check(partitions: [String]) async throws(ConnectorError) -> CheckReport

  /// Reads all records of a kind in a scope, or with a mark what changed since.
  ///
  /// Pages come in the order received; a record may come more than once, the later one wins. The last page has
  /// `isLast` and the mark for the next reading. A stream that ends without `isLast` is a partial reading.
  /// - Throws: ``ConnectorError`` through the stream; `.deltaExpired` when the mark is no longer good.
  func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<Page, any Error>

  /// Reads single records directly, in as few requests as the system allows. A record that is not in the answer was
  /// asked for and not found.
  func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError) -> [Record]

  /// Looks for records that hold a value in a field: how an unknown outcome is looked up.
  func find(_ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String)
    async throws(ConnectorError) -> [Record]

  /// Sends writes; the answer holds one outcome for each, in the same order. It never throws: what could not be sent is
  /// an outcome too.
  func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome]

  /// The smallest number of requests that could do a piece of work: what a run's requests are measured against.
  func smallestRequestCount(_ work: RequestWork) -> Int

  /// The requests made so far by this connector, sign-in left out.
  var requestCount: Int { get }
}

/// Which records of a kind a reading is about.
package struct ReadScope: Hashable, Sendable {
  /// The tenant at Microsoft 365, a user's id at Google, the company's id at any other system; `nil`: everything there
  /// is, of all companies.
  package var partition: String?
  /// The group of the partition's records that the sync is about; `nil`: all of them.
  package var group: GroupScope?
  package init(partition: String? = nil, group: GroupScope? = nil) {
    self.partition = partition
    self.group = group
  }
}

/// A named group of a partition's records: a label of contacts.
package struct GroupScope: Hashable, Sendable, Codable {
  /// Its stable id at its system, where it is known; then the name is only what it is to be called.
  package var id: RecordID?
  package var name: String
  /// What records that the sync makes carry beside the id of their origin, so that they are known again though the
  /// store is lost; `nil` at the source.
  package var marker: String?
  package init(id: RecordID? = nil, name: String, marker: String? = nil) {
    self.id = id
    self.name = name
    self.marker = marker
  }
}

/// Where a reading ended, so that the next can begin there; opaque to all but the connector that gave it.
package struct DeltaMark: Hashable, Sendable, Codable {
  package var rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// One page of a reading.
package struct Page: Sendable {
  package var records: [Record]
  /// Counted from 1.
  package var number: Int
  package var isLast: Bool
  /// On the last page: where the next reading begins; `nil` where the system has no such thing.
  package var mark: DeltaMark?
  /// The number of records that the system says there are in this scope, where it says so.
  package var declaredTotal: Int?
  /// Whether the stream gives every record of the scope, or only what changed.
  package var isDelta: Bool
  /// What the reading left out, in words: "2 lines left out: 7, 12".
  package var remark: String?
  package init(
    records: [Record], number: Int, isLast: Bool, mark: DeltaMark? = nil, declaredTotal: Int? = nil, isDelta: Bool,
    remark: String? = nil
  ) {
    self.remark = remark
    self.records = records
    self.number = number
    self.isLast = isLast
    self.mark = mark
    self.declaredTotal = declaredTotal
    self.isDelta = isDelta
  }
}

/// One change to send.
package struct Write: Sendable {
  package var kind: RecordKind
  package var action: WriteKind
  /// The record to change; `nil` for a create.
  package var target: RecordID?
  /// The company to create the record in, or to move it to, at this system; `nil`: none, or as it is.
  package var parent: RecordID?
  /// The fields to write, under this system's names; fields that are not named stay as they are.
  package var values: FieldValues
  /// The record as last seen, with its native part; `nil` for a create. It was read again just before the write.
  package var current: Record?
  /// The same for every attempt at this write.
  package var token: String
  package init(
    kind: RecordKind, action: WriteKind, target: RecordID?, parent: RecordID? = nil, values: FieldValues,
    current: Record?, token: String
  ) {
    self.kind = kind
    self.parent = parent
    self.action = action
    self.target = target
    self.values = values
    self.current = current
    self.token = token
  }
}

/// What became of one write.
package enum WriteOutcome: Sendable {
  /// The system confirmed it and this is what it now holds.
  case done(Record)
  /// The system said no; nothing was changed, unless `isPartial`.
  case rejected(WriteRejection)
  /// It was sent and no answer came, or one that does not say whether it was done.
  case unknown(String)
  /// Written into a file that waits to be uploaded; the system shows it later, or never. The text is the file's path.
  case waiting(String)
  /// It was certainly not carried out (no connection, a sign-in refused, cancelled before sending, throttled to the end).
  case notSent(ConnectorError)
}

package struct WriteRejection: Sendable, Hashable {
  /// One of the apply gate's reasons: value-refused, duplicate-at-target, target-gone, record-forbidden, version-conflict.
  package var reason: Reason
  package var field: FieldName?
  /// The server's own words.
  package var message: String
  /// Some of the requests of this write had been carried out before this one was refused.
  package var isPartial: Bool
  package init(reason: Reason, field: FieldName? = nil, message: String, isPartial: Bool = false) {
    self.reason = reason
    self.field = field
    self.message = message
    self.isPartial = isPartial
  }
}

/// A piece of work whose smallest number of requests is asked for.
package enum RequestWork: Sendable {
  case read(RecordKind, count: Int, isDelta: Bool)
  case write(Write)
}

/// What `check` found, and what is to be remembered of it.
package struct CheckReport: Sendable {
  package var results: [CheckResult]
  /// Facts that the connector wants to be given again: code base, communication types. They go into the connection.
  package var findings: [String: String]
  package init(results: [CheckResult], findings: [String: String]) {
    self.results = results
    self.findings = findings
  }
  package var hasPassed: Bool { !results.contains { $0.outcome == .failed } }
}
