/// Systems whose companies are a list that a person made: it names companies, and proves nothing of those that it leaves
/// out.
package import Model

/// One company as a list names it.
package struct ListedCompany: Hashable, Sendable {
  /// Counted from 1.
  package var line: Int
  package var name: String
  /// The short name that the PSA uses.
  package var identifier: String?
  package var tenant: String?
  package var status: String?
  /// The company's record at each connection that the list names.
  package var ids: [String: RecordID] = [:]
  package init(
    line: Int, name: String, identifier: String? = nil, tenant: String? = nil, status: String? = nil,
    ids: [String: RecordID] = [:]
  ) {
    self.line = line
    self.name = name
    self.identifier = identifier
    self.tenant = tenant
    self.status = status
    self.ids = ids
  }
}

package struct CompanyList: Sendable {
  package var companies: [ListedCompany]
  /// Lines that were left out, in their order.
  package var faults: [LineRemark]
  /// Lines that are odd and were taken all the same.
  package var remarks: [LineRemark]
  /// Headings that nothing was made of.
  package var unused: [String]
  /// What is wrong with the text as a whole, although it could be read.
  package var warning: String?
  package init(
    companies: [ListedCompany], faults: [LineRemark], remarks: [LineRemark] = [], unused: [String] = [],
    warning: String? = nil
  ) {
    self.companies = companies
    self.faults = faults
    self.remarks = remarks
    self.unused = unused
    self.warning = warning
  }
}

/// A connector whose system lists companies without being their home.
package protocol CompanyListing: Connector {
  /// Reads the list.
  /// - Parameter connections: the names of the connections whose ids of companies the list may have.
  func listCompanies(connections: [String]) throws(ConnectorError) -> CompanyList
}
