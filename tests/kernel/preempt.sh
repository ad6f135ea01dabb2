#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Real-time processes take the CPU from a process whose execs fail, and execute themselves (tests/lib/preempt.c). Where failed
# execs are traced by fexit, a program can be preempted half-way: then the second scratch slot serves, or the event is counted
# as busy. Never is an event mixed with another's bytes: each argument carries its own checksum.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

ebt_start "$TMP/out" -J -x --ring 64M --env
fexit=no
grep -qs '^link_type:[[:space:]]*tracing' /proc/"$EBT_PID"/fdinfo/* && fexit=yes
"$EBT_TOOLS/preempt" run "$EBT_TOOLS/nop" "$MARK" "${EBT_PREEMPT_EXECS:-500}" >"$TMP/did" || fail "the load failed"
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
check_accounting "$TMP/out"

seen "$TMP/out" ".type == \"exec\" and (.args[0] // \"\" | startswith(\"$MARK:\"))" >"$TMP/events"
jq -r '"\(if .ret == 0 then "done" elif .filename == "/nonexistent/at" then "at" else "plain" end)\t\(.args | join("\u0001"))"' \
	"$TMP/events" >"$TMP/lines"
"$EBT_TOOLS/preempt" verify "$MARK" <"$TMP/lines" >"$TMP/got" || { show "$TMP/got"; fail "an event is not whole and pure"; }
jq -e -s 'all(.flags == [] and .args_captured == .args_bytes and (.env // []) == [])' "$TMP/events" >/dev/null ||
	fail "an event with a flag, or an environment: $(jq -c 'select(.flags != [] or (.env // []) != []) | [.flags, .env]' "$TMP/events" | head -n 3)"

# What is not there was counted: as busy or lost, or by the kernel, which does not start a program that the task on top
# interrupted in (of execs that succeed it cannot have skipped one: their program is not preempted).
jq -n -c --slurpfile did "$TMP/did" --slurpfile got "$TMP/got" --slurpfile sum "$TMP/summary" '
	($sum[0].cpus | map(.lost_busy + .lost_ring) | add) as $lost
	| { $lost, skipped: $sum[0].recursion_misses, busy: ($sum[0].cpus | map(.lost_busy) | add), second: ($sum[0].cpus | map(.slot_used[1]) | add),
	    done: [$did[0].done, $got[0].done], plain: [$did[0].plain, $got[0].plain], at: [$did[0].at, $got[0].at] }' >"$TMP/result"
say "fexit: $fexit, real-time processes: $(jq .real_time "$TMP/did") of $(jq '.cpus * 2' "$TMP/did"), $(uname -v): $(cat "$TMP/result")"
jq -e '.done[0] - .done[1] <= .lost and .done[1] <= .done[0] and .plain[1] <= .plain[0] and .at[1] <= .at[0]' "$TMP/result" >/dev/null ||
	fail "execs are missing that are not counted as lost"
jq -e '.done[0] - .done[1] + .plain[0] - .plain[1] + .at[0] - .at[1] <= .lost + .skipped' "$TMP/result" >/dev/null ||
	fail "events are missing that are not counted, neither as lost nor as skipped runs"
# On a kernel for real time the programs of fexit are preempted, and the classes are to be had.
if [ "$fexit" = yes ] && [[ "$(uname -v)" == *PREEMPT_RT* ]]; then
	jq -e '.second > 0' "$TMP/result" >/dev/null || fail "the second slot was never used: nothing was preempted"
fi
exit 0
