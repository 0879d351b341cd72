/// From a line of a file to a record: pure, and silent about what the file does not say.
import Model

/// The people of a list, each with the line that it is from.
struct FilePeople: Sendable {
  var list: FileList
  /// In the order of the file; each key once.
  var records: [(line: Int, record: Record)]
  /// Lines of the list that were left out, those without a key or with one that came before among them.
  var faults: [LineRemark]
  var remarks: [LineRemark]

  init(_ list: FileList, activeWords: Set<String>) {
    self.list = list
    records = []
    records.reserveCapacity(list.rows.count)
    faults = list.faults
    remarks = list.remarks
    let mapping = FileMapping(list: list, activeWords: activeWords)
    let partitionColumn: FileColumn? = list.has(.tenant) ? .tenant : list.has(.company) ? .company : nil
    self.partitionColumn = partitionColumn
    // One person may stand in the lists of two companies, and is then two records.
    var first: [[String]: Int] = [:]
    for row in list.rows {
      guard let id = mapping.key(row) else {
        faults.append(LineRemark(line: row.line, text: "it has no \(mapping.keyNames)"))
        continue
      }
      let key = [id.rawValue, partitionColumn.flatMap { list.cell($0, of: row) }.map(Self.key) ?? ""]
      if let earlier = first[key] {
        faults.append(LineRemark(line: row.line, text: "its key \(id) is that of line \(earlier) already"))
        continue
      }
      first[key] = row.line
      let (record, odd) = mapping.person(row, id)
      records.append((row.line, record))
      remarks += odd.map { LineRemark(line: row.line, text: $0) }
    }
    faults.sort { $0.line < $1.line }
    remarks.sort { $0.line < $1.line }
  }

  /// What a line is of, as a sync's `tenant` names it: the tenant, else the company.
  let partitionColumn: FileColumn?

  func partition(of record: Record) -> String? {
    switch partitionColumn {
    case .tenant?: record.fields.text("tenant")
    case .company?: record.fields.text("company-name")
    default: nil
    }
  }

  /// The tenants of the file with the number of their people, in the order of their names.
  var partitions: [(name: String, count: Int)] {
    var counts: [String: (name: String, count: Int)] = [:]
    for (_, record) in records {
      guard let name = partition(of: record) else { continue }
      counts[Self.key(name), default: (name, 0)].count += 1
    }
    return counts.values.sorted { Self.key($0.name) < Self.key($1.name) }
  }

  static func key(_ partition: String) -> String { partition.trimmedNFC.lowercased() }
}

struct FileMapping {
  let list: FileList
  let activeWords: Set<String>

  /// The id, else the sign-in name, else the address; the latter two without regard to case.
  func key(_ row: FileRow) -> RecordID? {
    if let id = filled(.id, row) { return RecordID(id) }
    return (filled(.userPrincipalName, row) ?? filled(.email, row)).map { RecordID($0.lowercased()) }
  }

  /// "id, sign-in name or address": the columns of the list that could have been the key.
  var keyNames: String {
    let names = [FileColumn.id, .userPrincipalName, .email].compactMap { list.places[$0]?.first }.map {
      list.header[$0]
    }
    return names.joined(separator: " and no ")
  }

  /// The record, and what is odd about the line.
  func person(_ row: FileRow, _ id: RecordID) -> (Record, [String]) {
    var fields: FieldValues = [:]
    var odd: [String] = []
    for (name, column) in Self.plain { fields[name] = text(column, row) }
    let name = filled(.userPrincipalName, row)
    fields["email"] = address(row)
    fields["addresses"] = addresses(row)
    switch enabled(row) {
    case .said(let flag): fields["account-enabled"] = .flag(flag)
    case .unsaid: break
    case .odd(let why): odd.append(why)
    }
    if let licences = licences(row) {
      fields["licences"] = .list(licences)
      fields["licence-names"] = .list(licences)
    } else if !list.has(.licences), list.format == .general {
      fields["licensed"] = .flag(true)
    }
    if fields["user-type"]?.isBlank ?? true, let name {
      fields["user-type"] = .text(name.uppercased().contains("#EXT#") ? "Guest" : "Member")
    }
    // The one way in which a file says that somebody is gone.
    let isDeleted = filled(.deleted, row) != nil
    return (
      Record(
        id: id, kind: .person, state: isDeleted ? .gone : .active, fields: fields, native: "line \(row.line)"), odd
    )
  }

  private static let plain: [(FieldName, FileColumn)] = [
    ("first-name", .firstName), ("last-name", .lastName), ("title", .title), ("phone", .phone), ("mobile", .mobile),
    ("display-name", .displayName), ("user-principal-name", .userPrincipalName), ("department", .department),
    ("company-name", .company), ("tenant", .tenant), ("user-type", .userType), ("created", .created),
  ]

  /// A company's record, as a reading of companies gives it.
  func company(_ row: FileRow) -> Record? {
    guard let id = filled(.identifier, row) ?? filled(.name, row) else { return nil }
    var fields: FieldValues = [:]
    for column in [FileColumn.name, .identifier, .tenant, .status] {
      fields[FieldName(column.rawValue)] = text(column, row)
    }
    return Record(id: RecordID(id), kind: .company, state: .active, fields: fields, native: "line \(row.line)")
  }

