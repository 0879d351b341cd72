/// Another program at the same terminal, as a shell runs one: it has the keys and the screen until it ends.
import Glibc

/// Runs a program on the process's own streams and waits for its end.
///
/// It is a process group of its own, and the terminal's foreground group while it runs: Ctrl-C is its own affair.
/// - Returns: its exit code, or 128 and the signal that ended it; 127 where it could not be started.
package func runInForeground(_ program: String, _ arguments: [String], environment: [String: String]) -> Int32 {
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  var all = sigset_t()
  sigemptyset(&none)
  sigfillset(&all)
  // What kith ignores or blocks is not its business.
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setpgroup(&attributes, 0)
  posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
  let words = ([program] + arguments).map { strdup($0) } + [nil]
  let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
  defer { for text in words + variables { free(text) } }
  var child = pid_t()
  guard posix_spawn(&child, program, nil, &attributes, words, variables) == 0 else { return 127 }

  let own = tcgetpgrp(0)
  if own >= 0 {
    tcsetpgrp(0, child)
    // It may have asked for the terminal before it was given it, and stands still since.
    kill(-child, SIGCONT)
  }
  var raw: Int32 = 0
  while true {
    let ended = waitpid(child, &raw, WUNTRACED)
    if ended < 0, errno == EINTR { continue }
    if ended == child, raw & 0xFF == 0x7F {
      // Stopped by Ctrl-Z: there is no list of jobs to keep it in.
      kill(-child, SIGCONT)
      continue
    }
    break
  }
  if own >= 0 { takeTerminal(for: own) }
  return raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + (raw & 0x7F)
}

/// Takes the terminal back from the background, where asking for it would stop the process.
private func takeTerminal(for group: pid_t) {
  var blocked = sigset_t()
  var before = sigset_t()
  sigemptyset(&blocked)
  sigaddset(&blocked, SIGTTOU)
  pthread_sigmask(SIG_BLOCK, &blocked, &before)
  tcsetpgrp(0, group)
  pthread_sigmask(SIG_SETMASK, &before, nil)
}
