/// A list of companies: which company each line is, in the words of whoever made the list.
import Model

extension FileConnector: CompanyListing {
  package func listCompanies(connections: [String]) throws(ConnectorError) -> CompanyList {
    // Columns that are called as a connection is hold the company's id there.
    let list = try FileList(try FileSource.read(options.path).bytes, as: .company, options) { heading in
      connections.contains { Self.isColumn(heading, ofIDsAt: $0) }
    }
    let owners = list.further.map { place in
      connections.first { Self.isColumn(list.header[place], ofIDsAt: $0) }
    }
    var companies: [ListedCompany] = []
    var faults = list.faults
    for row in list.rows {
      func filled(_ column: FileColumn) -> String? {
        guard let text = list.cell(column, of: row), !text.isEmpty else { return nil }
        return text
      }
      guard let name = filled(.name) ?? filled(.identifier) else {
        faults.append(LineRemark(line: row.line, text: "it has no name"))
        continue
      }
      var company = ListedCompany(
        line: row.line, name: name, identifier: filled(.identifier), tenant: filled(.tenant), status: filled(.status))
      for (owner, id) in zip(owners, row.further) {
        if let owner, !id.isEmpty { company.ids[owner] = RecordID(id) }
      }
      companies.append(company)
    }
    return CompanyList(
      companies: companies, faults: faults.sorted { $0.line < $1.line }, remarks: list.remarks,
      unused: list.unused, warning: list.text.warning)
  }

  /// `cw`, `cw id`, `cw-id`.
  private static func isColumn(_ heading: String, ofIDsAt connection: String) -> Bool {
    let (heading, connection) = (FileColumn.normalised(heading), FileColumn.normalised(connection))
    return heading == connection || heading == connection + "id"
  }
}
