/// The set-up: connections, companies, syncs.
package import Foundation

/// A named, authenticated way into one system. Secrets are references, never values.
package struct Connection: Hashable, Sendable, Codable {
  package var name: String
  package var system: SystemID
  /// What `connect` was told, secrets left out.
  package var parameters: [String: String]
  /// Where each secret is kept, by parameter: `env:NAME`, `file:PATH`, `vault:NAME`.
  package var secrets: [String: String]
  package var madeAt: Date
  package var changedAt: Date
  /// What `check` found and the connector wants to know again (the ids of communication types, the code base).
  package var findings: [String: String]

  package init(
    name: String, system: SystemID, parameters: [String: String], secrets: [String: String], madeAt: Date,
    changedAt: Date, findings: [String: String] = [:]
  ) {
    self.name = name
    self.system = system
    self.parameters = parameters
    self.secrets = secrets
    self.madeAt = madeAt
    self.changedAt = changedAt
    self.findings = findings
  }
}

/// A client organisation as kith knows it.
package struct Company: Hashable, Sendable, Codable {
  /// Typed and shown; fixed for ever.
  package var handle: String
  package var name: String
  /// The company's record at each connection that it is mapped to.
  package var ids: [String: RecordID]
  /// Whether its system says that it is active; `nil` where no system was asked.
  package var isActive: Bool?
  /// The words of its status at its system: "Active", "Not approved".
  package var status: String?
  /// Its tenant, as a list of companies says: an id or a domain.
  package var tenant: String?
  /// Its web site, as its system says.
  package var website: String?
  package init(
    handle: String, name: String, ids: [String: RecordID] = [:], isActive: Bool? = nil, status: String? = nil,
    tenant: String? = nil, website: String? = nil
  ) {
    self.tenant = tenant
    self.website = website
    self.handle = handle
    self.name = name
    self.ids = ids
    self.isActive = isActive
    self.status = status
  }
}

/// A recipe set up with its connections, for one company, for the whole tenant, or for one destination of a sync that
/// has many.
package struct Sync: Hashable, Sendable, Codable {
  package var name: SyncName
  /// The recipe's handle: `m365-contacts`.
  package var recipe: String
  /// The company's handle; `nil` for a sync of the whole tenant.
  package var company: String?
  /// The connections' names.
  package var source: String
  package var target: String
  package var madeAt: Date
  /// The destination's stable id at the target, where this is the part of a sync that writes there; kith makes and
  /// removes such parts by itself.
  package var place: String?
  package init(
    name: SyncName, recipe: String, company: String?, source: String, target: String, madeAt: Date,
    place: String? = nil
  ) {
    self.place = place
    self.name = name
    self.recipe = recipe
    self.company = company
    self.source = source
    self.target = target
    self.madeAt = madeAt
  }

  package func connection(_ side: Side) -> String { side == .source ? source : target }
}

/// A place that a sync with many destinations reads or writes, as it was last seen: its one source, or a destination.
package struct SyncPlace: Hashable, Sendable, Codable {
  package enum Standing: String, Hashable, Sendable, Codable {
    /// Named by the settings.
    case named
    /// Still meant by a selector that stands in the settings, and not among what it selects any more: a user who left a
    /// group. Kept as it is.
    case left
    /// No selector in the settings means it any more: it is cleaned.
    case struck
  }
  package var side: Side
  /// Stable: it survives every renaming.
  package var id: String
  /// What people call it now: the primary address.
  package var name: String
  /// The group there: at the source the one that is read, at a destination the one that the sync made.
  package var group: RecordID?
  package var groupName: String?
  /// The selectors that name it, or named it last.
  package var namedBy: [String]
  package var standing: Standing
  /// Why nothing can be read or written there now.
  package var fault: Cause?
  package var seenAt: Date
  package init(
    side: Side, id: String, name: String, group: RecordID? = nil, groupName: String? = nil, namedBy: [String],
    standing: Standing = .named, fault: Cause? = nil, seenAt: Date
  ) {
    self.side = side
    self.id = id
    self.name = name
    self.group = group
    self.groupName = groupName
    self.namedBy = namedBy
    self.standing = standing
    self.fault = fault
    self.seenAt = seenAt
  }
}

/// The result of one test of `check`.
package struct CheckResult: Hashable, Sendable, Codable {
  package enum Outcome: String, Hashable, Sendable, Codable, CaseIterable { case passed, failed, warned }
  /// What was tested: "reachable", "credentials", "contacts: read".
  package var name: String
  package var outcome: Outcome
  /// What was found: "v2025.1, cloud" or the server's own words.
  package var detail: String
  /// What to do about it; `nil` when it passed.
  package var fix: String?
  /// The partition it concerns (a tenant); `nil`: the connection as a whole.
  package var partition: String?
  package init(name: String, outcome: Outcome, detail: String, fix: String? = nil, partition: String? = nil) {
    self.name = name
    self.outcome = outcome
    self.detail = detail
    self.fix = fix
    self.partition = partition
  }
}
