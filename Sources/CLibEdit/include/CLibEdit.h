// What Swift needs of libedit and of the terminal, with fixed arguments: libedit's own setters are variadic.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Locale

/// Takes the character set of the environment, else C.UTF-8; true when the result is UTF-8. Call it before an editor
/// is opened: libedit drops every key outside ASCII otherwise.
bool clibedit_adopt_locale(void);

// MARK: Editor

typedef struct clibedit_editor clibedit_editor;

/// The editing commands that the owner carries out.
typedef enum {
  CLIBEDIT_COMPLETE,
  CLIBEDIT_LIST,
  CLIBEDIT_DROP_LINE,
  CLIBEDIT_END_OR_DELETE,
  CLIBEDIT_PASTE,
  CLIBEDIT_PENDING,
  CLIBEDIT_ENTER,
  CLIBEDIT_NEW_ROW,
  CLIBEDIT_UP,
  CLIBEDIT_DOWN,
  CLIBEDIT_RIGHT,
  CLIBEDIT_WORD_RIGHT,
  CLIBEDIT_LINE_END,
  CLIBEDIT_UNDO,
  CLIBEDIT_REDO,
  CLIBEDIT_SEARCH,
  CLIBEDIT_SUSPEND,
  CLIBEDIT_COMMANDS
} clibedit_command;

/// What libedit does after a command.
typedef enum { CLIBEDIT_NOTHING, CLIBEDIT_REPAINT, CLIBEDIT_END, CLIBEDIT_BEEP } clibedit_outcome;

/// How the editor speaks to its owner; all of them run on the thread that reads the line.
typedef struct {
  void *owner;
  /// The next key as a Unicode scalar, or -1 to end the line as an end of input. Called after each repaint.
  int32_t (*next_key)(void *owner);
  clibedit_outcome (*run)(void *owner, clibedit_command command, int32_t key);
} clibedit_callbacks;

/// Opens an editor on two descriptors of a terminal, which stay the caller's; a terminal type of NULL is $TERM.
/// NULL when there is no memory or no descriptor left.
clibedit_editor *clibedit_open(int input, int output, const char *terminal_type);
/// Names the owner; before that no line may be read.
void clibedit_set_callbacks(clibedit_editor *editor, clibedit_callbacks callbacks);
void clibedit_close(clibedit_editor *editor);

/// Binds a key sequence, in libedit's notation, to one of libedit's commands by its name.
void clibedit_bind(clibedit_editor *editor, const char *keys, const char *command);
/// Binds a key sequence to a command of the owner.
void clibedit_bind_own(clibedit_editor *editor, const char *keys, clibedit_command command);

/// Sets the prompt; U+0001 stands around each escape sequence.
void clibedit_set_prompt(clibedit_editor *editor, const uint32_t *scalars, size_t count);

/// Reads one line. NULL at the end of input; the scalars live until the next call.
const uint32_t *clibedit_read_line(clibedit_editor *editor, size_t *count);

/// The line as it stands, and where the cursor is in it, both counted in scalars.
const uint32_t *clibedit_line(clibedit_editor *editor, size_t *count, size_t *cursor);
/// Puts scalars in at the cursor; false when there is no room.
bool clibedit_insert(clibedit_editor *editor, const uint32_t *scalars, size_t count);
/// Deletes so many scalars before the cursor.
void clibedit_delete_before(clibedit_editor *editor, size_t count);
/// Moves the cursor by so many scalars.
void clibedit_move(clibedit_editor *editor, int by);
/// Makes a key sequence the next one read, before any that is typed.
void clibedit_push_keys(clibedit_editor *editor, const char *keys);

/// The columns that libedit gives a scalar, in which it stands as itself; negative where it is spelled out in so many.
int clibedit_columns(uint32_t scalar);

/// Paints prompt and line again from the start of the row that the cursor is in.
void clibedit_repaint(clibedit_editor *editor);
/// Takes the terminal's size anew.
void clibedit_resize(clibedit_editor *editor);
/// Puts the terminal in the editor's mode, before the prompt is painted.
void clibedit_prepare_terminal(clibedit_editor *editor);

// MARK: Terminal

/// The columns and rows of a terminal; false when the descriptor is none or does not know.
bool clibedit_terminal_size(int descriptor, int *columns, int *rows);

/// Remembers a terminal's modes, and what to write to it when they are put back. They are put back by
/// clibedit_release_terminal, or when the process exits before that. One terminal is held at a time; false when one is
/// held already or the descriptor is no terminal.
bool clibedit_hold_terminal(int input, int output, const char *undo);
void clibedit_release_terminal(void);

// MARK: Signals

/// Starts to watch the signals of a mask (bit n stands for signal n + 1) and returns a watch, or -1 when all are taken.
/// A signal reaches every watch that asks for it; while one does, its default action does not happen.
int clibedit_watch(uint64_t signals);
/// The descriptor on which a watch has one byte for each signal; it never blocks a read.
int clibedit_watch_descriptor(int watch);
/// Puts a byte in a watch by hand.
void clibedit_watch_poke(int watch, uint8_t byte);
/// Ends a watch; the last one of a signal gives back the action that it had.
void clibedit_unwatch(int watch);
/// How many watches ask for a signal.
int clibedit_watchers(int signal);
