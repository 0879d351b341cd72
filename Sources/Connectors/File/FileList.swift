/// A file read as a list of people or of companies: its columns, its good lines, and what was wrong with the others.
import Foundation
import Model

/// What is to be said of one line of a file.
package struct LineRemark: Hashable, Sendable {
  /// Counted from 1.
  package var line: Int
  package var text: String
  package init(line: Int, text: String) {
    self.line = line
    self.text = text
  }
}

/// One good line.
struct FileRow: Sendable {
  var line: Int
  /// In the order of the list's columns.
  var cells: [String]
  /// In the order of the list's further columns.
  var further: [String] = []
}

struct FileList: Sendable {
  var kind: RecordKind
  var text: Facts
  var format: FileFormat
  var separator: FileSeparator
  var header: [String]
  /// The columns that are used, each with the headings that it stands under (more than one where a heading is doubled).
  var columns: [FileColumn]
  var places: [FileColumn: [Int]]
  /// Columns that were asked for beside those, by where they stand.
  var further: [Int] = []
  var rows: [FileRow]
  /// Lines that were left out, in their order.
  var faults: [LineRemark]
  /// Lines and headings that are odd and were used all the same.
  var remarks: [LineRemark]
  var blankLines: [Int]
  /// The number of the last line.
  var lineCount: Int

  /// What is known of the file's text.
  struct Facts: Sendable {
    var size: Int
    var encoding: FileEncoding
    var hasMark: Bool
    var warning: String?
  }

  /// The cell of a row; `nil` where the list has no such column.
  func cell(_ column: FileColumn, of row: FileRow) -> String? {
    columns.firstIndex(of: column).map { row.cells[$0] }
  }

  func has(_ column: FileColumn) -> Bool { places[column] != nil }

  /// The headings that nothing was made of.
  var unused: [String] {
    let used = Set(places.values.joined()).union(further)
    return header.indices.filter { !used.contains($0) && !header[$0].isEmpty }.map { header[$0] }
  }
}

extension FileList {
  /// - Parameter isFurther: whether a column with this heading is kept although it plays no known part.
  /// - Throws: ``ConnectorError`` when the file is no list: nothing in it can be used then.
  init(
    _ bytes: [UInt8], as kind: RecordKind, _ options: FileOptions, keeping isFurther: (String) -> Bool = { _ in false }
  ) throws(ConnectorError) {
    let path = options.path
    let text: FileText
    do throws(NotText) {
      text = try FileText.decode(bytes, as: options.encoding)
    } catch {
      throw ConnectorError(.malformed, "\(path) \(error.message)", hint: error.hint, delivery: .notSent)
    }
    let facts = Facts(size: bytes.count, encoding: text.encoding, hasMark: text.hasMark, warning: text.warning)
    // The closure of a buffer cannot throw a typed error out of it.
    let outcome: Result<FileList, ConnectorError> = text.bytes.withUnsafeBufferPointer { buffer in
      do throws(ConnectorError) {
        return .success(try FileListReader(buffer, facts, kind, options).read(keeping: isFurther))
      } catch {
        return .failure(error)
      }
    }
    self = try outcome.get()
  }
}

/// One reading of one text.
private struct FileListReader {
  let buffer: UnsafeBufferPointer<UInt8>
  let facts: FileList.Facts
  let kind: RecordKind
  let options: FileOptions

  init(
    _ buffer: UnsafeBufferPointer<UInt8>, _ facts: FileList.Facts, _ kind: RecordKind, _ options: FileOptions
  ) {
    self.buffer = buffer
    self.facts = facts
    self.kind = kind
    self.options = options
  }

  func read(keeping isFurther: (String) -> Bool) throws(ConnectorError) -> FileList {
    let start = try firstLine()
    let (header, separator) = (start.header, start.separator)
    let format = kind == .company ? .general : options.format ?? FileFormat(header: header)
    let places = try self.places(header, format)
    let columns = places.keys.sorted { $0.rawValue < $1.rawValue }
    var list = FileList(
      kind: kind, text: facts, format: format, separator: separator, header: header, columns: columns, places: places,
      rows: [], faults: [], remarks: start.remarks + doubled(header, start.number, places), blankLines: [],
      lineCount: start.number)
    let used = Set(places.values.joined())
    list.further = header.indices.filter { !used.contains($0) && isFurther(header[$0]) }
    var lines = FileLines(buffer, separator: separator.byte, from: start.next.position, number: start.next.number)
    while let line = lines.next() {
      list.lineCount = lines.place.number - 1
      if line.fault == nil, line.cells.allSatisfy({ lines.isBlank($0) }) {
        list.blankLines.append(line.number)
        continue
      }
      switch row(line, header, list, lines) {
      case .good(let row): list.rows.append(row)
      case .bad(let why): list.faults.append(LineRemark(line: line.number, text: why))
      }
    }
    // What stands behind the last line is its end, not a line that somebody left blank.
    let last = max(list.rows.last?.line ?? start.number, list.faults.last?.line ?? start.number)
    list.blankLines.removeAll { $0 > last }
    return list
  }

