/// Where a command's answer goes: rows to standard output, everything else to standard error.
import Foundation
import Synchronization

/// The two streams of a session. A transcript collects both in the order written; a terminal is both at once.
package protocol OutputSink: Sendable {
  /// Rows, records, numbers: what a pipe behind kith reads.
  func writeOut(_ text: String)
  /// Messages, progress, prompts, warnings.
  func writeError(_ text: String)
}

/// Standard output and standard error of the process.
package struct StandardStreams: OutputSink {
  package init() {}
  package func writeOut(_ text: String) { Self.write(text, to: 1) }
  package func writeError(_ text: String) { Self.write(text, to: 2) }

  /// Writes all of it; a reader that went away (a closed pipe) ends the output quietly.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return
      }
      bytes = bytes.dropFirst(written)
    }
  }
}

/// The streams with the time before each line of standard error: a log that a person reads in the morning.
struct TimedErrors: OutputSink {
  private let streams: any OutputSink
  init(_ streams: any OutputSink) { self.streams = streams }
  func writeOut(_ text: String) { streams.writeOut(text) }
  func writeError(_ text: String) {
    let time = exact(Date())
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // The last piece is what stands behind the last line break: nothing, as a rule.
    let pieces = lines.last?.isEmpty == true ? lines.dropLast() : lines[...]
    streams.writeError(pieces.map { "\(time)  \($0)\n" }.joined())
  }
}

/// Both streams as one text, in the order written: a session as its user saw it.
package final class CollectedOutput: OutputSink {
  private let text = Mutex("")
  package init() {}
  package func writeOut(_ text: String) { self.text.withLock { $0 += text } }
  package func writeError(_ text: String) { self.text.withLock { $0 += text } }

  /// What was written since the last call.
  package func take() -> String {
    text.withLock { text in
      defer { text = "" }
      return text
    }
  }
}
