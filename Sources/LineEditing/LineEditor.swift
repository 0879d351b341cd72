// The line editor of the terminal: libedit, with completion, listing, paste and Ctrl-C as the shell wants them.
import CLibEdit
import Foundation
import Glibc

/// Reads lines from a person.
///
/// libedit owns the thread that calls ``readLine(prompt:)``, which should be the main one; the closures are called on it
/// too. Everything that is drawn besides the line is drawn when libedit asks for the next key, right after it has
/// painted: there the screen is known. Hints and notes are taken away again before the key is handed over, so that libedit
/// always finds the screen as it left it.
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
  let assistant: LineAssistant

  /// The columns of the prompt that is shown.
  var promptWidth = 0
  /// Why the line ends other than by Enter.
  var ending: LineResult?
  /// What waits to be drawn under the line.
  var pendingList: PendingList?
  /// A mark that was typed and makes one character with the scalar before the cursor.
  var pendingMark: Unicode.Scalar?
  /// Where keys come from while a line is read.
  var keys: KeySource
  /// What the arrow keys go through.
  var history: LineHistory
  var undoStack = UndoStack()
  /// What was said of the line as it stands; `nil` where it was not asked.
  var annotation: LineAnnotation?
  /// What takes hint and notes away.
  var wiped = ""

  /// Opens the editor.
  ///
  /// - Parameters:
  ///   - streams: The terminal; `nil` fails.
  ///   - history: What the arrow keys reach at first, oldest first.
  ///   - colors: Whether prompt, lists and line have colours.
  ///   - unicode: Whether characters outside ASCII may be shown and typed.
  ///   - assistant: What is asked while a line is edited.
  package init?(
    streams: Streams? = .standard(),
    history: [String] = [],
    colors: Bool,
    unicode: Bool = Terminal.usesUTF8,
    assistant: LineAssistant
  ) {
    // Asking sets the character set, which libedit looks at while it is opened.
    let unicode = Terminal.usesUTF8 && unicode
    guard let streams, let handle = clibedit_open(streams.input, streams.output, streams.terminalType) else {
      return nil
    }
    self.handle = handle
    self.streams = streams
    self.unicode = unicode
    self.colors = colors
    self.assistant = assistant
    self.history = LineHistory(history, limit: Self.historyLimit)
    keys = KeySource(descriptor: streams.input, signals: nil)
    setCallbacks()
    KeyBinding.all.forEach(bind)
  }

  deinit {
    clibedit_close(handle)
  }

  /// How many lines the arrow keys reach.
  private static let historyLimit = 2_000

  /// Reads one line, which may have several rows.
  ///
  /// The terminal has its own modes again when this returns, however it returns. Ctrl-D ends the input only on an empty
  /// line.
  package func readLine(prompt: Prompt) -> LineResult {
    guard clibedit_hold_terminal(streams.input, streams.output, pasteMarks.off) else { return .endOfInput }
    let signals = SignalWatch([SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT])
    defer {
      clibedit_release_terminal()
      signals?.end()
    }
    keys = KeySource(descriptor: streams.input, signals: signals)
    ending = nil
    undoStack = UndoStack()
    promptWidth = prompt.width(unicode: unicode)
    withScalars(of: prompt.forEditor(colors: colors, unicode: unicode)) { clibedit_set_prompt(handle, $0, $1) }
    // Before the prompt is painted: a key that is pressed at once must not be taken the terminal's own way.
    clibedit_prepare_terminal(handle)
    Terminal.write(pasteMarks.on, to: streams.output)
    var count = 0
    let line = clibedit_read_line(handle, &count)
    switch (ending, line) {
    case (.interrupted?, _): return .interrupted
    case (let ending?, _):
      Terminal.write("\n", to: streams.output)
      return ending
    case (nil, nil): return .endOfInput
    case (nil, let line?):
      var scalars = Self.scalars(line, count)
      if scalars.last == "\n" { scalars.removeLast() }
      return .line(EditedText.string(scalars[...]).precomposedStringWithCanonicalMapping)
    }
  }

  /// Makes a line the newest that the arrow keys reach; one equal to the newest, or an empty one, is left out.
  package func addHistory(_ line: String) { history.add(line) }

  /// What has the terminal mark a paste, and what ends that.
  var pasteMarks: (on: String, off: String) {
    Terminal.isDumb(streams.terminalType) ? ("", "") : ("\u{1B}[?2004h", "\u{1B}[?2004l")
  }
}

// MARK: - libedit

extension LineEditor {
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
  /// The line as it stands.
  var edited: EditedText {
    var count = 0
    var cursor = 0
    guard let line = clibedit_line(handle, &count, &cursor) else { return EditedText(scalars: [], cursor: 0) }
    return EditedText(scalars: Self.scalars(line, count), cursor: cursor)
  }

  /// Puts another text in the place of the whole line.
  func replaceLine(with text: EditedText) -> Bool {
    let now = edited
    clibedit_move(handle, Int32(clamping: now.scalars.count - now.cursor))
    clibedit_delete_before(handle, now.scalars.count)
    let isThere = insert(text.text)
    if isThere { clibedit_move(handle, Int32(clamping: text.cursor - text.scalars.count)) }
    return isThere
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
