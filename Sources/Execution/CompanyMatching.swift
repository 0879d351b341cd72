/// Which known company each line of a list is: a table over identifiers and names, with no store and no system.
import Connectors
import Model
import Storage

struct CompanyMatching {
  /// In the order of the list, each with the handle of the company that it is; `nil`: a new one.
  private(set) var companies: [(company: Company, known: String?)] = []
  /// Lines that are not taken.
  private(set) var faults: [LineRemark] = []

  /// A line is the company that is mapped to the record it names; else the one of its identifier; else the only one of
  /// exactly its name.
  init(_ listed: [ListedCompany], known: [Company]) {
    let byRecord = Dictionary(
      known.flatMap { company in company.ids.map { ([$0.key, $0.value.rawValue], company.handle) } }
    ) { first, _ in first }
    let byHandle = Dictionary(known.map { ($0.handle, $0) }) { first, _ in first }
    let byName = Dictionary(grouping: known) { $0.name.trimmedNFC.lowercased() }
    /// The lines that spoke of a company already: known ones by handle, new ones by what makes them.
    var lines: [String: Int] = [:]
    var records: [[String]: Int] = [:]

    for company in listed {
      func leaveOut(_ why: String) { faults.append(LineRemark(line: company.line, text: why)) }
      let named = byName[company.name.trimmedNFC.lowercased()] ?? []
      let identifier = company.identifier.map { Store.handle(forIdentifier: $0, name: "", taken: []) }
      let owners = Set(company.ids.compactMap { byRecord[[$0.key, $0.value.rawValue]] }).sorted()
      guard owners.count < 2 else {
        leaveOut("its ids are those of \(owners.joined(separator: " and "))")
        continue
      }
      let handle = owners.first ?? identifier.flatMap { byHandle[$0]?.handle }
      if handle == nil, named.count > 1 {
        leaveOut(
          "\(named.count) companies are called \(company.name): \(named.map(\.handle).sorted().joined(separator: ", "))"
        )
        continue
      }
      let found = (handle ?? named.first?.handle).flatMap { byHandle[$0] }
      // A line without a known company makes one: a second line of the same kind would make it twice.
      let key = found?.handle ?? "new \(identifier ?? company.name.trimmedNFC.lowercased())"
      if let earlier = lines[key] {
        leaveOut("it is \(found?.handle ?? company.name), as line \(earlier) is")
        continue
      }
      let own = company.ids.map { [$0.key, $0.value.rawValue] }
      if let earlier = own.compactMap({ records[$0] }).first {
        leaveOut("it has an id of line \(earlier)")
        continue
      }
      if let clash = company.ids.sorted(by: { $0.key < $1.key }).first(where: { pair in
        found?.ids[pair.key].map { $0 != pair.value } ?? false
      }) {
        leaveOut(
          "\(found?.handle ?? "") is \(found?.ids[clash.key]?.rawValue ?? "") at \(clash.key), and not \(clash.value)")
        continue
      }
      lines[key] = company.line
      for record in own { records[record] = company.line }
      companies.append(
        (
          Company(
            handle: company.identifier ?? "", name: company.name, ids: company.ids, status: company.status,
            tenant: company.tenant), found?.handle
        ))
    }
  }
}
