# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# test.sh - sourced by every shell test: results, waits with a deadline, and cleaning up.
#
# A test ends by its last check (0), fail (1) or skip (77, in CI a failure). What it starts with
# spawn is ended by process id when the test ends, whichever way; $TMP is a directory of its own.
# Set by CTest: EBT_BIN (execbig-top), EBT_TOOLS (directory of the load generators), EBT_SOURCE (the checkout).

set -uo pipefail
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

# By hand, without CTest: what scripts/test.sh built.
EBT_SOURCE=${EBT_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
EBT_BIN=${EBT_BIN:-$EBT_SOURCE/build/execbig-top}
EBT_TOOLS=${EBT_TOOLS:-$EBT_SOURCE/build/tests/lib}
TEST_NAME=$(basename "$0" .sh)
TMP=$(mktemp -d "${TMPDIR:-/tmp}/ebt-test.XXXXXX") || exit 1
chmod 0755 "$TMP"
# No other test and no other run of this one has it.
# shellcheck disable=SC2034 # used by the tests
MARK="ebt-$TEST_NAME-$$-${EPOCHREALTIME: -6}"
SPAWNED=()

say() { printf '%s: %s\n' "$TEST_NAME" "$*"; }

fail() {
	say "FAIL: $*"
	exit 1
}

# For what this machine or kernel does not have.
skip() {
	if [ "${CI:-}" = true ]; then
		fail "skipped in CI: $*"
	fi
	say "SKIP: $*"
	exit 77
}

need_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }

need() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || skip "needs $tool"
	done
}

# Lines of a file, for messages: the first 20, and the last 20 of one that is longer. $? stays what it was.
show() {
	local status=$?
	[ -s "$1" ] && awk 'NR <= 20 { print; next } { last[NR % 20] = $0 } END { for (i = NR > 40 ? NR - 19 : 21; i <= NR; i++) print last[i % 20] }' "$1" | cut -c 1-400 | sed 's/^/    /'
	return "$status"
}

# The waits below ask this again and again, so it starts no process of its own.
alive() {
	local stat
	kill -0 "$1" 2>/dev/null && process_stat "$1" && [ "${stat%% *}" != Z ]
}

# State letter of a process.
process_state() {
	local stat
	process_stat "$1" && printf '%s\n' "${stat%% *}"
}

# process_stat PID: the fields after the name (which may hold anything) in $stat of the caller.
process_stat() {
	stat=''
	IFS= read -r -d '' stat 2>/dev/null <"/proc/$1/stat"
	stat=${stat##*) }
	[ -n "$stat" ]
}

gone() { ! alive "$1"; }

children_of() {
	local children=()
	read -r -a children 2>/dev/null <"/proc/$1/task/$1/children"
	[ ${#children[@]} = 0 ] || printf '%s\n' "${children[@]}"
}

# wait_for SECONDS WHAT COMMAND…: polls until COMMAND succeeds. SECONDS is what a quiet machine needs at most; the test fails
# after six times as long, for other load must not decide a test.
wait_for() {
	wait_until $(($1 * 6)) "${@:3}" || fail "not within $(($1 * 6)) s: $2"
}

# wait_until SECONDS COMMAND…: the same, as a condition. A machine that is N times slower sets EBT_PATIENCE=N. It asks after
# 10 ms, then after 20, and so on to 100: each time is a fork and an exec, which the program under test sees too.
wait_until() {
	local pause_ms=10 pause deadline=$((${EPOCHREALTIME/./} + $1 * ${EBT_PATIENCE:-1} * 1000000))
	shift
	until "$@"; do
		[ "${EPOCHREALTIME/./}" -lt "$deadline" ] || return 1
		printf -v pause '0.%03d' "$pause_ms"
		sleep "$pause"
		[ "$pause_ms" -ge 100 ] || pause_ms=$((pause_ms + 10))
	done
}

# limit SECONDS COMMAND…: ends it after that time (status 124), on a slower machine after more.
limit() { timeout $(($1 * ${EBT_PATIENCE:-1})) "${@:2}"; }

now_us() { printf '%s\n' "${EPOCHREALTIME/./}"; }

# spawn OUT ERR COMMAND…: in the background; its process id in $SPAWN_PID.
spawn() {
	local out=$1 err=$2
	shift 2
	"$@" >"$out" 2>"$err" </dev/null &
	SPAWN_PID=$!
	SPAWNED+=("$SPAWN_PID")
}

# end_of PID SECONDS: waits for a spawned process to end; its exit status in $STATUS.
end_of() {
	wait_for "$2" "process $1 ends" gone "$1"
	wait "$1" 2>/dev/null
	STATUS=$?
}

cleanup() {
	local pid
	for pid in "${SPAWNED[@]}"; do
		kill -TERM "$pid" 2>/dev/null
	done
	for pid in "${SPAWNED[@]}"; do
		wait_until 5 gone "$pid" || kill -KILL "$pid" 2>/dev/null
	done
	for hook in "${CLEANUP_HOOKS[@]}"; do
		"$hook"
	done
	rm -rf "$TMP"
}
CLEANUP_HOOKS=()
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
