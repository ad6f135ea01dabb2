#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The busy marks, set from outside: with slot 0 taken slot 1 serves; with both taken every event is counted as busy and
# nothing is overwritten; with them given back all is as before.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need bpftool

# A size that nobody else's instance has tells our map apart.
ebt_start "$TMP/out" -J --scratch 1112
map=$(bpftool -j map list | jq -r '[.[] | select(.name == "ebt_scratch" and .bytes_value == 1112)] | last | .id')
[ "$map" ] && [ "$map" != null ] || fail "the scratch map is not found"

# mark SLOT ADD: adds to the mark of a slot on every CPU; the rest of the value is zeros (nothing is at work on it).
mark() {
	local value
	value="$2 0 0 0 $1 0 0 0 $(printf '0 %.0s' $(seq 1104))"
	# shellcheck disable=SC2046,SC2086 # a list of bytes; bpftool gives it to every CPU
	bpftool map update id "$map" key "$1" 0 0 0 value $value ||
		fail "cannot set the mark of slot $1"
}
run() { for ((i = 0; i < 20; i++)); do "$EBT_TOOLS/nop" "$MARK-$1"; done; }
shown() { [ "$(seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK-$1\"" | wc -l)" = 20 ]; }

run free
wait_for 10 "execs with both slots free" shown free
mark 0 1
run second
wait_for 10 "execs with slot 0 taken" shown second
mark 1 1
run none
mark 0 0
mark 1 0
run again
wait_for 10 "execs with both slots free again" shown again
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"
check_accounting "$TMP/out"
[ "$(seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK-none\"" | wc -l)" = 0 ] || fail "events while both slots were taken"
jq -e '([.cpus[].lost_busy] | add) >= 40 and ([.cpus[].lost_ring] | add) == 0 and ([.cpus[].slot_used[1]] | add) >= 20' \
	"$TMP/summary" >/dev/null || { show "$TMP/summary"; fail "20 execs and exits busy, 20 in slot 1: not what the counters say"; }
seen "$TMP/out" '.type == "lost" and .cause == "busy"' | jq -e -s '([.[].count] | add) >= 40' >/dev/null || fail "no lost objects with the cause busy"
