#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Stopped in the middle of a load at full rate: what was counted is what was printed, to the last event, on every CPU.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

options=("--scratch 512 --ring 64M" "-x" "--scratch 512 --transport perf" "--scratch 1K -x --ring 64M" "--scratch 512 --ring 64K" "-x --transport perf --ring 64K --scratch 512")
# Compiled before there is load.
for some in "${options[@]}"; do
	# shellcheck disable=SC2086 # several options
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -J $some -- "$EBT_TOOLS/nop" >/dev/null 2>"$TMP/warm.err" || { show "$TMP/warm.err"; fail "$some"; }
done
: >"$TMP/go"
# As check_accounting, but for what was lost last: no later number tells of it.
check_end() {
	seen "$TMP/out" '.type == "note" and .text == "summary"' | tail -n 1 >"$TMP/summary"
	jq -e '.law == true and all(.cpus[]; .seen == .filtered + .delivered + .lost_ring + .lost_busy and .received == .delivered
			and .seq == .seen - .filtered and .gaps <= .lost_ring + .lost_busy)' "$TMP/summary" >/dev/null ||
		{ show "$TMP/summary"; fail "stopped under load ($some): the accounts are not final"; }
	jq -r '.cpus[] | select(.delivered > 0) | "\(.cpu) \(.delivered)"' "$TMP/summary" >"$TMP/said"
	jq -r 'select(.seq != null) | .cpu' "$TMP/out" | sort -n | uniq -c | awk '{ print $2, $1 }' >"$TMP/printed"
	diff "$TMP/said" "$TMP/printed" >"$TMP/diff" || { show "$TMP/diff"; fail "stopped under load ($some): counted and printed differ (CPU, events)"; }
	# The ring may also have been full between arguments and paths.
	lost=$(grep -c '"args_lost"' "$TMP/out")
	cut=$(jq '[.cpus[].cut_ring] | add' "$TMP/summary")
	[ "$lost" -le "$cut" ] || fail "stopped under load ($some): $lost events say that a part of them was lost, $cut were cut"
}

# Long command lines in a small scratch buffer: an event is then under way for long, and some are at every stop.
arg=$(head -c 120000 /dev/zero | tr '\0' x)
load() { while [ -e "$TMP/go" ]; do "$EBT_TOOLS/nop" "$MARK-$arg"; done; }
loads=()
for _ in 1 2 3; do
	spawn /dev/null /dev/null load
	loads+=("$SPAWN_PID")
done
for ((i = 0; i < 12; i++)); do
	some=${options[i % ${#options[@]}]}
	# shellcheck disable=SC2086
	ebt_start "$TMP/out" -J $some
	for pid in "${loads[@]}"; do
		alive "$pid" || fail "the load ended"
	done
	ebt_stop
	[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
	check_end
	jq -e '.seen > 20' "$TMP/summary" >/dev/null || fail "hardly anything was seen: not under load"
done
rm "$TMP/go"
for pid in "${loads[@]}"; do
	end_of "$pid" 30
done

# An event that is under way at the stop is waited for.
told=0
for _ in 1 2 3 4 5; do
	ebt_start "$TMP/out" -J
	ebt_at_work link
	ebt_stop
	ended=$(now_us)
	[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
	ebt_rested "$ended" && told=$((told + 1))
	[ "$told" -lt 2 ] || break
done
[ "$told" -gt 0 ] || [ "${EBT_PATIENCE:-1}" -gt 1 ] || fail "the machine is too slow to tell what was waited for"
exit 0
