#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# SIGKILL in the middle of a swap. Between the store into the slots and the emptying of the old ring: the view is stopped, so
# that it cannot be emptied. Between that store and the old programs' rest: a busy mark set from outside, so that they do
# not come to rest. Whoever is killed then: the other ends, and so do all maps and programs of both generations.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need bpftool

# start OPTION…: runs, its pids in $EBT_PID and $view, what it holds in $TMP/held.
start() {
	ebt_start "$TMP/out" -J "$@"
	view=$(ebt_view_of "$EBT_PID") || fail "no view"
	bpf_held "$EBT_PID" >"$TMP/held"
}
ended() { # WHAT
	wait_for 10 "$1: the loader ends" gone "$EBT_PID"
	wait_for 10 "$1: the view ends" gone "$view"
	wait "$EBT_PID" 2>/dev/null && fail "$1: exit status 0"
	[ "$(wc -l <"$TMP/held")" -gt 20 ] || fail "$1: what was held is not known"
	wait_until 10 bpf_gone "$TMP/held" || { show "$TMP/bpf.left"; fail "$1: maps or programs are left"; }
}
tune() { "$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err"; }
# What both generations hold, while both are there.
hold() { bpf_held "$EBT_PID" >>"$TMP/held" && sort -u -o "$TMP/held" "$TMP/held"; }

# The new programs are in the slots, the old ring waits for the view, which does not run.
for victim in view loader; do
	start
	kill -STOP "$view"
	for _ in 1 2 3; do "$EBT_TOOLS/nop" "$MARK-old"; done
	tune --scratch 4K || { show "$TMP/tune.err"; fail "a swap while the view is stopped"; }
	grep -q '^generation 2' "$TMP/tuned" || fail "not swapped: $(cat "$TMP/tuned")"
	"$EBT_TOOLS/nop" "$MARK-new"
	hold
	if [ "$victim" = view ]; then kill -KILL "$view"; else kill -KILL "$EBT_PID"; fi
	[ "$victim" = view ] || kill -CONT "$view"
	ended "the $victim killed before the old ring was emptied"
done

# The old generation does not come to rest: slot 0 of it is busy on every CPU.
mark() {
	local map value bytes=$1
	map=$(bpftool -j map list | jq -r "[.[] | select(.name == \"ebt_scratch\" and .bytes_value == $bytes)] | last | .id")
	[ "$map" ] && [ "$map" != null ] || fail "the scratch map is not found"
	value="1 0 0 0 $(printf '0 %.0s' $(seq $((bytes - 4))))"
	# shellcheck disable=SC2046,SC2086 # a list of bytes; bpftool gives it to every CPU
	bpftool map update id "$map" key 0 0 0 0 value $value || fail "cannot set the mark"
}
scratch_maps() { [ "$("$EBT_TOOLS/bpfobjects" maps ebt_scratch | awk '{ print "maps " $NF }' | sort | comm -12 - <(bpf_held "$EBT_PID") | wc -l)" = "$1" ]; }
bytes=1184
for victim in view loader; do
	bytes=$((bytes + 8))
	# Compiled before, so that the swap begins at once.
	start --scratch $bytes
	tune --scratch 6K && tune --scratch $bytes || { show "$TMP/tune.err"; fail "tune"; }
	mark $bytes
	tune --scratch 6K &
	asker=$!
	SPAWNED+=("$asker")
	wait_for 10 "both generations are there" scratch_maps 2
	hold
	if [ "$victim" = view ]; then kill -KILL "$view"; else kill -KILL "$EBT_PID"; fi
	ended "the $victim killed before the old programs came to rest"
	end_of "$asker" 10
done

# One that never comes to rest: the swap is done all the same, and what it held goes with the next.
bytes=$((bytes + 8))
start --scratch $bytes
mark $bytes
tune --scratch 6K || { show "$TMP/tune.err"; fail "a swap whose old programs do not come to rest"; }
scratch_maps 2 || fail "the old generation's buffers went while they were busy"
tune --scratch 4K || fail "the swap after it"
wait_for 10 "the buffers of both are gone" scratch_maps 1
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
check_accounting "$TMP/out"
seen "$TMP/out" '.type == "note"' | jq -r .text >"$TMP/notes"
grep -q '^generation 1 ended, its accounts are not known' "$TMP/notes" || { show "$TMP/notes"; fail "nothing says that generation 1 did not come to rest"; }
exit 0
