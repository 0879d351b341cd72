// Signals as bytes in pipes: the handler only writes, and everyone who asked for a signal hears of it.
#include "CLibEdit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { WATCHES = 8, SIGNALS = 64 };

// A pipe is opened once for a place and never closed: a handler that runs late can only write into a pipe.
static struct {
  bool taken;
  bool opened;
  int ends[2];
  _Atomic uint64_t signals;
} watches[WATCHES];

static struct {
  int count;
  struct sigaction before;
} handled[SIGNALS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t bit(int signal) { return (uint64_t)1 << (signal - 1); }

static void put(int watch, uint8_t byte) {
  ssize_t written = write(watches[watch].ends[1], &byte, 1);
  (void)written;
}

static void handle(int signal) {
  int error = errno;
  for (int i = 0; i < WATCHES; i++)
    if (atomic_load(&watches[i].signals) & bit(signal)) put(i, (uint8_t)signal);
  errno = error;
}

static bool open_pipe(int watch) {
  if (watches[watch].opened) return true;
  if (pipe(watches[watch].ends) != 0) return false;
  for (int i = 0; i < 2; i++) {
    fcntl(watches[watch].ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(watches[watch].ends[i], F_SETFL, O_NONBLOCK);
  }
  return watches[watch].opened = true;
}

static void drain(int watch) {
  char bytes[64];
  while (read(watches[watch].ends[0], bytes, sizeof bytes) > 0) {
  }
}

static void start_handling(int signal) {
  if (handled[signal - 1].count++ > 0) return;
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, &handled[signal - 1].before);
}

static void stop_handling(int signal) {
  if (--handled[signal - 1].count == 0) sigaction(signal, &handled[signal - 1].before, NULL);
}

int clibedit_watch(uint64_t signals) {
  int watch = -1;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < WATCHES && watch < 0; i++)
    if (!watches[i].taken && open_pipe(i)) watch = i;
  if (watch >= 0) {
    drain(watch);
    watches[watch].taken = true;
    atomic_store(&watches[watch].signals, signals);
    for (int signal = 1; signal <= SIGNALS; signal++)
      if (signals & bit(signal)) start_handling(signal);
  }
  pthread_mutex_unlock(&lock);
  return watch;
}

int clibedit_watch_descriptor(int watch) { return watches[watch].ends[0]; }

void clibedit_watch_poke(int watch, uint8_t byte) { put(watch, byte); }

void clibedit_unwatch(int watch) {
  pthread_mutex_lock(&lock);
  uint64_t signals = atomic_exchange(&watches[watch].signals, 0);
  for (int signal = 1; signal <= SIGNALS; signal++)
    if (signals & bit(signal)) stop_handling(signal);
  watches[watch].taken = false;
  pthread_mutex_unlock(&lock);
}

int clibedit_watchers(int signal) {
  if (signal < 1 || signal > SIGNALS) return 0;
  pthread_mutex_lock(&lock);
  int count = handled[signal - 1].count;
  pthread_mutex_unlock(&lock);
  return count;
}
