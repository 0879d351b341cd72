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

  static let all: [KeyBinding] =
    own + builtIn.map { KeyBinding(keys: $0, action: .builtIn($1)) }

  private static let own = [
    KeyBinding(keys: "^I", action: .own(CLIBEDIT_COMPLETE)),
    KeyBinding(keys: "?", action: .own(CLIBEDIT_LIST)),
    KeyBinding(keys: "^C", action: .own(CLIBEDIT_DROP_LINE)),
    KeyBinding(keys: "^D", action: .own(CLIBEDIT_END_OR_DELETE)),
    KeyBinding(keys: "\\e[200~", action: .own(CLIBEDIT_PASTE)),
    KeyBinding(keys: "^]", action: .own(CLIBEDIT_PENDING)),
  ]

  /// Enter is both, as the terminal swaps them while a line is edited; the rest is what people's fingers know from
  /// other shells, where libedit does otherwise.
  private static let builtIn = [
    ("^M", "ed-newline"),
    ("^J", "ed-newline"),
    ("^W", "ed-delete-prev-word"),
    ("^U", "vi-kill-line-prev"),
    ("^Z", "ed-unassigned"),
    ("\\e[3~", "ed-delete-next-char"),
    ("\\e[H", "ed-move-to-beg"),
    ("\\e[1~", "ed-move-to-beg"),
    ("\\e[F", "ed-move-to-end"),
    ("\\e[4~", "ed-move-to-end"),
    ("\\e[1;5C", "em-next-word"),
    ("\\e[1;5D", "ed-prev-word"),
    ("\\e[1;3C", "em-next-word"),
    ("\\e[1;3D", "ed-prev-word"),
  ]
}
