#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The view does not read for 10 s while programs run: what did not fit is counted, on its CPU; then it goes on and loses
# nothing more. Whoever tunes meanwhile is refused when the view can be told no more, and what it was told comes as a whole.
# Frames that were missed are not made up for, and homeostasis that did not answer goes on. The same for the process that
# writes files: a recording holds what was printed.
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
check_accounting "$TMP/out"
[ "$LOST_TOTAL" -ge $((EXECS - stalled)) ] || fail "$((EXECS - stalled)) execs are missing, $LOST_TOTAL events are said to be lost"
[ "$(marked "$MARK-after")" = 300 ] || fail "after the stall $(marked "$MARK-after") of 300 execs were seen"
say "stopped 10 s: $stalled of $EXECS execs seen, $LOST_TOTAL events lost and accounted for, then 300 of 300"

# Nobody reads what the loader has to tell, swap after swap: then the next is refused, the loader goes on answering, and no
# swap is told by half.
tune() { limit 20 "$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err"; }
# deaf TUNING TUNING: alternately, until it is refused; how many were not in $TOLD.
deaf() {
	kill -STOP "$view"
	TOLD=0
	while [ "$TOLD" -lt 100 ]; do
		"$EBT_TOOLS/nop" "$MARK-$TRANSPORT-deaf"
		# shellcheck disable=SC2086 # option and value
		if [ $((TOLD % 2)) = 0 ]; then tune $1; else tune $2; fi
		STATUS=$?
		[ "$STATUS" = 0 ] || break
		TOLD=$((TOLD + 1))
	done
	[ "$STATUS" = 1 ] && grep -q 'the view does not read its messages: .*let it go on' "$TMP/tune.err" ||
		{ show "$TMP/tune.err"; fail "$TRANSPORT: after $TOLD times '$1' and '$2': status $STATUS"; }
	[ "$TOLD" -gt 3 ] || fail "$TRANSPORT: only $TOLD times '$1' and '$2'"
	tune || { show "$TMP/tune.err"; fail "$TRANSPORT: a loader whose view does not read does not answer"; }
}
for TRANSPORT in ring perf; do
	ebt_start "$TMP/out" -J --transport "$TRANSPORT"
	view=$(ebt_view_of "$EBT_PID") || fail "no view"
	deaf "--scratch 4K" "--scratch 8K"
	kill -CONT "$view"
	ebt_settle "$TMP/out"
	tune --scratch 2K || { show "$TMP/tune.err"; fail "$TRANSPORT: a view that reads again is not retuned"; }
	ebt_settle "$TMP/out"
	ebt_stop
	[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "$TRANSPORT: exit status $STATUS after a view that did not read"; }
	check_accounting "$TMP/out"
	[ "$(marked "$MARK-$TRANSPORT-deaf")" = $((TOLD + 1)) ] || fail "$TRANSPORT: $(marked "$MARK-$TRANSPORT-deaf") of $((TOLD + 1)) execs seen"
	# Those that ended then, the one before, the one after.
	[ "$(seen "$TMP/out" '.type == "note" and (.text | test("^generation .* holds on every CPU$"))' | wc -l)" = $((TOLD + 2)) ] ||
		{ seen "$TMP/out" '.type == "note"' | jq -r .text >"$TMP/notes"; show "$TMP/notes"; fail "$TRANSPORT: not every one of $((TOLD + 2)) generations has its accounts"; }
done
# Asked to end, twice, it ends.
ebt_start "$TMP/out" -J
view=$(ebt_view_of "$EBT_PID") || fail "no view"
deaf "--poll 50" "--poll 51"
kill -INT "$EBT_PID"
sleep 1.2
kill -INT "$EBT_PID"
end_of "$EBT_PID" 10
[ "$STATUS" = 1 ] && has "the view did not end when it was asked to, and was killed" "$TMP/out.err" || { show "$TMP/out.err"; fail "a view that does not read: exit status $STATUS"; }

# A view that writes frames makes up for none, and a monitor of homeostasis that did not answer meanwhile has not ended.
ebt_launch "$TMP/out" -b -d 0.2 --homeostasis
frames() { grep -c '^execbig-top [0-9]' "$TMP/out"; }
tables() { grep -c '^[0-9]* profiles$' "$TMP/out"; }
more() { [ "$($1)" -gt "$2" ]; }
wait_for 30 "frames with profiles" more tables 1
view=$(pgrep -x execbig-view -P "$EBT_PID") && monitor=$(pgrep -x execbig-homeo -P "$EBT_PID") || fail "no view, or no monitor"
kill -STOP "$view"
stopped() { [ "$(process_state "$view")" = T ]; }
wait_for 5 "the view is stopped" stopped
before=$(frames)
sleep 6
[ "$(frames)" = "$before" ] || fail "frames of a view that is stopped"
kill -CONT "$view"
wait_for 10 "a frame after the pause" more frames "$before"
sleep 0.5
[ $(($(frames) - before)) -lt 10 ] || fail "after a pause of 6 s: $(($(frames) - before)) frames in half a second"
kill -STOP "$monitor"
wait_for 20 "the view says that homeostasis does not answer" has "the process that watches homeostasis does not answer" "$TMP/out.err"
before=$(frames)
wait_for 10 "frames without homeostasis" more frames $((before + 2))
before=$(tables)
kill -CONT "$monitor"
wait_for 10 "homeostasis again" has "the process that watches homeostasis answers again" "$TMP/out.err"
wait_for 10 "profiles again" more tables $((before + 1))
ebt_stop
[ "$STATUS" = 0 ] && ! has "homeostasis has ended" "$TMP/out.err" || { show "$TMP/out.err"; fail "frames: exit status $STATUS"; }

# The writer.
ebt_start "$TMP/out" -J --ring 256K -w "$TMP/stall.rec"
writer=$(pgrep -x execbig-write -P "$(ebt_view_of "$EBT_PID")") || fail "no writer"
load 3 "$writer"
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "writer: exit status $STATUS"; }
check_accounting "$TMP/out"
"$EBT_BIN" -r "$TMP/stall.rec" -J >"$TMP/replay" 2>"$TMP/err" || { show "$TMP/err"; fail "no replay"; }
cmp -s "$TMP/out" "$TMP/replay" || { diff "$TMP/out" "$TMP/replay" | cut -c 1-200 >"$TMP/diff"; show "$TMP/diff"; fail "the recording is not what was printed"; }