  // MARK: - The header

  private struct Start {
    var header: [String]
    var separator: FileSeparator
    var number: Int
    var next: (position: Int, number: Int)
    var remarks: [LineRemark] = []
  }

  private func firstLine() throws(ConnectorError) -> Start {
    var from = (position: 0, number: 1)
    var said: FileSeparator?
    var remarks: [LineRemark] = []
    // Excel writes, and obeys, a first line that says what the separator is.
    if let (separator, next) = separatorLine() {
      (said, from) = (separator, next)
      remarks.append(LineRemark(line: 1, text: "it says that the separator is \(separator.name)"))
    }
    let candidates = (options.separator ?? said).map { [$0] } ?? FileSeparator.usual
    let starts = candidates.compactMap { header(with: $0, from: from) }
    guard
      var best = starts.max(by: {
        (known($0.header), $0.header.count, rank($1.separator)) < (
          known($1.header), $1.header.count, rank($0.separator)
        )
      })
    else {
      throw ConnectorError(
        .malformed, "\(options.path) is empty: it has not even a header",
        hint: "export it again, with the names of the columns in its first line", delivery: .notSent)
    }
    best.remarks = remarks
    return best
  }

  private func rank(_ separator: FileSeparator) -> Int { FileSeparator.usual.firstIndex(of: separator) ?? 0 }

  /// How many of the headings are known, or named in the connection.
  private func known(_ header: [String]) -> Int {
    let headings = Set(header.map(FileColumn.normalised))
    let named = options.named.values.compactMap { $0.map(FileColumn.normalised) }
    return named.count { headings.contains($0) }
      + columnsOfKind.count { !headings.isDisjoint(with: headingsKnown(for: $0, .general)) }
  }

  private func separatorLine() -> (FileSeparator, (position: Int, number: Int))? {
    let start = String(decoding: UnsafeBufferPointer(rebasing: buffer.prefix(8)), as: UTF8.self)
    guard start.lowercased().hasPrefix("sep="), let sign = start.dropFirst(4).first.map(String.init),
      let separator = FileSeparator(sign: sign) ?? (sign == "\t" ? .tab : nil)
    else { return nil }
    var lines = FileLines(buffer, separator: 0)
    guard let line = lines.next(), line.fault == nil, let cell = line.cells.first, cell.end - cell.start <= 6 else {
      return nil
    }
    return (separator, lines.place)
  }

  private func header(with separator: FileSeparator, from start: (position: Int, number: Int)) -> Start? {
    var lines = FileLines(buffer, separator: separator.byte, from: start.position, number: start.number)
    while let line = lines.next() {
      guard line.fault == nil, !line.cells.allSatisfy({ lines.isBlank($0) }) else { continue }
      var header = line.cells.map { lines.text($0).trimmedNFC }
      while header.last?.isEmpty == true { header.removeLast() }
      return Start(header: header, separator: separator, number: line.number, next: lines.place)
    }
    return nil
  }

  // MARK: - The columns

  private var columnsOfKind: [FileColumn] { kind == .company ? FileColumn.ofCompanies : FileColumn.ofPeople }

  private func headingsKnown(for column: FileColumn, _ format: FileFormat) -> [String] {
    kind == .company ? column.headingsOfCompanies : column.headings(in: format)
  }

  private func places(_ header: [String], _ format: FileFormat) throws(ConnectorError) -> [FileColumn: [Int]] {
    let headings = header.map(FileColumn.normalised)
    var places: [FileColumn: [Int]] = [:]
    var taken: Set<Int> = []
    for column in columnsOfKind {
      guard case .some(.some(let wanted)) = options.named[column] else { continue }
      var found = header.indices.filter { header[$0].caseInsensitiveCompare(wanted) == .orderedSame }
      if found.isEmpty { found = headings.indices.filter { headings[$0] == FileColumn.normalised(wanted) } }
      guard !found.isEmpty else {
        throw ConnectorError(
          .misconfigured, "\(options.path) has no column \(wanted), which \(column.rawValue)= names",
          hint: "its columns are \(Self.listed(header))", delivery: .notSent)
      }
      places[column] = found
      taken.formUnion(found)
    }
    for column in columnsOfKind where options.named[column] == nil {
      // A state that is said in two ways would be one too many.
      if column == .state, places[.blocked] != nil || has(.blocked, headings, taken, format) { continue }
      for heading in headingsKnown(for: column, format) {
        let found = headings.indices.filter { headings[$0] == heading && !taken.contains($0) }
        guard !found.isEmpty else { continue }
        places[column] = found
        taken.formUnion(found)
        break
      }
    }
    try demand(places, header)
    return places
  }

