// What kind of terminal there is: its size, its colours, its character set.
import CLibEdit
import Foundation
import Glibc

/// When output has colours; the values of `--color`.
package enum ColorChoice: String, Sendable, CaseIterable {
  case auto, always, never
}

/// Facts about the terminal at a descriptor.
package enum Terminal {
  /// Columns and rows.
  package struct Size: Sendable, Equatable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// Whether the process's character set is UTF-8, or could be made so; asked once, and sets it for the C library.
  package static let usesUTF8: Bool = clibedit_adopt_locale()

  /// Whether a descriptor is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// The size of the terminal at a descriptor; elsewhere what `COLUMNS` and `LINES` say, and `nil` without `COLUMNS`.
  package static func size(
    of descriptor: Int32, environment: @autoclosure () -> [String: String] = ProcessInfo.processInfo.environment
  ) -> Size? {
    var columns: Int32 = 0
    var rows: Int32 = 0
    if clibedit_terminal_size(descriptor, &columns, &rows) { return Size(columns: Int(columns), rows: Int(rows)) }
    return size(from: environment())
  }

  /// The size that an environment states; `nil` without a usable `COLUMNS`.
  package static func size(from environment: [String: String]) -> Size? {
    guard let columns = environment["COLUMNS"].flatMap({ Int($0) }), (1...10_000).contains(columns) else { return nil }
    let rows = environment["LINES"].flatMap { Int($0) } ?? 24
    return Size(columns: columns, rows: max(1, min(rows, 10_000)))
  }

  /// Whether to write colours: as `--color` says, else to terminals other than dumb ones without `NO_COLOR`.
  ///
  /// - SeeAlso: no-color.org: any value but the empty one counts.
  package static func supportsColor(
    _ choice: ColorChoice, isTerminal: Bool, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Bool {
    switch choice {
    case .always: true
    case .never: false
    case .auto: isTerminal && environment["NO_COLOR", default: ""].isEmpty && !isDumb(environment["TERM"])
    }
  }

  /// Whether a terminal type can do nothing but print; no type is such a one.
  package static func isDumb(_ type: String?) -> Bool {
    type == nil || type == "" || type == "dumb"
  }

  /// Writes a text to a descriptor whole; what cannot be written is dropped, as there is no one to tell.
  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if count < 0, errno == EAGAIN {
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          if poll(&ready, 1, 1_000) <= 0 { return }
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}

/// The system's own words for an error number.
func systemMessage(_ code: Int32) -> String {
  String(cString: strerror(code))
}
