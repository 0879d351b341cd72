// Lines that nobody types: from a list, or from a pipe or file.
import Foundation
import Glibc
import Synchronization

/// A line reader over given lines or a descriptor; prompts are not shown and history is not kept.
package final class ScriptedLineReader: LineReader, Sendable {
  fileprivate struct Source {
    var pending: ArraySlice<UInt8> = []
    var lines: ArraySlice<String> = []
    var descriptor: Int32?
    var lineNumber = 0
  }

  private let source: Mutex<Source>
  private let isIncomplete: @Sendable (String) -> Bool

  /// Reads from a list of lines.
  package init(lines: [String], isIncomplete: @escaping @Sendable (String) -> Bool = { _ in false }) {
    source = Mutex(Source(lines: lines[...]))
    self.isIncomplete = isIncomplete
  }

  /// Reads from a descriptor, which stays the caller's, up to its end.
  package init(descriptor: Int32, isIncomplete: @escaping @Sendable (String) -> Bool = { _ in false }) {
    source = Mutex(Source(descriptor: descriptor))
    self.isIncomplete = isIncomplete
  }

  /// Returns the next line; one that is incomplete goes on with those after it, and ends where the input does.
  ///
  /// - Throws: ``LineReaderError``, of a line that is not UTF-8 or an input that cannot be read.
  package func readLine(prompt: Prompt) throws -> LineResult {
    try source.withLock { source in
      guard var line = try source.next() else { return .endOfInput }
      while isIncomplete(line), let more = try source.next() { line += "\n" + more }
      return .line(line.precomposedStringWithCanonicalMapping)
    }
  }

  package func addHistory(_ line: String) {}
}

extension ScriptedLineReader.Source {
  fileprivate mutating func next() throws -> String? {
    guard let descriptor else { return lines.popFirst() }
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        defer { pending = pending[(end + 1)...] }
        return try decoded(pending[..<end])
      }
      guard let more = try Self.read(from: descriptor) else {
        defer { pending = [] }
        return pending.isEmpty ? nil : try decoded(pending)
      }
      pending.append(contentsOf: more)
    }
  }

  private mutating func decoded(_ bytes: ArraySlice<UInt8>) throws -> String {
    lineNumber += 1
    let text = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    guard let line = String(validating: text, as: UTF8.self) else { throw LineReaderError(.notUTF8(line: lineNumber)) }
    return line
  }

  /// What can be read now; `nil` at the end.
  private static func read(from descriptor: Int32) throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 { return Array(buffer[..<count]) }
      if count == 0 { return nil }
      if errno != EINTR { throw LineReaderError(.unreadable(code: errno)) }
    }
  }
}
