// libedit's native interface, wide characters throughout, with one function for each option that is used.
#define _GNU_SOURCE
#include "CLibEdit.h"

#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "wchar_t holds a Unicode scalar");

struct clibedit_editor {
  EditLine *el;
  FILE *input;
  FILE *output;
  wchar_t *prompt;
  clibedit_callbacks callbacks;
};

static bool is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

// Only the character set is taken: a decimal comma in printf would reach libraries that expect none.
bool clibedit_adopt_locale(void) {
  setlocale(LC_CTYPE, "");
  if (is_utf8()) return true;
  if (setlocale(LC_CTYPE, "C.UTF-8") && is_utf8()) return true;
  return false;
}

// MARK: Callbacks

static clibedit_editor *editor_of(EditLine *el) {
  void *editor = NULL;
  el_wget(el, EL_CLIENTDATA, &editor);
  return editor;
}

static wchar_t *prompt(EditLine *el) {
  static wchar_t none[] = L"> ";
  clibedit_editor *editor = editor_of(el);
  return editor && editor->prompt ? editor->prompt : none;
}

static int next_key(EditLine *el, wchar_t *key) {
  clibedit_editor *editor = editor_of(el);
  int32_t scalar = editor->callbacks.next_key(editor->callbacks.owner);
  if (scalar < 0) return 0;
  *key = (wchar_t)scalar;
  return 1;
}

static unsigned char run(EditLine *el, clibedit_command command, int key) {
  clibedit_editor *editor = editor_of(el);
  switch (editor->callbacks.run(editor->callbacks.owner, command, key)) {
    case CLIBEDIT_REPAINT: return CC_REFRESH;
    case CLIBEDIT_END: return CC_EOF;
    case CLIBEDIT_BEEP: return CC_REFRESH_BEEP;
    default: return CC_NORM;
  }
}

// libedit hands a command no word of which one it is, so each has a function of its own.
#define OWN(name, command) \
  static unsigned char run_##name(EditLine *el, int key) { return run(el, command, key); }
OWN(complete, CLIBEDIT_COMPLETE)
OWN(list, CLIBEDIT_LIST)
OWN(drop_line, CLIBEDIT_DROP_LINE)
OWN(end_or_delete, CLIBEDIT_END_OR_DELETE)
OWN(paste, CLIBEDIT_PASTE)
OWN(pending, CLIBEDIT_PENDING)
OWN(enter, CLIBEDIT_ENTER)
OWN(new_row, CLIBEDIT_NEW_ROW)
OWN(up, CLIBEDIT_UP)
OWN(down, CLIBEDIT_DOWN)
OWN(right, CLIBEDIT_RIGHT)
OWN(word_right, CLIBEDIT_WORD_RIGHT)
OWN(line_end, CLIBEDIT_LINE_END)
OWN(undo, CLIBEDIT_UNDO)
OWN(redo, CLIBEDIT_REDO)
OWN(search, CLIBEDIT_SEARCH)
OWN(suspend, CLIBEDIT_SUSPEND)
#undef OWN

static const struct {
  const char *name;
  unsigned char (*function)(EditLine *, int);
} own_commands[CLIBEDIT_COMMANDS] = {
    [CLIBEDIT_COMPLETE] = {"own-complete", run_complete},
    [CLIBEDIT_LIST] = {"own-list", run_list},
    [CLIBEDIT_DROP_LINE] = {"own-drop-line", run_drop_line},
    [CLIBEDIT_END_OR_DELETE] = {"own-end-or-delete", run_end_or_delete},
    [CLIBEDIT_PASTE] = {"own-paste", run_paste},
    [CLIBEDIT_PENDING] = {"own-pending", run_pending},
    [CLIBEDIT_ENTER] = {"own-enter", run_enter},
    [CLIBEDIT_NEW_ROW] = {"own-new-row", run_new_row},
    [CLIBEDIT_UP] = {"own-up", run_up},
    [CLIBEDIT_DOWN] = {"own-down", run_down},
    [CLIBEDIT_RIGHT] = {"own-right", run_right},
    [CLIBEDIT_WORD_RIGHT] = {"own-word-right", run_word_right},
    [CLIBEDIT_LINE_END] = {"own-line-end", run_line_end},
    [CLIBEDIT_UNDO] = {"own-undo", run_undo},
    [CLIBEDIT_REDO] = {"own-redo", run_redo},
    [CLIBEDIT_SEARCH] = {"own-search", run_search},
    [CLIBEDIT_SUSPEND] = {"own-suspend", run_suspend},
};

// MARK: Opening and closing

static FILE *stream(int descriptor, const char *mode) {
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) return NULL;
  FILE *file = fdopen(copy, mode);
  if (!file) close(copy);
  return file;
}

