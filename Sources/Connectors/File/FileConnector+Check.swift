/// Says what was found in the file: its encoding, its columns, its lines, and every line that was left out.
import Model

extension FileConnector {
  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    guard !Task.isCancelled else { throw .cancelled }
    do throws(ConnectorError) {
      let people = try self.people()
      return CheckReport(
        results: results(people.list, noun: "person", "people", people.records.count, people.faults, people.remarks)
          + whose(people, partitions), findings: [:])
    } catch {
      // A list of companies is a file too, as long as no sync wants people of it.
      if partitions.isEmpty, error.kind == .misconfigured, let list = try? list(of: .company) {
        return CheckReport(
          results: results(list, noun: "company", "companies", list.rows.count, list.faults, list.remarks),
          findings: [:])
      }
      return CheckReport(
        results: [CheckResult(name: "file", outcome: .failed, detail: error.message, fix: error.hint)], findings: [:])
    }
  }

  private func results(
    _ list: FileList, noun: String, _ nouns: String, _ count: Int, _ faults: [LineRemark], _ remarks: [LineRemark]
  ) -> [CheckResult] {
    var results = [
      CheckResult(name: "file", outcome: .passed, detail: "\(options.path), \(list.format.name)"),
      CheckResult(
        name: "encoding", outcome: list.text.warning == nil ? .passed : .warned,
        detail: list.text.warning
          ?? "\(list.text.encoding.name)\(list.text.hasMark ? ", with its mark" : "")",
        fix: list.text.warning.map { _ in "save it as CSV in UTF-8, or say encoding=" }),
      CheckResult(name: "separator", outcome: .passed, detail: list.separator.name),
      CheckResult(name: "columns", outcome: .passed, detail: columns(list)),
    ]
    if !list.unused.isEmpty {
      results.append(
        CheckResult(name: "columns not used", outcome: .passed, detail: list.unused.joined(separator: ", ")))
    }
    if list.kind == .person { results.append(address(list)) }
    results.append(
      CheckResult(
        name: "lines", outcome: count == 0 ? .failed : faults.isEmpty ? .passed : .warned,
        detail: "\(list.lineCount) \(list.lineCount == 1 ? "line" : "lines"): \(count) \(count == 1 ? noun : nouns)"
          + (faults.isEmpty ? "" : ", \(faults.count) left out")
          + (list.blankLines.isEmpty ? "" : ", blank: \(Self.numbers(list.blankLines))"),
        fix: count == 0
          ? "export the list again: it has nobody" : faults.isEmpty ? nil : "correct the lines below; the rest is taken"
      ))
    results += Self.lines(faults, "left out") + Self.lines(remarks, "odd")
    return results
  }

  private func columns(_ list: FileList) -> String {
    list.places.sorted { ($0.value[0]) < ($1.value[0]) }.map { column, places in
      let heading = list.header[places[0]]
      return FileColumn.normalised(heading) == FileColumn.normalised(column.rawValue)
        ? heading : "\(heading) as \(column.rawValue)"
    }.joined(separator: ", ")
  }

  /// Without an address nobody can be matched: better said here than of each person.
  private func address(_ list: FileList) -> CheckResult {
    let source =
      list.has(.email)
      ? "the column \(heading(.email, list))"
      : list.has(.addresses)
        ? "\(heading(.addresses, list)), the one marked SMTP:"
          + (list.has(.userPrincipalName) ? ", else \(heading(.userPrincipalName, list))" : "")
        : list.has(.userPrincipalName) ? heading(.userPrincipalName, list) : nil
    guard let source else {
      return CheckResult(
        name: "e-mail", outcome: .failed, detail: "no column has e-mail addresses",
        fix: "name it: connect file as \(name) email=COLUMN")
    }
    return CheckResult(name: "e-mail", outcome: .passed, detail: "from \(source)")
  }

  private func heading(_ column: FileColumn, _ list: FileList) -> String {
    list.places[column]?.first.map { list.header[$0] } ?? column.rawValue
  }

  private static let shownLines = 20

  private static func lines(_ remarks: [LineRemark], _ word: String) -> [CheckResult] {
    var results = remarks.prefix(shownLines).map {
      CheckResult(name: "line \($0.line)", outcome: .warned, detail: "\(word): \($0.text)")
    }
    if remarks.count > shownLines {
      results.append(
        CheckResult(
          name: "lines", outcome: .warned,
          detail: "\(word): \(remarks.count - shownLines) more: \(numbers(remarks.dropFirst(shownLines).map(\.line)))"))
    }
    return results
  }

  /// "4, 9, 12": at most fifty of them.
  private static func numbers(_ lines: [Int]) -> String {
    lines.prefix(50).map(String.init).joined(separator: ", ") + (lines.count > 50 ? ", …" : "")
  }

  /// Whether each tenant that a sync reads is in the file, and whether the whole file is one company's.
  private func whose(_ people: FilePeople, _ partitions: [String]) -> [CheckResult] {
    let known = people.partitions
    guard !partitions.isEmpty else {
      guard known.count > 1 else { return [] }
      return [
        CheckResult(
          name: "tenants", outcome: .passed,
          detail:
            "\(known.count): \(known.prefix(10).map(\.name).joined(separator: ", "))\(known.count > 10 ? ", …" : "")")
      ]
    }
    return partitions.map { partition in
      do throws(ConnectorError) {
        let count = try Self.people(people, in: partition, of: options.path).count
        guard count > 0 else {
          return CheckResult(
            name: "people", outcome: .failed, detail: "no line is of \(partition)",
            fix: "the file has \(known.prefix(5).map(\.name).joined(separator: ", "))\(known.count > 5 ? ", …" : "")",
            partition: partition)
        }
        return CheckResult(
          name: "people", outcome: .passed, detail: "\(count) \(count == 1 ? "line" : "lines")", partition: partition)
      } catch {
        return CheckResult(
          name: "people", outcome: .failed, detail: error.message, fix: error.hint, partition: partition)
      }
    }
  }
}
