#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Stopped in the middle of a load at full rate: what was counted is what was printed, to the last event, on every CPU.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

: >"$TMP/go"
# Long command lines in a small scratch buffer: an event is then under way for long, and some are at every stop.
arg=$(head -c 120000 /dev/zero | tr '\0' x)
load() { while [ -e "$TMP/go" ]; do "$EBT_TOOLS/nop" "$MARK-$arg"; done; }
loads=()
for _ in 1 2 3 4; do
	spawn /dev/null /dev/null load
	loads+=("$SPAWN_PID")
done
options=("--scratch 512 --ring 64M" "-x" "--scratch 512 --transport perf" "--scratch 1K -x --ring 64M" "--scratch 512 --ring 64K" "-x --transport perf --ring 64K --scratch 512")
for ((i = 0; i < 18; i++)); do
	# shellcheck disable=SC2086 # several options
	ebt_start "$TMP/out" -J ${options[i % ${#options[@]}]}
	for pid in "${loads[@]}"; do
		alive "$pid" || fail "the load ended"
	done
	ebt_stop
	[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
	check_law "$TMP/out"
	jq -e '.seen > 20' "$TMP/summary" >/dev/null || fail "hardly anything was seen: not under load"
done
rm "$TMP/go"
for pid in "${loads[@]}"; do
	end_of "$pid" 30
done
exit 0
