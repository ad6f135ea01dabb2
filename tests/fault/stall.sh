#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The view does not read for 10 s while programs run: what did not fit is counted, on its CPU; then it goes on and loses
# nothing more. The same for the process that writes files: a recording holds what was printed.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
install -m 0755 "$EBT_TOOLS/nop" "$TMP/nop"
# load SECONDS PID: execs at a steady rate while PID is stopped; how many in $EXECS.
load() {
	local storm
	kill -STOP "$2"
	spawn "$TMP/storm" "$TMP/storm.err" "$EBT_TOOLS/storm" "$TMP/nop" "$MARK-stalled" 47114 2 600
	storm=$SPAWN_PID
	sleep "$1"
	kill -TERM "$storm"
	end_of "$storm" 20
	read -r EXECS _ _ <"$TMP/storm" || { kill -CONT "$2"; fail "the load failed: $(cat "$TMP/storm.err")"; }
	[ "$(process_state "$2")" = T ] || fail "it was not stopped all the time"
	kill -CONT "$2"
}
marked() { seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$1\"" | wc -l; }

ebt_start "$TMP/out" -J --ring 256K
view=$(ebt_view_of "$EBT_PID") || fail "no view"
load 10 "$view"
[ "$EXECS" -gt 1000 ] || fail "only $EXECS execs in 10 s"
ebt_settle "$TMP/out"
stalled=$(marked "$MARK-stalled")
[ "$stalled" -gt 0 ] && [ "$stalled" -lt $((EXECS / 2)) ] || fail "$stalled of $EXECS execs seen: nothing was lost, the check proves nothing"
# Recovered: from here on everything comes.
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK-after" 300 1 >"$TMP/expected" || fail "burst"
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS"; }
check_law "$TMP/out"
[ "$LOST_TOTAL" -ge $((EXECS - stalled)) ] || fail "$((EXECS - stalled)) execs are missing, $LOST_TOTAL events are said to be lost"
[ "$(marked "$MARK-after")" = 300 ] || fail "after the stall $(marked "$MARK-after") of 300 execs were seen"
say "stopped 10 s: $stalled of $EXECS execs seen, $LOST_TOTAL events lost and accounted for, then 300 of 300"

# The writer.
ebt_start "$TMP/out" -J --ring 256K -w "$TMP/stall.rec"
writer=$(pgrep -x execbig-write -P "$(ebt_view_of "$EBT_PID")") || fail "no writer"
load 3 "$writer"
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "writer: exit status $STATUS"; }
check_law "$TMP/out"
"$EBT_BIN" -r "$TMP/stall.rec" -J >"$TMP/replay" 2>"$TMP/err" || { show "$TMP/err"; fail "no replay"; }
cmp -s "$TMP/out" "$TMP/replay" || { diff "$TMP/out" "$TMP/replay" | cut -c 1-200 >"$TMP/diff"; show "$TMP/diff"; fail "the recording is not what was printed"; }
