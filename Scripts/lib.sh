# What the scripts share: where the project is, what it needs from the system, and how a build shows itself.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
project=$PWD

say() { printf '%s\n' "$*" >&2; }

# The C libraries that the packages link against, as Debian names them.
system_packages=(libedit-dev libsqlite3-dev)

# Installs what is missing when it may; otherwise prints the one command to run, and ends.
require_system_packages() {
  local missing=() package
  if ! command -v dpkg-query >/dev/null; then
    [ -e /usr/include/histedit.h ] && [ -e /usr/include/sqlite3.h ] && return 0
    say "kith needs the headers of libedit and of SQLite: install them with your system's package manager."
    exit 1
  fi
  for package in "${system_packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)" = "ii " ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n); else
      say "kith needs ${missing[*]}. Run this once, then start again:"
      say "  sudo apt-get install -y ${missing[*]}"
      exit 1
    fi
  fi
  say "Installing ${missing[*]} …"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" apt-get install -y -q "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "That did not work. Run this, then start again:"
    say "  sudo apt-get update && sudo apt-get install -y ${missing[*]}"
    exit 1
  fi
  rm -f "$log"
}

require_swift() {
  command -v swift >/dev/null && return 0
  say "kith is built with Swift 6.2 or newer, and 'swift' is not on the PATH: see https://www.swift.org/install"
  exit 1
}

# build WHAT ARGUMENT… : builds with progress on standard error, says how long it took.
build() {
  local what=$1 began=$SECONDS
  shift
  [ -d .build ] || say "Building $what for the first time: about 5 minutes on 2 cores, seconds from then on."
  if [ -t 2 ]; then
    swift build "$@" >&2 || return 1
  else
    # Without a terminal every step would be a line of its own: show one in a hundred, and all that went wrong.
    swift build "$@" 2>&1 | awk '
      /^\[[0-9]+\/[0-9]+\]/ { if (++steps % 100 == 0) { print; fflush() } next }
      /unhandled; explicitly declare/ { next }
      { print; fflush() }' >&2
    [ "${PIPESTATUS[0]}" -eq 0 ] || return 1
  fi
  say "Built $what in $((SECONDS - began)) s."
}
