// The terminal's size, and its modes put back whatever happens to the process.
#include "CLibEdit.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

bool clibedit_terminal_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return false;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  bool held;
  int input, output;
  struct termios modes;
  char undo[32];
} terminal;

static void restore_at_exit(void) { clibedit_release_terminal(); }

bool clibedit_hold_terminal(int input, int output, const char *undo) {
  static bool registered;
  bool held = false;
  pthread_mutex_lock(&lock);
  if (!terminal.held && strlen(undo) < sizeof terminal.undo && tcgetattr(input, &terminal.modes) == 0) {
    if (!registered) registered = atexit(restore_at_exit) == 0;
    terminal.input = input;
    terminal.output = output;
    strcpy(terminal.undo, undo);
    held = terminal.held = true;
  }
  pthread_mutex_unlock(&lock);
  return held;
}

void clibedit_release_terminal(void) {
  pthread_mutex_lock(&lock);
  if (terminal.held) {
    terminal.held = false;
    if (terminal.undo[0]) {
      ssize_t written = write(terminal.output, terminal.undo, strlen(terminal.undo));
      (void)written;
    }
    // What was typed ahead is kept: the next reader gets it.
    tcsetattr(terminal.input, TCSADRAIN, &terminal.modes);
  }
  pthread_mutex_unlock(&lock);
}
