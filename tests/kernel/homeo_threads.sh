#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Threads, signals with longjmp, fork without exec, exec from a thread: once learned, the same again is no anomaly, and no
# state of a thread is left behind.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
daemon_start --set normal-wait=1000000

check() {
	local name=$1 before
	shift
	program "$name"
	runs 20 "$PROGRAM" "$@"
	ask normalize "$PROGRAM" >/dev/null || fail "normalize $name"
	runs 10 "$PROGRAM" "$@"
	before=$(field "$PROGRAM" anomalies)
	say "$name: $(field "$PROGRAM" calls) calls, $(field "$PROGRAM" pairs) pairs, $before anomalies"
	[ "$before" -le "$ALLOWED" ] || fail "$name: $before anomalies when it does the same again"
	[ "$(field "$PROGRAM" threads)" = 0 ] || fail "$name: $(field "$PROGRAM" threads) threads left"
}

ALLOWED=0
check plain plain
check forks fork 5
check signals signals 5
# Which thread waits for which lock is chance.
ALLOWED=6
check threads threads 4

# A child goes on in its parent's sequence: its first call has pairs with what came before.
program forks2
runs 3 "$PROGRAM" fork 1
ask inspect "$PROGRAM" | jq -e -s 'map(select(.call == "openat")) | any(.[]; any(.before[]; .call | test("clone|fork")))' >/dev/null ||
	fail "the child's first call does not follow fork"

# The thread that execs takes the leader's place: one state, of the new program.
"$EBT_TOOLS/threadexec" >/dev/null 2>&1
[ "$(counter tasks_full)" = 0 ] || fail "the table of threads is full"
ask ps | jq -e -s --arg me "$(readlink -f "$EBT_TOOLS/threadexec")" 'all(.exe != $me)' >/dev/null || fail "a state of threadexec is left"

# A thread that runs is there, under its program's name, and found by its pid.
program sleeper
mkfifo "$TMP/fifo"
"$PROGRAM" pidof <"$TMP/fifo" >"$TMP/pid" &
sleeper=$!
exec 9>"$TMP/fifo"
wait_for 5 "it says its pid" test -s "$TMP/pid"
ask ps | jq -e -s --arg exe "$PROGRAM" --argjson pid "$(cat "$TMP/pid")" 'any(.tid == $pid and .exe == $exe and .calls > 0)' >/dev/null || fail "ps does not show it"
ask normalize "$(cat "$TMP/pid")" >/dev/null || fail "normalize by pid"
echo >&9
exec 9>&-
wait "$sleeper"
[ "$(field "$PROGRAM" state)" = normal ] || fail "normalize by pid did not reach its program"
daemon_stop
