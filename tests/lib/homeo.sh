# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# homeo.sh - a daemon of the test's own, asked over its socket; programs of the test's own, so that
# their profiles are.

SOCKET=$TMP/sock
PROFILES=$TMP/profiles

# A command that becomes the daemon: env …, unshare ….
DAEMON_BY=()

# daemon_start [OPTION…]: returns when it answers; process id in $DAEMON.
daemon_start() {
	spawn "$TMP/daemon.out" "$TMP/daemon.err" "${DAEMON_BY[@]}" "$EBT_BIN" daemon --socket "$SOCKET" --profiles "$PROFILES" --cache-dir "$EBT_CACHE" "$@"
	DAEMON=$SPAWN_PID
	wait_for 30 "the daemon answers ($(head -c 300 "$TMP/daemon.err"))" daemon_answers
}
daemon_answers() {
	alive "$DAEMON" || { show "$TMP/daemon.err"; fail "the daemon ended early"; }
	[ -S "$SOCKET" ] && ask status >/dev/null 2>&1
}

# daemon_stop [SIGNAL]: exit status in $STATUS.
daemon_stop() {
	kill "-${1:-TERM}" "$DAEMON"
	end_of "$DAEMON" 10
}

# ask WORD [ARG…]: JSON lines.
ask() {
	local word=$1
	shift
	limit 20 "$EBT_BIN" "$word" --socket "$SOCKET" -J "$@"
}

# program NAME: a copy of habits of its own inode; its path in $PROGRAM.
program() {
	PROGRAM=$TMP/$1
	cp "$EBT_TOOLS/habits" "$PROGRAM"
}

# field EXE NAME: of its profile.
field() { ask profiles count | jq -r --arg exe "$1" 'select(.exe == $exe) | .'"$2"; }

# counter NAME: of status.
counter() { ask status | jq -r ".counters.$1"; }

runs() {
	local n=$1 i
	shift
	for ((i = 0; i < n; i++)); do
		"$@" >/dev/null 2>&1
	done
}