  private func has(_ column: FileColumn, _ headings: [String], _ taken: Set<Int>, _ format: FileFormat) -> Bool {
    guard options.named[column] == nil else { return false }
    let known = headingsKnown(for: column, format)
    return headings.indices.contains { !taken.contains($0) && known.contains(headings[$0]) }
  }

  private func demand(_ places: [FileColumn: [Int]], _ header: [String]) throws(ConnectorError) {
    let keys: [FileColumn] = kind == .company ? [.name, .identifier] : [.id, .userPrincipalName, .email]
    guard !keys.contains(where: { places[$0] != nil }) else { return }
    let missing =
      kind == .company
      ? "no column of the companies' names" : "no column of e-mail addresses, sign-in names or ids"
    let looksLikeData = header.contains { $0.contains("@") }
    throw ConnectorError(
      .misconfigured,
      "\(options.path) has \(missing)"
        + (looksLikeData ? ": its first line looks like data, not like the names of columns" : ""),
      hint: looksLikeData
        ? "put a line with the names of the columns on top"
        : "name it, like \(kind == .company ? "name" : "email")=\"COLUMN\"; its columns are \(Self.listed(header))",
      delivery: .notSent)
  }

  private func doubled(_ header: [String], _ line: Int, _ places: [FileColumn: [Int]]) -> [LineRemark] {
    var seen: [String: [Int]] = [:]
    for (index, heading) in header.enumerated() where !heading.isEmpty {
      seen[heading.lowercased(), default: []].append(index)
    }
    let used = Set(places.values.joined())
    return seen.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.map { indices in
      let numbers = indices.map { String($0 + 1) }.joined(separator: " and ")
      let effect =
        used.isDisjoint(with: indices)
        ? "neither is used" : "a line is taken where they agree or only one is filled"
      return LineRemark(line: line, text: "columns \(numbers) are both called \(header[indices[0]]): \(effect)")
    }
  }

  /// The headings in one text, cut where they are many.
  static func listed(_ header: [String]) -> String {
    let shown = header.filter { !$0.isEmpty }
    return shown.prefix(40).joined(separator: ", ") + (shown.count > 40 ? " and \(shown.count - 40) more" : "")
  }

  // MARK: - The lines

  private enum Verdict {
    case good(FileRow)
    case bad(String)
  }

  private func row(_ line: FileLine, _ header: [String], _ list: FileList, _ lines: FileLines) -> Verdict {
    if let fault = line.fault { return .bad(fault) }
    guard line.cells.count >= header.count else {
      return .bad("it has \(line.cells.count) of \(header.count) columns")
    }
    // Separators at its end are what spreadsheets leave behind.
    guard line.cells[header.count...].allSatisfy({ lines.isBlank($0) }) else {
      return .bad("it has \(line.cells.count) columns, the header has \(header.count)")
    }
    if let damage = lines.damage(in: line) { return .bad(damage) }
    var cells: [String] = []
    cells.reserveCapacity(list.columns.count)
    for column in list.columns {
      let values = (list.places[column] ?? []).map { value(lines.text(line.cells[$0])) }
      let filled = values.filter { !$0.isEmpty }
      if filled.count > 1, Set(filled).count > 1 {
        let heading = (list.places[column]?.first).map { header[$0] } ?? column.rawValue
        return .bad("its columns \(heading) differ: \(filled.joined(separator: " and "))")
      }
      cells.append(filled.first ?? "")
    }
    if isHeader(line, header, lines) { return .bad("it repeats the header") }
    return .good(
      FileRow(line: line.number, cells: cells, further: list.further.map { value(lines.text(line.cells[$0])) }))
  }

  private func isHeader(_ line: FileLine, _ header: [String], _ lines: FileLines) -> Bool {
    // Most lines differ in their first cell already.
    zip(header, line.cells).allSatisfy { heading, cell in lines.text(cell).trimmedNFC == heading }
  }

  /// A value in NFC. An apostrophe that keeps a spreadsheet from running a cell is no part of it.
  private func value(_ text: String) -> String {
    var text = text
    if text.utf8.first == UInt8(ascii: "'"), let second = text.utf8.dropFirst().first, "=+-@".utf8.contains(second) {
      text.removeFirst()
    }
    return text.utf8.allSatisfy { $0 < 0x80 } ? text : text.trimmedNFC
  }
}
