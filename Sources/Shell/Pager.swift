/// The pager: the program in which a person reads an answer that is longer than the screen.
import Foundation
package import LineEditing

package struct Pager: Sendable {
  /// A command line of the system's shell.
  let command: String
  let environment: [String: String]
  /// Whether a long answer opens in it unasked; else only `| page` does.
  let isAutomatic: Bool
  let size: @Sendable () -> Terminal.Size?

  /// The pager that the environment names; `nil` where it wants none, or where there is none.
  package init?(
    environment: [String: String], isAutomatic: Bool, size: @escaping @Sendable () -> Terminal.Size?,
    isProgram: (String) -> Bool = { FileManager.default.isExecutableFile(atPath: $0) }
  ) {
    guard let command = Self.command(environment, isProgram: isProgram) else { return nil }
    self.command = command
    self.isAutomatic = isAutomatic
    self.size = size
    // As git has them: less ends by itself where all fits, lets colours through, and leaves on the screen what it showed.
    self.environment = environment.merging(["LESS": "FRX", "LV": "-c"]) { own, _ in own }
  }

  /// PAGER, where an empty one and `cat` mean none; else the first of those that machines have. A terminal that can only
  /// print has no use for one.
  static func command(_ environment: [String: String], isProgram: (String) -> Bool) -> String? {
    guard !Terminal.isDumb(environment["TERM"]) else { return nil }
    if let named = environment["PAGER"]?.trimmingCharacters(in: .whitespaces) {
      return named.isEmpty || named == "cat" ? nil : named
    }
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return ["less", "more"].first { name in folders.contains { isProgram("\($0)/\(name)") } }
  }

  /// Whether a text leaves the screen at its top, with a row left for the prompt.
  func isLong(_ text: String) -> Bool {
    guard let size = size() else { return false }
    return screenRows(of: text, columns: size.columns) >= size.rows
  }

  /// Shows a text until the person has read it; false where the program could not be started.
  ///
  /// It has the keys meanwhile: neither its Ctrl-C nor an early end is an error of the line.
  func show(_ text: String) -> Bool {
    let code = runInForeground("/bin/sh", ["-c", command], input: text, environment: environment)
    return code != Self.notExecutable && code != Self.notFound
  }

  private static let notExecutable: Int32 = 126
  private static let notFound: Int32 = 127
}

/// How many rows a drawn text takes on a screen of so many columns: longer lines go on in the next row.
func screenRows(of text: String, columns: Int) -> Int {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  let shown = lines.last?.isEmpty == true ? lines.dropLast() : lines[...]
  return shown.reduce(0) { rows, line in
    rows + max(1, (String(line).columns + columns - 1) / max(1, columns))
  }
}
