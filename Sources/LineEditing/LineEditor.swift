// The line editor of the terminal: libedit, with completion, listing, paste and Ctrl-C as the shell wants them.
import CLibEdit
import Foundation
import Glibc

/// Reads lines from a person.
///
/// libedit owns the thread that calls ``readLine(prompt:)``, which should be the main one; the closures are called on it
/// too. Everything that is drawn besides the line is drawn when libedit asks for the next key, right after it has
/// painted: there the screen is known, and there a hint or a colour would be added.
package final class LineEditor: LineReader {
  /// The ends of a terminal.
  package struct Streams: Sendable {
    package var input: Int32
    package var output: Int32
    /// What `TERM` says; `nil` or `dumb` is a terminal that can only print.
    package var terminalType: String?

    package init(input: Int32, output: Int32, terminalType: String?) {
      self.input = input
      self.output = output
      self.terminalType = terminalType
    }

    /// Standard input, and standard error or else standard output; `nil` when they are not terminals.
    package static func standard(
      environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Streams? {
      guard Terminal.isTerminal(STDIN_FILENO) else { return nil }
      guard let output = [STDERR_FILENO, STDOUT_FILENO].first(where: Terminal.isTerminal) else { return nil }
      return Streams(input: STDIN_FILENO, output: output, terminalType: environment["TERM"])
    }
  }

  let handle: OpaquePointer
  let streams: Streams
  let unicode: Bool
  let colors: Bool
  let completer: (String, Int) -> CompletionResult
  let lister: (String, Int) -> [Candidate]
  private let isIncomplete: (String) -> Bool

  /// The rows before this one, with their newlines, of a line that is being continued.
  var earlierRows = ""
  /// The columns of the prompt that is shown.
  private var promptWidth = 0
  /// Why the row ends other than by Enter.
  var ending: LineResult?
  /// What waits to be drawn under the line.
  var pendingList: PendingList?
  /// A mark that was typed and makes one character with the scalar before the cursor.
  var pendingMark: Unicode.Scalar?
  private var keys: KeySource

  /// Opens the editor.
  ///
  /// - Parameters:
  ///   - streams: The terminal; `nil` fails.
  ///   - history: What the arrow keys reach at first, oldest first.
  ///   - colors: Whether prompt and lists have colours.
  ///   - completer: What may stand at a UTF-8 offset of a text; asked when Tab is pressed.
  ///   - lister: What may follow at an offset, with what it means; asked when `?` is pressed.
  ///   - isIncomplete: Whether a text goes on in a further row.
  package init?(
    streams: Streams? = .standard(),
    history: [String] = [],
    colors: Bool,
    completer: @escaping (String, Int) -> CompletionResult,
    lister: @escaping (String, Int) -> [Candidate],
    isIncomplete: @escaping (String) -> Bool = { _ in false }
  ) {
    // The character set comes first: libedit looks at it while it is opened.
    let unicode = Terminal.usesUTF8
    guard let streams, let handle = clibedit_open(streams.input, streams.output, streams.terminalType) else {
      return nil
    }
    self.handle = handle
    self.streams = streams
    self.unicode = unicode
    self.colors = colors
    self.completer = completer
    self.lister = lister
    self.isIncomplete = isIncomplete
    keys = KeySource(descriptor: streams.input, signals: nil)
    clibedit_history_limit(handle, Int32(Self.historyLimit))
    setCallbacks()
    KeyBinding.all.forEach(bind)
    history.suffix(Self.historyLimit).forEach(addHistory)
  }

  deinit {
    clibedit_close(handle)
  }

  /// How many lines the arrow keys reach.
  private static let historyLimit = 2_000

  /// Reads one line, with the rows that continue it.
  ///
  /// The terminal has its own modes again when this returns, however it returns. Ctrl-D drops a line that was to be
  /// continued and ends the input only on an empty first row.
  package func readLine(prompt: Prompt) -> LineResult {
    earlierRows = ""
    var shown = prompt
    while true {
      switch readRow(prompt: shown) {
      case .line(let row):
        let text = (earlierRows + row).precomposedStringWithCanonicalMapping
        guard isIncomplete(text) else { return .line(text) }
        earlierRows = text + "\n"
        shown = prompt.continuation
      case .endOfInput where !earlierRows.isEmpty: return .interrupted
      case let other: return other
      }
    }
  }

  /// Makes a line the newest that the arrow keys reach; one equal to the newest, or an empty one, is left out.
  package func addHistory(_ line: String) {
    guard !line.isEmpty else { return }
    withScalars(of: line) { clibedit_history_add(handle, $0, $1) }
  }

  private func readRow(prompt: Prompt) -> LineResult {
    let paste = Terminal.isDumb(streams.terminalType) ? (on: "", off: "") : (on: "\u{1B}[?2004h", off: "\u{1B}[?2004l")
    guard clibedit_hold_terminal(streams.input, streams.output, paste.off) else { return .endOfInput }
    let signals = SignalWatch([SIGINT, SIGTERM, SIGHUP, SIGWINCH])
    defer {
      clibedit_release_terminal()
      signals?.end()
    }
    keys = KeySource(descriptor: streams.input, signals: signals)
    ending = nil
    promptWidth = prompt.width(unicode: unicode)
    withScalars(of: prompt.forEditor(colors: colors, unicode: unicode)) { clibedit_set_prompt(handle, $0, $1) }
    // Before the prompt is painted: a key that is pressed at once must not be taken the terminal's own way.
    clibedit_prepare_terminal(handle)
    Terminal.write(paste.on, to: streams.output)
    var count = 0
    let line = clibedit_read_line(handle, &count)
    switch (ending, line) {
    case (.interrupted?, _): return .interrupted
    case (let ending?, _):
      Terminal.write("\r\n", to: streams.output)
      return ending
    case (nil, nil): return .endOfInput
    case (nil, let line?):
      var row = Self.scalars(line, count)
      if row.last == "\n" { row.removeLast() }
      return .line(EditedText.string(row[...]))
    }
  }
}

// MARK: - Keys

extension LineEditor {
  /// Waits for what libedit is to see next, and draws first what waits to be drawn.
  private func nextKey() -> Int32 {
    drawPendingList()
    while true {
      switch keys.next() {
      case .key(let key):
        if let key = admitted(key) { return Int32(key.value) }
      case .signal(SIGWINCH): resize()
      case .signal(SIGINT): return KeyBinding.dropLine
      case .signal(let signal):
        ending = .terminated(signal: signal)
        return -1
      case .end:
        ending = .endOfInput
        return -1
      }
    }
  }

  /// A key as libedit may have it: without UTF-8 only ASCII, and a mark that composes with the scalar before it as the
  /// key that makes one scalar of the two.
  private func admitted(_ key: Unicode.Scalar) -> Unicode.Scalar? {
    if key.isASCII { return key }
    guard unicode else { return nil }
    guard key.properties.generalCategory == .nonspacingMark, composed(with: key) != nil else { return key }
    pendingMark = key
    return Unicode.Scalar(UInt8(KeyBinding.pending))
  }

  /// The one scalar that the scalar before the cursor and a mark make.
  func composed(with mark: Unicode.Scalar) -> Unicode.Scalar? {
    let edited = self.edited
    guard edited.cursor > 0 else { return nil }
    let pair = EditedText.string([edited.scalars[edited.cursor - 1], mark][...])
    let scalars = pair.precomposedStringWithCanonicalMapping.unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }

  /// Gathers a paste up to its end mark; `nil` when the terminal or the process ends before that.
  func readPaste() -> String? {
    var pasted = PastedText()
    while true {
      switch keys.next() {
      case .key(let key): if pasted.take(key) { return pasted.text }
      case .signal(SIGWINCH): clibedit_resize(handle)
      case .signal(SIGINT): return ""
      case .signal(let signal):
        ending = .terminated(signal: signal)
        return nil
      case .end:
        ending = .endOfInput
        return nil
      }
    }
  }

  /// Paints the line anew where it begins after the terminal has put it into rows of another width.
  private func resize() {
    clibedit_resize(handle)
    guard !Terminal.isDumb(streams.terminalType) else { return }
    let columns = Terminal.size(of: streams.output)?.columns ?? 80
    let row = edited.cursorRow(promptWidth: promptWidth, columns: columns)
    let up = row > 0 ? "\u{1B}[\(row)A" : ""
    Terminal.write("\r\(up)\u{1B}[J", to: streams.output)
    clibedit_repaint(handle)
  }

  private func setCallbacks() {
    // The editor lives no longer than this object, which closes it.
    let callbacks = clibedit_callbacks(
      owner: Unmanaged.passUnretained(self).toOpaque(),
      next_key: { LineEditor.from($0).nextKey() },
      run: { owner, command, _ in LineEditor.from(owner).run(command) })
    clibedit_set_callbacks(handle, callbacks)
  }

  private static func from(_ owner: UnsafeMutableRawPointer?) -> LineEditor {
    guard let owner else { preconditionFailure("an editor has an owner before it reads") }
    return Unmanaged<LineEditor>.fromOpaque(owner).takeUnretainedValue()
  }

  private func bind(_ binding: KeyBinding) {
    switch binding.action {
    case .own(let command): clibedit_bind_own(handle, binding.keys, command)
    case .builtIn(let name): clibedit_bind(handle, binding.keys, name)
    }
  }
}

// MARK: - The line

extension LineEditor {
  /// The row as it stands.
  var edited: EditedText {
    var count = 0
    var cursor = 0
    guard let line = clibedit_line(handle, &count, &cursor) else { return EditedText(scalars: [], cursor: 0) }
    return EditedText(scalars: Self.scalars(line, count), cursor: cursor)
  }

  /// Puts a text in at the cursor; false when it cannot stand in a line or there is no room.
  func insert(_ text: String) -> Bool {
    guard unicode || text.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
    return withScalars(of: text) { clibedit_insert(handle, $0, $1) }
  }

  func withScalars<Result>(of text: String, _ body: (UnsafePointer<UInt32>?, Int) -> Result) -> Result {
    // A zero would end the text for libedit.
    let values = text.unicodeScalars.map { $0.value == 0 ? 0xFFFD : $0.value }
    return values.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
  }

  private static func scalars(_ values: UnsafePointer<UInt32>, _ count: Int) -> [Unicode.Scalar] {
    UnsafeBufferPointer(start: values, count: count).map { Unicode.Scalar($0) ?? "\u{FFFD}" }
  }
}
