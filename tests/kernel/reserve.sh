#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Huge command lines fill the buffer while nobody reads: they lose the end of their own arguments, and the small execs after them are
# all there, because the last quarter of the buffer is for the first records of events.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need taskset
cpu=$(online_cpus | head -n 1)

# flood OPTION…: on one CPU, which with perf has a buffer of its own. 6 command lines of 1.9 MB are more than 8 MiB hold.
flood() {
	ebt_start "$TMP/out" -J -p $$ "$@"
	local view
	view=$(ebt_view_of "$EBT_PID") || fail "no view"
	kill -STOP "$view"
	for i in 1 2 3 4 5 6; do
		taskset -c "$cpu" "$EBT_TOOLS/bigargs" "$EBT_TOOLS/nop" "$MARK-large" 1900000 >/dev/null || fail "bigargs failed"
	done
	for i in $(seq 100); do
		taskset -c "$cpu" "$EBT_TOOLS/nop" "$MARK-small-$i"
	done
	kill -CONT "$view"
	ebt_settle "$TMP/out"
	ebt_stop
	[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"
	check_accounting "$TMP/out"
	seen "$TMP/out" ".type == \"exec\" and .flags == []" | jq -r '.args[1] // ""' | grep -c -e "^$MARK-small-" >"$TMP/small"
	[ "$(cat "$TMP/small")" = 100 ] || fail "$*: $(cat "$TMP/small") of 100 small execs are whole beside huge ones"
	seen "$TMP/out" '.type == "exec" and .args_bytes == 1900000' >"$TMP/large"
	[ "$(wc -l <"$TMP/large")" = 6 ] || fail "$*: $(wc -l <"$TMP/large") of 6 huge execs are there"
	jq -e -s 'any(.flags | index("args_lost"))' "$TMP/large" >/dev/null || fail "$*: the buffer held all of 11 MB"
	[ "$LOST_TOTAL" = 0 ] || fail "$*: $LOST_TOTAL events lost"
}

flood
flood --transport perf
