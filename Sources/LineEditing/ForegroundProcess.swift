/// Another program at the same terminal, as a shell runs one: it has the keys and the screen until it ends.
import Foundation
import Glibc

/// Runs a program on the process's own streams and waits for its end.
///
/// It is a process group of its own, and the terminal's foreground group while it runs: Ctrl-C is its own affair. However
/// it ends, the terminal is set as it was before.
/// - Parameter input: what it reads on standard input; without one that is the process's own.
/// - Returns: its exit code, or 128 and the signal that ended it; 127 where it could not be started.
package func runInForeground(
  _ program: String, _ arguments: [String], input: String? = nil, environment: [String: String]
) -> Int32 {
  var modes = termios()
  let hasModes = tcgetattr(0, &modes) == 0
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
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  let feed = input.flatMap(Feed.init)
  if let feed { posix_spawn_file_actions_adddup2(&actions, feed.end, 0) }
  var child = pid_t()
  let started = posix_spawn(&child, program, &actions, &attributes, words, variables) == 0
  if started { feed?.begin() } else { feed?.cancel() }
  guard started else { return 127 }

  let own = tcgetpgrp(0)
  if own >= 0 {
    tcsetpgrp(0, child)
    // It may have asked for the terminal before it was given it, and stands still since.
    kill(-child, SIGCONT)
  }
  let raw = waitForEnd(of: child)
  if own >= 0 { takeTerminal(for: own, modes: hasModes ? modes : nil) }
  return raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + (raw & 0x7F)
}

/// Waits for a program's end; one that Ctrl-Z stopped goes on, as there is no list of jobs to keep it in.
/// - Returns: how it ended, as the system says it.
private func waitForEnd(of child: pid_t) -> Int32 {
  var raw: Int32 = 0
  // A program behind a shell may stop a moment after the shell did: so it is told to go on more than once.
  var calls = 0
  while true {
    let ended = waitpid(child, &raw, calls > 0 ? WUNTRACED | WNOHANG : WUNTRACED)
    if ended < 0, errno == EINTR { continue }
    let isStopped = ended == child && raw & 0xFF == 0x7F
    guard isStopped || ended == 0 else { return raw }
    if isStopped { calls = 10 } else { usleep(50_000) }
    kill(-child, SIGCONT)
    calls -= 1
  }
}

/// A text on its way to a program's standard input.
private struct Feed {
  /// Where the program reads.
  let end: Int32
  private let source: Int32
  private let text: String

  init?(_ text: String) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (end, source, self.text) = (ends[0], ends[1], text)
  }

  /// Writes all of it beside the program's work; one that stops reading early gets no more.
  func begin() {
    close(end)
    let (source, text) = (source, text)
    Thread.detachNewThread { @Sendable in
      Terminal.write(text, to: source)
      close(source)
    }
  }

  func cancel() {
    close(end)
    close(source)
  }
}

/// Takes the terminal back from the background, where asking for it, or setting it, would stop the process.
private func takeTerminal(for group: pid_t, modes: termios?) {
  var blocked = sigset_t()
  var before = sigset_t()
  sigemptyset(&blocked)
  sigaddset(&blocked, SIGTTOU)
  pthread_sigmask(SIG_BLOCK, &blocked, &before)
  tcsetpgrp(0, group)
  if var modes { tcsetattr(0, TCSADRAIN, &modes) }
  pthread_sigmask(SIG_SETMASK, &before, nil)
}
