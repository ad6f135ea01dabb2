#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Stopped in the middle of a load at full rate: what was counted is what was printed, to the last event, on every CPU.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

: >"$TMP/go"
load() { while [ -e "$TMP/go" ]; do "$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 2000 4 || return; done >/dev/null; }
spawn /dev/null /dev/null load
load=$SPAWN_PID
options=("" "-x" "--transport perf" "--scratch 512" "--ring 64K" "-x --transport perf --ring 64K")
for ((i = 0; i < 18; i++)); do
	# shellcheck disable=SC2086 # several options
	ebt_start "$TMP/out" -J ${options[i % ${#options[@]}]}
	alive "$load" || fail "the load ended"
	ebt_stop
	[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
	check_law "$TMP/out"
	jq -e '.seen > 50' "$TMP/summary" >/dev/null || fail "hardly anything was seen: not under load"
done
rm "$TMP/go"
end_of "$load" 30