clibedit_editor *clibedit_open(int input, int output, const char *terminal_type) {
  clibedit_editor *editor = calloc(1, sizeof *editor);
  if (!editor) return NULL;
  editor->input = stream(input, "r");
  editor->output = stream(output, "w");
  if (editor->input && editor->output)
    editor->el = el_init_fd("kith", editor->input, editor->output, editor->output, fileno(editor->input),
                            fileno(editor->output), fileno(editor->output));
  if (!editor->el) {
    clibedit_close(editor);
    return NULL;
  }
  EditLine *el = editor->el;
  // It has looked at $TERM already, and would complain of an unknown one again.
  const char *known = getenv("TERM");
  if (terminal_type && (!known || strcmp(known, terminal_type) != 0)) el_set(el, EL_TERMINAL, terminal_type);
  el_set(el, EL_CLIENTDATA, (void *)editor);
  el_set(el, EL_EDITOR, "emacs");
  el_set(el, EL_SIGNAL, 0);
  el_wset(el, EL_GETCFN, next_key);
  el_wset(el, EL_PROMPT_ESC, prompt, 1);
  // While editing, ^C and ^Z, ^S and ^Q are keys.
  el_set(el, EL_SETTY, "-d", "-isig", NULL);
  el_set(el, EL_SETTY, "-d", "-ixon", NULL);
  for (int i = 0; i < CLIBEDIT_COMMANDS; i++)
    el_set(el, EL_ADDFN, own_commands[i].name, "a command of the program", own_commands[i].function);
  return editor;
}

void clibedit_set_callbacks(clibedit_editor *editor, clibedit_callbacks callbacks) { editor->callbacks = callbacks; }

void clibedit_close(clibedit_editor *editor) {
  if (!editor) return;
  if (editor->el) el_end(editor->el);
  if (editor->input) fclose(editor->input);
  if (editor->output) fclose(editor->output);
  free(editor->prompt);
  free(editor);
}

void clibedit_bind(clibedit_editor *editor, const char *keys, const char *command) {
  el_set(editor->el, EL_BIND, keys, command, NULL);
}

void clibedit_bind_own(clibedit_editor *editor, const char *keys, clibedit_command command) {
  clibedit_bind(editor, keys, own_commands[command].name);
}

// MARK: The line

// A copy that ends in a zero, as libedit wants it.
static wchar_t *wide(const uint32_t *scalars, size_t count) {
  wchar_t *copy = calloc(count + 1, sizeof *copy);
  if (copy && count) memcpy(copy, scalars, count * sizeof *copy);
  return copy;
}

void clibedit_set_prompt(clibedit_editor *editor, const uint32_t *scalars, size_t count) {
  wchar_t *prompt = wide(scalars, count);
  if (!prompt) return;
  free(editor->prompt);
  editor->prompt = prompt;
}

const uint32_t *clibedit_read_line(clibedit_editor *editor, size_t *count) {
  int length = 0;
  const wchar_t *line = el_wgets(editor->el, &length);
  *count = line && length > 0 ? (size_t)length : 0;
  return length > 0 ? (const uint32_t *)line : NULL;
}

const uint32_t *clibedit_line(clibedit_editor *editor, size_t *count, size_t *cursor) {
  const LineInfoW *line = el_wline(editor->el);
  *count = (size_t)(line->lastchar - line->buffer);
  *cursor = (size_t)(line->cursor - line->buffer);
  return (const uint32_t *)line->buffer;
}

bool clibedit_insert(clibedit_editor *editor, const uint32_t *scalars, size_t count) {
  if (count == 0) return true;
  wchar_t *text = wide(scalars, count);
  bool done = text && el_winsertstr(editor->el, text) == 0;
  free(text);
  return done;
}

void clibedit_delete_before(clibedit_editor *editor, size_t count) { el_deletestr(editor->el, (int)count); }

void clibedit_move(clibedit_editor *editor, int by) { el_cursor(editor->el, by); }

void clibedit_push_keys(clibedit_editor *editor, const char *keys) { el_push(editor->el, keys); }

// As ct_visual_width has it: ^X, then \U+XXXX, as long as the number is.
int clibedit_columns(uint32_t scalar) {
  if (scalar < 0x20 || scalar == 0x7F) return -2;
  if (scalar < 0x7F) return 1;
  if (!iswprint((wint_t)scalar)) return scalar > 0xFFFF ? -8 : -7;
  int columns = wcwidth((wchar_t)scalar);
  return columns < 0 ? 0 : columns;
}

void clibedit_repaint(clibedit_editor *editor) { el_set(editor->el, EL_REFRESH); }

void clibedit_resize(clibedit_editor *editor) { el_resize(editor->el); }

// libedit sets no mode that it believes to be set, so it is led out of it first.
void clibedit_prepare_terminal(clibedit_editor *editor) {
  el_set(editor->el, EL_PREP_TERM, 0);
  el_set(editor->el, EL_PREP_TERM, 1);
}