  private func filled(_ column: FileColumn, _ row: FileRow) -> String? {
    guard let text = list.cell(column, of: row), !text.isEmpty else { return nil }
    return text
  }

  /// Blank where the cell is; unsaid where there is no such column.
  private func text(_ column: FileColumn, _ row: FileRow) -> FieldValue? {
    list.cell(column, of: row).map { $0.isEmpty ? .null : .text($0) }
  }

  // MARK: - Addresses

  /// The column of addresses, else the proxy address in capitals, else a sign-in name that mail could reach.
  private func address(_ row: FileRow) -> FieldValue? {
    if let email = filled(.email, row) { return .text(email) }
    if let list = filled(.addresses, row), let main = Self.proxies(list).first(where: { $0.prefix == "SMTP" }) {
      return .text(main.address)
    }
    guard let name = list.cell(.userPrincipalName, of: row) else { return text(.email, row) }
    return MicrosoftGraphMapping.isRoutable(name) ? .text(name) : .null
  }

  /// Every address of mail, the main one among them, each once; unsaid where the list has no column of them.
  private func addresses(_ row: FileRow) -> FieldValue? {
    guard let text = list.cell(.addresses, of: row) else { return nil }
    var all = Self.proxies(text).filter { $0.prefix == nil || $0.prefix?.uppercased() == "SMTP" }.map(\.address)
    if let main = address(row)?.text { all.append(main) }
    var seen: Set<String> = []
    let unique = all.filter { !$0.isBlank && seen.insert(ComparisonRule.email.key($0)).inserted }
    return .list(unique.sorted { ComparisonRule.email.key($0) < ComparisonRule.email.key($1) })
  }

  /// `SMTP:a@x.example+smtp:b@x.example`: a plus parts addresses only where the next begins with its kind, since an
  /// address may have one too; commas, semicolons and blanks part them anywhere.
  static func proxies(_ text: String) -> [(prefix: String?, address: String)] {
    var parts: [Substring] = []
    var rest = Substring(text)
    while let cut = rest.indices.first(where: { separates(rest, at: $0) }) {
      parts.append(rest[..<cut])
      rest = rest[rest.index(after: cut)...]
    }
    parts.append(rest)
    return parts.map { String($0).trimmedNFC }.filter { !$0.isEmpty }.map { part in
      guard let colon = part.firstIndex(of: ":"), isKind(part[..<colon]) else { return (nil, part) }
      return (String(part[..<colon]), String(part[part.index(after: colon)...]))
    }
  }

  private static func separates(_ text: Substring, at index: Substring.Index) -> Bool {
    switch text[index] {
    case ",", ";", " ": return true
    case "+":
      let rest = text[text.index(after: index)...]
      guard let colon = rest.firstIndex(of: ":") else { return false }
      return isKind(rest[..<colon])
    default: return false
    }
  }

  /// SMTP, smtp, SIP, SPO, X500, EUM …
  private static func isKind(_ text: Substring) -> Bool {
    (2...6).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: false
        }
      }
  }

  // MARK: - State and licences

  enum Enabled: Equatable {
    case said(Bool)
    case unsaid
    /// The word is none that is known; what is odd about it.
    case odd(String)
  }

  /// Whether somebody is there: not blocked, or in a state that means active; everybody, where no column says.
  private func enabled(_ row: FileRow) -> Enabled {
    if let text = list.cell(.blocked, of: row) {
      if text.isEmpty { return .unsaid }
      guard let isBlocked = Self.truth(text) else { return .odd(oddState(.blocked, text, "true nor false")) }
      return .said(!isBlocked)
    }
    guard let text = list.cell(.state, of: row) else { return list.format == .general ? .said(true) : .unsaid }
    if text.isEmpty { return .unsaid }
    if !activeWords.isEmpty { return .said(activeWords.contains(text.lowercased())) }
    guard let isActive = Self.activity(text) else {
      return .odd(oddState(.state, text, "active nor inactive by itself; say which words are: active=\"…\""))
    }
    return .said(isActive)
  }

  private func oddState(_ column: FileColumn, _ text: String, _ neither: String) -> String {
    let heading = (list.places[column]?.first).map { list.header[$0] } ?? column.rawValue
    return "\(heading) is “\(text)”, neither \(neither)"
  }

  static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "y", "1", "on": true
    case "false", "no", "n", "0", "off": false
    default: nil
    }
  }

  static func activity(_ text: String) -> Bool? {
    if let truth = truth(text) { return truth }
    switch text.lowercased() {
    case "active", "enabled", "current", "employed": return true
    case "inactive", "disabled", "blocked", "former", "left", "leaver", "terminated", "suspended": return false
    default: return nil
    }
  }

  /// "Microsoft 365 Business Premium+Power BI (free)", or "Unlicensed"; a blank says nothing.
  private func licences(_ row: FileRow) -> [String]? {
    guard let text = filled(.licences, row) else { return nil }
    return text.lowercased() == "unlicensed"
      ? [] : text.split(separator: "+").map { String($0).trimmedNFC }.filter { !$0.isEmpty }.sorted()
  }
}
