#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A ring far too small loses events; each of them is accounted for, on its CPU, by the numbers and by the lost objects.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
# Under emulation a quarter of it is as much too much for the ring.
count=$((${EBT_PATIENCE:-1} > 1 ? 500 : 2000))

# Only what this test starts (-p $$, judged in the kernel): other execs on the machine would take room in the small ring too.
# load OPTION…: a burst while nobody reads, so that the ring must overflow; then the reader goes on.
load() {
	ebt_start "$TMP/out" -J -p $$ "$@"
	local view
	view=$(ebt_view_of "$EBT_PID") || fail "no view"
	kill -STOP "$view"
	"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" "$count" 4 >"$TMP/expected"
	local status=$?
	kill -CONT "$view"
	[ "$status" = 0 ] || fail "burst failed"
	ebt_settle "$TMP/out"
	ebt_stop
	[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"
	check_accounting "$TMP/out"
	# What did arrive is true: every whole event is one that happened, with its own arguments, once.
	seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK\" and .flags == []" | jq -c '[.pid, .args]' | sort >"$TMP/got"
	jq -c '[.pid, .args]' "$TMP/expected" | sort >"$TMP/want"
	comm -13 "$TMP/want" "$TMP/got" >"$TMP/invented"
	[ -s "$TMP/invented" ] && { show "$TMP/invented"; fail "execs that did not happen, or twice"; }
	say "$*: $(wc -l <"$TMP/got") of $count whole, $LOST_TOTAL events lost and accounted for"
}

load --ring 64K
[ "$LOST_TOTAL" -gt $((count / 2)) ] || fail "$count execs and exits fit into 64 KiB: only $LOST_TOTAL lost"
load --ring 64K --scratch 512
[ "$LOST_TOTAL" -gt $((count / 2)) ] || fail "$count execs and exits fit into 64 KiB: only $LOST_TOTAL lost"
# Two buffers of 32 KiB, or more of fewer: each overflows by itself.
load --ring 64K --transport perf
[ "$LOST_TOTAL" -gt $((count / 2)) ] || fail "$count execs and exits fit into perf buffers of 64 KiB: only $LOST_TOTAL lost"
jq -e '([.cpus[].lost_busy] | add) == 0' "$TMP/summary" >/dev/null || fail "not the cause of these losses: $(jq -c '[.cpus[].lost_busy]' "$TMP/summary")"
# Each lost event is in the counts by CPU and cause, and the causes are known ones.
seen "$TMP/out" '.type == "lost"' | jq -e -s 'length > 0 and all(.count > 0 and (.cause == "ring" or .cause == "busy"))' >/dev/null ||
	fail "lost objects: $(seen "$TMP/out" '.type == "lost"' | head -n 3)"
# The user whose events they were is named.
seen "$TMP/out" '.type == "lost"' | jq -e -s "all(.uid == $(id -u))" >/dev/null ||
	fail "lost objects without our user: $(seen "$TMP/out" '.type == "lost"' | head -n 3)"
# The same load, and the default ring holds all of it until the reader comes back.
load
[ "$LOST_TOTAL" = 0 ] && [ "$(wc -l <"$TMP/got")" = "$count" ] || fail "the default ring lost $LOST_TOTAL events"

# A command line larger than the ring: the event is there, says that it is cut, and how much there was.
ebt_start "$TMP/out" -J -p $$ --ring 64K
pid=$("$EBT_TOOLS/bigargs" "$EBT_TOOLS/nop" "$MARK-big" 1900000) || fail "bigargs failed"
pid=${pid%% *}
ebt_settle "$TMP/out"
ebt_stop
check_accounting "$TMP/out"
seen "$TMP/out" ".type == \"exec\" and .pid == $pid" >"$TMP/object"
[ "$(wc -l <"$TMP/object")" = 1 ] || fail "$(wc -l <"$TMP/object") objects for an exec that is larger than the ring"
jq -e '.args_bytes == 1900000 and ((.args_captured == 1900000 and .flags == []) or
	(.args_captured < 1900000 and (.flags | index("args_lost"))))' "$TMP/object" >/dev/null ||
	fail "larger than the ring: $(jq -c '[.args_bytes, .args_captured, .flags]' "$TMP/object")"

# One record that passes two quarters of the ring at once wakes the reader too, which else would look a second later.
ebt_start "$TMP/out" -J -p $$ --ring 64K --scratch 32K --poll 1000
arg=$(head -c 31000 /dev/zero | tr '\0' x)
for i in 1 2 3 4 5; do
	# The first quarter is half full by then.
	for _ in 1 2 3 4 5 6 7 8 9 10; do "$EBT_TOOLS/nop" "$MARK-small"; done
	"$EBT_TOOLS/nop" "$MARK-large-$i" "$arg"
	wait_for 10 "a large event" has "$MARK-large-$i" "$TMP/out"
done
ebt_stop
check_accounting "$TMP/out"
woken=$(jq '[.cpus[].wakeups] | add' "$TMP/summary")
[ "$woken" -ge 3 ] || fail "five events of half the ring have woken the reader $woken times"
