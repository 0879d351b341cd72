// Which key does what: one table, the program's own commands first.
import CLibEdit

/// A key sequence in libedit's notation and what it does.
struct KeyBinding {
  enum Action {
    case own(clibedit_command)
    case builtIn(String)
  }

  let keys: String
  let action: Action

  /// Ctrl-C, which an interrupt from outside is read as.
  static let dropLine: Int32 = 0x03
  /// Ctrl-], by which the editor itself runs a command between two keys.
  static let pending: Int32 = 0x1D
  /// The keys by which an own command has libedit itself end the line; no keyboard has them.
  static let submit = "\u{1B}[9990~"

  static let all: [KeyBinding] =
    own + builtIn.map { KeyBinding(keys: $0, action: .builtIn($1)) }

  private static let own: [KeyBinding] = [
    ("^I", CLIBEDIT_COMPLETE), ("?", CLIBEDIT_LIST), ("^C", CLIBEDIT_DROP_LINE), ("^D", CLIBEDIT_END_OR_DELETE),
    ("\\e[200~", CLIBEDIT_PASTE), ("^]", CLIBEDIT_PENDING),
    // Enter is both, as the terminal swaps them while a line is edited.
    ("^M", CLIBEDIT_ENTER), ("^J", CLIBEDIT_ENTER), ("\\e^M", CLIBEDIT_NEW_ROW), ("\\e^J", CLIBEDIT_NEW_ROW),
    ("\\e[A", CLIBEDIT_UP), ("\\eOA", CLIBEDIT_UP), ("^P", CLIBEDIT_UP),
    ("\\e[B", CLIBEDIT_DOWN), ("\\eOB", CLIBEDIT_DOWN), ("^N", CLIBEDIT_DOWN),
    ("\\e[C", CLIBEDIT_RIGHT), ("\\eOC", CLIBEDIT_RIGHT), ("^F", CLIBEDIT_RIGHT),
    ("\\e[1;5C", CLIBEDIT_WORD_RIGHT), ("\\e[1;3C", CLIBEDIT_WORD_RIGHT), ("\\ef", CLIBEDIT_WORD_RIGHT),
    ("^E", CLIBEDIT_LINE_END), ("\\e[F", CLIBEDIT_LINE_END), ("\\eOF", CLIBEDIT_LINE_END),
    ("\\e[4~", CLIBEDIT_LINE_END),
    ("^_", CLIBEDIT_UNDO), ("\\e/", CLIBEDIT_REDO), ("^R", CLIBEDIT_SEARCH), ("^Z", CLIBEDIT_SUSPEND),
  ].map { KeyBinding(keys: $0, action: .own($1)) }

  /// What people's fingers know from other shells, where libedit does otherwise.
  private static let builtIn = [
    ("\\e[9990~", "ed-newline"),
    ("^W", "ed-delete-prev-word"),
    ("^U", "vi-kill-line-prev"),
    ("\\e[3~", "ed-delete-next-char"),
    ("\\e[H", "ed-move-to-beg"),
    ("\\eOH", "ed-move-to-beg"),
    ("\\e[1~", "ed-move-to-beg"),
    ("\\e[1;5D", "ed-prev-word"),
    ("\\e[1;3D", "ed-prev-word"),
  ]
}
