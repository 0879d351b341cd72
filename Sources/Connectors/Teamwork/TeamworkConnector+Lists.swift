/// The v3 lists, read page by page so that nothing falls between two pages while others delete and create.
import Model
import Synchronization

/// A list that has a path, and rows that have an id.
enum TeamworkListName: String, Sendable {
  case companies, people
  var path: [String] { ["\(rawValue).json"] }
}

protocol TeamworkRow: Decodable, Sendable {
  var id: Int { get }
}

extension TeamworkCompany: TeamworkRow {}
extension TeamworkListedPerson: TeamworkRow {}

/// All rows of a query, each id once, and the number that the server declares.
struct TeamworkList<Row: TeamworkRow>: Sendable {
  var rows: [Row]
  var count: Int
}

extension TeamworkConnector {
  /// Reads a list to its end.
  ///
  /// Pages are counted by rows, so that a row that leaves the list moves all behind it up by one: each page is therefore
  /// asked for one row smaller than the one before, which makes it begin with rows that are known already. Where the
  /// last known row is not among them, something moved, and the list is read again.
  /// - Throws: `.malformed` when the list never held still; `.tooLarge` when it is longer than the vendor gives.
  func list<Row: TeamworkRow>(
    _ name: TeamworkListName, _ query: [(key: String, value: String)], purpose: String
  ) async throws(ConnectorError) -> TeamworkList<Row> {
    for _ in 1...3 {
      if let list: TeamworkList<Row> = try await attempt(name, query, purpose: purpose) { return list }
    }
    throw ConnectorError(
      .malformed, "Teamwork.com, \(purpose): the list changed three times while it was read", hint: "try again")
  }

  /// `nil` when rows moved between two pages.
  private func attempt<Row: TeamworkRow>(
    _ name: TeamworkListName, _ query: [(key: String, value: String)], purpose: String
  ) async throws(ConnectorError) -> TeamworkList<Row>? {
    var rows: [Row] = []
    var places: [Int: Int] = [:]
    var (number, last) = (1, 0)
    while true {
      let size = TeamworkFeatures.pageSize + 1 - number
      guard size > 0, number * size <= TeamworkFeatures.longestList else {
        throw ConnectorError(
          .tooLarge, "Teamwork.com gives at most \(TeamworkFeatures.longestList) \(name.rawValue) of one query")
      }
      let page: TeamworkPage<Row> = try await page(
        name, query, number: number, size: size, purpose: number == 1 ? purpose : "\(purpose) page \(number)")
      guard number == 1 || page.rows.contains(where: { $0.id == last }) else { return nil }
      let known = rows.count
      for row in page.rows {
        if let place = places[row.id] {
          rows[place] = row
        } else {
          places[row.id] = rows.count
          rows.append(row)
        }
      }
      guard page.hasMore else { return TeamworkList(rows: rows, count: page.count ?? rows.count) }
      guard rows.count > known, let end = page.rows.last else {
        throw ConnectorError(
          .malformed, "Teamwork.com, \(purpose): page \(number) says there is more and brings nothing")
      }
      last = end.id
      number += 1
    }
  }

  /// One page, in the order of ids; by name where this server does not take that order.
  func page<Row: TeamworkRow>(
    _ name: TeamworkListName, _ query: [(key: String, value: String)], number: Int, size: Int, purpose: String
  ) async throws(ConnectorError) -> TeamworkPage<Row> {
    let isByID = takesIDOrder.withLock { $0 }
    let query =
      query + [
        ("orderBy", isByID ? "id" : "name"), ("orderMode", "asc"), ("page", String(number)), ("pageSize", String(size)),
      ]
    do throws(ConnectorError) {
      return try await calls.get(TeamworkPage<Row>.self, .v3, name.path, query: query, purpose: purpose)
    } catch {
      guard isByID, error.status == 400, number == 1 else { throw error }
      takesIDOrder.withLock { $0 = false }
      do throws(ConnectorError) {
        return try await page(name, query.dropLast(4).map { $0 }, number: number, size: size, purpose: purpose)
      } catch let second {
        // It was not the order: ask for it again next time.
        if second.status == 400 { takesIDOrder.withLock { $0 = true } }
        throw second
      }
    }
  }
}
